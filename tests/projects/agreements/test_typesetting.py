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
from projects.agreements.canonical import FIRST, FORMAT, canonical_bytes, text_hash
from projects.agreements.profile import QUESTIONS, assemble, defaults
from projects.agreements.typesetting import render_pdf
from tests.projects.agreements.documents import amending, in_languages
from tests.projects.agreements.documents import document as small_document

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
        "languages": ["en"],
        "within": [],
        "parties": [
            {
                "ref": "JAXA",
                "legal_name": "Japan Aerospace Exploration Agency",
                "native_name": "宇宙航空研究開発機構",
                "role": "lead",
                "bound_as": "",
                "share": "",
            },
            {
                "ref": "UAESA",
                "legal_name": "UAE Space Agency",
                "native_name": "وكالة الإمارات للفضاء",
                "role": "partner",
                "bound_as": "for the Government of the United Arab Emirates",
                "share": "33.3333",
            },
        ],
        "depositary": "JAXA",
        "entry_rule": {"k_of_n": 2},
        "translations": [],
        "amended": [],
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
    for key in document["profile"]:
        assert str(QUESTIONS[key].label).split()[0] in text


def test_each_signature_is_printed_with_its_own_sentence_and_what_its_mandate_covers(document, evidence):
    first = evidence["signatures"][0]
    scope, source = "for the project P-2026-0001 alone, up to 250000.00 EUR", "Board decision 7; document 0f0f"
    first |= {"mandate_scope": scope, "mandate_source": source, "consent_language": "en"}
    evidence["signatures"].append(
        first | {"person": "Ninon Orage", "consent_language": "fr", "consent_text": "J’ai lu ce texte et je le signe."}
    )

    told = words(render_pdf(document, frozen_at=FROZEN, evidence=evidence))

    assert told.count("“I sign this text for my agency.”") == told.count("“J’ai lu ce texte et je le signe.”") == 1
    assert "version 1.0, language fr" in told
    assert told.count(scope) == told.count(source) == 2


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
    document |= {
        "parties": [],
        "clauses": [],
        "annexes": [],
        "profile": {},
        "language": "pt-BR",
        "languages": ["pt-BR"],
    }

    assert render_pdf(document).startswith(b"%PDF-")


def test_rendering_is_quick(document, evidence):
    render_pdf(document, frozen_at=FROZEN, evidence=evidence)
    document["title"] += " once more"

    started = time.process_time()
    render_pdf(document, frozen_at=FROZEN, evidence=evidence)

    assert time.process_time() - started < 1.5


def test_the_first_page_says_who_is_bound_as_what_and_when_the_text_enters_into_force(document):
    document["within"] = [
        {"agreement": "A-2026-0001", "title": "Umbrella of the ice", "sha256": "ab" * 32, "relation": "under"}
    ]

    text = words(render_pdf(document, frozen_at=FROZEN))

    assert "bound as for the Government of the United Arab Emirates · share 33.3333 %" in text
    assert "Under Umbrella of the ice (A-2026-0001), SHA-256 abab" in text
    assert "Depositary Japan Aerospace Exploration Agency (JAXA)" in text
    assert "at least two (2) of the Parties have signed it" in text


def test_a_text_of_the_first_format_is_still_set(document):
    for key in ("languages", "within", "depositary", "entry_rule", "translations", "amended"):
        del document[key]
    for party in document["parties"]:
        del party["bound_as"], party["share"]

    text = words(render_pdf(document | {"format": FIRST}, frozen_at=FROZEN))

    assert "Polar Ice Sounder" in text
    assert "Depositary" not in text


LANGUAGES = {
    "fr": "Étude de la glace",
    "ar": "دراسة الجليد",
    "zh_hans": "极地冰研究",
    "ja": "極地の氷の研究",
    "ru": "Изучение льда",
}


@pytest.mark.parametrize("columns", [True, False])
def test_two_languages_are_printed_whole_in_either_layout(columns):
    pdf = render_pdf(in_languages(small_document(), ru=LANGUAGES["ru"]), frozen_at=FROZEN, columns=columns)
    text = words(pdf)

    for told in ("The Parties study ice.", "Изучение льда: purpose", "Изучение льда 3", "Русский", "English"):
        assert told in text


def test_columns_and_sequence_are_two_layouts_of_the_same_bytes():
    document = in_languages(small_document(), ar=LANGUAGES["ar"])
    beside, after = (render_pdf(document, frozen_at=FROZEN, columns=columns) for columns in (True, False))

    assert beside != after
    assert read(beside).attachments == read(after).attachments


def test_further_languages_follow_one_another_each_in_its_own_letters():
    text = words(render_pdf(in_languages(small_document(), **LANGUAGES), frozen_at=FROZEN))
    places = [text.index(f"{title}: law") for title in LANGUAGES.values() if title != LANGUAGES["ar"]]

    assert places == sorted(places)
    assert "[U+" not in text
    for name in ("Français", "简体中文", "日本語", "Русский"):
        assert name in text


def test_arabic_runs_from_right_to_left():
    pdf = render_pdf(in_languages(small_document(), ar=LANGUAGES["ar"]), frozen_at=FROZEN, columns=False)
    starts = {}

    def note(text, matrix, _text_matrix, _font, _size):
        starts.setdefault(text.strip(), matrix[4])

    read(pdf).pages[1].extract_text(visitor_text=note)

    # The numbers of clauses begin a line: left of the middle in English, right of it in Arabic.
    assert all(starts[number] > 400 for number in ("1", "2", "3"))


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("English", ["If the texts differ, this one prevails: English.", "le texte suivant prévaut : English."]),
        ("français", ["If the texts differ, this one prevails: Français.", "le texte suivant prévaut : Français."]),
        ("English and French", ["All texts are equally authentic.", "Tous les textes font également foi."]),
        ("", ["All texts are equally authentic.", "Tous les textes font également foi."]),
    ],
)
def test_each_language_says_which_text_counts(answer, told):
    document = in_languages(small_document(), fr="Étude")
    document["profile"]["language"] = answer

    text = words(render_pdf(document, frozen_at=FROZEN))

    for sentence in told:
        assert sentence in text


def test_an_amendment_prints_its_alterations_and_the_text_that_results():
    text = words(render_pdf(amending(small_document()), frozen_at=FROZEN))

    for told in (
        "Amends Base (A-2026-0003)",
        "What this amendment changes",
        "Clause 2 (Term) reads: It lasts seven (7) years.",
        "Clause 3 (Applicable law) is deleted.",
        "New clause after the title: Taxes",
        "The text as amended",
        "Profile of the text as amended",
    ):
        assert told in text


def test_markup_is_text_in_every_member_of_the_second_format():
    trick = TRICKS[0]
    document = in_languages(amending(small_document()), ar="x", fr="x")
    for translation in document["translations"]:
        translation["title"] = trick
        for row in translation["clauses"]:
            row |= {"heading": trick, "text": f"{trick}\n(a) {trick}"}
    document["within"][0]["title"] = document["depositary"] = trick
    document["entry_rule"] = {trick: trick}
    for entry in document["parties"]:
        entry["bound_as"] = entry["share"] = trick
    for alteration in document["amended"][0]["alterations"]:
        alteration |= {"operation": trick, "heading": trick, "text": trick}
    document["amended"][0]["clauses"][0] |= {"heading": trick, "text": trick}
    document["amended"][0]["profile"] = {trick: trick}

    text = words(render_pdf(document, frozen_at=FROZEN)).replace(" ", "")

    assert text.count(trick.replace(" ", "")) >= 25


def test_a_note_says_which_draft_it_is(document):
    assert "Revision 3, written by JAXA" in words(render_pdf(document, note="Revision 3, written by JAXA"))
