"""A text as a Word file for counsel, and the same with the changes since another version as tracked changes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from projects.agreements.compare import arrangement
from projects.agreements.exports.copies import Copy
from projects.agreements.exports.tracked import Author, Pen, printable
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
from projects.agreements.redline import STEPS_OF_A_PAGE, Allowance, Op, Run, redline

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
UNNUMBERED = "Clauses that changed stand without the numbers of their paragraphs, which are not part of the text."
Authors = Mapping[str, tuple[str, datetime]]


def word_file(copy: Copy, before: Copy | None = None, authors: Authors | None = None) -> bytes:
    """Write a copy as a Word file; with `before`, what changed since is tracked.

    `authors` says by the code of a clause who gave it its words and when; everything else is by who wrote the copy.
    """
    sheet = _Sheet(copy, before, authors or {})
    sheet.write()
    return sheet.saved()


class _Sheet:
    def __init__(self, copy: Copy, before: Copy | None, authors: Authors) -> None:
        self.copy, self.before, self.authors = copy, before, authors
        self.told: Printed = printed(copy.document)
        self.old: Printed | None = printed(before.document) if before else None
        self.document: Any = Document()
        self.allowance = Allowance(STEPS_OF_A_PAGE)
        self.pen = Pen(self.told.language, Author(copy.author, copy.at))
        self.english = Pen("en", self.pen.author, self.pen.numbers)

    def write(self) -> None:
        self._properties()
        self._first_page()
        self._texts()
        self._amendment()
        for annex in self.told.annexes:
            self._annex(annex)
        old = self.old
        self._answers(PROFILE_TITLE, self.told.answers, old.answers if old else None)
        resulting = (self.told.resulting_answers, old.resulting_answers if old else None)
        self._answers(RESULTING_TITLE, *resulting)

    def saved(self) -> bytes:
        kept = io.BytesIO()
        self.document.save(kept)
        return kept.getvalue()

    def _properties(self) -> None:
        core, at = self.document.core_properties, self.copy.at or UNDATED
        core.author = core.last_modified_by = printable(self.copy.author)
        core.title, core.subject = printable(self.told.title)[:255], printable(self.told.reference)
        core.identifier, core.version = printable(self.told.reference), printable(self.copy.standing)[:255]
        core.language, core.comments, core.keywords = printable(self.told.language), self.copy.sha256, ""
        core.created = core.modified = at.astimezone(UTC).replace(tzinfo=None)
        self.document.styles["Normal"].font.size = Pt(10.5)

    def _first_page(self) -> None:
        told, old = self.told, self.old
        self._plain(told.kind)
        self._line(self.document.add_paragraph(style="Title"), self._redline(old.title if old else None, told.title))
        note = f"{told.reference} · version {told.version} · {self.copy.standing} · SHA-256 {self.copy.sha256}"
        for line in [note, *self.copy.notes]:
            self._plain(line)
        if self.before is not None:
            self._plain(f"Changes since: {self.before.standing}, SHA-256 {self.before.sha256}. {UNNUMBERED}")
        self._heading("Between")
        self._tracked(self._redline(_parties(old) if old else None, _parties(told)), self.english)
        before = dict(old.facts) if old else {}
        labels = list(dict.fromkeys([*dict(told.facts), *before]))
        now = dict(told.facts)
        for label in labels:
            line = self.document.add_paragraph()
            self.english.write(line, f"{label}: ", is_bold=True)
            self._line(line, self._redline(before.get(label, "") if old else None, now.get(label, "")), self.english)

    def _texts(self) -> None:
        known = {text.language: text for text in self.old.texts} if self.old else {}
        for text in self.told.texts:
            pen = replace(self.pen, language=text.language)
            if len(self.told.texts) > 1:
                self._language_head(text, pen)
            was = known.get(text.language)
            self._clauses(text.clauses, (was.clauses if was else ()) if self.old else None, pen)

    def _language_head(self, text: Text, pen: Pen) -> None:
        head = pen.direct(self.document.add_heading(level=1))
        pen.write(head, f"{text.own_name}: {text.title}")
        if text.authentic:
            pen.write(pen.direct(self.document.add_paragraph()), text.authentic)

    def _clauses(self, clauses: Sequence[Words], before: Sequence[Words] | None, pen: Pen) -> None:
        now = {clause.code: clause for clause in clauses}
        if before is None:
            for clause in clauses:
                self._clause(clause, pen)
            return
        was = {clause.code: clause for clause in before}
        for step, code in arrangement(list(was), list(now)):
            author = Author(*self.authors[code]) if code in self.authors else pen.author
            own = replace(pen, author=author)
            if step == "kept" and was[code].text == now[code].text:
                self._clause(now[code], own, was[code])
            elif step == "kept":
                self._clause_heading(now[code], own, was[code])
                self._tracked(redline(was[code].text, now[code].text, self.allowance), own)
            else:
                is_gone = step in ("removed", "moved_away")
                self._whole_clause(
                    was[code] if is_gone else now[code], "del" if is_gone else "ins", pen if is_gone else own
                )

    def _clause(self, clause: Words, pen: Pen, was: Words | None = None) -> None:
        self._clause_heading(clause, pen, was or clause)
        self._paragraphs(clause.number, clause.text, pen)

    def _clause_heading(self, clause: Words, pen: Pen, was: Words) -> None:
        head = pen.direct(self.document.add_heading(level=2))
        pen.write_runs(head, _renumbered(was.number, clause.number))
        pen.write_runs(head, redline(was.heading, clause.heading))

    def _whole_clause(self, clause: Words, op: Op, pen: Pen) -> None:
        head = pen.direct(self.document.add_heading(level=2))
        pen.write(head, f"{clause.number}. {clause.heading}", op)
        pen.end(head, op)
        last = self._tracked([(op, clause.text)], pen)
        pen.end(last, op)

    def _paragraphs(self, number: int | str, text: str, pen: Pen) -> None:
        for paragraph in paragraphs(number, text):
            mark = f"{paragraph.number}\N{EM SPACE}" if paragraph.number and number else ""
            if paragraph.text or mark:
                pen.write(pen.direct(self.document.add_paragraph()), mark + paragraph.text)
            for item in paragraph.items:
                line = pen.direct(self.document.add_paragraph())
                line.paragraph_format.left_indent = Mm(10)
                pen.write(line, f"({item.mark}) {item.text}" if item.mark else item.text)

    def _tracked(self, runs: Iterable[Run], pen: Pen) -> Paragraph:
        """Write runs as paragraphs; the end of one that came or went is tracked as well."""
        line: Paragraph = pen.direct(self.document.add_paragraph())
        for op, text in runs:
            for piece in re.split(r"(\n+)", text):
                if piece.startswith("\n"):
                    pen.end(line, op)
                    line = pen.direct(self.document.add_paragraph())
                else:
                    pen.write(line, piece, op)
        return line

    def _amendment(self) -> None:
        told = self.told
        if not (told.alterations or told.resulting):
            return
        self._heading("What this amendment changes")
        for words, text in told.alterations:
            self.english.write(self.document.add_paragraph(), words, is_bold=True)
            self._paragraphs("", text, self.pen)
        self._heading("The text as amended")
        self._clauses(told.resulting, self.old.resulting if self.old else None, self.pen)

    def _annex(self, annex: Table) -> None:
        self._heading(f"Annex {annex.letter}: {annex.title}")
        if not annex.rows:
            self._plain(NOTHING)
            return
        self._table(annex.columns, [[[("same", cell)] for cell in row] for row in annex.rows])

    def _answers(self, title: str, answers: Sequence[Sequence[str]], before: Sequence[Sequence[str]] | None) -> None:
        now, was = _by_question(answers), _by_question(before or [])
        if not now and not was:
            return
        self._heading(title)
        self._plain(PROFILE_NOTE)
        rows: list[list[Sequence[Run]]] = []
        for key in [*now, *(key for key in was if key not in now)]:
            answer = self._redline(was.get(key, "") if before is not None else None, now.get(key, ""))
            rows.append([[("same", key[0])], answer])
        self._table(["Question", "Answer"], rows)

    def _table(self, columns: Sequence[str], rows: Sequence[Sequence[Sequence[Run]]]) -> None:
        # Cells of an empty table are made at once; asked for one by one, a long annex takes seconds.
        table = self.document.add_table(rows=len(rows) + 1, cols=len(columns), style="Table Grid")
        cells = iter(table._cells)
        for label in columns:
            self.english.write(next(cells).paragraphs[0], label, is_bold=True)
        for row in rows:
            for runs in row:
                self._line(next(cells).paragraphs[0], runs, self.english)
        self.document.add_paragraph()

    def _heading(self, words: str) -> None:
        self.english.write(self.document.add_heading(level=1), words)

    def _plain(self, words: str) -> None:
        self.english.write(self.document.add_paragraph(), words)

    def _line(self, line: Paragraph, runs: Iterable[Run], pen: Pen | None = None) -> None:
        (pen or self.pen).write_runs(line, [(op, text.replace("\n", " ")) for op, text in runs])

    def _redline(self, was: str | None, now: str) -> Sequence[Run]:
        return [("same", now)] if was is None else redline(was, now)


def _parties(told: Printed) -> str:
    return "\n".join(
        ", ".join(filter(None, (party["legal_name"], party["native_name"], party["ref"], party["role"], party["more"])))
        for party in told.parties
    )


def _by_question(rows: Sequence[Sequence[str]]) -> dict[tuple[str, int], str]:
    """Answers by their question; one that is asked in the same words again is another question."""
    keyed: dict[tuple[str, int], str] = {}
    for question, answer in rows:
        keyed[question, sum(known == question for known, _nth in keyed)] = answer
    return keyed


def _renumbered(old: int, new: int) -> list[Run]:
    return [("same", f"{new}. ")] if old == new else [("del", f"{old}. "), ("ins", f"{new}. ")]
