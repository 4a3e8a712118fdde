"""Markdown of a text: complete, and what users wrote is never markup."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from portal.kit.templatetags.kit import exposed
from projects.agreements.canonical import text_hash
from projects.agreements.exports import Copy, markdown
from projects.agreements.exports.markdown import escaped
from tests.projects.agreements.documents import HOSTILE, amending, document, in_languages

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
LINE = st.text(
    st.one_of(st.sampled_from(list("\\`*_[]<>|~&$@#-+=1.():! \t")), st.characters(exclude_categories=["Cs"]))
)


class Words(HTMLParser):
    """The words of a page and the elements it has."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.elements = "", set()

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)

    def handle_data(self, data):
        self.words += data


def shown(source):
    reader = Words()
    reader.feed(READER.render(source))
    reader.close()
    return reader


def copy_of(written):
    return Copy(written, text_hash(written), "Revision 3, written by JAXA on 3 November 2026", "JAXA", None, False)


def squeezed(text):
    return "".join(str(text).split())


@given(LINE)
def test_any_line_reads_as_it_was_written(line):
    found = shown(escaped(line))

    assert squeezed(found.words) == squeezed(str(exposed(line)).replace("\r", "[U+000D]"))
    assert found.elements <= {"p"}


def test_everything_is_said():
    written = amending(in_languages(document(), ar="دراسة"))

    text = markdown(copy_of(written))
    words = squeezed(shown(text).words)

    for told in (
        "Study of polar ice",
        "Revision 3, written by JAXA on 3 November 2026",
        text_hash(written),
        "The sealed PDF and the canonical text prevail.",
        "2.2 It may be extended:",
        "(a) once;",
        "العربية: دراسة",
        "Clause 3 (Applicable law) is deleted.",
        "Profile of the text as amended",
        "Language that prevails English",
    ):
        assert squeezed(told) in words
    assert "## 2 Term\n\n**2.1** It lasts five (5) years.\n" in text


@pytest.mark.parametrize("trick", HOSTILE)
def test_hostile_words_are_words_wherever_they_stand(trick):
    columns = [{"key": "ref", "label": trick}]
    annex = {"letter": trick, "title": trick, "columns": columns, "rows": [{"ref": trick}]}
    written = document(("term", f"{trick}\n(a) {trick}\n{trick}"), annexes=[annex], title=trick, profile={trick: trick})
    written["clauses"][0]["heading"] = written["parties"][0]["legal_name"] = trick
    plain = shown(
        markdown(
            copy_of(
                document(annexes=[annex | {"letter": "A", "title": "x", "columns": [{"key": "ref", "label": "x"}]}])
            )
        )
    )

    found = shown(markdown(copy_of(written)))

    assert squeezed(found.words).count(squeezed(exposed(trick))) >= 11
    assert found.elements <= plain.elements
