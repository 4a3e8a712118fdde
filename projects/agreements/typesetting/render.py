"""Rendering a text document to PDF/A with Typst: deterministic, offline, user text only ever as data."""

from datetime import datetime

from ..canonical import TextDocument
from .evidence import Evidence


def render_pdf(
    document: TextDocument, *, frozen_at: datetime | None = None, evidence: Evidence | None = None
) -> bytes:
    """Render the document; the same input always gives the same bytes.

    Without `frozen_at` every page says that this is a draft. With `evidence` a page of evidence closes the document.
    The canonical bytes travel in the PDF as the attached file `concord-text.json`. Raises ValueError as `canonical_bytes`.
    """
    raise NotImplementedError
