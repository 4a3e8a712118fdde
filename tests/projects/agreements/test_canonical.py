"""Canonical bytes: what was agreed, byte for byte, and nothing that two readers could read differently."""

import copy
import hashlib
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.agreements.annexes import background_annex, contacts_annex, results_annex
from projects.agreements.canonical import canonical_bytes, read_canonical, text_hash

DOCS = Path(__file__).parents[3] / "docs" / "text.md"
VECTORS = re.findall(
    r"<!-- vector: (\w+) -->\n```json\n(.*?)\n```\n\n    sha256 ([0-9a-f]{64})", DOCS.read_text(encoding="utf-8")
)
PRINTED = {name: (written.encode(), digest) for name, written, digest in VECTORS}
SECOND = ["second_small", "second_arabic", "second_amendment"]
NAMES = ["composed", "decomposed", *SECOND]


@pytest.fixture
def document():
    return json.loads(PRINTED["composed"][0])


@pytest.mark.parametrize("name", NAMES)
def test_printed_vectors_hold_without_our_code(name):
    """Only the standard library: ASCII keys sort alike in UTF-16 and in Python, and no escape here differs."""
    written, digest = PRINTED[name]

    assert hashlib.sha256(written).hexdigest() == digest
    again = json.dumps(json.loads(written), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert again.encode() == written


@pytest.mark.parametrize("name", NAMES)
def test_our_bytes_are_the_printed_ones(name):
    written, digest = PRINTED[name]

    assert canonical_bytes(json.loads(written)) == written
    assert text_hash(json.loads(written)) == digest


def test_the_documents_print_exactly_these_vectors():
    assert list(PRINTED) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_printed_vectors_are_read_back(name):
    written, digest = PRINTED[name]

    assert text_hash(read_canonical(written)) == digest


def test_the_printed_amendment_starts_from_the_printed_text():
    amendment = json.loads(PRINTED["second_amendment"][0])

    assert amendment["within"][0]["sha256"] == PRINTED["second_small"][1]


def test_composed_and_decomposed_letters_are_two_texts():
    assert PRINTED["composed"][1] != PRINTED["decomposed"][1]


def test_the_order_of_keys_does_not_matter(document):
    assert canonical_bytes(dict(reversed(document.items()))) == canonical_bytes(document)


def test_reading_back_gives_the_document(document):
    assert read_canonical(canonical_bytes(document)) == document


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1).filter(str.strip))
def test_any_text_survives_unchanged(text):
    document = json.loads(PRINTED["composed"][0])
    document["clauses"][0]["text"] = text

    assert json.loads(canonical_bytes(document))["clauses"][0]["text"] == text


@given(st.integers(min_value=0, max_value=10_000), st.integers(min_value=0, max_value=255))
def test_any_changed_byte_changes_the_hash_or_is_refused(position, value):
    written, digest = PRINTED["composed"]
    changed = bytearray(written)
    changed[position % len(written)] = value
    if bytes(changed) == written:
        return
    try:
        document = read_canonical(bytes(changed))
    except ValueError:
        return

    assert text_hash(document) != digest


def _set(path, value):
    def change(document):
        *steps, last = path
        for step in steps:
            document = document[step]
        document[last] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_set(["title"], "a\x00b"), id="nul"),
        pytest.param(_set(["title"], "a\ud800b"), id="lone surrogate"),
        pytest.param(_set(["profile", "a\udfff"], 1), id="surrogate in a key"),
        pytest.param(_set(["title"], " "), id="blank title"),
        pytest.param(_set(["title"], 7), id="number for text"),
        pytest.param(_set(["version"], 0), id="version zero"),
        pytest.param(_set(["version"], True), id="boolean version"),
        pytest.param(_set(["version"], 1.0), id="float version"),
        pytest.param(_set(["profile", "term_years"], 2**53), id="integer beyond doubles"),
        pytest.param(_set(["profile", "term_years"], 0.5), id="fraction"),
        pytest.param(_set(["profile", "term_years"], None), id="null"),
        pytest.param(_set(["profile", "term_years"], ["a"]), id="list answer"),
        pytest.param(_set(["format"], "concord/text-version/2"), id="other format"),
        pytest.param(_set(["agreement"], "../etc"), id="bad reference"),
        pytest.param(_set(["extra"], "x"), id="unknown member"),
        pytest.param(_set(["parties"], {}), id="parties not a list"),
        pytest.param(_set(["parties", 1, "ref"], "CNES"), id="party twice"),
        pytest.param(_set(["clauses", 0, "number"], 2), id="numbering"),
        pytest.param(_set(["clauses", 0, "note"], "x"), id="unknown clause member"),
        pytest.param(_set(["annexes", 0, "rows", 0, "hidden"], "x"), id="cell without a column"),
        pytest.param(_set(["annexes", 0, "rows", 0], {}), id="missing cell"),
        pytest.param(_set(["annexes", 0, "rows"], "x"), id="rows not a list"),
    ],
)
def test_other_shapes_are_refused(document, change):
    refused = copy.deepcopy(document)
    change(refused)

    with pytest.raises(ValueError):
        canonical_bytes(refused)


def _drop(path):
    def change(document):
        *steps, last = path
        for step in steps:
            document = document[step]
        del document[last]

    return change


@pytest.mark.parametrize(
    ("name", "change"),
    [
        pytest.param("second_small", _set(["languages"], []), id="no language"),
        pytest.param("second_small", _set(["languages"], ["fr"]), id="the first is another language"),
        pytest.param("second_small", _set(["languages"], ["en", "fr"]), id="a language without its text"),
        pytest.param("second_arabic", _set(["languages"], ["en", "ar", "ar"]), id="a language twice"),
        pytest.param("second_arabic", _set(["translations", 0, "language"], "fr"), id="a text in another language"),
        pytest.param("second_arabic", _drop(["translations", 0, "clauses", 1]), id="a clause in one language only"),
        pytest.param("second_arabic", _set(["translations", 0, "clauses", 0, "code"], "x"), id="another clause"),
        pytest.param("second_arabic", _set(["translations", 0, "clauses", 0, "text"], " "), id="an empty translation"),
        pytest.param(
            "second_arabic", _set(["translations", 0, "clauses", 0, "number"], 1), id="a numbered translation"
        ),
        pytest.param("second_arabic", _set(["within", 0, "relation"], "beside"), id="unknown relation"),
        pytest.param("second_arabic", _set(["within", 0, "sha256"], "AB" * 32), id="hash in capitals"),
        pytest.param("second_arabic", _set(["within", 0, "relation"], "amends"), id="amends nothing"),
        pytest.param("second_amendment", _set(["amended"], []), id="an amendment without changes"),
        pytest.param("second_amendment", _set(["within"], []), id="changes of no text"),
        pytest.param("second_amendment", _set(["amended", 0, "clauses", 1, "number"], 3), id="amended numbering"),
        pytest.param("second_amendment", _set(["amended", 0, "alterations", 0, "number"], -1), id="number below zero"),
        pytest.param("second_small", _set(["depositary"], ""), id="no depositary"),
        pytest.param("second_small", _set(["entry_rule"], []), id="a rule that is a list"),
        pytest.param("second_small", _set(["entry_rule"], {"on": None}), id="null in a rule"),
        pytest.param("second_small", _set(["parties", 0, "share"], 5), id="a share as a number"),
        pytest.param("second_small", _drop(["parties", 0, "bound_as"]), id="a party of the first format"),
        pytest.param("second_small", _drop(["translations"]), id="no translations"),
    ],
)
def test_other_shapes_of_the_second_format_are_refused(name, change):
    refused = json.loads(PRINTED[name][0])
    change(refused)

    with pytest.raises(ValueError):
        canonical_bytes(refused)


def test_a_rule_that_is_nested_without_end_is_refused():
    document = json.loads(PRINTED["second_small"][0])
    for _ in range(20):
        document["entry_rule"] = {"and": [document["entry_rule"]]}

    with pytest.raises(ValueError):
        canonical_bytes(document)


@pytest.mark.parametrize("missing", ["format", "parties", "profile", "clauses", "annexes", "version"])
def test_a_missing_member_is_refused(document, missing):
    del document[missing]

    with pytest.raises(ValueError):
        canonical_bytes(document)


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"null",
        b"[]",
        b"\xff",
        b"{}",
        b" " + PRINTED["composed"][0],
        PRINTED["composed"][0] + b"\n",
        b"[" * 100_000,
    ],
)
def test_bytes_that_are_not_canonical_are_not_read(stored):
    with pytest.raises(ValueError):
        read_canonical(stored)


def test_a_repeated_member_is_not_read():
    twice = PRINTED["composed"][0].replace(b'"kind":"ip_sharing"', b'"kind":"nda","kind":"ip_sharing"')

    with pytest.raises(ValueError):
        read_canonical(twice)


def test_annexes_keep_their_columns_and_fill_missing_cells(document):
    document["annexes"] = [
        background_annex([{"ref": "IP-2026-0004", "party": "JAXA", "title": "Radar", "nature": "Know-how", "id": 7}]),
        results_annex([]),
        contacts_annex([]),
    ]

    canonical_bytes(document)

    assert [annex["letter"] for annex in document["annexes"]] == ["A", "B", "C"]
    assert document["annexes"][0]["rows"][0] == {
        "ref": "IP-2026-0004",
        "party": "JAXA",
        "title": "Radar",
        "nature": "Know-how",
        "implementation": "",
        "exploitation": "",
    }
    assert background_annex([], mode="negative")["title"] == "Background excluded"
