"""The sealed pages: complete, archivable, repeatable, and deaf to tricks in what people typed."""

import hashlib
import io
import json
import time
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from portal.typesetting import visible
from projects.agreements.annexes import background_annex, results_annex
from projects.agreements.canonical import FORMAT, canonical_bytes, text_hash
from projects.agreements.profile import QUESTIONS, assemble, defaults
from projects.agreements.typesetting import render_pdf

FROZEN = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
TRICKS = [
    '#panic("no")',
    '#read("/etc/passwd")',
    "*bold* _it_ $x^2$ = Heading",
    "<script>alert(1)</script>",
    '"] } #[',
    "\\u{202e} \\ #",
    "//comment /* x */",
]


@pytest.fixture
def document():
    clauses = assemble(defaults(), facts={"project_title": "Polar Ice Sounder", "project_ref": "P-2026-0003"})
    return {
        "format": FORMAT,
        "agreement": "A-2026-0012",
        "kind": "ip_sharing",
        "title": "Sharing of what the Polar Ice Sounder brings",
        "version": 3,
        "language": "en",
        "parties": [
            {
                "ref": "JAXA",
                "legal_name": "Japan Aerospace Exploration Agency",
                "native_name": "宇宙航空研究開発機構",
                "role": "lead",
            },
            {
                "ref": "UAESA",
                "legal_name": "UAE Space Agency",
                "native_name": "وكالة الإمارات للفضاء",
                "role": "partner",
            },
        ],
        "profile": defaults(),
        "clauses": [
            {"number": clause.number, "code": clause.code, "heading": clause.heading, "text": clause.text}
            for clause in clauses
        ],
        "annexes": [
            background_annex(
                [{"ref": "IP-2026-0004", "party": "JAXA", "title": "Radar processor", "nature": "Know-how"}]
            ),
            results_annex([]),
        ],
    }


@pytest.fixture
def evidence():
    return {
        "verify_url": "https://concord.example/verify/",
        "timestamp": "No time-stamp authority was configured.",
        "signatures": [
            {
                "person": "Haruka Sato",
                "person_native": "佐藤 遥",
                "agency": "Japan Aerospace Exploration Agency",
                "agency_native": "宇宙航空研究開発機構",
                "position": "Director",
                "mandate": "MD-2026-0002",
                "mandate_from": "2026-04-01",
                "mandate_until": "",
                "identified": "Password and one-time code",
                "level": "simple",
                "consent_version": "1.0",
                "consent_text": "I sign this text for my agency.",
                "signed_at": "2026-11-03T14:05:09Z",
                "zone": "Asia/Tokyo",
                "ledger_index": 1042,
                "evidence_hash": "9f2c4b1a" * 8,
            }
        ],
    }


def read(pdf):
    return PdfReader(io.BytesIO(pdf))


def words(pdf):
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).replace("\u200b", "").split())


def test_every_clause_answer_and_annex_is_printed(document):
    text = words(render_pdf(document, frozen_at=FROZEN))

    for clause in document["clauses"]:
        assert clause["heading"] in text
    assert "宇宙航空研究開発機構" in text
    assert "Radar processor" in text
    assert "The Parties list nothing here." in text
    for asked in QUESTIONS.values():
        assert str(asked.label).split()[0] in text


def test_every_page_names_reference_version_hash_and_its_place(document):
    pages = read(render_pdf(document, frozen_at=FROZEN)).pages
    digest = text_hash(document)

    for number, page in enumerate(pages, start=1):
        text = " ".join(page.extract_text().split())
        assert "A-2026-0012 · version 3" in text
        assert f"{digest[:8]} {digest[8:16]}" in text
        assert f"Page {number} of {len(pages)}" in text


def test_a_draft_says_so_on_every_page_and_a_frozen_text_nowhere(document):
    assert all("Draft – not for signature" in page.extract_text() for page in read(render_pdf(document)).pages)
    assert "Draft" not in words(render_pdf(document, frozen_at=FROZEN))


def test_the_agreed_bytes_travel_in_the_file(document):
    (attached,) = read(render_pdf(document, frozen_at=FROZEN)).attachments["concord-text.json"]

    assert attached == canonical_bytes(document)
    assert hashlib.sha256(attached).hexdigest() == text_hash(document)


def test_it_is_pdf_a_and_dated_by_the_freeze(document):
    reader = read(render_pdf(document, frozen_at=FROZEN))
    xmp = reader.trailer["/Root"]["/Metadata"].get_data().decode()

    assert "<pdfaid:part>3</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert reader.metadata.creation_date == FROZEN
    assert reader.metadata.title == document["title"]


def test_the_same_input_gives_the_same_bytes(document, evidence):
    first = render_pdf(document, frozen_at=FROZEN, evidence=evidence)

    assert render_pdf(json.loads(json.dumps(document)), frozen_at=FROZEN, evidence=evidence) == first
    assert render_pdf(document, frozen_at=FROZEN) != first


def test_evidence_tells_who_signed_when_and_what_it_proves(document, evidence):
    text = words(render_pdf(document, frozen_at=FROZEN, evidence=evidence))

    for told in (
        "Haruka Sato",
        "佐藤 遥",
        "MD-2026-0002, valid from 1 April 2026 without end",
        "3 November 2026, 14:05:09 UTC",
        "3 November 2026, 23:05:09 JST (Asia/Tokyo)",
        "https://concord.example/verify/",
        "No time-stamp authority was configured.",
        "What this does not prove",
        " ".join(["9f2c4b1a"] * 8),
    ):
        assert told in text


@pytest.mark.parametrize("trick", TRICKS)
def test_markup_of_any_kind_is_printed_as_text(document, evidence, trick):
    document["title"] = trick
    document["parties"][0]["legal_name"] = trick
    document["clauses"][0] |= {"heading": trick, "text": f"{trick}\n\n{trick}"}
    document["annexes"][0]["title"] = trick
    document["annexes"][0]["rows"][0]["title"] = trick
    evidence["signatures"][0] |= {"person": trick, "position": trick, "consent_text": trick}

    text = words(render_pdf(document, frozen_at=FROZEN, evidence=evidence)).replace(" ", "")

    assert text.count(trick.replace(" ", "")) >= 8


def test_hidden_and_reordering_characters_are_shown_by_number(document):
    document["clauses"][0]["text"] = "pay \u202e001\u202c euro\u200b\x07\ue000 now"

    text = words(render_pdf(document, frozen_at=FROZEN))

    assert "pay [U+202E]001[U+202C] euro[U+200B][U+0007][U+E000] now" in text


def test_characters_without_a_font_do_not_stop_the_press(document):
    document["title"] = "𓀀 \U0001fae8 \U000e0041 ᚠ"

    render_pdf(document, frozen_at=FROZEN)

    assert visible("\U000e0041") == "[U+E0041]"


def test_scripts_of_the_partners_print():
    names = "宇宙航空研究開発機構 한국 国家航天局 भारतीय অন্তরিক্ষ இந்திய وكالة Роскосмос Ελλάς ไทย ישראל ኢትዮጵያ"

    assert visible(names) == names


def test_text_without_spaces_stays_on_the_page(document):
    document["annexes"][0]["rows"][0]["title"] = "x" * 300
    document["clauses"][0]["text"] = "y" * 3000

    render_pdf(document, frozen_at=FROZEN)

    assert max(map(len, visible("x" * 300).split("\u200b"))) <= 18


def test_a_bare_document_renders(document):
    document |= {"parties": [], "clauses": [], "annexes": [], "profile": {}, "language": "pt-BR"}

    assert render_pdf(document).startswith(b"%PDF-")


def test_rendering_is_quick(document, evidence):
    render_pdf(document, frozen_at=FROZEN, evidence=evidence)
    document["title"] += " once more"

    started = time.process_time()
    render_pdf(document, frozen_at=FROZEN, evidence=evidence)

    assert time.process_time() - started < 1.5
