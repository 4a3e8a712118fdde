"""Signatures made outside through both doors: the pages with what happens next, and the API with the same verbs."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.agreements import actions
from projects.agreements.models import ExternalSignature, ExternalStatus
from projects.agreements.signing.outside import pdf_to_sign
from tests import stage
from tests.cast import PASSWORD
from tests.projects.agreements import foreign
from tests.projects.agreements.negotiating import fresh
from tests.projects.agreements.outside import PNG, certify, handed, submit, submit_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(cast):
    return stage.frozen_agreement(cast)


def url(name, agreement, *args):
    return reverse(f"agreements:{name}", args=[agreement.ref, *args])


def api(name, agreement, *args):
    return reverse(f"api:agreement-{name}", args=[agreement.ref, *args])


def typed(agreement, **changes):
    """The form as it is sent, or the fields of the API."""
    given = handed(agreement)
    names = ("kind", "sha256", "signatory_name", "signatory_position", "authority", "place")
    file = SimpleUploadedFile("scan.png", PNG)
    return {name: getattr(given, name) for name in names} | {"signed_on": f"{given.signed_on}", "file": file} | changes


def vouching(row, **more):
    return {"sha256": row.text.sha256, "file_sha256": row.file.sha256, "password": PASSWORD} | more


def test_a_scan_goes_through_the_pages_from_hand_to_hand(cast, agreement):
    answer = cast.client(cast.lucien).post(url("submit-external", agreement), typed(agreement))
    row = ExternalSignature.objects.get()
    assert answer.url == url("external", agreement, 1)

    page = cast.client(cast.mika).get(answer.url).content.decode()
    assert "Certify it for JAXA" in page
    mika = cast.client(cast.mika).post(url("certify-external", agreement, 1), vouching(row, saw="scan", confirmed="on"))
    assert mika.status_code == 302
    assert "Witness it" in cast.client(cast.ingrid).get(answer.url).content.decode()
    cast.client(cast.ingrid).post(url("witness-external", agreement, 1), vouching(row, confirmed="on"))

    assert ExternalSignature.objects.get().status == ExternalStatus.ACCEPTED
    for name, *args in (("outside",), ("external", 1), ("signing",), ("agreement",)):
        page = cast.client(cast.lucien).get(url(name, agreement, *args)).content.decode()
        assert "Counts as signature" in page or "Ottilie Sternberg" in page


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "Ad referendum or with a declaration: sign in the portal. Words added by hand are not taken."),
        ({"signature_level": "qualified"}, "Nothing is signed ad referendum or with a declaration under this text."),
    ],
)
def test_who_hands_in_and_who_vouches_reads_that_words_added_by_hand_are_not_taken(cast, answers, said):
    agreement = stage.frozen_agreement(cast, answers=answers)
    pages = [cast.client(cast.lucien).get(url(name, agreement)) for name in ("outside", "submit-external")]
    row = submit(cast, agreement, cast.lucien)
    pages.append(cast.client(cast.mika).get(url("external", agreement, row.number)))

    for page in pages:
        assert said in page.content.decode()
    assert "a scan of the pages signed" in pages[1].content.decode()


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(cast, agreement):
    file = SimpleUploadedFile("signed.pdf", pdf_to_sign(agreement.text))

    answer = cast.client(cast.lucien).post(url("submit-external", agreement), typed(agreement, kind="pades", file=file))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is no signature in this PDF." in page
    assert 'value="Full powers of 3 March 2026, No 17"' in page


def test_the_wrong_password_vouches_for_nothing(cast, agreement):
    row = submit(cast, agreement, cast.lucien)

    answer = cast.client(cast.mika).post(
        url("certify-external", agreement, 1), vouching(row, saw="scan", confirmed="on", password="wrong")
    )

    assert answer.status_code == 422
    assert "This is not your password." in answer.content.decode()


def test_the_page_says_plainly_what_was_found_and_what_was_not_checked(cast, agreement):
    submit_pdf(
        cast, agreement, cast.lucien, content=foreign.signed(pdf_to_sign(agreement.text), box=(90, 90, 200, 150))
    )

    page = cast.client(cast.mika).get(url("external", agreement, 1)).content.decode()

    for words in (
        "PAdES B-B: a signature without a time of an authority",
        "Common Name: Ministry Root",
        "Not checked: this portal was given no list of roots",
        "It shows a picture on page 1",
    ):
        assert words in page


def test_the_pdf_to_be_signed_is_the_same_each_time_and_the_file_comes_back_as_it_was(cast, agreement):
    client = cast.client(cast.lucien)
    first, second = (client.get(url("pdf-to-sign", agreement)) for _ in range(2))
    submit(cast, agreement, cast.lucien)

    scan = client.get(url("external-file", agreement, 1))

    assert first.content == second.content
    assert scan.content == PNG
    assert scan["Content-Disposition"].startswith("attachment")


def test_a_stranger_learns_nothing_and_a_number_that_nobody_gave_is_not_found(cast, agreement):
    submit(cast, agreement, cast.lucien)

    for name, *args in (("outside",), ("external", 1), ("external-file", 1), ("pdf-to-sign",)):
        assert cast.client(cast.tara).get(url(name, agreement, *args)).status_code == 404
    assert cast.client(cast.lucien).get(url("external", agreement, 10**12)).status_code == 404


def test_the_api_has_the_same_verbs(cast, agreement):
    lucien, mika, kenji = (cast.client(person) for person in (cast.lucien, cast.mika, cast.kenji))
    handed_in = lucien.post(api("submit-external", agreement), typed(agreement))
    assert (handed_in.status_code, handed_in.json()["status"]) == (200, "submitted")
    row = ExternalSignature.objects.get()
    seen = vouching(row, number=1)

    certified = mika.post(api("certify-external", agreement), {**seen, "saw": "original"}, "application/json")
    witnessed = kenji.post(api("witness-external", agreement), seen, "application/json")

    assert (certified.status_code, witnessed.status_code) == (200, 200)
    assert [told["level"] for told in witnessed.json()["signatures"]] == ["wet_ink_certified"]
    (listed,) = lucien.get(api("outside", agreement)).json()
    assert (listed["status"], listed["certified_for"], listed["witnessed_for"]) == ("accepted", "JAXA", "JAXA")


def test_what_was_seen_is_asked_of_paper_alone(cast, agreement):
    paper = submit(cast, agreement, cast.lucien)
    mika = cast.client(cast.mika)
    asked = mika.get(url("external", agreement, paper.number)).content.decode()
    silent = mika.post(api("certify-external", agreement), vouching(paper, number=paper.number), "application/json")
    actions.refuse_external(agreement, paper.number, actor=cast.actor(cast.mika), reason="A PDF comes instead.")
    pdf = submit_pdf(cast, agreement, cast.lucien)

    unasked = mika.get(url("external", agreement, pdf.number)).content.decode()
    certified = mika.post(url("certify-external", agreement, pdf.number), vouching(pdf, confirmed="on"))

    assert "What you saw" in asked
    assert (silent.status_code, list(silent.json()["errors"])) == (400, ["saw"])
    assert "What you saw" not in unasked
    assert certified.status_code == 302
    record = ExternalSignature.objects.get(number=pdf.number).signature.record
    assert "saw" not in record["outside"]["certified"]


def test_the_api_refuses_with_the_reason_that_the_page_gives(cast, agreement):
    row = submit(cast, agreement, cast.mika)
    mika, kenji = cast.client(cast.mika), cast.client(cast.kenji)
    seen = vouching(row, number=1, saw="scan")

    own = mika.post(api("certify-external", agreement), seen, "application/json")
    withdrawn = kenji.post(api("withdraw-external", agreement), {"number": 1}, "application/json")
    after = kenji.post(api("refuse-external", agreement), {"number": 1, "reason": "Late."}, "application/json")

    assert (own.status_code, own.json()["code"]) == (403, "own-submission")
    assert withdrawn.status_code == 200
    assert (after.status_code, after.json()["code"]) == (409, "nothing-waits")


def test_the_list_takes_the_same_queries_however_long_it_is(cast, agreement):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            cast.client(cast.lucien).get(url("outside", agreement))
        return len(queries)

    certify(cast, submit(cast, agreement, cast.lucien), cast.mika)
    cast.client(cast.lucien).get(url("outside", agreement))
    before = asked()
    for number in range(2, 6):
        actions.refuse_external(agreement, number - 1, actor=cast.actor(cast.mika), reason="Blurred.")
        submit(cast, fresh(agreement), cast.lucien)

    assert asked() == before
