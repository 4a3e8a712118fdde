"""What people type about agreements; the actions judge it."""

from projects.agreements.forms.drafting import ClauseForm, DraftForm, ProfileForm
from projects.agreements.forms.negotiating import AgreeForm, ReasonForm
from projects.agreements.forms.signing import SignForm, VerifyForm

__all__ = ["AgreeForm", "ClauseForm", "DraftForm", "ProfileForm", "ReasonForm", "SignForm", "VerifyForm"]
