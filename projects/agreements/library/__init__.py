"""The clause library: data files of our own writing, one per kind of agreement, loaded once and checked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Alternate:
    """One wording of a clause; it is chosen when every answer named in `when` is (one of) the values given there."""

    code: str
    label: str
    when: Mapping[str, Any]
    text: str
    note: str

    def suits(self, answers: Mapping[str, Any]) -> bool:
        """Say whether the profile asks for this wording."""
        return all(answers.get(key) in (v if isinstance(v, list) else [v]) for key, v in self.when.items())


@dataclass(frozen=True)
class Clause:
    """A clause of the library with its alternates, the first suitable one wins."""

    code: str
    heading: str
    group: str
    alternates: tuple[Alternate, ...]

    def alternate_for(self, answers: Mapping[str, Any]) -> Alternate | None:
        """Return the wording the profile asks for; None leaves the clause out."""
        return next((alternate for alternate in self.alternates if alternate.suits(answers)), None)


@dataclass(frozen=True)
class Library:
    """All clauses of one kind of agreement in their order; `version` is kept with every text drawn from it."""

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


@cache
def kinds() -> tuple[str, ...]:
    """Name the kinds of agreement that have a library."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))
