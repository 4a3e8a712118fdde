"""Rules of entry into force: the grammar, who still has to do what, and from which day a text binds."""

from __future__ import annotations

from typing import Any

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

# The rules that two of the answers of a profile stand for, as `rule_from` gives them.
RULES: dict[str, dict[str, Any]] = {
    "all_signed": {"all_signed": True},
    "all_notified": {"and": [{"all_signed": True}, {"act": "completion", "by": "all"}]},
}
evaluate = standing_of

__all__ = [
    "RULES",
    "Missing",
    "Standing",
    "acronyms_of",
    "bound_on",
    "clause_words",
    "evaluate",
    "facts_of",
    "parties_of",
    "rule_from",
    "rule_of",
    "standing_of",
    "valid_acts",
]
