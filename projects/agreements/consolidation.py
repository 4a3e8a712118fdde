"""The text in force on a day: the instrument as it was signed with every amendment in force, each clause by who set it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from agencies.models import InstrumentKind
from projects.agreements.canonical import Alteration, ClauseEntry
from projects.agreements.models import Agreement
from projects.agreements.models.status import EFFECTIVE
from projects.agreements.profile import QUESTIONS, differences

# Where an agreement that was read keeps its text in force and the amendments that made it.
KNOWN_TEXT, KNOWN_AMENDMENTS = "_text_in_force", "_amendments_in_force"
# What a reference to another clause looks like in a text; its number changes when clauses come and go.
REFERENCE = re.compile(r"Clause\N{NO-BREAK SPACE}\d+")


@dataclass(frozen=True)
class Source:
    """The instrument that set some words, and since when they bind."""

    ref: str
    title: str
    since: date


@dataclass(frozen=True)
class SetClause:
    """A clause of a text in force with the instrument that set it."""

    number: int
    code: str
    heading: str
    text: str
    source: Source


@dataclass(frozen=True)
class Consolidated:
    """A text in force on a day: `sha256` is that of the frozen text that contains all of it."""

    sha256: str
    profile: Mapping[str, Any]
    clauses: tuple[SetClause, ...]
    annexes: tuple[Mapping[str, Any], ...]
    sources: tuple[Source, ...]

    @property
    def entries(self) -> list[ClauseEntry]:
        return [
            {"number": clause.number, "code": clause.code, "heading": clause.heading, "text": clause.text}
            for clause in self.clauses
        ]


def amendments_of(agreement: Agreement, on: date | None = None) -> list[Agreement]:
    """The amendments that are in force, on a day or at all, in the order in which they took effect."""
    found = Agreement.objects.filter(parent=agreement, kind=InstrumentKind.AMENDMENT, status__in=EFFECTIVE)
    if on is not None:
        found = found.filter(in_force_on__lte=on)
    return list(found.select_related("text").order_by("in_force_on", "pk"))


def text_in_force(agreement: Agreement, on: date | None = None) -> Consolidated:
    """The text of an agreement that was signed, on a day or with everything that is in force; two queries.

    Whether the agreement itself is in force on that day is another question: this says which words count then.
    """
    assert agreement.text is not None
    return consolidate(agreement, amendments_of(agreement, on))


def known_text_in_force(agreement: Agreement) -> Consolidated:
    """The same with everything that is in force, read once for this object; for who reads and does not write."""
    known: Consolidated | None = agreement.__dict__.get(KNOWN_TEXT)
    if known is None:
        known = agreement.__dict__[KNOWN_TEXT] = consolidate(agreement, known_amendments(agreement))
    return known


def known_amendments(agreement: Agreement) -> list[Agreement]:
    """The amendments that are in force, read once for this object."""
    known: list[Agreement] | None = agreement.__dict__.get(KNOWN_AMENDMENTS)
    if known is None:
        known = agreement.__dict__[KNOWN_AMENDMENTS] = amendments_of(agreement)
    return known


def consolidate(agreement: Agreement, amendments: Sequence[Agreement]) -> Consolidated:
    """Apply amendments in their order; each carries the whole text that results from it."""
    assert agreement.text is not None
    document = agreement.text.document
    source = Source(agreement.ref, agreement.title, agreement.in_force_on or date.min)
    clauses = tuple(_set_by(clause, source) for clause in document["clauses"])
    result = Consolidated(agreement.text.sha256, document["profile"], clauses, tuple(document["annexes"]), (source,))
    for amendment in amendments:
        result = _amended_by(result, amendment)
    return result


def alterations(before: Sequence[ClauseEntry], after: Sequence[ClauseEntry]) -> list[Alteration]:
    """What changes between two texts, clause by clause: replaced, inserted, deleted, moved, or only renumbered.

    Numbers count in the text before; an inserted clause has the number of the one that it follows, 0 for none.
    """
    old = {clause["code"]: clause for clause in before}
    new = {clause["code"]: clause for clause in after}
    found: list[Alteration] = [
        _alteration("delete", clause["code"], clause["number"], clause["heading"], "")
        for clause in before
        if clause["code"] not in new
    ]
    stays = [clause["code"] for clause in before if clause["code"] in new]
    order = [clause["code"] for clause in after if clause["code"] in old]
    moved = set(order) - set(_longest_run([stays.index(code) for code in order], order))
    last = 0
    for clause in after:
        code = clause["code"]
        if code not in old:
            found.append(_alteration("insert", code, last, clause["heading"], clause["text"]))
            continue
        same_heading = old[code]["heading"] == clause["heading"]
        if code in moved:
            found.append(_alteration("move", code, old[code]["number"], clause["heading"], ""))
        if not same_heading or old[code]["text"] != clause["text"]:
            only_numbers = same_heading and _unnumbered(old[code]["text"]) == _unnumbered(clause["text"])
            operation = "renumber" if only_numbers else "replace"
            found.append(_alteration(operation, code, old[code]["number"], clause["heading"], clause["text"]))
        last = old[code]["number"]
    return found


def answered_otherwise(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Alteration]:
    """The answers of the profile that change, as alterations; the words are English, as the text is."""
    return [
        _alteration(
            "answer", difference.question.key, 0, str(QUESTIONS[difference.question.key].label),
            "" if difference.new is None else difference.question.display(difference.new),
        )
        for difference in differences(before, after)
    ]  # fmt: skip


def _amended_by(text: Consolidated, amendment: Agreement) -> Consolidated:
    assert amendment.text is not None
    document = amendment.text.document
    amended = document["amended"][0]
    source = Source(amendment.ref, amendment.title, amendment.in_force_on or date.min)
    known = {clause.code: clause for clause in text.clauses}
    clauses = tuple(
        SetClause(clause["number"], clause["code"], clause["heading"], clause["text"], known[clause["code"]].source)
        if clause["code"] in known and _says_the_same(known[clause["code"]], clause)
        else _set_by(clause, source)
        for clause in amended["clauses"]
    )
    annexes = tuple(document["annexes"]) or text.annexes
    return Consolidated(amendment.text.sha256, amended["profile"], clauses, annexes, (*text.sources, source))


def _says_the_same(known: SetClause, clause: Mapping[str, Any]) -> bool:
    """Whether an amendment left the words as they were; another number in a reference is not another rule."""
    return known.heading == clause["heading"] and _unnumbered(known.text) == _unnumbered(clause["text"])


def _set_by(clause: Mapping[str, Any], source: Source) -> SetClause:
    return SetClause(clause["number"], clause["code"], clause["heading"], clause["text"], source)


def _unnumbered(text: str) -> str:
    return REFERENCE.sub("Clause", text)


def _alteration(operation: str, code: str, number: int, heading: str, text: str) -> Alteration:
    return {"operation": operation, "code": code, "number": number, "heading": heading, "text": text}


def _longest_run(positions: list[int], codes: list[str]) -> list[str]:
    """The codes that keep their order: a longest increasing run, so that one moved clause is named and not all others."""
    best: list[list[int]] = []
    for index, position in enumerate(positions):
        before = [run for run in best if positions[run[-1]] < position]
        best.append([*max(before, key=len, default=[]), index])
    return [codes[index] for index in max(best, key=len, default=[])]
