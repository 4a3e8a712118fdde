"""A text as Markdown: everything that is hashed, with every mark of a user's words escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from portal.kit.templatetags.kit import exposed
from projects.agreements.exports.copies import Copy
from projects.agreements.fixed_words import words_of
from projects.agreements.paragraphs import paragraphs
from projects.agreements.printed import (
    NOTHING,
    PROFILE_NOTE,
    PROFILE_TITLE,
    RESULTING_TITLE,
    Printed,
    Table,
    Text,
    Words,
    printed,
)

# SECURITY: words of a user are data; each of these could begin markup, HTML, a link or a picture.
MARKUP = re.compile(r"[\\`*_\[\]<>|~&$@#]|(?<=www)\.|:(?=//)|(?<=mailto):|(?<=xmpp):", re.I)
# What makes a list, a heading or a rule at the beginning of a line.
OPENING = re.compile(r"^(?:([-+=])|([0-9]{1,9})([.)]))")
INDENT = re.compile(r"^[ \t]+")
SPACES = {" ": "&#32;", "\t": "&#9;"}


def markdown(copy: Copy) -> str:
    """Write a copy as CommonMark with tables; equal input gives equal text."""
    told = printed(copy.document)
    blocks = [*_head(copy, told)]
    for text in told.texts:
        blocks += _text(text, with_head=len(told.texts) > 1)
    blocks += _amendment(told)
    for annex in told.annexes:
        blocks += _annex(annex)
    for title, answers in ((PROFILE_TITLE, told.answers), (RESULTING_TITLE, told.resulting_answers)):
        if answers:
            blocks += [f"## {title}", PROFILE_NOTE, _table(["Question", "Answer"], answers)]
    return "\n\n".join(blocks) + "\n"


def escaped(line: str) -> str:
    """One line of a user's words as it reads; characters that hide or reorder text are shown by number."""
    shown = str(exposed(line)).replace("\r", "[U+000D]").replace("\n", " ")
    indent = INDENT.match(shown)
    rest = MARKUP.sub(r"\\\g<0>", shown[indent.end() :] if indent else shown)
    rest = OPENING.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", rest)
    return "".join(SPACES[space] for space in indent[0]) + rest if indent else rest


def _head(copy: Copy, told: Printed) -> Iterable[str]:
    yield f"# {escaped(told.title)}"
    yield "\n".join(
        [
            f"- {escaped(told.kind)}",
            f"- {escaped(told.reference)}, version {told.version}",
            f"- {escaped(copy.standing)}",
            f"- SHA-256 `{copy.sha256}`",
            *(f"- {note}" for note in copy.notes),
        ]
    )
    yield "## Between"
    yield (
        "\n".join(
            "- "
            + ", ".join(
                escaped(part)
                for part in (party["legal_name"], party["native_name"], party["ref"], party["role"], party["more"])
                if part
            )
            for party in told.parties
        )
        or NOTHING
    )
    if told.facts:
        yield "\n".join(f"- **{label}:** {escaped(value)}" for label, value in told.facts)


def _text(text: Text, *, with_head: bool) -> Iterable[str]:
    if with_head:
        yield f"## {escaped(text.own_name)}: {escaped(text.title)}"
        yield f"*{escaped(text.authentic)}*" if text.authentic else f"*{words_of(text.language).clauses}*"
    yield from _clauses(text.clauses)


def _clauses(clauses: Sequence[Words]) -> Iterable[str]:
    for clause in clauses:
        yield f"## {clause.number} {escaped(clause.heading)}"
        yield from _words(clause.number, clause.text)


def _words(number: int | str, text: str) -> Iterable[str]:
    for paragraph in paragraphs(number, text):
        mark = f"**{paragraph.number}** " if paragraph.number and number else ""
        if paragraph.text:
            # Behind a number the line has begun already: nothing in it can open a list.
            yield mark + escaped(paragraph.text)
        items = [
            f"- ({item.mark}) {escaped(item.text)}" if item.mark else f"- {escaped(item.text)}"
            for item in paragraph.items
        ]
        if items:
            yield "\n".join(items if paragraph.text or not mark else [mark.strip(), "", *items])


def _amendment(told: Printed) -> Iterable[str]:
    if not (told.alterations or told.resulting):
        return
    yield "## What this amendment changes"
    for words, text in told.alterations:
        yield f"**{escaped(words)}**"
        yield from _words("", text)
    yield "## The text as amended"
    yield from _clauses(told.resulting)


def _annex(annex: Table) -> Iterable[str]:
    yield f"## Annex {escaped(annex.letter)}: {escaped(annex.title)}"
    yield _table(annex.columns, annex.rows) if annex.rows else NOTHING


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, *rows]
    written = ["| " + " | ".join(escaped(cell) for cell in line) + " |" for line in lines]
    return "\n".join([written[0], "|" + " --- |" * len(columns), *written[1:]])
