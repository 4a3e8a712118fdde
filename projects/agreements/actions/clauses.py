"""Which clause an action is about, in which part it stands, and the code of a new one."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from projects.agreements import written
from projects.agreements.models import Agreement, Clause


def clause_of(agreement: Agreement, code: str) -> Clause:
    """The clause of that code as it is stored; ValidationError when there is none."""
    clause = next((clause for clause in agreement.clauses.all() if clause.code == code), None)
    if clause is None:
        raise ValidationError({"clause": [_("This agreement has no such clause.")]})
    return clause


def part_of(agreement: Agreement, code: str) -> str:
    """The part in which a clause stands, or stood before it was left out."""
    for part in written.parts_of(agreement):
        if code in agreement.outlines.get(part, {}).get("left_out", ()):
            return part
    return clause_of(agreement, code).part


def new_code(agreement: Agreement) -> str:
    """A code for a clause of the parties' own that no clause and no wording of this agreement has had."""
    known = set(agreement.wordings.filter(code__startswith="own-").values_list("code", flat=True))
    known |= set(agreement.changes.filter(code__startswith="own-").values_list("code", flat=True))
    known |= {clause.code for clause in agreement.clauses.all()}
    return next(code for number in range(1, len(known) + 2) if (code := f"own-{number}") not in known)
