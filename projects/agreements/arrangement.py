"""A draft as its drafter arranges it: the clauses in their order, where each can go, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from projects.agreements.choosing import Choice, choices, model_text
from projects.agreements.drafts import Draft
from projects.agreements.library import Clause as ModelText
from projects.agreements.models import Agreement, Clause, Part
from projects.agreements.written import draft_of, parts_of


@dataclass(frozen=True)
class Subject:
    """One clause with the part of the text in which it stands; `row` is None while it is not in the text."""

    code: str
    part: str
    draft: Draft
    row: Clause | None
    model: ModelText | None

    @property
    def heading(self) -> str:
        if self.row is not None:
            return self.row.heading
        return self.model.heading if self.model is not None else self.code

    @property
    def is_left_out(self) -> bool:
        return self.code in self.draft.left_out

    @cached_property
    def choices(self) -> list[Choice]:
        """The alternates of the model; a clause of the parties' own has none."""
        if self.model is None or (self.row is not None and self.row.is_added):
            return []
        return choices(self.draft, self.model)

    @cached_property
    def model_text(self) -> str:
        return model_text(self.draft, self.code) if self.row is not None and self.row.departs else ""


@dataclass(frozen=True)
class Line:
    """A clause in the outline; `above` and `below` are the clauses after which it stands once it is moved by one place."""

    clause: Clause
    is_first: bool
    is_last: bool
    above: str
    below: str


@dataclass(frozen=True)
class LeftOut:
    """A clause of the model that the text does not have; `by_answers` says that the profile asks for no wording of it."""

    clause: ModelText
    by_answers: bool


def subject(agreement: Agreement, code: str) -> Subject | None:
    """The clause of that code, in the text or in the model."""
    row = next((clause for clause in agreement.clauses.all() if clause.code == code), None)
    for part in [row.part] if row is not None else parts_of(agreement):
        draft = draft_of(agreement, part)
        model = next((clause for clause in draft.library.clauses if clause.code == code), None)
        if row is not None or model is not None:
            return Subject(code, part, draft, row, model)
    return None


def newest_part(agreement: Agreement) -> Draft:
    """The part in which new clauses are written."""
    return draft_of(agreement, parts_of(agreement)[-1])


def outline_rows(agreement: Agreement) -> list[tuple[str, list[Line]]]:
    """Each part with its clauses in their order; the name of the part is said where there are two."""
    parts = parts_of(agreement)
    return [(str(Part(part).label) if len(parts) > 1 else "", _lines(agreement, part)) for part in parts]


def left_out(agreement: Agreement) -> list[LeftOut]:
    """What the model has and the text has not, part by part."""
    found = []
    for part in parts_of(agreement):
        draft = draft_of(agreement, part)
        present = {clause.code for clause in agreement.clauses.all() if clause.part == part}
        found += [
            LeftOut(clause, by_answers=clause.code not in draft.left_out)
            for clause in draft.library.clauses
            if clause.code not in present
        ]
    return found


def places(agreement: Agreement, moved: Clause | None = None) -> list[tuple[str, str]]:
    """Where a clause can stand, as choices: first, or after another one."""
    part = moved.part if moved is not None else parts_of(agreement)[-1]
    others = [clause for clause in agreement.clauses.all() if clause.part == part and clause != moved]
    words = _("After %(number)s, %(heading)s")
    return [
        ("", _("First of all")),
        *((clause.code, words % {"number": clause.number, "heading": clause.heading}) for clause in others),
    ]


def stands_after(agreement: Agreement, moved: Clause) -> str:
    """The clause after which one stands now; empty for the first."""
    before = [one for one in agreement.clauses.all() if one.part == moved.part and one.position < moved.position]
    return before[-1].code if before else ""


def _lines(agreement: Agreement, part: str) -> list[Line]:
    clauses = [clause for clause in agreement.clauses.all() if clause.part == part]
    codes = [clause.code for clause in clauses]
    last = len(clauses) - 1
    return [
        Line(
            clause=clause,
            is_first=place == 0,
            is_last=place == last,
            above=codes[place - 2] if place > 1 else "",
            below=codes[place + 1] if place < last else "",
        )
        for place, clause in enumerate(clauses)
    ]
