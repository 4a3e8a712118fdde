"""Everything that changes an agreement; HTML and JSON are two doors to these."""

from projects.agreements.actions.drafting import answer_profile, draft_agreement, restore_clause, share, word_clause
from projects.agreements.actions.force import enter_into_force, notify_completion
from projects.agreements.actions.negotiating import abandon, agree_to_text, freeze, reopen
from projects.agreements.actions.signing import Consent, decline, sign

__all__ = [
    "Consent",
    "abandon",
    "agree_to_text",
    "answer_profile",
    "decline",
    "draft_agreement",
    "enter_into_force",
    "freeze",
    "notify_completion",
    "reopen",
    "restore_clause",
    "share",
    "sign",
    "word_clause",
]
