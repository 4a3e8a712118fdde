"""The JSON door of agencies and their people, and its parity with the pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies import actions
from agencies.models import Agency, Invitation, Mandate, Membership, Token
from agencies.policies import AgencyPolicy, MembershipPolicy
from portal.history.models import Event
from portal.kit.models import OnceKey
from tests.cast import PASSWORD, Cast
from tests.factories import agencies as make

API = "/api/v1/"
KEY = {"password": PASSWORD}


def post(client: Client, address: str, headers: dict[str, str] | None = None, **body: Any) -> Any:
    return client.post(API + address, body, content_type="application/json", headers=headers or {})


def patch(client: Client, address: str, headers: dict[str, str] | None = None, **body: Any) -> Any:
    return client.patch(API + address, body, content_type="application/json", headers=headers or {})


def refs(response: Any) -> list[str]:
    return [row["ref"] for row in response.json()["results"]]


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


# --- agencies ---------------------------------------------------------------------------------------------------------


def test_an_agency_applies_is_refused_and_applies_again(cast: Cast) -> None:
    noor = cast.client(cast.noor)

    created = post(noor, "agencies/", **(make.PROFILE | {"capabilities": ["TX04"]}))
    assert (created.status_code, created.json()["ref"], created.json()["status"]) == (201, "IAEE", "applied")
    actions.refuse(Agency.objects.get(ref="IAEE"), actor=cast.actor(cast.olga), reason="The statute is missing.")
    shown = noor.get(API + "agencies/IAEE/")
    assert (shown.json()["status"], shown.json()["status_reason"]) == ("refused", "The statute is missing.")
    assert post(noor, "agencies/IAEE/apply-again/").json()["status"] == "applied"


def test_bad_application_names_each_field(cast: Cast) -> None:
    bad = {"zone": "Mars/Olympus", "country": ""}

    response = post(cast.client(cast.noor), "agencies/", **make.PROFILE | bad | {"status": "verified"})

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert set(response.json()["errors"]) == {"status"}
    response = post(cast.client(cast.noor), "agencies/", **make.PROFILE | bad)
    assert set(response.json()["errors"]) == {"zone", "country"}
    assert not Agency.objects.filter(ref="IAEE").exists()


def test_directory_in_the_order_of_names_and_narrowed(cast: Cast) -> None:
    mika = cast.client(cast.mika)
    Agency.objects.filter(ref="ISRO").update(capabilities=["TX04"], kind="institute")

    assert refs(mika.get(API + "agencies/")) == ["ESA", "ISRO", "JAXA"]
    assert refs(mika.get(API + "agencies/?q=europeenne")) == ["ESA"]
    assert refs(mika.get(API + "agencies/?country=IN")) == ["ISRO"]
    assert refs(mika.get(API + "agencies/?country=INT")) == ["ESA"]
    assert refs(mika.get(API + "agencies/?capability=TX04&kind=institute")) == ["ISRO"]
    assert refs(mika.get(API + "agencies/?q=x%00y")) == []


def test_directory_pages_by_cursor(cast: Cast) -> None:
    mika = cast.client(cast.mika)

    first = mika.get(API + "agencies/?size=2")
    second = mika.get(first.json()["next"])

    assert (refs(first), refs(second), second.json()["next"]) == (["ESA", "ISRO"], ["JAXA"], None)


def test_unverified_agency_finds_only_itself(cast: Cast) -> None:
    nils = cast.client(cast.nils)

    assert refs(nils.get(API + "agencies/")) == ["NOVA"]
    assert nils.get(API + "agencies/JAXA/").status_code == 404
    assert cast.client(cast.mika).get(API + "agencies/NOVA/").status_code == 404


def test_others_do_not_read_what_is_for_members(cast: Cast) -> None:
    own = cast.client(cast.mika).get(API + "agencies/JAXA/").json()
    foreign = cast.client(cast.lucien).get(API + "agencies/JAXA/").json()

    assert (own["default_marking"], foreign["default_marking"]) == ("partners", None)
    assert (own["status_reason"], foreign["status_reason"]) == ("", None)


def test_profile_changes_against_its_etag(cast: Cast) -> None:
    mika = cast.client(cast.mika)
    tag = mika.get(API + "agencies/JAXA/")["ETag"]

    changed = patch(mika, "agencies/JAXA/", {"If-Match": tag}, city="Chofu", capabilities=["TX08", "TX04"])
    late = patch(mika, "agencies/JAXA/", {"If-Match": tag}, city="Tsukuba")

    assert (changed.status_code, changed.json()["capabilities"], changed["ETag"]) == (200, ["TX04", "TX08"], '"2"')
    assert (late.status_code, late.json()["code"], late.json()["current_version"]) == (409, "stale-version", 2)
    assert Agency.objects.get(ref="JAXA").city == "Chofu"


def test_partner_edits_no_profile(cast: Cast) -> None:
    response = patch(cast.client(cast.lucien), "agencies/JAXA/", city="Paris")

    assert (response.status_code, response.json()["code"]) == (403, "other-agency")


def test_verbs_are_those_of_the_policy(cast: Cast) -> None:
    for person in (cast.mika, cast.kenji, cast.lucien):
        shown = cast.client(person).get(API + "agencies/JAXA/").json()["verbs"]
        assert shown == AgencyPolicy(cast.actor(person), cast.jaxa).verbs()
    membership = Membership.objects.get(person=cast.sora)
    shown = cast.client(cast.kenji).get(f"{API}memberships/{membership.ref}/").json()["verbs"]
    assert shown == MembershipPolicy(cast.actor(cast.kenji), membership).verbs()


def test_sponsor_is_an_agency_one_sees(cast: Cast) -> None:
    mika = cast.client(cast.nils)

    response = patch(mika, "agencies/NOVA/", sponsor="JAXA")

    assert (response.status_code, set(response.json()["errors"])) == (400, {"sponsor"})


# --- memberships ------------------------------------------------------------------------------------------------------


def test_people_of_ones_own_agency_only(cast: Cast) -> None:
    mika = cast.client(cast.mika)
    foreign = Membership.objects.get(person=cast.lucien)

    rows = mika.get(API + "memberships/").json()["results"]

    assert {row["person"]["name"] for row in rows} == {"Mika Hoshino", "Kenji Amanogawa", "Sora Minazuki"}
    assert "email" not in rows[0]["person"]
    assert mika.get(f"{API}memberships/{foreign.ref}/").status_code == 404
    assert post(mika, f"memberships/{foreign.ref}/end/").status_code == 404
    assert [row["roles"] for row in mika.get(API + "memberships/?role=signatory").json()["results"]] == [["signatory"]]
    assert refs(mika.get(API + "memberships/?role=emperor")) == []


def test_past_members_are_listed_but_not_live(cast: Cast) -> None:
    lucien = cast.client(cast.lucien)
    emil = Membership.objects.get(person=cast.emil).ref

    assert emil in refs(lucien.get(API + "memberships/"))
    assert emil not in refs(lucien.get(API + "memberships/?live=true"))


def test_roles_change_with_the_password_only(cast: Cast) -> None:
    mika, membership = cast.client(cast.mika), Membership.objects.get(person=cast.sora)
    address = f"memberships/{membership.ref}/change-roles/"

    missing = post(mika, address, roles=["manager"])
    wrong = post(mika, address, roles=["manager"], password="not this one")
    assert [response.status_code for response in (missing, wrong)] == [400, 400]
    assert set(missing.json()["errors"]) == set(wrong.json()["errors"]) == {"password"}
    assert Membership.objects.get(pk=membership.pk).roles == ["contributor"]

    changed = post(mika, address, {"If-Match": '"1"'}, roles=["manager"], **KEY)
    assert (changed.status_code, changed.json()["roles"]) == (200, ["manager"])
    assert post(mika, address, {"If-Match": '"1"'}, roles=["observer"], **KEY).status_code == 409


def test_who_may_not_is_refused_before_the_password_is_asked(cast: Cast) -> None:
    membership = Membership.objects.get(person=cast.sora)

    response = post(
        cast.client(cast.kenji), f"memberships/{membership.ref}/change-roles/", roles=["manager"], password="x"
    )

    assert (response.status_code, response.json()["code"]) == (403, "role-needed")


def test_last_administrator_is_told_what_would_unblock(cast: Cast) -> None:
    membership = Membership.objects.get(person=cast.mika)

    response = post(cast.client(cast.mika), f"memberships/{membership.ref}/end/")

    assert (response.status_code, response.json()["code"]) == (409, "last-administrator")
    assert response.json()["unblock"] == "Make somebody else an administrator first."


# --- invitations ------------------------------------------------------------------------------------------------------


def test_invited_person_joins_once_by_the_secret_of_the_link(cast: Cast) -> None:
    mika, noor = cast.client(cast.mika), cast.client(cast.noor)
    sent = post(mika, "invitations/", email=cast.noor.email, roles=["observer"], **KEY)
    assert (sent.status_code, sent.json()["is_open"]) == (201, True)
    secret = Invitation.objects.get().token
    assert secret not in sent.content.decode()

    assert post(cast.client(cast.tara), "invitations/accept/", token=secret, consent=True).status_code == 403
    assert set(post(noor, "invitations/accept/", token=secret, consent=False).json()["errors"]) == {"consent"}
    joined = post(noor, "invitations/accept/", token=secret, consent=True)
    assert (joined.status_code, joined.json()["agency"], joined.json()["roles"]) == (201, "JAXA", ["observer"])
    assert post(noor, "invitations/accept/", token=secret, consent=True).status_code == 404


@pytest.mark.parametrize("token", ["wrong", "x\udc00", "ключ"])
def test_no_link_no_invitation(cast: Cast, token: str) -> None:
    assert post(cast.client(cast.noor), "invitations/accept/", token=token, consent=True).status_code in (400, 404)


def test_withdrawn_link_is_unknown(cast: Cast) -> None:
    invitation = make.invitation(cast, cast.noor.email)

    withdrawn = post(cast.client(cast.mika), f"invitations/{invitation.ref}/withdraw/")

    assert withdrawn.json()["is_open"] is False
    answer = post(cast.client(cast.noor), "invitations/accept/", token=invitation.token, consent=True)
    assert answer.status_code == 404


def test_foreign_invitations_are_unknown(cast: Cast) -> None:
    invitation = make.invitation(cast, cast.noor.email)
    lucien = cast.client(cast.lucien)

    assert refs(lucien.get(API + "invitations/")) == []
    assert post(lucien, f"invitations/{invitation.ref}/withdraw/").status_code == 404


# --- mandates ---------------------------------------------------------------------------------------------------------


def mandate_for(cast: Cast, person: Any, **facts: Any) -> dict[str, Any]:
    return {
        "membership": Membership.objects.get(person=person).ref,
        "kinds": ["nda"],
        "source_note": "Board decision 12",
        "starts_on": "2026-01-01",
        **KEY,
    } | facts


def test_mandate_is_granted_and_revoked(cast: Cast) -> None:
    mika = cast.client(cast.mika)

    granted = post(mika, "mandates/", **mandate_for(cast, cast.kenji, value_limit="5000.00", currency="eur"))
    assert (granted.status_code, granted.json()["value_limit"], granted.json()["currency"]) == (201, "5000.00", "EUR")
    revoked = post(mika, f"mandates/{granted.json()['ref']}/revoke/")
    assert (revoked.status_code, revoked.json()["is_live"]) == (200, False)
    assert post(mika, f"mandates/{granted.json()['ref']}/revoke/").json()["code"] == "revoked"


@pytest.mark.parametrize(
    ("person", "facts", "status", "field"),
    [
        ("lucien", {}, 400, "membership"),
        ("sora", {}, 400, "person"),
        ("kenji", {"kinds": ["surrender"]}, 400, "kinds"),
        ("kenji", {"password": "wrong"}, 400, "password"),
        ("kenji", {"starts_on": "soon"}, 400, "starts_on"),
        ("kenji", {"project": "JAXA"}, 400, "project"),
    ],
)
def test_bad_mandate_names_its_field(cast: Cast, person: str, facts: dict[str, Any], status: int, field: str) -> None:
    count = Mandate.objects.count()

    response = post(cast.client(cast.mika), "mandates/", **mandate_for(cast, getattr(cast, person), **facts))

    assert (response.status_code, set(response.json()["errors"])) == (status, {field})
    assert Mandate.objects.count() == count


def test_members_read_the_mandates_of_their_agency_only(cast: Cast) -> None:
    foreign = Mandate.objects.get(person=cast.ingrid)
    sora = cast.client(cast.sora)

    assert refs(sora.get(API + "mandates/")) == [Mandate.objects.get(person=cast.kenji).ref]
    assert sora.get(f"{API}mandates/{foreign.ref}/").status_code == 404
    assert post(sora, "mandates/", **mandate_for(cast, cast.kenji)).json()["code"] == "role-needed"


# --- tokens -----------------------------------------------------------------------------------------------------------


def test_secret_is_shown_once_and_opens_the_door(cast: Cast) -> None:
    kenji = cast.client(cast.kenji)

    made = post(kenji, "tokens/", name="Export", scopes=["read"], days=7, **KEY)
    secret, ref = made.json()["secret"], made.json()["ref"]
    assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
    assert secret not in kenji.get(f"{API}tokens/{ref}/").content.decode()
    program = Client(headers=bearer(secret))
    assert program.get(API + "me/").json()["scopes"] == ["read"]
    refusal = post(program, f"tokens/{ref}/revoke/")
    assert (refusal.status_code, refusal.json()["code"]) == (403, "scope-needed")
    assert post(kenji, f"tokens/{ref}/revoke/").status_code == 200
    assert program.get(API + "me/").status_code == 401


def test_a_token_makes_no_token_and_joins_nothing(cast: Cast) -> None:
    _token, secret = make.token(cast, cast.mika, scopes=["read", "write", "sign"])
    program = Client(headers=bearer(secret))

    for address, body in [
        ("tokens/", {"name": "Child", "scopes": ["read"], **KEY}),
        ("invitations/accept/", {"token": "x", "consent": True}),
        ("agencies/", make.PROFILE),
    ]:
        response = post(program, address, **body)
        assert (response.status_code, response.json()["code"]) == (403, "session-needed"), address
    assert patch(program, "me/", name="Other").json()["code"] == "session-needed"
    assert Token.objects.count() == 1


def test_a_secret_is_not_kept_for_repeats(cast: Cast) -> None:
    body = {"name": "Export", "scopes": ["read"], **KEY}

    response = post(cast.client(cast.kenji), "tokens/", {"Idempotency-Key": "once-1"}, **body)

    assert response.status_code == 400
    assert not Token.objects.exists()
    assert not OnceKey.objects.exists()


def test_a_member_sees_their_own_tokens(cast: Cast) -> None:
    token, _secret = make.token(cast, cast.kenji)

    assert refs(cast.client(cast.kenji).get(API + "tokens/")) == [token.ref]
    assert refs(cast.client(cast.mika).get(API + "tokens/")) == [token.ref]
    for person in (cast.sora, cast.lucien):
        assert cast.client(person).get(f"{API}tokens/{token.ref}/").status_code == 404


# --- me ---------------------------------------------------------------------------------------------------------------


def test_me_says_who_and_for_whom(cast: Cast) -> None:
    shown = cast.client(cast.mika).get(API + "me/").json()

    assert (shown["person"]["email"], shown["acting"]["agency"]) == (cast.mika.email, "JAXA")
    assert shown["scopes"] == ["read", "write", "sign"]
    assert [row["agency"] for row in shown["memberships"]] == ["JAXA"]
    assert cast.client(cast.noor).get(API + "me/").json()["acting"] is None


def test_me_changes_ones_own_account(cast: Cast) -> None:
    mika = cast.client(cast.mika)

    assert patch(mika, "me/", zone="Europe/Paris").json()["person"]["zone"] == "Europe/Paris"
    assert set(patch(mika, "me/", zone="Mars/Olympus").json()["errors"]) == {"zone"}
    assert set(patch(mika, "me/", is_staff=True).json()["errors"]) == {"is_staff"}


# --- every collection -------------------------------------------------------------------------------------------------

COLLECTIONS = ["agencies", "memberships", "invitations", "mandates", "tokens"]


@pytest.mark.parametrize("name", [*COLLECTIONS, "me"])
def test_strangers_from_the_street_are_asked_to_sign_in(cast: Cast, name: str) -> None:
    response = Client().get(f"{API}{name}/")

    assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json")


@pytest.mark.parametrize("name", ["invitations", "mandates", "tokens"])
def test_who_acts_for_nobody_creates_nothing(cast: Cast, name: str) -> None:
    response = post(cast.client(cast.noor), f"{name}/")

    assert (response.status_code, response.json()["code"]) == (403, "membership-needed")


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_list_costs_few_queries_whatever_its_length(cast: Cast, name: str) -> None:
    mika = cast.client(cast.mika)
    mika.get(f"{API}{name}/")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert mika.get(f"{API}{name}/").status_code == 200
        return len(queries)

    before = cost()
    for number in range(5):
        make.invitation(cast, f"new{number}@jaxa.example")
        make.token(cast, cast.kenji)
        twin = make.PROFILE | {"acronym": f"N{number}", "domain": f"n{number}.example"}
        actions.verify(actions.apply(actor=cast.actor(cast.noor), **twin), actor=cast.actor(cast.olga))
        actions.grant_mandate(
            cast.jaxa,
            actor=cast.actor(cast.mika),
            proof=make.proof(),
            person=cast.kenji,
            kinds=["nda"],
            source_note="Decree",
            starts_on=date(2026, 1, 1),
        )

    assert cost() == before <= 8


def test_a_session_needs_its_csrf_token(cast: Cast) -> None:
    client = cast.client(cast.mika, enforce_csrf_checks=True)

    assert patch(client, "agencies/JAXA/", city="Chofu").status_code == 403
    assert not Event.objects.exists()


def test_refused_applicant_keeps_an_address_to_correct_it(cast: Cast) -> None:
    make.refused_agency(cast)

    response = patch(cast.client(cast.noor), "agencies/IAEE/", legal_name="Instituto Andino del Espacio")

    assert response.json()["legal_name"] == "Instituto Andino del Espacio"


def test_unconfirmed_address_applies_for_nothing(cast: Cast) -> None:
    EmailAddress.objects.filter(user=cast.noor).update(verified=False)

    response = post(cast.client(cast.noor), "agencies/", **make.PROFILE)

    assert (response.status_code, response.json()["code"]) == (403, "address-unconfirmed")
