"""The clause library: data files of our own writing, one per kind of agreement, and what an operator adds to them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from .conditions import suits

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Alternate:
    """One wording of a clause; it is chosen when every answer named in `when` is (one of) the values given there."""

    code: str
    label: str
    when: Mapping[str, Any]
    text: str
    note: str
    is_added: bool = False

    def suits(self, answers: Mapping[str, Any]) -> bool:
        """Say whether the profile asks for this wording."""
        return suits(self.when, answers)


@dataclass(frozen=True)
class Clause:
    """A clause of the library with its alternates; `after` names the clause that an added one follows."""

    code: str
    heading: str
    group: str
    alternates: tuple[Alternate, ...]
    after: str = ""

    def alternate_for(self, answers: Mapping[str, Any]) -> Alternate | None:
        """Return the wording the profile asks for; None leaves the clause out.

        The latest added wording that suits wins, because somebody chose to add it; else the first of the file's.
        """
        suitable = [alternate for alternate in self.alternates if alternate.suits(answers)]
        added = [alternate for alternate in suitable if alternate.is_added]
        return added[-1] if added else next(iter(suitable), None)


@dataclass(frozen=True)
class Library:
    """All clauses of one kind of agreement in their order; `version` is raised with every change of words."""

    kind: str
    version: str
    language: str
    title: str
    clauses: tuple[Clause, ...]

    def clause(self, code: str) -> Clause:
        """Return the clause of that code; raises KeyError."""
        return {clause.code: clause for clause in self.clauses}[code]


@cache
def load_library(kind: str = "ip_sharing") -> Library:
    """Read the library of that kind; raises KeyError for a kind that has none."""
    if kind not in kinds():
        raise KeyError(kind)
    stored = json.loads((FOLDER / f"{kind}.json").read_text(encoding="utf-8"))
    clauses = tuple(
        Clause(
            clause["code"],
            clause["heading"],
            clause["group"],
            tuple(
                Alternate(row["code"], row["label"], row["when"], "\n\n".join(row["text"]), row["note"])
                for row in clause["alternates"]
            ),
        )
        for clause in stored["clauses"]
    )
    return Library(kind, stored["version"], stored["language"], stored["title"], clauses)


def with_added(library: Library, added: Iterable[Clause]) -> Library:
    """Return the library with what an operator added, in the order given.

    An alternate of a clause that exists stands after the others, or in the place of an added one of the same code; the
    clause keeps its heading. A clause with a code of its own stands after the clause named in `after`, or at the end.
    """
    clauses = list(library.clauses)
    waiting = []
    for clause in added:
        clause = replace(clause, alternates=tuple(replace(one, is_added=True) for one in clause.alternates))
        place = _place(clauses, clause.code)
        if place is None:
            waiting.append(clause)
        else:
            clauses[place] = _with_alternates(clauses[place], clause.alternates)
    for clause in _followers_last(waiting):
        place = _place(clauses, clause.code)
        if place is not None:
            clauses[place] = _with_alternates(clauses[place], clause.alternates)
            continue
        before = _place(clauses, clause.after)
        place = len(clauses) if before is None else before + 1
        while place < len(clauses) and clauses[place].after == clause.after:
            place += 1
        clauses.insert(place, clause)
    return replace(library, clauses=tuple(clauses))


def _place(clauses: Iterable[Clause], code: str) -> int | None:
    return next((place for place, clause in enumerate(clauses) if clause.code == code), None)


def _with_alternates(clause: Clause, added: tuple[Alternate, ...]) -> Clause:
    codes = {one.code for one in added}
    kept = tuple(one for one in clause.alternates if not (one.is_added and one.code in codes))
    return replace(clause, alternates=kept + added)


def _followers_last(clauses: list[Clause]) -> list[Clause]:
    """Put each clause after the one it follows, whatever the order in which they were added; a circle stays as it is."""
    waiting, ordered = list(clauses), []
    while waiting:
        codes = {clause.code for clause in waiting}
        ready = [clause for clause in waiting if clause.after == clause.code or clause.after not in codes]
        ordered += ready or waiting
        waiting = [clause for clause in waiting if ready and clause not in ready]
    return ordered


@cache
def kinds() -> tuple[str, ...]:
    """Name the kinds of agreement that have a library."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))
