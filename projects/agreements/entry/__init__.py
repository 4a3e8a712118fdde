"""Rules of entry into force: the grammar, who still has to do what, and from which day a text binds."""

from __future__ import annotations

from projects.agreements.entry.answers import rule_from
from projects.agreements.entry.current import (
    acronyms_of,
    bound_on,
    clause_words,
    facts_of,
    parties_of,
    rule_of,
    standing_of,
    valid_acts,
)
from projects.agreements.entry.evaluating import Missing, Standing

__all__ = [
    "Missing",
    "Standing",
    "acronyms_of",
    "bound_on",
    "clause_words",
    "facts_of",
    "parties_of",
    "rule_from",
    "rule_of",
    "standing_of",
    "valid_acts",
]
