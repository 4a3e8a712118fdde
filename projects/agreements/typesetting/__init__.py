"""Agreements as PDF: the text, its annexes and the page of evidence, set with Typst."""

from .evidence import Evidence, SignatureEvidence
from .render import render_pdf

__all__ = ["Evidence", "SignatureEvidence", "render_pdf"]
