"""What people type about agencies, their people, mandates and tokens."""

from agencies.forms.profiles import AccountForm, ProfileForm
from agencies.forms.rights import ConsentForm, InviteForm, MandateForm, ProofForm, RolesForm, TokenForm

__all__ = [
    "AccountForm",
    "ConsentForm",
    "InviteForm",
    "MandateForm",
    "ProfileForm",
    "ProofForm",
    "RolesForm",
    "TokenForm",
]
