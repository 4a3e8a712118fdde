"""Files that are handed in for a signature made outside, by the certificate in them and the level that the text asks for."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage

from portal.files.models import StoredFile
from portal.files.storage import FileDamaged, store
from portal.history import record
from portal.history.models import Event
from portal.kit.actors import Actor
from portal.kit.refusals import Forbidden
from projects.agreements.models import ExternalStatus, PdfToSign
from projects.agreements.signing import outside
from projects.agreements.signing.names import is_same_name
from projects.agreements.signing.outside import pdf_to_sign
from tests import jobs, stage
from tests.projects.agreements import foreign
from tests.projects.agreements.negotiating import fresh
from tests.projects.agreements.outside import certify, submit, submit_pdf, witness
from tests.projects.agreements.signing import three_frozen, why_not

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(cast):
    """Frozen between JAXA, the depositary, and ESA."""
    return stage.frozen_agreement(cast)


def test_a_signed_pdf_counts_once_the_depositary_certified_it(cast, agreement):
    row = submit_pdf(cast, agreement, cast.lucien)
    assert fresh(agreement).standing_signatures == []

    certify(cast, row, cast.mika)

    (signature,) = fresh(agreement).standing_signatures
    assert signature.level == "external_pades"
    assert [told["level"] for told in signature.record["outside"]["findings"]["signatures"]] == ["B-B"]


def test_one_certificate_signs_once_for_a_party(cast):
    agreement = three_frozen(cast, ("ESA", "signer", 1, 2))
    signer = foreign.certified("Ottilie Sternberg")
    certify(cast, submit_pdf(cast, agreement, cast.lucien, signer=signer), cast.mika)

    with pytest.raises(ValidationError) as caught:
        submit_pdf(cast, agreement, cast.lucien, signatory_name="Somebody Else", signer=signer)

    assert set(caught.value.message_dict) == {"file"}


def test_a_text_that_asks_for_qualified_signatures_takes_none_of_the_portal(cast):
    agreement = stage.frozen_agreement(cast, answers={"signature_level": "qualified"})

    assert why_not(cast, agreement, cast.kenji) == "level-excluded"
    assert submit(cast, agreement, cast.lucien).is_waiting


def test_without_a_qualified_certificate_the_law_that_gives_its_effect_is_named(cast):
    agreement = stage.frozen_agreement(cast, answers={"signature_level": "qualified"})

    with pytest.raises(ValidationError) as caught:
        submit_pdf(cast, agreement, cast.lucien)
    assert set(caught.value.message_dict) == {"effect"}
    row = submit_pdf(cast, agreement, cast.lucien, effect="Act on electronic signatures, section 4")
    other = submit_pdf(cast, agreement, cast.mika, signer=foreign.certified("Hana", qualified=foreign.QUALIFIED))

    assert row.findings["effect"] == "Act on electronic signatures, section 4"
    assert "effect" not in other.findings


def test_the_roots_that_the_installation_names_decide_whom_it_trusts(cast, agreement, settings, tmp_path):
    settings.TRUST_ROOTS = str(tmp_path / "roots.pem")
    (tmp_path / "roots.pem").write_bytes(foreign.root_pem())

    row = submit_pdf(cast, agreement, cast.lucien)
    (tmp_path / "roots.pem").write_bytes(foreign.other_root_pem())
    with pytest.raises(ValidationError, match="leads to none of the roots"):
        submit_pdf(cast, agreement, cast.mika)

    assert [told["trust"] for told in row.findings["signatures"]] == ["trusted"]


def test_a_scan_that_runs_a_script_is_refused(cast, agreement):
    with pytest.raises(ValidationError, match="runs or opens something"):
        submit(cast, agreement, cast.lucien, content=foreign.with_action(pdf_to_sign(agreement.text)))


def test_the_pdf_of_another_text_is_refused(cast, agreement):
    other = stage.frozen_agreement(cast)

    with pytest.raises(ValidationError, match="not the text that is open"):
        submit_pdf(cast, agreement, cast.lucien, content=foreign.signed(pdf_to_sign(other.text)))


def drawn_otherwise(monkeypatch):
    """As an update of the typesetter would: every PDF has other bytes from now on."""
    drawing = outside.render_pdf
    monkeypatch.setattr(
        outside, "render_pdf", lambda document, **facts: drawing(document, **facts, note="Of the next version")
    )


def test_freezing_has_the_pdf_to_be_signed_drawn_once_the_text_is_frozen(cast, agreement):
    assert not PdfToSign.objects.exists()

    jobs.run_pending()

    assert PdfToSign.objects.get().text_id == agreement.text.pk
    assert PdfToSign.objects.get().file.media_type == "application/pdf"


def test_an_update_of_the_typesetter_changes_neither_the_download_nor_what_is_accepted(cast, agreement, monkeypatch):
    before = pdf_to_sign(agreement.text)
    signed = foreign.signed(before)
    drawn_otherwise(monkeypatch)

    row = submit_pdf(cast, agreement, cast.lucien, content=signed)

    assert pdf_to_sign(agreement.text) == before
    assert row.findings["pages"] == "appended"
    assert outside.render_pdf(agreement.text.document, frozen_at=agreement.text.frozen_at) != before


def test_a_text_frozen_before_pdfs_were_kept_has_its_first_download_kept(cast, agreement, monkeypatch):
    first = pdf_to_sign(agreement.text)
    drawn_otherwise(monkeypatch)

    jobs.run_pending()

    assert pdf_to_sign(agreement.text) == first
    assert StoredFile.objects.filter(name__endswith="-to-sign.pdf").count() == 1


def test_the_hash_of_the_pdf_to_be_signed_is_in_the_ledger_and_in_the_record(cast, agreement):
    certify(cast, submit_pdf(cast, agreement, cast.lucien), cast.mika)

    event = Event.objects.get(verb="agreement.pdf_to_sign_kept")
    digest = hashlib.sha256(pdf_to_sign(agreement.text)).hexdigest()
    assert event.facts == {"pdf_sha256": digest, "sha256": agreement.text.sha256, "text": 1}
    assert event.agencies == ["ESA", "JAXA"]
    assert (event.person_uid, event.agency_ref) == (None, "")
    (signature,) = fresh(agreement).standing_signatures
    assert signature.record["outside"]["pdf_to_sign_sha256"] == digest


@pytest.mark.parametrize("is_told", [False, True])
def test_a_row_that_the_history_does_not_have_so_puts_no_other_words_before_a_signatory(cast, agreement, is_told):
    """Whoever writes into the database points at a PDF with another clause, before or after ours was kept."""
    scan = certify(cast, submit(cast, agreement, cast.lucien), cast.mika)
    other = outside.render_pdf(agreement.text.document, frozen_at=agreement.text.frozen_at, note="JAXA pays for all.")
    forged = store(other, "to-sign.pdf", actor=Actor.system())
    PdfToSign.objects.create(text=agreement.text, file=forged)
    if is_told:
        facts = {"pdf_sha256": "0" * 64, "sha256": agreement.text.sha256, "text": 1}
        record(outside.KEPT, agreement, actor=Actor.system(), agencies=[cast.jaxa, cast.esa], facts=facts)

    with pytest.raises(FileDamaged):
        pdf_to_sign(agreement.text)
    with pytest.raises(FileDamaged):
        submit_pdf(cast, agreement, cast.mika, content=foreign.signed(other, foreign.certified("Hana Tsukino")))
    with pytest.raises(FileDamaged):
        witness(cast, scan, cast.ingrid)
    assert fresh(agreement).standing_signatures == []


def test_a_pdf_to_be_signed_that_was_changed_in_the_storage_is_given_to_nobody(cast, agreement):
    pdf_to_sign(agreement.text)
    kept = PdfToSign.objects.get().file
    Path(default_storage.path(kept.path)).write_bytes(b"%PDF of somebody else")

    with pytest.raises(FileDamaged):
        pdf_to_sign(agreement.text)


@pytest.mark.parametrize("written", ["STERNBERG, Ottilie", "ottilie  sternberg", "Ｏｔｔｉｌｉｅ Sternberg", "星山 緒"])
def test_a_certificate_in_the_same_name_differently_written_needs_no_witness(cast, agreement, written):
    facts = {"signatory_name": "Ottilie Sternberg", "signatory_native_name": "星山緒"}
    row = submit_pdf(cast, agreement, cast.lucien, signer=foreign.certified(written), **facts)

    assert certify(cast, row, cast.mika).status == ExternalStatus.ACCEPTED


def test_a_certificate_in_another_name_is_accepted_by_two_people_with_remarks_on_record(cast, agreement):
    row = submit_pdf(cast, agreement, cast.lucien, signer=foreign.certified("Ottilie Nachtigall"))

    with pytest.raises(ValidationError, match="names Ottilie Nachtigall, the party Ottilie Sternberg") as caught:
        certify(cast, row, cast.mika)
    assert list(caught.value.message_dict) == ["remark"]
    certified = certify(cast, row, cast.mika, remark="Married in May; the ministry confirmed it by telephone.")
    assert (certified.status, fresh(agreement).standing_signatures) == (ExternalStatus.CERTIFIED, [])
    with pytest.raises(ValidationError):
        witness(cast, row, cast.ingrid)
    witness(cast, row, cast.ingrid, remark="I was at the wedding.")

    (signature,) = fresh(agreement).standing_signatures
    outside = signature.record["outside"]
    assert outside["certified"]["remark"].startswith("Married in May")
    assert outside["witnessed"]["remark"] == "I was at the wedding."


@pytest.mark.parametrize("native", ["Mallory Fox", "Mallory Fox 狐", "Mаllory Fox"])
def test_a_second_name_in_the_same_letters_is_another_name(cast, agreement, native):
    facts = {"signatory_name": "Ottilie Sternberg", "signatory_native_name": native}
    row = submit_pdf(cast, agreement, cast.lucien, signer=foreign.certified(native), **facts)

    with pytest.raises(ValidationError, match=f"names {native}"):
        certify(cast, row, cast.mika)
    assert certify(cast, row, cast.mika, remark="Her maiden name.").status == ExternalStatus.CERTIFIED


def test_nobody_vouches_for_a_certificate_in_their_own_name(cast, agreement):
    row = submit_pdf(cast, agreement, cast.lucien, signer=foreign.certified("HOSHINO Mika"))

    with pytest.raises(Forbidden) as caught:
        certify(cast, row, cast.mika, remark="It is me.")

    assert caught.value.code == "own-signature"


@pytest.mark.parametrize("again", ["Sternberg, Ottilie", "OTTILIE STERNBERG", "Sternberg Ottilie"])
def test_one_person_differently_written_signs_once_for_a_party(cast, again):
    agreement = three_frozen(cast, ("ESA", "signer", 1, 2))
    submit(cast, agreement, cast.lucien)

    with pytest.raises(ValidationError) as caught:
        submit(cast, agreement, cast.lucien, signatory_name=again)

    assert list(caught.value.message_dict) == ["signatory_name"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ana-María Núñez", "NÚÑEZ, Ana María", True),
        ("山田 太郎", "山田太郎", True),
        ("ﬁona O’Neil", "ONeil, Fiona", True),
        ("Fiona Neil", "Fiona O’Neil", False),
        ("José", "Jose", False),
        ("...", "---", False),
        ("", "", False),
    ],
)
def test_names_are_compared_for_who_is_meant(one, other, same):
    assert is_same_name(one, other) == same
