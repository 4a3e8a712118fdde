"""Sealing what is signed: once, whole, with its hash in the ledger; loud when it fails, and tried until it succeeds."""

from __future__ import annotations

import io
import json
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from pypdf import PdfReader

from portal.files.models import StoredFile
from portal.files.storage import read
from portal.history.models import Event
from portal.inbox.models import Item
from portal.seals import NotSealed, SealingFailed, read_seal, time_stamps
from projects.agreements import actions, sealing, verification
from projects.agreements.jobs.sealing import seal_pdf
from projects.agreements.models import Agreement, SealedPdf, SealFailure
from projects.agreements.sealing import seal, waiting_for_seal
from projects.agreements.typesetting import Marker, read_marker
from tests import cast as casting
from tests import stage
from tests.projects.agreements import foreign
from tests.projects.agreements.negotiating import fresh
from tests.projects.agreements.outside import certify, submit_pdf, witness
from tests.projects.agreements.signing import confirm
from tests.projects.ip import stamping

FLIPS = 10_000


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TSA_URL = ""


@pytest.fixture(scope="module")
def authority():
    return stamping.Authority()


@pytest.fixture
def configured(authority, settings, tmp_path):
    authority.lies, authority.asked = "", []
    with stamping.served(authority) as url:
        settings.TSA_URL, settings.TSA_CERTIFICATES = url, str(authority.write_roots(tmp_path))
        yield authority


def words(content):
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split())


def test_the_hash_of_the_whole_file_is_in_the_ledger(cast):
    agreement = stage.signed_agreement(cast)

    sealed = seal(agreement.ref)

    content = read(sealed.file)
    event = Event.objects.get(uid=sealed.event)
    assert sha256(content).hexdigest() == sealed.sha256
    assert event.facts == {
        "pdf_sha256": sealed.sha256, "sha256": agreement.text.sha256, "pades": "B-B", "time_stamp": None,
    }  # fmt: skip
    made = read_seal(content, certificate_sha256=sealed.certificate_sha256)
    assert (made.level, sealed.pades_level, sealed.time_stamped_at) == ("B-B", "B-B", None)
    assert verification.verify(sealed.sha256).outcome == "intact"


def test_the_sealed_file_says_which_text_it_is_and_carries_it(cast):
    agreement = stage.signed_agreement(cast)
    text = agreement.text

    content = read(seal(agreement.ref).file)

    assert read_marker(content) == Marker(agreement.ref, text.number, text.sha256)
    assert read_marker(content.replace(b" v1 " + text.sha256.encode(), b" v1 " + b"0" * 64, 1)) is None
    (attached,) = PdfReader(io.BytesIO(content)).attachments["concord-text.json"]
    assert sha256(attached).hexdigest() == text.sha256


def test_the_page_of_evidence_tells_what_the_records_say(cast):
    agreement = stage.signed_agreement(cast)

    sealed = seal(agreement.ref)

    told = words(read(sealed.file))
    for signature in agreement.signatures.all():
        record = signature.record
        for said in (record["signatory"]["name"], record["signatory"]["native_name"], record["party"]["legal_name"]):
            assert said in told
        assert record["mandate"]["ref"] in told
        assert record["mandate"]["source"] in told
        assert record["consent"]["wording"][:60] in told
        assert signature.evidence_sha256[:8] in told
    assert "Identified by password" in told
    assert "Simple electronic signature. The portal identified the signatory as stated" in told
    assert "No time-stamp authority was configured" in told
    assert sealed.certificate_sha256[:8] in told
    assert "JST (Asia/Tokyo)" in told
    assert "for every project, without a limit of value" in told


def test_the_page_of_evidence_says_who_vouched_and_why_two_names_are_one_person(cast):
    agreement = stage.frozen_agreement(cast)
    stage.sign(cast, agreement, cast.kenji)
    row = submit_pdf(cast, agreement, cast.lucien, signer=foreign.certified("Ottilie Nachtigall"))
    certify(cast, row, cast.mika, remark="Married in May.")
    witness(cast, row, cast.ingrid, remark="I was there.")

    told = words(read(seal(agreement.ref).file))

    assert "Ottilie Sternberg" in told
    assert "certificate in the name of Ottilie Nachtigall" in told
    assert "who remarks: “Married in May.”" in told
    assert "who remarks: “I was there.”" in told


def test_the_page_of_evidence_says_for_whom_and_by_what_authority_a_signature_was_confirmed(cast):
    agreement = stage.frozen_agreement(cast)
    stage.sign(cast, agreement, cast.kenji)
    consent = stage.given_consent(agreement, cast.ingrid, ad_referendum=True)
    referred = actions.sign(fresh(agreement), actor=cast.actor(cast.ingrid), consent=consent, proof=stage.proof())
    record = json.loads(bytes(confirm(cast, agreement, referred, cast.lucien).evidence))

    told = words(read(seal(agreement.ref).file))

    assert "Confirmed by Lucien Demoville, " in told
    assert f", for {record['party']['legal_name']}" in told
    assert "By the approval: Council decision of 4 May 2026, No 12" in told
    assert told.count("Identified by password") == 3
    if record["mandate"]:
        assert f"Under the mandate {record['mandate']['ref']}, valid from" in told


def test_the_page_of_evidence_counts_the_day_of_an_outside_signature_where_it_was_signed(cast):
    agreement = stage.frozen_agreement(cast)
    stage.sign(cast, agreement, cast.kenji)
    row = submit_pdf(cast, agreement, cast.lucien)
    certify(cast, row, cast.mika)

    told = words(read(seal(agreement.ref).file))

    assert "as days are counted in Paris" in told
    assert "for signatures made outside, as those vouched who are named" in told


def test_ten_thousand_flipped_bits_make_ten_thousand_unknown_files(cast):
    agreement = stage.signed_agreement(cast)
    content = bytearray(read(seal(agreement.ref).file))
    seeded = random.Random(20261123)
    hashes = []

    for place in seeded.sample(range(8 * len(content)), FLIPS):
        content[place // 8] ^= 1 << place % 8
        hashes.append(sha256(content).hexdigest())
        content[place // 8] ^= 1 << place % 8

    assert len(set(hashes)) == FLIPS
    assert not SealedPdf.objects.filter(sha256__in=hashes).exists()
    assert {verification.verify(one).outcome for one in hashes[:100]} == {"unknown"}
    with pytest.raises(NotSealed):
        read_seal(bytes(content[:-1]))


def test_what_is_not_fully_signed_is_not_sealed(cast):
    agreement = stage.frozen_agreement(cast)
    stage.sign(cast, agreement, cast.kenji)

    assert seal(agreement.ref) is None
    assert waiting_for_seal(timezone.now()) == []
    assert not SealedPdf.objects.exists()


def test_the_stamp_of_an_authority_is_in_the_seal_and_in_the_ledger(cast, configured):
    agreement = stage.signed_agreement(cast)

    sealed = seal(agreement.ref)
    again = seal(agreement.ref)

    assert again == sealed
    assert len(configured.asked) == 1
    assert (sealed.pades_level, sealed.time_stamp_authority) == ("B-T", "Test time stamps")
    assert sealed.time_stamped_at is not None
    assert Event.objects.get(uid=sealed.event).facts["time_stamp"] == "Test time stamps"
    assert "An independent authority (RFC 3161) confirms within the seal" in words(read(sealed.file))


@pytest.mark.parametrize("lie", ["refusal", "trickle"])
def test_an_authority_that_fails_stops_the_seal_aloud_until_it_answers(cast, configured, monkeypatch, lie):
    monkeypatch.setattr(time_stamps, "TIMEOUT", 0.5)
    agreement = stage.signed_agreement(cast)
    configured.lies = lie

    seal_pdf(agreement.ref)
    seal_pdf(agreement.ref)

    assert not SealedPdf.objects.exists()
    assert SealFailure.objects.count() == 2
    assert Event.objects.filter(verb="agreement.seal_failed").count() == 1
    assert Item.objects.waiting().filter(open_key=f"seal:{agreement.ref}").count() == 1
    page = cast.client(cast.lucien).get(f"/agreements/{agreement.ref}/").content.decode()
    assert "The sealed PDF cannot be made, since" in page
    assert 'data-tone="bad"' in page

    configured.lies = ""
    seal_pdf(agreement.ref)

    assert SealedPdf.objects.get().pades_level == "B-T"
    assert not Item.objects.waiting().filter(open_key=f"seal:{agreement.ref}").exists()
    page = cast.client(cast.lucien).get(f"/agreements/{agreement.ref}/").content.decode()
    assert "cannot be made" not in page


def test_operators_are_told_the_reference_and_nothing_of_the_text(cast, configured):
    agreement = stage.signed_agreement(cast)
    configured.lies = "refusal"

    seal_pdf(agreement.ref)

    item = Item.objects.waiting().get(open_key=f"seal:{agreement.ref}")
    assert item.roles == ["operator"]
    assert agreement.title not in str(item.title_params)
    assert Event.objects.get(verb="agreement.seal_failed").facts == {}


def test_pauses_grow_to_an_hour_and_nothing_is_given_up(cast, configured):
    agreement = stage.signed_agreement(cast)
    configured.lies = "refusal"
    now = timezone.now()
    assert waiting_for_seal(now) == [agreement.ref]

    for tries in range(1, 4):
        seal_pdf(agreement.ref)
        last = SealFailure.objects.latest("pk").at
        pause = timedelta(minutes=2 ** (tries - 1))
        assert waiting_for_seal(last + pause - timedelta(seconds=1)) == []
        assert waiting_for_seal(last + pause) == [agreement.ref]

    assert sealing.pause_after(1_000) == timedelta(hours=1)


def test_an_unreadable_key_is_a_failure_like_any_other(cast, settings, tmp_path):
    settings.SEAL_KEY_FILE = settings.SEAL_CERTIFICATE_FILE = tmp_path / "seal.pem"
    settings.SEAL_KEY_FILE.write_bytes(b"no key")
    agreement = stage.signed_agreement(cast)

    with pytest.raises(SealingFailed, match="The key of the seal cannot be used"):
        seal(agreement.ref)
    seal_pdf(agreement.ref)

    assert "cannot be used" in SealFailure.objects.get().why


def test_whatever_breaks_is_shown_without_saying_more_than_its_kind(cast, monkeypatch):
    agreement = stage.signed_agreement(cast)

    def full(*arguments, **named):
        raise OSError(28, "No space left on device", "/secret/place")

    monkeypatch.setattr(sealing, "store", full)
    seal_pdf(agreement.ref)

    assert not SealedPdf.objects.exists()
    assert not Event.objects.filter(verb="agreement.sealed").exists()
    assert "OSError" in SealFailure.objects.get().why
    assert "secret" not in SealFailure.objects.get().why


def test_dying_after_the_file_is_written_leaves_nothing_that_counts(cast, monkeypatch, settings):
    agreement = stage.signed_agreement(cast)

    class Died(BaseException):
        """As if the process had been killed: nothing catches it."""

    def die(*arguments, **named):
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(SealedPdf.objects, "create", die)
        with pytest.raises(Died):
            seal(agreement.ref)
    left = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert len(left) == 1
    assert not StoredFile.objects.filter(name__endswith=".pdf").exists()
    assert not Event.objects.filter(verb="agreement.sealed").exists()

    assert waiting_for_seal(timezone.now()) == [agreement.ref]
    sealed = seal(agreement.ref)

    assert Event.objects.filter(verb="agreement.sealed").count() == 1
    assert read_seal(read(sealed.file))


def together(*functions):
    start = threading.Barrier(len(functions))

    def run(function):
        try:
            start.wait(timeout=10)
            return function()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(run, functions))


def test_workers_at_the_same_instant_seal_once_and_ask_the_authority_once(transactional_db, configured):
    world = casting.build()
    agreement = stage.signed_agreement(world)

    results = together(*[lambda: seal(agreement.ref) for _ in range(4)])

    assert len({result.sha256 for result in results}) == 1
    assert SealedPdf.objects.count() == 1
    assert Event.objects.filter(verb="agreement.sealed").count() == 1
    assert len(configured.asked) == 1


def test_nobody_waits_for_the_authority(transactional_db, configured, monkeypatch):
    world = casting.build()
    agreement = stage.signed_agreement(world)
    locked = []

    def slow(digest):
        with ThreadPoolExecutor(1) as pool:
            locked.append(pool.submit(lock_elsewhere, agreement.pk).result())
        return stamp(digest)

    stamp = time_stamps.stamp_digest
    monkeypatch.setattr(time_stamps, "stamp_digest", slow)
    seal(agreement.ref)

    assert locked == [agreement.pk]


def lock_elsewhere(pk):
    from django.db import transaction

    try:
        with transaction.atomic():
            return Agreement.objects.select_for_update(no_key=True, nowait=True).get(pk=pk).pk
    finally:
        connection.close()


def test_a_signature_confirmed_while_the_pdf_is_made_is_in_it(cast, monkeypatch):
    agreement = stage.signed_agreement(cast)
    told, calls = sealing._told, []

    def moved(signatures):
        calls.append(1)
        return [*told(signatures), len(calls)] if len(calls) <= 2 else told(signatures)

    monkeypatch.setattr(sealing, "_told", moved)
    sealed = seal(agreement.ref)

    assert sealed is not None
    assert len(calls) == 4
    assert Event.objects.filter(verb="agreement.sealed").count() == 1
