"""Rendering a text document to PDF/A: the same document always gives the same bytes."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from portal.typesetting import set_pages

from ..canonical import TextDocument, canonical_bytes
from .evidence import Evidence
from .sheet import sheet
from .signature_sheet import Block

TEMPLATE = Path(__file__).with_name("agreement.typ")
# A draft has no date of its own, yet PDF/A asks for one and equal input must give equal bytes.
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


def render_pdf(
    document: TextDocument | dict[str, Any],
    *,
    frozen_at: datetime | None = None,
    evidence: Evidence | None = None,
    to_sign: Sequence[Block] = (),
    columns: bool = True,
    note: str = "",
    revision: int | None = None,
) -> bytes:
    """Render the document; the same input always gives the same bytes.

    Without `frozen_at` every page says that this is a draft, and of which `revision`; `note` says more under the title.
    With `evidence` a page of evidence closes the document, with `to_sign` a sheet with lines for signatures.
    Two languages stand in two `columns`, more of them one after another.
    The canonical bytes travel in the PDF as the attached file `concord-text.json`.
    Raises ValueError for a document that `canonical_bytes` refuses.
    """
    agreed = canonical_bytes(document)
    digest = hashlib.sha256(agreed).hexdigest()
    words = sheet(document, digest, frozen_at, evidence, to_sign, columns=columns, note=note, revision=revision)
    return set_pages(TEMPLATE, words, at=frozen_at or UNDATED, attached=agreed)
