"""The verbs of joint work; nothing else changes a project."""

from projects.actions.answering import accept_condition, answer_invitation, leave_project
from projects.actions.drafting import draft_project, edit_draft
from projects.actions.inviting import invite_partner, withdraw_invitation
from projects.actions.proposing import propose, revise_terms, withdraw_proposal
from projects.actions.running import activate, activate_when_covered, cancel_project, complete, resume, suspend
from projects.actions.team import assign_team

__all__ = [
    "accept_condition",
    "activate",
    "activate_when_covered",
    "answer_invitation",
    "assign_team",
    "cancel_project",
    "complete",
    "draft_project",
    "edit_draft",
    "invite_partner",
    "leave_project",
    "propose",
    "resume",
    "revise_terms",
    "suspend",
    "withdraw_invitation",
    "withdraw_proposal",
]
