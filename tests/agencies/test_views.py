"""The pages of agencies and their people: who gets in, what they show, what a form does with bad input."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.jobs import send_invitation
from agencies.models import Agency, Invitation, Mandate, Membership, Person, Token
from tests.cast import PASSWORD, Cast
from tests.factories import agencies as make

MOST_QUERIES = 10
DIRECTORY = "/agencies/"
REGISTRATION = {
    **make.PROFILE,
    "default_marking": "partners",
}


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_directory_shows_agencies_with_their_time(cast: Cast) -> None:
    page = text(cast.client(cast.mika).get(DIRECTORY))

    assert "3 verified agencies" in page
    assert "European Space Agency" in page
    assert "Your agency" in page
    assert "JST" in page
    assert "Nova Institute" not in page


def test_directory_tells_the_unverified_why_it_is_empty(cast: Cast) -> None:
    page = text(cast.client(cast.nils).get(DIRECTORY))

    assert "An operator checks your agency first" in page
    assert "European Space Agency" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=european", ["ESA"]),
        ("q=宇宙", ["JAXA"]),
        ("capability=TX04", ["ISRO"]),
        ("country=JP", ["JAXA"]),
        ("country=INT", ["ESA"]),
        ("kind=intergovernmental", ["ESA"]),
        ("kind=agency&kind=intergovernmental", ["ESA", "ISRO", "JAXA"]),
        ("language=en&country=IN", ["ISRO"]),
        ("q=nothing", []),
        ("capability=%00&country=XX&kind=moon&cursor=abc", ["ESA", "ISRO", "JAXA"]),
    ],
)
def test_filters_of_the_directory_live_in_the_address(cast: Cast, query: str, found: list[str]) -> None:
    Agency.objects.filter(pk=cast.isro.pk).update(capabilities=["TX04"])

    response = cast.client(cast.mika).get(f"{DIRECTORY}?{query}")

    assert sorted(agency.acronym for agency in response.context["page"].rows) == found


def test_active_filters_are_links_that_remove_them(cast: Cast) -> None:
    page = text(cast.client(cast.mika).get(f"{DIRECTORY}?country=JP&kind=agency"))

    assert 'href="?kind=agency"' in page
    assert 'href="?country=JP"' in page


def test_directory_costs_the_same_whatever_its_length(cast: Cast) -> None:
    mika = cast.client(cast.mika)
    for number in range(30):
        agency = make.applied_agency(cast, domain=f"iaee{number}.example")
        Agency.objects.filter(pk=agency.pk).update(status="verified", verified_at=timezone.now())
    mika.get(DIRECTORY)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = mika.get(DIRECTORY)

    assert len(response.context["page"].rows) == 25
    assert len(queries) <= MOST_QUERIES


@pytest.mark.parametrize("page", ["people/", "mandates/", "invitations/", "tokens/", "history/"])
@pytest.mark.parametrize(("name", "status"), [("mika", 200), ("sora", 200), ("lucien", 403), ("nils", 404)])
def test_who_reaches_the_pages_of_an_agency(cast: Cast, page: str, name: str, status: int) -> None:
    assert cast.client(getattr(cast, name)).get(f"/agencies/JAXA/{page}").status_code == status


@pytest.mark.parametrize("page", ["", "people/", "mandates/", "invitations/", "tokens/", "history/"])
def test_pages_of_an_agency_cost_little(cast: Cast, page: str) -> None:
    make.invitation(cast)
    make.token(cast)
    mika = cast.client(cast.mika)
    mika.get(f"/agencies/JAXA/{page}")

    with CaptureQueriesContext(connection) as queries:
        assert mika.get(f"/agencies/JAXA/{page}").status_code == 200

    assert len(queries) <= 14


def test_profile_of_another_agency_offers_to_write_and_nothing_else(cast: Cast) -> None:
    page = text(cast.client(cast.mika).get("/agencies/ESA/"))

    assert "Write to this agency" in page
    assert "Change the profile" not in page


@pytest.mark.parametrize("page", ["edit/", "invite/", "mandates/grant/"])
def test_reason_is_said_to_who_may_not(cast: Cast, page: str) -> None:
    response = cast.client(cast.sora).get(f"/agencies/JAXA/{page}")

    assert response.status_code == 403
    assert "Administrators of the agency" in text(response)


# --- registering ---


def test_registration_without_an_account_begins_with_one() -> None:
    response = Client().get("/agencies/register/")

    assert (response.status_code, response["Location"]) == (302, "/account/signup/?next=/agencies/register/")


@pytest.mark.django_db
def test_sign_up_asks_for_name_and_zone() -> None:
    page = text(Client().get("/account/signup/"))

    assert 'name="name"' in page
    assert 'name="zone"' in page


def test_newcomer_confirms_the_address_and_returns_to_the_invitation(cast: Cast) -> None:
    invitation = make.invitation(cast, email="liv@elsewhere.example")
    newcomer = Client()
    url = f"/agencies/invitations/{invitation.token}/"
    account = {
        "email": "Liv@elsewhere.example", "name": "Liv Nordlys", "zone": "Europe/Oslo", "password1": PASSWORD,
        "password2": PASSWORD, "next": url,
    }  # fmt: skip

    assert newcomer.post("/account/signup/", account).status_code == 302
    assert newcomer.get("/agencies/account/").status_code == 302
    link = re.search(r"http://[^/]+(/account/confirm-email/\S+)", mail.outbox[-1].body)
    assert link
    newcomer.post(link[1])
    newcomer.post("/account/login/", {"login": "liv@elsewhere.example", "password": PASSWORD})

    person = Person.objects.get(email="liv@elsewhere.example")
    assert (person.name, person.zone) == ("Liv Nordlys", "Europe/Oslo")
    assert newcomer.post(url, {"consent": "on"}).status_code == 302
    assert cast.actor(person).agency == cast.jaxa


def test_sign_up_does_not_tell_who_is_here(cast: Cast) -> None:
    account = {"name": "M", "zone": "UTC", "password1": PASSWORD, "password2": PASSWORD}

    known = Client().post("/account/signup/", account | {"email": "mika@jaxa.example"})
    unknown = Client().post("/account/signup/", account | {"email": "nobody@jaxa.example"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_registration_keeps_what_was_typed_and_says_what_is_wrong(cast: Cast) -> None:
    noor = cast.client(cast.noor)
    response = noor.post(
        "/agencies/register/", {**REGISTRATION, "legal_name": "", "zone": "", "domain": "jaxa.example"}
    )
    page = text(response)

    assert response.status_code == 422
    assert "Enter the legal name as in the founding act." in page
    assert "Choose a time zone." in page
    assert 'value="IAEE"' in page


def test_claimed_domain_is_said_beside_its_field(cast: Cast) -> None:
    response = cast.client(cast.noor).post("/agencies/register/", {**REGISTRATION, "domain": "jaxa.example"})

    assert response.status_code == 422
    assert "Another agency has claimed this domain" in response.context["form"].errors["domain"][0]


def test_registration_makes_the_applicant_act_for_the_agency(cast: Cast) -> None:
    noor = cast.client(cast.noor)

    response = noor.post("/agencies/register/", REGISTRATION, follow=True)

    assert response.redirect_chain[-1][0] == "/agencies/IAEE/"
    assert "Until you are verified" in text(response)


def test_international_organisation_has_no_country(cast: Cast) -> None:
    cast.client(cast.noor).post("/agencies/register/", {**REGISTRATION, "country": "INT", "kind": "intergovernmental"})

    agency = Agency.objects.get(ref="IAEE")
    assert (agency.is_international, agency.code) == (True, "INT")


def test_edited_profile_is_saved_and_an_old_version_is_not(cast: Cast) -> None:
    mika = cast.client(cast.mika)
    form = mika.get("/agencies/JAXA/edit/").context["form"]
    posted = {name: form.initial[name] for name in form.fields if form.initial.get(name)} | {"city": "Chofu"}

    assert mika.post("/agencies/JAXA/edit/", posted).status_code == 302
    assert Agency.objects.get(ref="JAXA").city == "Chofu"
    stale = mika.post("/agencies/JAXA/edit/", posted | {"city": "Sagamihara"})
    assert stale.status_code == 409
    assert "Sagamihara" in text(stale)


# --- acting for ---


def test_person_with_two_memberships_chooses(cast: Cast) -> None:
    second = Membership.objects.create(
        person=cast.mika, agency=cast.esa, roles=["observer"], starts_on=timezone.now().date() - timedelta(days=1)
    )
    mika = cast.client(cast.mika)

    response = mika.post("/agencies/act-for/", {"membership": second.ref, "next": "https://evil.example/"})

    assert response["Location"] == "/"
    assert mika.get("/agencies/ESA/people/").status_code == 200
    assert mika.get("/agencies/JAXA/people/").status_code == 403


def test_nobody_acts_for_an_agency_that_is_not_theirs(cast: Cast) -> None:
    mika = cast.client(cast.mika)
    mika.post("/agencies/act-for/", {"membership": make.membership_of(cast.lucien, cast.esa).ref})

    assert mika.get("/agencies/ESA/people/").status_code == 403


# --- inviting ---


def test_invitation_asks_for_the_password_and_goes_by_mail(cast: Cast) -> None:
    mika = cast.client(cast.mika)
    form = {"email": "noor@elsewhere.example", "roles": ["contributor"]}

    assert mika.post("/agencies/JAXA/invite/", form).status_code == 422
    assert mika.post("/agencies/JAXA/invite/", form | {"password": "wrong"}).status_code == 422
    assert not Invitation.objects.exists()
    assert mika.post("/agencies/JAXA/invite/", form | {"password": PASSWORD}).status_code == 302

    invitation = Invitation.objects.get()
    send_invitation(invitation.ref)
    send_invitation(invitation.ref)
    assert [message.to for message in mail.outbox] == [["noor@elsewhere.example"]]
    assert f"/agencies/invitations/{invitation.token}/" in mail.outbox[0].body


def test_link_shows_who_invites_and_its_person_joins(cast: Cast) -> None:
    url = f"/agencies/invitations/{make.invitation(cast).token}/"

    stranger = text(Client().get(url))
    assert "Mika Hoshino invites you to work for the agency here" in stranger
    assert "Create an account" in stranger
    noor = cast.client(cast.noor)
    assert noor.post(url, {}).status_code == 422
    assert noor.post(url, {"consent": "on"}).status_code == 302
    assert noor.get("/agencies/JAXA/people/").status_code == 200
    assert noor.get(url).status_code == 404


def test_link_tells_another_person_that_it_is_not_theirs(cast: Cast) -> None:
    url = f"/agencies/invitations/{make.invitation(cast).token}/"
    tara = cast.client(cast.tara)

    assert "for another e-mail address" in text(tara.get(url))
    assert tara.post(url, {"consent": "on"}).status_code == 403


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "é"])
def test_link_that_was_never_given_is_not_found(db: None, token: str) -> None:
    assert Client().get(f"/agencies/invitations/{token}/").status_code == 404


def test_open_invitation_waits_on_the_persons_profile(cast: Cast) -> None:
    invitation = make.invitation(cast)

    assert invitation.token in text(cast.client(cast.noor).get("/agencies/account/"))


# --- roles, mandates, tokens ---


def test_roles_are_changed_with_the_password(cast: Cast) -> None:
    sora = make.membership_of(cast.sora, cast.jaxa)
    mika = cast.client(cast.mika)
    url = f"/agencies/JAXA/people/{sora.ref}/"

    assert mika.get(url).status_code == 200
    posted = {"roles": ["manager"], "version": sora.version, "password": PASSWORD}
    assert mika.post(url, posted).status_code == 302
    assert cast.actor(cast.sora).has_role("manager")


def test_member_of_another_agency_has_no_page_here(cast: Cast) -> None:
    lucien = make.membership_of(cast.lucien, cast.esa)

    assert cast.client(cast.mika).get(f"/agencies/JAXA/people/{lucien.ref}/").status_code == 404


def test_last_administrator_reads_why_they_stay(cast: Cast) -> None:
    own = make.membership_of(cast.mika, cast.jaxa)
    mika = cast.client(cast.mika)

    assert "keeps at least one administrator" in text(mika.get(f"/agencies/JAXA/people/{own.ref}/"))
    assert mika.post(f"/agencies/JAXA/people/{own.ref}/end/").status_code == 409


def test_mandate_is_granted_and_revoked(cast: Cast) -> None:
    mika = cast.client(cast.mika)
    posted = {
        "person": make.membership_of(cast.kenji, cast.jaxa).ref,
        "kinds": ["nda"],
        "source_note": "Decree 5",
        "starts_on": "2026-01-01",
        "password": PASSWORD,
    }

    assert mika.post("/agencies/JAXA/mandates/grant/", posted).status_code == 302
    mandate = Mandate.objects.get(kinds=["nda"])
    assert "Decree 5" in text(mika.get("/agencies/JAXA/mandates/"))
    assert mika.post(f"/agencies/JAXA/mandates/{mandate.ref}/revoke/").status_code == 302
    assert not Mandate.objects.valid().filter(pk=mandate.pk).exists()


def test_secret_of_a_token_is_shown_once(cast: Cast) -> None:
    sora = cast.client(cast.sora)
    posted = {"name": "Script", "scopes": ["read"], "days": 30, "password": PASSWORD}

    page = text(sora.post("/agencies/JAXA/tokens/issue/", posted, follow=True))
    secret = re.search(r"concord_[\w-]{43}", page)

    assert secret
    assert secret[0] not in text(sora.get("/agencies/JAXA/tokens/"))
    assert Token.objects.usable().by_secret(secret[0]).exists()


# --- one's own account ---


def test_profile_is_saved(cast: Cast) -> None:
    mika = cast.client(cast.mika)
    posted = {
        "name": "Mika Hoshino", "native_name": "星野 ミカ", "language": "fr", "zone": "Asia/Tokyo", "day_start": "08:00",
        "day_end": "16:00", "theme": "dark",
    }  # fmt: skip

    assert mika.post("/agencies/account/", posted).status_code == 302
    page = mika.get("/agencies/account/")
    assert 'lang="fr"' in text(page)
    assert 'data-theme="dark"' in text(page)


def test_working_day_that_ends_before_it_starts_is_refused(cast: Cast) -> None:
    posted = {
        "name": "M",
        "language": "en",
        "zone": "Asia/Tokyo",
        "day_start": "10:00",
        "day_end": "09:00",
        "theme": "",
    }

    response = cast.client(cast.mika).post("/agencies/account/", posted)

    assert response.status_code == 422
    assert "ends before it starts" in text(response)
