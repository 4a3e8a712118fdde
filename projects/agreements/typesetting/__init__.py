"""Agreements as PDF: the text, its annexes and the page of evidence, set with Typst."""

from .evidence import ConfirmedBy, Evidence, SignatureEvidence, VoidedSignature
from .evidence_sheet import day, moment
from .marker import Marker, mark, read_marker
from .render import render_pdf

__all__ = [
    "ConfirmedBy",
    "Evidence",
    "Marker",
    "SignatureEvidence",
    "VoidedSignature",
    "day",
    "mark",
    "moment",
    "read_marker",
    "render_pdf",
]
