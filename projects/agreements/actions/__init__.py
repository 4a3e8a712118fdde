"""Everything that changes an agreement; HTML and JSON are two doors to these."""

from projects.agreements.actions.drafting import (
    add_clause,
    answer_profile,
    draft_agreement,
    move_clause,
    remove_clause,
    restore_clause,
    share,
    word_clause,
)
from projects.agreements.actions.force import enter_into_force, notify_completion
from projects.agreements.actions.negotiating import abandon, agree_to_text, freeze, reopen
from projects.agreements.actions.signing import Consent, decline, sign

__all__ = [
    "Consent",
    "abandon",
    "add_clause",
    "agree_to_text",
    "answer_profile",
    "decline",
    "draft_agreement",
    "enter_into_force",
    "freeze",
    "move_clause",
    "notify_completion",
    "remove_clause",
    "reopen",
    "restore_clause",
    "share",
    "sign",
    "word_clause",
]
