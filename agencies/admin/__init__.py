"""The operators' desk: the vetting queue, people, and everything that gives them rights."""

from agencies.admin.agencies import AgencyAdmin
from agencies.admin.people import PersonAdmin
from agencies.admin.rights import InvitationAdmin, MandateAdmin, MembershipAdmin, TokenAdmin

__all__ = ["AgencyAdmin", "InvitationAdmin", "MandateAdmin", "MembershipAdmin", "PersonAdmin", "TokenAdmin"]
