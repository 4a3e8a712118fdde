"""Agreements, their parties and clauses, how they are negotiated, the frozen texts, signatures, and their life in force."""

from projects.agreements.models.act import Act, ActKind
from projects.agreements.models.agreement import Agreement
from projects.agreements.models.approval import Approval, ApprovalKind
from projects.agreements.models.beneficiary import Beneficiary, BeneficiaryConsent
from projects.agreements.models.change import Answer, Change, Decision, Operation, Verdict
from projects.agreements.models.clause import Clause, ClauseTranslation, ClauseWording, Part, Revision
from projects.agreements.models.evidence import (
    Confirmation,
    Level,
    PdfToSign,
    Reason,
    SealedPdf,
    SealFailure,
    Signature,
    TextVersion,
    Voiding,
)
from projects.agreements.models.external import ExternalKind, ExternalSignature, ExternalStatus
from projects.agreements.models.library import ModelClause
from projects.agreements.models.life import Handover, HandoverKind, Step, StepConsent, StepKind, StepStatus
from projects.agreements.models.party import Party
from projects.agreements.models.reader import Reader, Standing
from projects.agreements.models.slot import Addressee, Endorsement, OrderChange, SigningCall, Slot, SlotRole
from projects.agreements.models.status import Status
from projects.agreements.models.talk import Audience, Bracket, Comment

__all__ = [
    "Act",
    "ActKind",
    "Addressee",
    "Agreement",
    "Answer",
    "Approval",
    "ApprovalKind",
    "Audience",
    "Beneficiary",
    "BeneficiaryConsent",
    "Bracket",
    "Change",
    "Clause",
    "ClauseTranslation",
    "ClauseWording",
    "Comment",
    "Confirmation",
    "Decision",
    "Endorsement",
    "ExternalKind",
    "ExternalSignature",
    "ExternalStatus",
    "Handover",
    "HandoverKind",
    "Level",
    "ModelClause",
    "Operation",
    "OrderChange",
    "Part",
    "Party",
    "PdfToSign",
    "Reader",
    "Reason",
    "Revision",
    "SealFailure",
    "SealedPdf",
    "Signature",
    "SigningCall",
    "Slot",
    "SlotRole",
    "Standing",
    "Status",
    "Step",
    "StepConsent",
    "StepKind",
    "StepStatus",
    "TextVersion",
    "Verdict",
    "Voiding",
]
