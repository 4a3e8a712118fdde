"""Agreements, their parties and clauses, the frozen texts, and the signatures under them."""

from projects.agreements.models.agreement import Agreement, Party, Status
from projects.agreements.models.clause import Clause, ClauseWording
from projects.agreements.models.evidence import Reason, SealedPdf, Signature, TextVersion

__all__ = ["Agreement", "Clause", "ClauseWording", "Party", "Reason", "SealedPdf", "Signature", "Status", "TextVersion"]
