"""Rendering a text document to PDF/A with Typst: deterministic, offline, user text only ever as data."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import typst

from ..canonical import TextDocument, canonical_bytes
from .evidence import Evidence
from .fonts import fonts
from .sheet import sheet

FOLDER = Path(__file__).parent
# A (accessible: tagged, with Unicode text) of PDF/A-3, which may carry the canonical bytes as an attached file.
STANDARD: Literal["a-3a"] = "a-3a"
# A draft has no date of its own, yet PDF/A asks for one and equal input must give equal bytes.
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


def render_pdf(document: TextDocument, *, frozen_at: datetime | None = None, evidence: Evidence | None = None) -> bytes:
    """Render the document; the same input always gives the same bytes.

    Without `frozen_at` every page says that this is a draft. With `evidence` a page of evidence closes the document.
    The canonical bytes travel in the PDF as the attached file `concord-text.json`.
    Raises ValueError for a document that `canonical_bytes` refuses.
    """
    agreed = canonical_bytes(document)
    words = sheet(document, hashlib.sha256(agreed).hexdigest(), frozen_at, evidence)
    dated = (frozen_at or UNDATED).astimezone(UTC)
    words["date"] = [dated.year, dated.month, dated.day, dated.hour, dated.minute, dated.second]
    return typst.compile(
        str(FOLDER / "agreement.typ"),
        root=str(FOLDER),
        font_paths=fonts(),
        ignore_system_fonts=True,
        # SECURITY: the template reads these as JSON and bytes; nothing a user wrote is ever parsed as Typst markup.
        sys_inputs={"sheet": json.dumps(words, ensure_ascii=False), "agreed": agreed.decode("utf-8")},
        pdf_standards=STANDARD,
        timestamp=int(dated.timestamp()),
    )
