"""The operators' desk: the vetting queue, people, and rights that are only read."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.urls import reverse

from agencies import actions
from agencies.models import Agency, Invitation, Mandate, Membership, Person, Token
from portal.files.storage import store
from portal.history.models import Event
from tests.cast import Cast
from tests.factories import agencies as make

AGENCIES = "admin:agencies_agency_changelist"
MODELS = ["agency", "person", "membership", "mandate", "invitation", "token"]


def decision(agency: Agency, verb: str) -> str:
    return reverse("admin:agencies_agency_decide", args=[agency.pk, verb])


def change(row: Any) -> str:
    return reverse(f"admin:agencies_{row._meta.model_name}_change", args=[row.pk])


def text(response: Any) -> str:
    return response.content.decode()


# --- the queue --------------------------------------------------------------------------------------------------------


def test_applications_come_first(cast: Cast) -> None:
    make.applied_agency(cast)

    page = cast.client(cast.olga).get(reverse(AGENCIES))

    assert [agency.ref for agency in page.context["cl"].result_list[:2]] == ["NOVA", "IAEE"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=宇宙航空", {"JAXA"}),
        ("q=europeenne", {"ESA"}),
        ("q=isro.example", {"ISRO"}),
        ("status__exact=applied", {"NOVA"}),
        ("country=IN", {"ISRO"}),
        ("kind__exact=intergovernmental", {"ESA"}),
    ],
)
def test_queue_is_searched_and_filtered(cast: Cast, query: str, expected: set[str]) -> None:
    page = cast.client(cast.olga).get(f"{reverse(AGENCIES)}?{query}")

    assert {agency.ref for agency in page.context["cl"].result_list} == expected


def test_verifying_writes_one_event_that_the_agency_reads(cast: Cast) -> None:
    agency, olga = make.applied_agency(cast), cast.client(cast.olga)
    assert ">Verify<" in text(olga.get(change(agency)))

    assert olga.get(decision(agency, "verify")).status_code == 200
    for _click in range(2):
        olga.post(decision(agency, "verify"))

    agency.refresh_from_db()
    assert (agency.status, agency.verified_by) == ("verified", cast.olga)
    event = Event.objects.get(verb="agency.verified")
    assert (event.person_uid, event.agency_ref, event.agencies) == (cast.olga.uid, "", ["IAEE"])
    assert "Suspend" in text(olga.get(change(agency)))


@pytest.mark.parametrize(
    ("verb", "state", "after"), [("refuse", "applied", "refused"), ("suspend", "verified", "suspended")]
)
def test_a_no_needs_its_reason(cast: Cast, verb: str, state: str, after: str) -> None:
    agency = cast.nova if state == "applied" else cast.jaxa
    olga = cast.client(cast.olga)

    empty = olga.post(decision(agency, verb), {"reason": "  "})
    assert empty.status_code == 422
    assert Agency.objects.get(pk=agency.pk).status == state

    done = olga.post(decision(agency, verb), {"reason": "The domain is not yours."}, follow=True)
    assert "The domain is not yours." in text(done)
    assert Agency.objects.get(pk=agency.pk).status == after


def test_refused_is_reconsidered_and_suspended_is_reinstated(cast: Cast) -> None:
    agency, olga = make.refused_agency(cast), cast.client(cast.olga)

    for verb, body, after in [
        ("reconsider", {}, "applied"),
        ("verify", {}, "verified"),
        ("suspend", {"reason": "Domain lost"}, "suspended"),
        ("reinstate", {}, "verified"),
    ]:
        assert olga.post(decision(agency, verb), body).status_code == 302
        assert Agency.objects.get(pk=agency.pk).status == after


def test_refusals_are_shown_as_messages(cast: Cast) -> None:
    response = cast.client(cast.olga).post(decision(cast.jaxa, "verify"), follow=True)

    assert "does not stand where this could be done" in text(response)
    assert not Event.objects.exists()


def test_operator_does_not_verify_their_own_agency(cast: Cast) -> None:
    Person.objects.filter(pk=cast.nils.pk).update(is_staff=True, is_superuser=True)
    nils = cast.client(cast.nils)

    response = nils.post(decision(cast.nova, "verify"), follow=True)

    assert "another operator decides" in text(response)
    page = text(nils.get(change(cast.nova)))
    assert ">Verify<" not in page
    assert "seen_version" not in page
    assert Agency.objects.get(ref="NOVA").status == "applied"


def test_unknown_decisions_are_unknown(cast: Cast) -> None:
    olga = cast.client(cast.olga)

    assert olga.post(decision(cast.jaxa, "correct")).status_code == 404
    assert olga.post(reverse("admin:agencies_agency_decide", args=[10**9, "verify"])).status_code == 404


# --- corrections ------------------------------------------------------------------------------------------------------


def correction(agency: Agency, **facts: Any) -> dict[str, Any]:
    names = ["kind", "legal_name", "acronym", "domain"]
    return (
        {name: getattr(agency, name) for name in names}
        | {"country": agency.country.code, "sponsor": "", "seen_version": agency.version}
        | facts
    )


def test_correction_changes_what_was_checked_and_nothing_else(cast: Cast) -> None:
    body = correction(cast.jaxa, legal_name="JAXA of Japan", status="dissolved", city="Elsewhere", ref="NASA")

    response = cast.client(cast.olga).post(change(cast.jaxa), body)

    agency = Agency.objects.get(pk=cast.jaxa.pk)
    assert response.status_code == 302
    assert (agency.legal_name, agency.status, agency.city, agency.ref) == ("JAXA of Japan", "verified", "Tokyo", "JAXA")
    event = Event.objects.get(verb="agency.profile_edited")
    assert (event.facts, event.agencies, event.person_uid) == ({"fields": ["legal_name"]}, ["JAXA"], cast.olga.uid)


def test_correction_of_an_older_version_is_refused(cast: Cast) -> None:
    body = correction(cast.jaxa, legal_name="Mine")
    actions.edit_profile(cast.jaxa, actor=cast.actor(cast.mika), city="Chofu")

    response = cast.client(cast.olga).post(change(cast.jaxa), body, follow=True)

    assert "Nothing of yours was saved over it" in text(response)
    assert Agency.objects.get(ref="JAXA").legal_name == "Japan Aerospace Exploration Agency"


def test_bad_correction_is_shown_beside_its_field(cast: Cast) -> None:
    response = cast.client(cast.olga).post(change(cast.jaxa), correction(cast.jaxa, domain="esa.example"))

    assert response.status_code == 200
    assert "claimed this domain" in text(response)


def test_agencies_are_neither_added_nor_deleted(cast: Cast) -> None:
    olga = cast.client(cast.olga)

    assert olga.get(reverse("admin:agencies_agency_add")).status_code == 403
    assert olga.post(reverse("admin:agencies_agency_delete", args=[cast.nova.pk]), {"post": "yes"}).status_code == 403


# --- the founding act -------------------------------------------------------------------------------------------------


def test_founding_act_is_a_download_for_operators(cast: Cast, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    act = store(ContentFile(b"%PDF-1.7\nfounded\n%%EOF").read(), "act.pdf", actor=cast.actor(cast.noor))
    agency = make.applied_agency(cast, founding_act=act)
    url = reverse("admin:agencies_agency_founding_act", args=[agency.pk])

    response = cast.client(cast.olga).get(url)

    assert (response.status_code, response.content) == (200, b"%PDF-1.7\nfounded\n%%EOF")
    assert response["Content-Disposition"].startswith("attachment")
    assert url in text(cast.client(cast.olga).get(change(agency)))
    assert cast.client(cast.noor).get(url).status_code == 302
    none = reverse("admin:agencies_agency_founding_act", args=[cast.nova.pk])
    assert cast.client(cast.olga).get(none).status_code == 404


# --- doors ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["mika", "noor", None])
@pytest.mark.parametrize("model", MODELS)
def test_who_is_no_operator_stays_outside(cast: Cast, person: str | None, model: str) -> None:
    client = cast.client(getattr(cast, person) if person else None)

    response = client.get(reverse(f"admin:agencies_{model}_changelist"))

    assert response.status_code == 302
    assert "login" in response["Location"]


def test_who_is_no_operator_decides_nothing(cast: Cast) -> None:
    for person in (cast.nils, cast.mika, None):
        assert cast.client(person).post(decision(cast.nova, "verify")).status_code == 302
    assert Agency.objects.get(ref="NOVA").status == "applied"
    assert not Event.objects.exists()


@pytest.fixture
def plain_operator(cast: Cast) -> Person:
    """An operator with no other permission of Django's."""
    Person.objects.filter(pk=cast.noor.pk).update(is_staff=True)
    return Person.objects.get(pk=cast.noor.pk)


def test_an_operator_needs_no_further_permission_to_vet(cast: Cast, plain_operator: Person) -> None:
    client = cast.client(plain_operator)

    assert client.get(reverse(AGENCIES)).status_code == 200
    assert client.post(decision(cast.nova, "verify")).status_code == 302
    assert Agency.objects.get(ref="NOVA").is_verified
    assert client.get(reverse("admin:agencies_person_changelist")).status_code == 403


# --- evidence and rights ----------------------------------------------------------------------------------------------


@pytest.fixture
def rights(cast: Cast) -> list[Any]:
    """One row of each right."""
    token, _secret = make.token(cast, cast.kenji)
    mandate = Mandate.objects.get(person=cast.kenji)
    return [Membership.objects.get(person=cast.kenji), mandate, make.invitation(cast, cast.noor.email), token]


def test_rights_are_read_and_never_written(cast: Cast, rights: list[Any]) -> None:
    olga = cast.client(cast.olga)

    for row in rights:
        name = row._meta.model_name
        assert row.ref in text(olga.get(change(row)))
        assert olga.post(change(row), {"roles": "administrator", "revoked_at": ""}).status_code == 403
        assert olga.get(reverse(f"admin:agencies_{name}_add")).status_code == 403
        assert olga.post(reverse(f"admin:agencies_{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_no_secret_is_shown(cast: Cast, rights: list[Any]) -> None:
    olga, pages = cast.client(cast.olga), ""
    for row in rights:
        pages += text(olga.get(change(row))) + text(
            olga.get(reverse(f"admin:agencies_{row._meta.model_name}_changelist"))
        )

    invitation, token = Invitation.objects.get(), Token.objects.get()
    for secret in (invitation.nonce, invitation.digest, invitation.token, token.digest):
        assert secret not in pages


@pytest.mark.parametrize(
    ("model", "query", "count"),
    [
        ("membership", "q=Kenji", 1),
        ("membership", "roles=signatory", 3),
        ("membership", "holds=over", 1),
        ("membership", "holds=now", 7),
        ("membership", "holds=ahead", 0),
        ("mandate", "kinds=nda&holds=now", 3),
        ("mandate", "q=ESA", 1),
        ("invitation", "roles=contributor&q=noor", 1),
        ("token", "scopes=write&q=Register", 1),
        ("token", "scopes=nonsense", 1),
    ],
)
def test_rights_are_searched_and_filtered(cast: Cast, rights: list[Any], model: str, query: str, count: int) -> None:
    page = cast.client(cast.olga).get(f"{reverse(f'admin:agencies_{model}_changelist')}?{query}")

    assert page.context["cl"].result_count == count


@pytest.mark.parametrize("model", MODELS)
def test_lists_cost_few_queries(cast: Cast, rights: list[Any], model: str, django_assert_max_num_queries: Any) -> None:
    olga = cast.client(cast.olga)

    with django_assert_max_num_queries(14):
        assert olga.get(reverse(f"admin:agencies_{model}_changelist")).status_code == 200


# --- people -----------------------------------------------------------------------------------------------------------


def test_operator_makes_an_account(cast: Cast) -> None:
    body = {
        "email": "New.Person@jaxa.example",
        "name": "New Person",
        "native_name": "",
        "language": "en",
        "zone": "UTC",
        "usable_password": "true",
        "password1": "lunar-polar-ice-77",
        "password2": "lunar-polar-ice-77",
    }

    response = cast.client(cast.olga).post(reverse("admin:agencies_person_add"), body)

    assert response.status_code == 302
    person = Person.objects.get(email="new.person@jaxa.example")
    assert person.check_password("lunar-polar-ice-77")
    assert not person.is_staff
    again = cast.client(cast.olga).post(reverse("admin:agencies_person_add"), body)
    assert "Somebody already uses this address" in text(again)


def account(person: Person, **facts: Any) -> dict[str, Any]:
    names = ["name", "native_name", "language", "zone", "theme"]
    return {
        **{name: getattr(person, name) for name in names},
        "day_start": "09:00",
        "day_end": "17:30",
        "is_active": "on",
    } | facts


def test_account_is_closed_without_losing_its_history(cast: Cast) -> None:
    body = account(cast.kenji)
    del body["is_active"]

    assert cast.client(cast.olga).post(change(cast.kenji), body).status_code == 302

    assert cast.actor(cast.kenji).agency is None
    delete = reverse("admin:agencies_person_delete", args=[cast.kenji.pk])
    assert cast.client(cast.olga).post(delete, {"post": "yes"}).status_code == 403


def test_address_is_not_changed_for_somebody_else(cast: Cast) -> None:
    cast.client(cast.olga).post(change(cast.kenji), account(cast.kenji, email="olga2@portal.example"))

    assert Person.objects.get(pk=cast.kenji.pk).email == cast.kenji.email


def test_unconfirmed_addresses_are_marked(cast: Cast) -> None:
    EmailAddress.objects.filter(user=cast.noor).update(verified=False)

    page = cast.client(cast.olga).get(f"{reverse('admin:agencies_person_changelist')}?q=Noor")

    assert "icon-no.svg" in text(page)


def test_who_is_no_superuser_makes_no_operators(cast: Cast, plain_operator: Person) -> None:
    for name in ("view_person", "change_person"):
        plain_operator.user_permissions.add(Permission.objects.get(codename=name))
    client = cast.client(plain_operator)

    assert client.post(change(cast.kenji), account(cast.kenji, is_staff="on", is_superuser="on")).status_code == 302
    assert not Person.objects.get(pk=cast.kenji.pk).is_staff
    assert client.post(change(cast.olga), account(cast.olga, name="Taken over")).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[cast.olga.pk])
    assert client.get(password).status_code == 403
