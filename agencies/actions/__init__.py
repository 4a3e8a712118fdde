"""The verbs of the agencies app."""

from agencies.actions.agencies import apply, apply_again, edit_profile
from agencies.actions.invitations import accept_invitation, invite, withdraw_invitation
from agencies.actions.mandates import grant_mandate, revoke_mandate
from agencies.actions.memberships import change_roles, end_membership
from agencies.actions.people import edit_account
from agencies.actions.tokens import issue_token, revoke_token
from agencies.actions.vetting import correct, reconsider, refuse, reinstate, suspend, verify
from agencies.actions.witnesses import (
    compare_checkpoint,
    cosign,
    register_witness,
    retire_witness,
    set_checkpoint_addresses,
)

__all__ = [
    "accept_invitation",
    "apply",
    "apply_again",
    "change_roles",
    "compare_checkpoint",
    "correct",
    "cosign",
    "edit_account",
    "edit_profile",
    "end_membership",
    "grant_mandate",
    "invite",
    "issue_token",
    "reconsider",
    "refuse",
    "register_witness",
    "reinstate",
    "retire_witness",
    "revoke_mandate",
    "revoke_token",
    "set_checkpoint_addresses",
    "suspend",
    "verify",
    "withdraw_invitation",
]
