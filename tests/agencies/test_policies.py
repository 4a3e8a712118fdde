"""Who may do what to agencies, their people, mandates, invitations and tokens: one table each."""

from __future__ import annotations

import pytest

from agencies import actions
from agencies.models import Invitation, Mandate, Person, Token
from agencies.policies import (
    INVITATIONS_A_DAY,
    TOKENS_AT_ONCE,
    AgencyPolicy,
    InvitationPolicy,
    MandatePolicy,
    MembershipPolicy,
    RegistrationPolicy,
    TokenPolicy,
)
from portal.kit.actors import Actor
from tests.cast import Cast
from tests.factories import agencies as make

YES = ""


def code_of(policy, verb):
    refusal = policy.refusal(verb)
    return refusal.code if refusal else YES


@pytest.mark.parametrize(
    ("name", "code"), [("mika", YES), ("noor", YES), ("olga", YES)], ids=lambda value: value or "yes"
)
def test_who_applies(cast: Cast, name: str, code: str) -> None:
    assert code_of(RegistrationPolicy(cast.actor(getattr(cast, name))), "apply") == code


def test_unconfirmed_address_applies_for_nothing(cast: Cast) -> None:
    person = Person.objects.create_user("new@iaee.example", "x", name="New")

    assert code_of(RegistrationPolicy(Actor(person=person)), "apply") == "address-unconfirmed"
    assert code_of(RegistrationPolicy(Actor.anonymous()), "apply") == "sign-in"


def test_fourth_open_application_waits(cast: Cast) -> None:
    for number in range(3):
        make.applied_agency(cast, domain=f"iaee{number}.example")

    assert code_of(RegistrationPolicy(cast.actor(cast.noor)), "apply") == "applications-open"


# Of JAXA.          mika      kenji          sora           lucien          olga
AGENCY = {
    "see_people": [YES, YES, YES, "other-agency", "other-agency"],
    "edit_profile": [YES, "role-needed", "role-needed", "other-agency", "other-agency"],
    "invite": [YES, "role-needed", "role-needed", "other-agency", "other-agency"],
    "grant_mandate": [YES, "role-needed", "role-needed", "other-agency", "other-agency"],
    "issue_token": [YES, YES, YES, "other-agency", "other-agency"],
    "apply_again": ["not-refused", "role-needed", "role-needed", "other-agency", "other-agency"],
    "verify": [*["operator-needed"] * 4, "wrong-state"],
    "refuse": [*["operator-needed"] * 4, "wrong-state"],
    "reconsider": [*["operator-needed"] * 4, "wrong-state"],
    "correct": [*["operator-needed"] * 4, YES],
    "suspend": [*["operator-needed"] * 4, YES],
    "reinstate": [*["operator-needed"] * 4, "wrong-state"],
}


def test_every_verb_of_an_agency_has_its_row() -> None:
    assert set(AGENCY) == set(AgencyPolicy.rules)


@pytest.mark.parametrize("verb", AGENCY)
def test_who_may_do_what_to_an_agency(cast: Cast, verb: str) -> None:
    people = [cast.mika, cast.kenji, cast.sora, cast.lucien, cast.olga]

    assert [code_of(AgencyPolicy(cast.actor(person), cast.jaxa), verb) for person in people] == AGENCY[verb]


@pytest.mark.parametrize(
    ("status", "allowed"),
    [
        ("applied", {"verify", "refuse", "correct"}),
        ("refused", {"reconsider", "correct"}),
        ("verified", {"suspend", "correct"}),
        ("suspended", {"reinstate", "correct"}),
        ("dissolved", {"correct"}),
    ],
)
def test_operator_decides_what_the_status_allows(cast: Cast, status: str, allowed: set[str]) -> None:
    cast.jaxa.status = status
    policy = AgencyPolicy(cast.actor(cast.olga), cast.jaxa)

    decisions = {"verify", "refuse", "reconsider", "suspend", "reinstate", "correct"}
    assert {verb for verb in decisions if policy.refusal(verb) is None} == allowed


def test_operator_does_not_decide_on_their_own_agency(cast: Cast) -> None:
    Person.objects.filter(pk=cast.mika.pk).update(is_staff=True)

    assert code_of(AgencyPolicy(cast.actor(cast.mika), cast.jaxa), "suspend") == "own-agency"
    assert code_of(AgencyPolicy(cast.actor(cast.mika), cast.esa), "suspend") == YES


def test_token_of_an_operator_carries_no_operators_rights(cast: Cast) -> None:
    actor = Actor(person=cast.olga, scopes=frozenset({"read", "write"}))

    assert code_of(AgencyPolicy(actor, cast.jaxa), "suspend") == "operator-needed"


@pytest.mark.parametrize(
    ("name", "roles", "end"),
    [
        ("mika", YES, YES),
        ("kenji", "role-needed", "role-needed"),
        ("sora", "role-needed", YES),
        ("lucien", "role-needed", "role-needed"),
        ("olga", "role-needed", "role-needed"),
    ],
)
def test_who_decides_on_the_membership_of_sora(cast: Cast, name: str, roles: str, end: str) -> None:
    policy = MembershipPolicy(cast.actor(getattr(cast, name)), make.membership_of(cast.sora, cast.jaxa))

    assert (code_of(policy, "change_roles"), code_of(policy, "end")) == (roles, end)


@pytest.mark.parametrize(("name", "code"), [("mika", YES), ("kenji", "role-needed"), ("lucien", "role-needed")])
def test_who_revokes_the_mandate_of_kenji(cast: Cast, name: str, code: str) -> None:
    mandate = Mandate.objects.get(person=cast.kenji)

    assert code_of(MandatePolicy(cast.actor(getattr(cast, name)), mandate), "revoke") == code


@pytest.mark.parametrize(
    ("name", "withdraw", "accept"),
    [("mika", YES, "other-address"), ("sora", "role-needed", "other-address"), ("noor", "role-needed", YES)],
)
def test_who_decides_on_an_invitation_of_noor(cast: Cast, name: str, withdraw: str, accept: str) -> None:
    invitation = Invitation.objects.get(pk=make.invitation(cast).pk)
    policy = InvitationPolicy(cast.actor(getattr(cast, name)), invitation)

    assert (code_of(policy, "withdraw"), code_of(policy, "accept")) == (withdraw, accept)


@pytest.mark.parametrize(
    ("name", "code"), [("mika", YES), ("kenji", YES), ("sora", "role-needed"), ("lucien", "role-needed")]
)
def test_who_revokes_a_token_of_kenji(cast: Cast, name: str, code: str) -> None:
    token, _secret = make.token(cast, cast.kenji)

    assert code_of(TokenPolicy(cast.actor(getattr(cast, name)), Token.objects.get(pk=token.pk)), "revoke") == code


def test_nobody_joins_a_silenced_agency(cast: Cast) -> None:
    invitation = make.invitation(cast)
    invitation.agency = actions.suspend(cast.jaxa, actor=cast.actor(cast.olga), reason="Domain lost")

    assert code_of(InvitationPolicy(cast.actor(cast.noor), invitation), "accept") == "agency-silent"


def test_agency_sends_so_many_invitations_a_day(cast: Cast) -> None:
    for number in range(INVITATIONS_A_DAY):
        make.invitation(cast, f"new{number}@jaxa.example")

    assert code_of(AgencyPolicy(cast.actor(cast.mika), cast.jaxa), "invite") == "too-many"


def test_person_has_so_many_tokens(cast: Cast) -> None:
    for _number in range(TOKENS_AT_ONCE):
        token, _secret = make.token(cast, cast.kenji)
    kenji = cast.actor(cast.kenji)
    assert code_of(AgencyPolicy(kenji, cast.jaxa), "issue_token") == "too-many"

    actions.revoke_token(token, actor=kenji)

    assert code_of(AgencyPolicy(kenji, cast.jaxa), "issue_token") == YES
