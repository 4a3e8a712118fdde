"""Word files for counsel: complete, in every script, with changes that Word can accept or reject, and deaf to tricks."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from projects.agreements.canonical import text_hash
from projects.agreements.exports import Copy, word_file
from projects.agreements.exports.tracked import printable
from tests.projects.agreements.documents import HOSTILE, amending, document, in_languages

AT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WORDS = st.lists(st.sampled_from(["the ", "Party ", "days. ", "\n\n", "\n", "(a) once", "宇宙", "x"]), min_size=1).map(
    "".join
)
TEXT = WORDS.filter(str.strip)
CLAUSES = st.lists(st.tuples(st.sampled_from("abcde"), TEXT), min_size=1, unique_by=lambda row: row[0])


def copy_of(written, **facts):
    facts = {
        "standing": "Revision 3, written by JAXA on 3 November 2026",
        "author": "JAXA",
        "at": AT,
        "is_frozen": False,
    } | facts
    return Copy(written, text_hash(written), **facts)


def tree(content):
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml"))


def lines(root, without="", joining=""):
    """The paragraphs of the file without what a tracked change took out; those whose end it took are joined to the next."""
    written, line = [], ""
    for paragraph in root.iter(f"{W}p"):
        for node in paragraph.iter(f"{W}t", f"{W}delText"):
            held = [holder.tag for holder in node.iterancestors(f"{W}ins", f"{W}del")]
            if without not in held:
                line += node.text or ""
        if paragraph.find(f"{W}pPr/{W}rPr/{joining}") is None:
            written.append(line)
            line = ""
    return [line for line in [*written, line] if line.strip()]


def accepted(root):
    return lines(root, without=f"{W}del", joining=f"{W}del")


def rejected(root):
    return lines(root, without=f"{W}ins", joining=f"{W}ins")


def of_clauses(found):
    """From the first heading of a clause to the profile."""
    start = next((place for place, line in enumerate(found) if re.match(r"[0-9]+\. ", line)), len(found))
    return found[start : found.index("Profile of the agreement")]


def expected(written):
    told = []
    for clause in written["clauses"]:
        told.append(f"{clause['number']}. {clause['heading']}")
        told += [line for line in clause["text"].split("\n") if line.strip()]
    return told


def test_it_opens_and_says_everything():
    written = document()

    opened = Document(io.BytesIO(word_file(copy_of(written))))
    text = "\n".join(paragraph.text for paragraph in opened.paragraphs)

    for told in (
        "Study of polar ice",
        "A-2026-0012 · version 1 · Revision 3, written by JAXA on 3 November 2026",
        text_hash(written),
        "The sealed PDF and the canonical text prevail.",
        "2. Term",
        "2.1\u2003It lasts five (5) years.",
        "(a) once;",
        "宇宙航空研究開発機構",
        "Entry into force: on the day on which all Parties have signed it",
    ):
        assert told in text
    assert [cell.text for cell in opened.tables[-1].rows[1].cells] == ["Language that prevails", "English"]


def test_the_properties_of_the_file_name_what_it_is():
    core = Document(io.BytesIO(word_file(copy_of(document())))).core_properties

    assert (core.title, core.subject, core.author) == ("Study of polar ice", "A-2026-0012", "JAXA")
    assert core.created.replace(tzinfo=UTC) == AT
    assert core.comments == text_hash(document())


def test_headings_are_headings():
    opened = Document(io.BytesIO(word_file(copy_of(document()))))

    assert [p.text for p in opened.paragraphs if p.style.name == "Heading 2"] == ["1. Purpose", "2. Term", "3. Law"]


def test_annexes_are_tables():
    columns = [{"key": "ref", "label": "Reference"}, {"key": "open", "label": "Open"}]
    annex = {"letter": "A", "title": "List", "columns": columns, "rows": [{"ref": "IP-1", "open": True}]}

    table = Document(io.BytesIO(word_file(copy_of(document(annexes=[annex]))))).tables[0]

    assert [[cell.text for cell in row.cells] for row in table.rows] == [["Reference", "Open"], ["IP-1", "Yes"]]


def test_each_language_has_its_own_proofing_language_and_direction():
    root = tree(word_file(copy_of(in_languages(document(), ar="دراسة", zh_hans="研究", fr="Étude"))))

    def properties(words):
        (run,) = [run for run in root.iter(f"{W}r") if "".join(run.itertext()) == words]
        return run.find(f"{W}rPr"), run.getparent().find(f"{W}pPr")

    run, paragraph = properties("دراسة: law")
    assert run.find(f"{W}lang").get(qn("w:bidi")) == "ar-SA"
    assert run.find(f"{W}rtl") is not None
    assert paragraph.find(f"{W}bidi") is not None
    assert properties("研究: law")[0].find(f"{W}lang").get(qn("w:eastAsia")) == "zh-CN"
    assert properties("Étude: law")[0].find(f"{W}lang").get(qn("w:val")) == "fr-FR"


def test_an_amendment_is_written_with_the_text_that_results():
    text = "\n".join(accepted(tree(word_file(copy_of(amending(document()))))))

    for told in (
        "Clause 3 (Applicable law) is deleted.",
        "The text as amended",
        "1. Tax",
        "Profile of the text as amended",
    ):
        assert told in text


def test_changes_carry_who_and_when():
    old = document(("term", "Five years."), ("law", "France."))
    new = document(("term", "Six years."), ("law", "Japan."))
    earlier = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)

    root = tree(word_file(copy_of(new), copy_of(old), {"law": ("ESA", earlier)}))
    marks = {
        "".join(mark.itertext()): (mark.get(qn("w:author")), mark.get(qn("w:date")))
        for mark in root.iter(f"{W}ins", f"{W}del")
    }

    assert marks["Six "] == marks["Five "] == ("JAXA", "2026-11-03T09:30:00Z")
    assert marks["Japan."] == ("ESA", "2026-10-01T08:00:00Z")


def test_every_change_has_a_number_of_its_own():
    old, new = document(), document(("purpose", "Other."), ("tax", "New.\n\nTwo."), ("law", "None."))

    numbers = [mark.get(qn("w:id")) for mark in tree(word_file(copy_of(new), copy_of(old))).iter(f"{W}ins", f"{W}del")]

    assert len(numbers) == len(set(numbers)) > 5


def test_without_changes_nothing_is_tracked():
    root = tree(word_file(copy_of(document()), copy_of(document())))

    assert list(root.iter(f"{W}ins", f"{W}del")) == []


def test_answers_title_and_parties_are_tracked():
    old = document()
    new = document(title="Study of sea ice", profile={"confidentiality_years": 7}, parties=old["parties"][:1])

    root = tree(word_file(copy_of(new), copy_of(old)))

    assert {"polar ", "5 ", "English"} <= {"".join(mark.itertext()) for mark in root.iter(f"{W}del")}
    assert {"sea ", "7 "} <= {"".join(mark.itertext()) for mark in root.iter(f"{W}ins")}
    assert any("Japan Aerospace" in "".join(mark.itertext()) for mark in root.iter(f"{W}del"))


@settings(max_examples=40, deadline=None)
@given(CLAUSES, CLAUSES)
def test_accepting_all_gives_the_newer_text_and_rejecting_all_the_older_one(before, after):
    old, new = document(*before), document(*after)

    root = tree(word_file(copy_of(new), copy_of(old)))

    def plain(found):
        # A clause that did not change has the numbers of its paragraphs.
        return "".join(re.sub(r"^[0-9]+\.[0-9]+\u2003", "", line) for line in of_clauses(found)).replace(" ", "")

    assert plain(accepted(root)) == "".join(expected(new)).replace(" ", "")
    assert plain(rejected(root)) == "".join(expected(old)).replace(" ", "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("One.\n\nTwo.", "One."),
        ("One.", "One.\n\nTwo."),
        ("One.\n\nTwo.\n\nThree.", "One.\n\nThree."),
        ("(a) one;\n(b) two.", "(a) one;\n(b) three;\n(c) two."),
    ],
)
def test_paragraphs_come_and_go_whole(before, after):
    root = tree(word_file(copy_of(document(("term", after))), copy_of(document(("term", before)))))

    assert of_clauses(accepted(root))[1:] == [line for line in after.split("\n") if line]
    assert of_clauses(rejected(root))[1:] == [line for line in before.split("\n") if line]


def everywhere(words):
    """The Word file of a text that has these words wherever a user can write, with its changes since another."""
    written = in_languages(amending(document(("term", f"{words}\n(a) {words}"))), ar="x")
    written["title"] = written["within"][0]["title"] = words
    written["parties"][0] |= {"legal_name": words, "bound_as": words, "share": words}
    written["clauses"][0]["heading"] = written["translations"][0]["clauses"][0]["text"] = words
    written["profile"] = {words: words}
    return tree(word_file(copy_of(written, author=words), copy_of(document())))


@pytest.mark.parametrize("trick", HOSTILE)
def test_hostile_words_are_words_wherever_they_stand(trick):
    root, harmless = everywhere(trick), everywhere("harmless")

    assert "\n".join(accepted(root)).count(printable(trick)) >= 10
    assert not re.search("[\u202a-\u202e\u200b\x00-\x08\x0e-\x1f\ufffe]", "".join(root.itertext()))
    assert {node.tag for node in root.iter()} == {node.tag for node in harmless.iter()}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_can_be_held_by_xml(text):
    element = etree.Element("t")
    element.text = printable(text)

    assert etree.fromstring(etree.tostring(element)).text == (printable(text) or None)
