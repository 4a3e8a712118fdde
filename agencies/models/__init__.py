"""The nouns of the agencies app."""

from agencies.models.agencies import Agency, Kind, Marking, Status
from agencies.models.invitations import Invitation
from agencies.models.mandates import InstrumentKind, Mandate
from agencies.models.memberships import AGENCY_WIDE, Membership, Role
from agencies.models.people import Person, Theme
from agencies.models.sharing import SharingQuerySet
from agencies.models.tokens import Scope, Token

__all__ = [
    "AGENCY_WIDE",
    "Agency",
    "InstrumentKind",
    "Invitation",
    "Kind",
    "Mandate",
    "Marking",
    "Membership",
    "Person",
    "Role",
    "Scope",
    "SharingQuerySet",
    "Status",
    "Theme",
    "Token",
]
