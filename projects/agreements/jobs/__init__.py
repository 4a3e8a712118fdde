"""What happens to agreements in the background; the worker imports this package."""

from projects.agreements.jobs.life import tend, tend_agreement
from projects.agreements.jobs.negotiation import remind_of_change, remind_of_changes
from projects.agreements.jobs.sealing import seal_pdf, seal_waiting
from projects.agreements.jobs.signing import keep_pdf_to_sign, tend_call, tend_calls

__all__ = [
    "keep_pdf_to_sign",
    "remind_of_change",
    "remind_of_changes",
    "seal_pdf",
    "seal_waiting",
    "tend",
    "tend_agreement",
    "tend_call",
    "tend_calls",
]
