"""Agreements as PDF: the text, its annexes, the sheet for signatures and the page of evidence, set with Typst."""

from .evidence import ConfirmedBy, Evidence, SignatureEvidence, VoidedSignature
from .evidence_sheet import day, moment
from .marker import Marker, mark, read_marker
from .render import render_pdf
from .signature_sheet import Block, Named

__all__ = [
    "Block",
    "ConfirmedBy",
    "Evidence",
    "Marker",
    "Named",
    "SignatureEvidence",
    "VoidedSignature",
    "day",
    "mark",
    "moment",
    "read_marker",
    "render_pdf",
]
