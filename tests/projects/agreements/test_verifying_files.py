"""The public page: what it says of a PDF, a text, a record and a bundle, whole and changed, and what it keeps to itself."""

from __future__ import annotations

import io
import re
from hashlib import sha256

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.files.storage import read
from portal.history.sealer import seal as seal_ledger
from portal.kit.instants import in_words
from projects.agreements import actions, verification
from projects.agreements.models import Agreement, Signature
from projects.agreements.sealing import seal
from projects.agreements.signing.outside import pdf_to_sign
from tests import stage
from tests.projects.agreements import bundles, outside
from tests.projects.agreements.negotiating import fresh
from tests.projects.agreements.signing import void
from tests.verifiers import writing


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    cache.clear()
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TSA_URL = ""


def uploaded(content, name="a.pdf"):
    """What the page says to somebody without scripts and without an account."""
    file = io.BytesIO(content)
    file.name = name
    answer = Client().post("/verify/", {"file": file})
    assert answer.status_code == 200
    return answer.context["verdict"], " ".join(answer.content.decode().split())


def by_hashes(members):
    """What it says to a browser that read the bundle itself."""
    hashes = [f"{sha256(content).hexdigest()} {name}" for name, content in members.items()]
    answer = Client().post("/verify/", {"bundle": "a.zip", "hash": hashes})
    assert answer.status_code == 200
    return answer.context["verdict"], " ".join(answer.content.decode().split())


def flipped(content, place=-100):
    changed = bytearray(content)
    changed[place] ^= 1
    return bytes(changed)


def test_a_sealed_pdf_a_text_and_a_bundle_are_intact(cast):
    agreement = stage.agreement_in_force(cast)
    members = bundles.unzipped(bundles.sealed_bundle(agreement))

    for content in (members["agreement.pdf"], members["text.json"], bundles.rezipped(members)):
        verdict, page = uploaded(content)

        assert verdict.outcome == "intact", [check.text for check in verdict.checks if check.outcome == "failed"]
        assert "Authentic. Signed by every party that it binds, unchanged since, and in force." in page
        assert "Kenji Amanogawa" in page
        assert "Simple electronic signature" in page
        assert "The file was not kept." in page
    verdict, page = by_hashes(members)
    assert verdict.outcome == "intact"
    assert "2 of 2 parties" in page
    assert "The proofs in the bundle were not read" in page


def test_a_changed_pdf_says_which_text_it_claims_to_be(cast):
    agreement = stage.signed_agreement(cast)
    content = read(seal(agreement.ref).file)

    verdict, page = uploaded(flipped(content))

    assert (verdict.outcome, verdict.agreement, verdict.checks) == ("changed", None, [])
    assert f"says that it is version 1 of {agreement.ref}" in page
    assert agreement.title not in page
    assert "Kenji" not in page


def test_a_marker_alone_tells_nothing(cast):
    """Only who knows the hash of a text is told that there is such a text."""
    agreement = stage.signed_agreement(cast)
    seal_ledger()
    right = agreement.text.sha256
    for ref, number, known in ((agreement.ref, 1, "0" * 64), (agreement.ref, 2, right), ("A-2026-9999", 1, right)):
        verdict, page = uploaded(f"%PDF-1.7 concord {ref} v{number} {known}".encode())

        assert verdict.outcome == "unknown"
        assert agreement.title not in page


def test_a_record_says_no_more_than_stands_in_it(cast):
    agreement = stage.frozen_agreement(cast)
    signature = stage.sign(cast, agreement, cast.kenji)
    stage.sign(cast, agreement, cast.ingrid)
    seal_ledger()
    record = bytes(Signature.objects.get(pk=signature.pk).evidence)

    verdict, page = uploaded(record, "01-JAXA.json")
    changed, words = uploaded(flipped(record, record.index(b"Vice-President")), "01-JAXA.json")

    assert (verdict.outcome, verdict.kind, verdict.agreement) == ("intact", "record", None)
    assert "Kenji Amanogawa" in page
    for hidden in (agreement.title, "Ingrid", "European Space Agency"):
        assert hidden not in page
    assert changed.outcome == "changed"
    assert "Kenji" not in words


def test_a_signature_that_was_taken_back_is_said_to_be(cast):
    agreement = stage.frozen_agreement(cast)
    signature = stage.sign(cast, agreement, cast.kenji)
    void(cast, agreement, signature, cast.kenji)
    seal_ledger()

    _verdict, page = uploaded(bytes(signature.evidence), "a.json")
    of_text, words = uploaded(bytes(fresh(agreement).text.canonical), "text.json")

    assert "Authentic, but taken back: this signature does not count." in page
    assert "Typo" not in page + words
    assert of_text.signed_for == 0
    assert "0 of 2 parties" in words


def test_a_later_version_supersedes_a_text(cast):
    agreement = stage.frozen_agreement(cast)
    stage.sign(cast, agreement, cast.kenji)
    first = bytes(fresh(agreement).text.canonical)
    actions.reopen(agreement, actor=cast.actor(cast.mika), reason="A typo")
    actions.freeze(stage.agree(cast, fresh(agreement)), actor=cast.actor(cast.mika))
    seal_ledger()

    verdict, page = uploaded(first, "text.json")

    assert (verdict.outcome, verdict.superseded_by, verdict.is_current) == ("intact", 2, False)
    assert "Authentic, but superseded by version 2 of this text." in page


@pytest.mark.parametrize("name", ["evidence/01-JAXA.json", "text.json", "agreement.pdf"])
def test_a_bundle_with_another_byte_in_a_member_is_changed(cast, name):
    members = bundles.unzipped(bundles.sealed_bundle(stage.signed_agreement(cast)))
    members[name] = flipped(members[name])

    for verdict, page in (by_hashes(members), uploaded(bundles.rezipped(members), "a.zip")):
        assert verdict.outcome in ("changed", "unknown")
        assert "Authentic" not in page


def test_a_pdf_that_was_never_sealed_is_not_taken_in_a_bundle(cast):
    agreement = stage.frozen_agreement(cast)
    stage.sign(cast, agreement, cast.kenji)
    members = bundles.unzipped(bundles.ledger_bundle(agreement)) | {"agreement.pdf": b"%PDF-1.7 mine"}

    for verdict, _page in (by_hashes(members), uploaded(bundles.rezipped(members), "a.zip")):
        assert verdict.outcome == "changed"


def test_a_bundle_without_a_record_is_not_whole(cast):
    members = bundles.unzipped(bundles.sealed_bundle(stage.signed_agreement(cast)))
    del members["evidence/01-JAXA.json"]

    for verdict, _page in (by_hashes(members), uploaded(bundles.rezipped(members), "a.zip")):
        assert verdict.outcome == "changed"


def test_a_bundle_of_another_portal_is_not_ours(cast):
    """It is proved by itself, with keys that it brings along."""
    verdict, page = uploaded(bundles.rezipped(writing.written()), "a.zip")

    assert verdict.outcome == "unknown"
    assert "Not authentic here" in page
    assert by_hashes(writing.written())[0].outcome == "unknown"


def test_it_takes_the_same_few_queries_however_many_signed(cast, django_assert_max_num_queries):
    agreement = stage.signed_agreement(cast)
    sealed = seal(agreement.ref)
    seal_ledger()

    with django_assert_max_num_queries(24):
        Client().get(f"/verify/?sha256={sealed.sha256}")


@pytest.mark.parametrize(
    "sent",
    [
        {"bundle": "a\x00.zip", "hash": ["x", "0" * 64, f"{'0' * 64} text.json", f"{'0' * 64} \x00"]},
        {"bundle": "", "hash": f"{'f' * 64} agreement.pdf"},
        {"bundle": "a"},
        {"bundle": "\ud800".encode("utf-8", "surrogatepass").decode("latin1"), "hash": [f"{'0' * 64} text.json"] * 900},
    ],
)
def test_whatever_a_browser_sends_is_answered(db, sent):
    assert Client().post("/verify/", sent).status_code == 200


@pytest.mark.parametrize("marker", ["", "x", "\x00", "concord A-2026-0001 v1 " + "0" * 64, "\u202e" * 300])
def test_whatever_marker_is_sent_is_answered(db, marker):
    asked = {"sha256": "0" * 64, "marker": marker}

    assert Client().get("/verify/", asked).status_code == 200
    assert Client().get("/api/v1/verify/", asked).status_code in (200, 400)
    assert not Agreement.objects.exists()


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.get("/verify/", {"sha256": sha256(b"").hexdigest(), "name": "empty.pdf"}),
        lambda client: client.post("/verify/", {"file": SimpleUploadedFile("empty.pdf", b"")}),
    ],
    ids=["hashed in the browser", "sent"],
)
def test_an_empty_file_is_said_to_be_nothing_and_not_to_be_false(db, ask):
    answer = ask(Client())

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was sent: the file is empty." in html
    assert "verdict" not in answer.context


def test_a_program_that_asks_of_an_empty_file_is_told_beside_the_field(db):
    answer = Client().get("/api/v1/verify/", {"sha256": sha256(b"").hexdigest()})

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"sha256"}


def test_times_are_said_in_words_with_their_zone(cast):
    agreement = stage.signed_agreement(cast)
    seal_ledger()
    text = agreement.text

    verdict = verification.verify(text.sha256)

    told = " ".join(str(check.text) for check in verdict.checks)
    assert f"was frozen on {text.frozen_at:%-d %B %Y, %H:%M:%S} UTC" in told
    assert not re.search(r"\d{4}-\d\d-\d\dT", told)


def test_what_was_signed_outside_was_accepted_here_and_signed_on_the_day_that_its_party_gave(cast):
    agreement = stage.frozen_agreement(cast)
    row = outside.submit(cast, agreement, cast.lucien)
    waiting, _page = uploaded(outside.PNG, "scan.png")
    outside.certify(cast, row, cast.mika)
    row = outside.witness(cast, row, cast.ingrid)
    stage.sign(cast, fresh(agreement), cast.kenji)
    members = bundles.unzipped(bundles.sealed_bundle(agreement))

    of_text, page = uploaded(members["agreement.pdf"])
    of_file, told = uploaded(outside.PNG, "scan.png")

    assert of_text.outcome == "intact"
    assert "Accepted <time" in page
    assert "as days are counted in Paris" in page
    assert "or, for signatures made outside, as those vouched who are named" in page
    assert waiting.outcome == "unknown"
    assert (of_file.outcome, of_file.kind, of_file.external, of_file.agreement) == (
        "intact",
        "outside",
        row.number,
        None,
    )
    assert f"Signed outside, accepted as number {row.number}; not the sealed file." in told
    assert "Accepted, UTC" in told
    assert agreement.title not in told
    assert uploaded(outside.PNG + b"x", "scan.png")[0].outcome == "unknown"


def test_an_outside_file_whose_signature_was_taken_back_is_said_to_be_so(cast):
    agreement = stage.frozen_agreement(cast)
    row = outside.submit(cast, agreement, cast.lucien)
    outside.certify(cast, row, cast.mika)
    row = outside.witness(cast, row, cast.ingrid)
    void(cast, agreement, row.signature, cast.lucien)
    seal_ledger()

    verdict, page = uploaded(outside.PNG, "scan.png")

    assert verdict.record["state"] == "void"
    assert f"Signed outside, accepted as number {row.number}, and taken back since; not the sealed file." in page


def test_the_pdf_to_be_signed_is_neither_changed_nor_sealed(cast):
    agreement = stage.signed_agreement(cast)
    content = pdf_to_sign(agreement.text)

    verdict, page = uploaded(content)

    assert (verdict.outcome, verdict.kind) == ("changed", "to_sign")
    assert "This is the PDF to be signed outside" in page
    assert "changed after it was sealed" not in page
    assert agreement.title not in page
    assert verification.verify(sha256(content).hexdigest()).kind == "to_sign"
    assert uploaded(flipped(content))[0].kind == ""


def test_what_does_not_fit_is_not_said_to_prove_anything(cast):
    agreement = stage.signed_agreement(cast)
    members = bundles.unzipped(bundles.sealed_bundle(agreement))

    verdict, page = uploaded(bundles.rezipped(members | {"agreement.pdf": flipped(members["agreement.pdf"])}))

    assert verdict.outcome == "changed"
    assert "Do not rely on this" in page
    assert "This proves" not in page
    assert "2 of 2 parties" not in page


@pytest.mark.parametrize("value", ["2026-13-45T99:99:99Z", "9999-99-99", "2026-11-03T14:05", "yesterday", 7, None])
def test_what_is_no_instant_is_left_as_it_is(value):
    assert in_words({"at": value}) == {"at": value}
