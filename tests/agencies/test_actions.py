"""What happens, and what is refused, when people apply, vet, invite, join, leave, and give each other rights."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies import actions
from agencies.models import Agency, Invitation, Mandate, Membership, Person, Role, Status, Token
from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow, Stale
from tests.cast import Cast
from tests.factories import agencies as make


def verbs() -> list[str]:
    return list(Event.objects.order_by("id").values_list("verb", flat=True))


def test_applicant_becomes_administrator_and_manager_and_operators_are_asked(cast: Cast) -> None:
    agency = make.applied_agency(cast)

    assert (agency.ref, agency.status) == ("IAEE", Status.APPLIED)
    assert make.membership_of(cast.noor, agency).roles == [Role.ADMINISTRATOR, Role.MANAGER]
    assert verbs() == ["agency.applied", "membership.started"]
    assert Item.objects.waiting().filter(key="vet:IAEE", roles=["operator"]).count() == 1


def test_reference_of_a_taken_acronym_is_numbered(cast: Cast) -> None:
    assert make.applied_agency(cast, acronym="jaxa").ref == "JAXA-2"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("domain", "jaxa.example"),
        ("zone", "Moon/Tycho"),
        ("working_days", []),
        ("working_days", [8]),
        ("capabilities", ["TX99"]),
        ("country", ""),
        ("legal_name", ""),
        ("languages", ["xx"]),
    ],
)
def test_application_with_a_bad_field_says_which(cast: Cast, field: str, value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        make.applied_agency(cast, **{field: value})

    assert set(caught.value.message_dict) == {field}
    assert not Agency.objects.filter(acronym="IAEE").exists()


def test_verified_agency_is_found_and_its_applicant_is_told(cast: Cast) -> None:
    assert not Agency.objects.visible_to(cast.actor(cast.mika)).filter(acronym="IAEE").exists()

    agency = make.verified_agency(cast)

    assert Agency.objects.visible_to(cast.actor(cast.mika)).filter(pk=agency.pk).exists()
    assert (agency.verified_by, agency.verified_at is not None) == (cast.olga, True)
    assert not Item.objects.waiting().filter(key="vet:IAEE").exists()
    assert Item.objects.to_know().filter(person=cast.noor).exists()


def test_refused_application_is_corrected_and_sent_again(cast: Cast) -> None:
    agency = actions.refuse(make.applied_agency(cast), actor=cast.actor(cast.olga), reason="Which statute?")
    noor = cast.actor(cast.noor)

    actions.edit_profile(agency, actor=noor, legal_name="Instituto Andino")
    agency = actions.apply_again(agency, actor=noor)

    assert (agency.status, agency.legal_name) == (Status.APPLIED, "Instituto Andino")


def test_suspension_takes_every_right_at_once_and_reinstatement_returns_them(cast: Cast) -> None:
    _token, secret = make.token(cast)

    actions.suspend(cast.jaxa, actor=cast.actor(cast.olga), reason="Its statute is disputed")

    assert cast.actor(cast.mika).membership is None
    assert not Token.objects.usable().by_secret(secret).exists()
    actions.reinstate(cast.jaxa, actor=cast.actor(cast.olga))
    assert cast.actor(cast.mika).agency == cast.jaxa


def test_refusal_and_suspension_need_a_reason(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        actions.suspend(cast.jaxa, actor=cast.actor(cast.olga), reason=" ")


def test_database_itself_refuses_a_verified_agency_without_its_date(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.filter(pk=cast.nova.pk).update(status=Status.VERIFIED)


def test_profile_is_edited_against_the_version_that_was_read(cast: Cast) -> None:
    mika = cast.actor(cast.mika)
    actions.edit_profile(cast.jaxa, actor=mika, version=1, city="Chofu")

    with pytest.raises(Stale):
        actions.edit_profile(cast.jaxa, actor=mika, version=1, city="Sagamihara")

    assert Agency.objects.get(pk=cast.jaxa.pk).city == "Chofu"


def test_what_an_operator_has_checked_is_not_edited(cast: Cast) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.edit_profile(cast.jaxa, actor=cast.actor(cast.mika), legal_name="Another")

    assert "legal_name" in caught.value.message_dict


def test_days_move_with_the_zone_of_the_agency(cast: Cast) -> None:
    mandate = make.mandate(cast, ends_on=date(2030, 1, 1))
    before = mandate.over_at

    actions.edit_profile(cast.jaxa, actor=cast.actor(cast.mika), zone="Pacific/Auckland")

    mandate.refresh_from_db()
    assert before is not None
    assert mandate.over_at == before - timedelta(hours=4)


# --- joining ---


def test_invited_person_joins_in_the_roles_offered(cast: Cast) -> None:
    invitation = make.invitation(cast, roles=[Role.OBSERVER, Role.CONTRIBUTOR])

    membership = actions.accept_invitation(invitation, actor=cast.actor(cast.noor), consent=True)

    assert membership.roles == [Role.CONTRIBUTOR, Role.OBSERVER]
    assert cast.actor(cast.noor).agency == cast.jaxa
    assert verbs() == ["invitation.sent", "invitation.accepted", "membership.started"]


def test_invitation_works_once(cast: Cast) -> None:
    invitation = make.invitation(cast)
    actions.accept_invitation(invitation, actor=cast.actor(cast.noor), consent=True)

    with pytest.raises(NotNow) as caught:
        actions.accept_invitation(invitation, actor=cast.actor(cast.noor), consent=True)

    assert caught.value.code == "accepted"
    assert Membership.objects.filter(person=cast.noor).count() == 1


def test_expired_invitation_is_refused(cast: Cast) -> None:
    invitation = make.invitation(cast)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(NotNow) as caught:
        actions.accept_invitation(invitation, actor=cast.actor(cast.noor), consent=True)

    assert caught.value.code == "expired"


def test_withdrawn_invitation_is_refused(cast: Cast) -> None:
    invitation = actions.withdraw_invitation(make.invitation(cast), actor=cast.actor(cast.mika))

    with pytest.raises(NotNow):
        actions.accept_invitation(invitation, actor=cast.actor(cast.noor), consent=True)


def test_somebody_with_the_link_but_another_address_cannot_join(cast: Cast) -> None:
    invitation = make.invitation(cast)

    with pytest.raises(Forbidden) as caught:
        actions.accept_invitation(invitation, actor=cast.actor(cast.tara), consent=True)

    assert caught.value.code == "other-address"


def test_unconfirmed_address_does_not_count(cast: Cast) -> None:
    invitation = make.invitation(cast)
    cast.noor.emailaddress_set.update(verified=False)

    with pytest.raises(Forbidden):
        actions.accept_invitation(invitation, actor=cast.actor(cast.noor), consent=True)


def test_joining_needs_consent(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        actions.accept_invitation(make.invitation(cast), actor=cast.actor(cast.noor), consent=False)

    assert not Membership.objects.filter(person=cast.noor).exists()


@pytest.mark.parametrize("email", ["noor@elsewhere.example", "NOOR@elsewhere.example", "sora@jaxa.example"])
def test_address_is_invited_once_and_members_never(cast: Cast, email: str) -> None:
    make.invitation(cast)

    with pytest.raises(ValidationError) as caught:
        make.invitation(cast, email=email)

    assert set(caught.value.message_dict) == {"email"}


def test_expired_invitation_makes_room_for_another(cast: Cast) -> None:
    make.invitation(cast)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))

    assert make.invitation(cast).is_open


def test_unverified_agency_invites_only_its_own_domain(cast: Cast) -> None:
    facts = {"actor": cast.actor(cast.nils), "proof": make.proof(), "roles": [Role.MANAGER]}

    with pytest.raises(ValidationError):
        actions.invite(cast.nova, email="mika@jaxa.example", **facts)
    with pytest.raises(ValidationError):
        actions.invite(cast.nova, email="eve@evilnova.example", **facts)

    assert actions.invite(cast.nova, email="liv@lab.nova.example", **facts).is_open


def test_inviting_needs_a_fresh_proof(cast: Cast) -> None:
    with pytest.raises(Forbidden) as caught:
        actions.invite(
            cast.jaxa, actor=cast.actor(cast.mika), proof=None, email="a@b.example", roles=[Role.ADMINISTRATOR]
        )

    assert caught.value.code == "proof-needed"


def test_link_is_not_stored_and_opens_the_invitation(cast: Cast) -> None:
    invitation = make.invitation(cast)

    stored = " ".join(str(value) for value in Invitation.objects.values_list().get())

    assert invitation.token not in stored
    assert Invitation.objects.by_token(invitation.token).get() == invitation
    assert not Invitation.objects.by_token(invitation.token + "x").exists()


# --- roles, and leaving ---


def test_expired_membership_is_gone_at_that_instant(cast: Cast) -> None:
    membership = make.membership_of(cast.mika, cast.jaxa)
    make.end_in(membership, timedelta(minutes=1))
    assert cast.actor(cast.mika).agency == cast.jaxa

    make.end_in(membership, timedelta(0))

    assert cast.actor(cast.mika).membership is None


def test_last_day_lasts_until_midnight_in_the_agencys_zone(cast: Cast) -> None:
    membership = Membership.objects.create(
        person=cast.noor, agency=cast.jaxa, roles=["observer"], starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31)
    )

    assert membership.over_at is not None
    assert membership.over_at.isoformat() == "2026-03-31T15:00:00+00:00"
    assert membership.holds_at(membership.over_at - timedelta(microseconds=1))
    assert not membership.holds_at(membership.over_at)


def test_roles_are_changed_and_the_person_is_told(cast: Cast) -> None:
    sora = make.membership_of(cast.sora, cast.jaxa)

    actions.change_roles(sora, actor=cast.actor(cast.mika), proof=make.proof(), roles=[Role.MANAGER])

    assert cast.actor(cast.sora).roles == {Role.MANAGER}
    assert Item.objects.to_know().filter(person=cast.sora).exists()
    assert verbs() == ["membership.roles_changed"]


@pytest.mark.parametrize("roles", [[], ["emperor"]])
def test_roles_are_those_there_are(cast: Cast, roles: list[str]) -> None:
    with pytest.raises(ValidationError):
        actions.change_roles(
            make.membership_of(cast.sora, cast.jaxa), actor=cast.actor(cast.mika), proof=make.proof(), roles=roles
        )


def test_last_administrator_stays(cast: Cast) -> None:
    own, mika = make.membership_of(cast.mika, cast.jaxa), cast.actor(cast.mika)

    with pytest.raises(NotNow) as leaving:
        actions.end_membership(own, actor=mika)
    with pytest.raises(NotNow) as stepping_down:
        actions.change_roles(own, actor=mika, proof=make.proof(), roles=[Role.MANAGER])

    assert leaving.value.code == stepping_down.value.code == "last-administrator"


def test_administrator_leaves_when_there_is_another(cast: Cast) -> None:
    mika = cast.actor(cast.mika)
    both = [Role.SIGNATORY, Role.ADMINISTRATOR]
    actions.change_roles(make.membership_of(cast.kenji, cast.jaxa), actor=mika, proof=make.proof(), roles=both)

    actions.end_membership(make.membership_of(cast.mika, cast.jaxa), actor=mika)

    assert cast.actor(cast.mika).membership is None


def test_mandates_and_tokens_end_with_the_membership_and_do_not_revive(cast: Cast) -> None:
    _token, secret = make.token(cast, cast.kenji)
    actions.end_membership(make.membership_of(cast.kenji, cast.jaxa), actor=cast.actor(cast.mika))
    again = make.invitation(cast, email="kenji@jaxa.example", roles=[Role.SIGNATORY])

    actions.accept_invitation(again, actor=cast.actor(cast.kenji), consent=True)

    assert cast.actor(cast.kenji).agency == cast.jaxa
    assert not Mandate.objects.valid().filter(person=cast.kenji).exists()
    assert not Token.objects.usable().by_secret(secret).exists()


# --- mandates ---


def test_mandate_covers_what_it_says(cast: Cast) -> None:
    mandate = make.mandate(cast, project="P-2026-0007")

    assert mandate.covers("memorandum", "P-2026-0007") == ""
    assert "kind of instrument" in mandate.covers("nda", "P-2026-0007")
    assert "only for the project" in mandate.covers("memorandum", "P-2026-0008")
    assert mandate in Mandate.objects.valid().for_(cast.kenji, cast.jaxa, "memorandum", "P-2026-0007")
    assert mandate not in Mandate.objects.valid().for_(cast.kenji, cast.jaxa, "memorandum", "P-2026-0008")


def test_mandate_that_ended_a_second_ago_covers_nothing(cast: Cast) -> None:
    mandate = make.mandate(cast)
    make.end_in(mandate, timedelta(seconds=-1))
    mandate.refresh_from_db()

    assert "not valid at this time" in mandate.covers("memorandum")
    assert mandate not in Mandate.objects.valid()
    assert mandate in Mandate.objects.valid(timezone.now() - timedelta(seconds=5))


def test_revoked_mandate_covers_nothing_from_that_instant(cast: Cast) -> None:
    mandate = actions.revoke_mandate(make.mandate(cast), actor=cast.actor(cast.mika))

    assert "revoked" in mandate.covers("memorandum")
    assert mandate.covers("memorandum", at=mandate.revoked_at - timedelta(seconds=1)) == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kinds": []}, "kinds"),
        ({"kinds": ["treaty"]}, "kinds"),
        ({"project": "Moon"}, "project"),
        ({"value_limit": 5}, "currency"),
        ({"currency": "EUR"}, "currency"),
        ({"value_limit": 5, "currency": "EURO"}, "currency"),
        ({"ends_on": date(2020, 1, 1)}, "ends_on"),
        ({"source_note": " "}, "source_note"),
    ],
)
def test_mandate_with_a_bad_field_says_which(cast: Cast, changes: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        make.mandate(cast, **changes)

    assert field in caught.value.message_dict


def test_only_a_signatory_of_the_agency_holds_a_mandate(cast: Cast) -> None:
    for person in (cast.sora, cast.ingrid):
        with pytest.raises(ValidationError) as caught:
            make.mandate(cast, person=person)
        assert "person" in caught.value.message_dict


def test_snapshot_says_what_a_signature_rested_on(cast: Cast) -> None:
    mandate = make.mandate(cast)
    snapshot = mandate.snapshot()

    assert (snapshot["ref"], snapshot["person_name"], snapshot["agency"]) == (mandate.ref, "Kenji Amanogawa", "JAXA")
    assert snapshot["granted_by"] == str(cast.mika.uid)


# --- tokens ---


def test_token_is_stored_as_a_digest_only(cast: Cast) -> None:
    token, secret = make.token(cast)

    stored = " ".join(str(value) for value in Token.objects.values_list().get())

    assert secret not in stored
    assert secret.startswith(token.prefix)


@pytest.mark.parametrize("changes", [{"scopes": []}, {"scopes": ["all"]}, {"days": 0}, {"days": 4000}, {"name": " "}])
def test_token_with_a_bad_field_is_not_made(cast: Cast, changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        make.token(cast, **changes)


def test_revoked_token_opens_nothing(cast: Cast) -> None:
    token, secret = make.token(cast)

    actions.revoke_token(token, actor=cast.actor(cast.mika))

    assert not Token.objects.usable().by_secret(secret).exists()


# --- people ---


def test_address_is_one_whatever_its_case(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create_user("MIKA@jaxa.example", "x", name="Impostor")


def test_unknown_zone_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError) as caught:
        actions.edit_account(actor=cast.actor(cast.mika), zone="Mars/Olympus")

    assert "zone" in caught.value.message_dict
