"""What people type about agreements; the actions judge it."""

from projects.agreements.forms.drafting import AddClauseForm, ClauseForm, DraftForm, MoveForm, VersionForm
from projects.agreements.forms.languages import LanguagesForm, TitleForm, TranslationForm
from projects.agreements.forms.negotiating import AgreeForm, ReasonForm
from projects.agreements.forms.profile import ProfileForm
from projects.agreements.forms.signing import (
    ApproveForSigningForm,
    ConfirmSignatureForm,
    DeclineForm,
    QuestionForm,
    SignForm,
    VerifyForm,
    VoidSignatureForm,
)

__all__ = [
    "AddClauseForm",
    "AgreeForm",
    "ApproveForSigningForm",
    "ClauseForm",
    "ConfirmSignatureForm",
    "DeclineForm",
    "DraftForm",
    "LanguagesForm",
    "MoveForm",
    "ProfileForm",
    "QuestionForm",
    "ReasonForm",
    "SignForm",
    "TitleForm",
    "TranslationForm",
    "VerifyForm",
    "VersionForm",
    "VoidSignatureForm",
]
