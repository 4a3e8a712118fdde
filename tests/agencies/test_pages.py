"""What the pages of agencies do at their edges: links that are over, documents, people who are out, and second clicks."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from agencies import actions
from agencies.models import Agency, Invitation, Mandate, Person
from portal.files.models import StoredFile
from tests.cast import PASSWORD, Cast
from tests.factories import agencies as make

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def act(content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile("statute.pdf", content, content_type="application/pdf")


def application(**typed: Any) -> dict[str, Any]:
    return make.PROFILE | {"default_marking": "partners"} | typed


# --- registering ---


def test_founding_act_is_kept_with_the_application(cast: Cast) -> None:
    cast.client(cast.noor).post("/agencies/register/", application(founding_act=act()))

    assert Agency.objects.get(ref="IAEE").founding_act.name == "statute.pdf"


def test_founding_act_that_is_no_pdf_is_refused_beside_its_field_and_the_rest_kept(cast: Cast) -> None:
    response = cast.client(cast.noor).post("/agencies/register/", application(founding_act=act(b"MZ, a program")))

    assert response.status_code == 422
    assert response.context["form"].errors == {"founding_act": ["Choose a PDF file."]}
    assert 'value="Instituto Andino de Estudios Espaciales"' in text(response)
    assert not Agency.objects.filter(ref="IAEE").exists()


def test_refused_registration_keeps_no_document(cast: Cast) -> None:
    typed = application(founding_act=act(), domain="jaxa.example")

    assert cast.client(cast.noor).post("/agencies/register/", typed).status_code == 422
    assert not StoredFile.objects.exists()


def test_refused_applicant_reads_why_brings_the_document_and_applies_again(cast: Cast) -> None:
    row = make.applied_agency(cast)
    actions.refuse(row, actor=cast.actor(cast.olga), reason="The statute is missing.")
    noor = cast.client(cast.noor)

    assert "The statute is missing." in text(noor.get("/agencies/IAEE/"))
    assert noor.post("/agencies/IAEE/edit/", application(founding_act=act(), version=2)).status_code == 302
    assert noor.post("/agencies/IAEE/apply-again/").status_code == 302

    agency = Agency.objects.get(ref="IAEE")
    assert (agency.status, agency.founding_act.name) == ("applied", "statute.pdf")
    assert "An operator checks it" in text(noor.get("/agencies/IAEE/"))


def test_verified_agency_cannot_change_what_an_operator_checked(cast: Cast) -> None:
    mika = cast.client(cast.mika)
    page = mika.get("/agencies/JAXA/edit/")
    form = page.context["form"]
    typed = {name: form.initial.get(name) or [] for name in form.fields} | {
        "legal_name": "Another",
        "domain": "x.example",
    }

    assert "An operator has checked" in text(page)
    assert mika.post("/agencies/JAXA/edit/", typed).status_code == 302
    assert Agency.objects.get(ref="JAXA").legal_name == "Japan Aerospace Exploration Agency"


@pytest.mark.parametrize(("name", "words"), [("noor", "You do not act for an agency yet"), ("olga", "You do not act")])
def test_directory_says_what_comes_next_to_people_without_an_agency(cast: Cast, name: str, words: str) -> None:
    page = text(cast.client(getattr(cast, name)).get("/agencies/"))

    assert words in page
    assert "European Space Agency" not in page


def test_directory_leads_to_its_second_page_and_back(cast: Cast) -> None:
    for number in range(25):
        row = make.applied_agency(cast, acronym=f"POI{number:02d}", legal_name=f"Institute {number:02d}", domain="")
        actions.verify(row, actor=cast.actor(cast.olga))
    mika = cast.client(cast.mika)

    first = mika.get("/agencies/?q=institute&kind=institute")
    everything = mika.get("/agencies/").context["page"]
    second = mika.get(f"/agencies/{everything.next_url}").context["page"]

    assert len(first.context["page"].rows) == 25
    assert [agency.ref for agency in everything.rows + second.rows][:3] == ["ESA", "ISRO", "POI00"]
    assert len({agency.pk for agency in everything.rows + second.rows}) == 28
    assert mika.get(f"/agencies/{second.previous_url}").context["page"].rows == everything.rows


# --- people who are out ---


def test_member_until_yesterday_is_out(cast: Cast) -> None:
    emil = cast.client(cast.emil)

    assert emil.get("/agencies/ESA/").status_code == 404
    assert emil.get("/agencies/ESA/people/").status_code == 404
    assert "Emil Gestern" in text(cast.client(cast.lucien).get("/agencies/ESA/people/"))


def test_member_whose_last_day_ends_is_out_at_that_instant(cast: Cast) -> None:
    sora = cast.client(cast.sora)
    membership = cast.actor(cast.sora).membership
    assert sora.get("/agencies/JAXA/people/").status_code == 200

    actions.end_membership(membership, actor=cast.actor(cast.mika))

    assert sora.get("/agencies/JAXA/people/").status_code == 404


def test_suspended_agency_is_silent(cast: Cast) -> None:
    actions.suspend(cast.jaxa, actor=cast.actor(cast.olga), reason="Its domain has lapsed.")

    assert cast.client(cast.mika).get("/agencies/JAXA/people/").status_code == 404
    assert cast.client(cast.lucien).get("/agencies/JAXA/").status_code == 404


def test_choosing_an_agency_leads_back_to_the_page(cast: Cast) -> None:
    mika = cast.client(cast.mika)
    own = {"membership": cast.actor(cast.mika).membership.ref}

    assert mika.post("/agencies/act-for/", own | {"next": "/projects/"})["Location"] == "/projects/"
    assert mika.post("/agencies/act-for/", own | {"next": "//evil.example/"})["Location"] == "/"
    assert mika.post("/agencies/act-for/", own | {"next": "nonsense"})["Location"] == "nonsense"
    assert mika.get("/agencies/act-for/").status_code == 405


# --- links ---


@pytest.mark.parametrize("over", ["expired", "withdrawn", "accepted"])
def test_link_that_is_over_says_so_and_joins_nobody(cast: Cast, over: str) -> None:
    invitation = make.invitation(cast, "noor@elsewhere.example")
    url = f"/agencies/invitations/{invitation.token}/"
    noor = cast.client(cast.noor)
    if over == "expired":
        Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    elif over == "withdrawn":
        actions.withdraw_invitation(invitation, actor=cast.actor(cast.mika))
    else:
        noor.post(url, {"consent": "on"})
    before = cast.noor.memberships.count()

    response = noor.post(url, {"consent": "on"})

    assert response.status_code == 404
    assert "This link does not work" in text(response)
    assert cast.noor.memberships.count() == before


def test_link_leads_the_signed_out_through_the_sign_in_and_back(cast: Cast) -> None:
    url = f"/agencies/invitations/{make.invitation(cast, 'noor@elsewhere.example').token}/"
    client = cast.client(None)

    response = client.get(url)

    assert response.context["sign_in_url"] in response.content.decode()
    signed_in = client.post(response.context["sign_in_url"], {"login": cast.noor.email, "password": PASSWORD})
    assert signed_in["Location"] == url
    assert "Join the agency" in text(client.get(url))


def test_second_click_sends_one_invitation(cast: Cast) -> None:
    mika = cast.client(cast.mika)
    typed = {"email": "new@jaxa.example", "roles": ["observer"], "password": PASSWORD, "once": "0f6c2f2e-once"}

    first, second = (mika.post("/agencies/JAXA/invite/", typed) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert Invitation.objects.filter(email="new@jaxa.example").count() == 1


def test_wrong_password_keeps_what_was_typed_except_itself(cast: Cast) -> None:
    typed = {"email": "new@jaxa.example", "roles": ["observer"], "position": "Geologist", "password": "not-mine-at-all"}

    response = cast.client(cast.mika).post("/agencies/JAXA/invite/", typed)

    page = text(response)
    assert response.status_code == 422
    assert "This is not your password." in page
    assert 'value="Geologist"' in page
    assert "not-mine-at-all" not in page


def test_unverified_agency_invites_only_its_own_domain(cast: Cast) -> None:
    nils = cast.client(cast.nils)
    typed = {"roles": ["observer"], "password": PASSWORD}

    outside = nils.post("/agencies/NOVA/invite/", typed | {"email": "noor@elsewhere.example"})

    assert outside.status_code == 422
    assert "invites only people of its own domain" in text(outside)
    assert nils.post("/agencies/NOVA/invite/", typed | {"email": "new@nova.example"}).status_code == 302


# --- mandates, tokens ---


def test_document_of_a_mandate_is_a_download_for_its_agency_alone(cast: Cast) -> None:
    mika = cast.client(cast.mika)
    typed = {
        "person": cast.actor(cast.kenji).membership.ref, "kinds": ["nda"], "source_note": "Decree 5",
        "starts_on": "2026-01-01", "password": PASSWORD, "source_file": act(),
    }  # fmt: skip
    assert mika.post("/agencies/JAXA/mandates/grant/", typed).status_code == 302
    granted = Mandate.objects.get(source_note="Decree 5")
    url = f"/agencies/JAXA/mandates/{granted.ref}/document/"

    response = cast.client(cast.sora).get(url)

    assert response.content == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert cast.client(cast.lucien).get(url).status_code == 403
    assert cast.client(cast.lucien).get(url.replace("JAXA", "ESA")).status_code == 404


def test_mandate_without_a_document_has_none(cast: Cast) -> None:
    bare = make.mandate(cast)

    assert cast.client(cast.mika).get(f"/agencies/JAXA/mandates/{bare.ref}/document/").status_code == 404


def test_mandate_says_beside_its_fields_what_is_wrong(cast: Cast) -> None:
    typed = {
        "person": cast.actor(cast.kenji).membership.ref, "kinds": ["nda"], "source_note": "Decree 5", "starts_on": "2026-05-01",
        "ends_on": "2026-01-01", "value_limit": "100", "project": "P-2026-0001", "password": PASSWORD,
    }  # fmt: skip

    response = cast.client(cast.mika).post("/agencies/JAXA/mandates/grant/", typed)

    assert response.status_code == 422
    assert "currency" in response.context["form"].errors
    assert 'value="P-2026-0001"' in text(response)


@pytest.mark.parametrize(
    "path", ["people/{sora}/", "people/{mika}/end/", "mandates/{mandate}/revoke/", "mandates/grant/", "invite/"]
)
def test_contributor_is_told_that_administrators_do_this(cast: Cast, path: str) -> None:
    refs = {
        "sora": cast.actor(cast.sora).membership.ref,
        "mika": cast.actor(cast.mika).membership.ref,
        "mandate": Mandate.objects.get(person=cast.kenji).ref,
    }

    response = cast.client(cast.sora).post(f"/agencies/JAXA/{path.format(**refs)}", {"roles": ["administrator"]})

    assert response.status_code == 403
    assert "Administrators of the agency" in text(response)


def test_colleague_does_not_see_the_tokens_of_others(cast: Cast) -> None:
    token, _secret = make.token(cast, cast.mika)
    sora = cast.client(cast.sora)

    assert token.name not in text(sora.get("/agencies/JAXA/tokens/"))
    assert sora.post(f"/agencies/JAXA/tokens/{token.ref}/revoke/").status_code == 404


def test_profile_saved_over_a_newer_one_shows_both_and_can_be_sent_again(cast: Cast) -> None:
    mika = cast.client(cast.mika)
    form = mika.get("/agencies/JAXA/edit/").context["form"]
    opened = {name: form.initial.get(name) or [] for name in form.fields}
    mika.post("/agencies/JAXA/edit/", opened | {"about": "Newer words", "working_days": [1, 2, 3, 4]})

    stale = mika.post("/agencies/JAXA/edit/", opened | {"about": "My words", "languages": ["en", "ja"]})

    assert stale.status_code == 409
    assert "My words" in text(stale)
    assert "Newer words" in text(stale)
    sent_again = [(name, value) for name, value in hidden_fields(stale) if name not in ("once", "csrfmiddlewaretoken")]
    data: dict[str, list[str]] = {}
    for name, value in sent_again:
        data.setdefault(name, []).append(value)
    assert mika.post("/agencies/JAXA/edit/", data).status_code == 302
    assert Agency.objects.get(ref="JAXA").about == "My words"


def hidden_fields(response: Any) -> list[tuple[str, str]]:
    """What the form of a page would send, in order."""
    form = response.content.decode().split('<form class="flow"')[1]
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"|name="([^"]+)" rows="2">\n([^<]*)', form)
    return [(one or two, first or second) for one, first, two, second in fields]


@pytest.mark.django_db
def test_newcomer_confirms_the_address_and_comes_back_to_the_registration() -> None:
    client = Client()
    typed = {
        "name": "Inti Quillay",
        "zone": "America/Lima",
        "email": "inti@iaee.example",
        "next": "/agencies/register/",
    }

    client.post("/account/signup/", typed | {"password1": PASSWORD, "password2": PASSWORD})
    link = re.search(r"/account/confirm-email/\S+", str(mail.outbox[0].body))
    assert link
    response = client.post(link[0])

    assert response["Location"] == "/agencies/register/"
    person = Person.objects.get(email="inti@iaee.example")
    assert (person.name, person.zone) == ("Inti Quillay", "America/Lima")
    assert client.get("/agencies/register/").context["form"].initial["zone"] == "America/Lima"
