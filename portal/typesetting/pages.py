"""From a template and its data to a PDF."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import typst

from portal.typesetting.fonts import fonts

# The root of the house: templates import "/portal/typesetting/style.typ", and lie with the app that they belong to.
ROOT = Path(__file__).parent.parent.parent
# A (accessible: tagged, with Unicode text) of PDF/A-3, which may carry other files as attachments.
STANDARD: Literal["a-3a"] = "a-3a"


def set_pages(template: Path, sheet: dict[str, Any], *, at: datetime, attached: bytes = b"") -> bytes:
    """The pages of a Typst template; equal input gives equal bytes, dated `at`.

    The template reads `sheet` as JSON from sys.inputs.sheet, with `date` in it, and `attached` from sys.inputs.attached.
    """
    dated = at.astimezone(UTC)
    words = {**sheet, "date": [dated.year, dated.month, dated.day, dated.hour, dated.minute, dated.second]}
    return typst.compile(
        str(template),
        root=str(ROOT),
        font_paths=fonts(),
        ignore_system_fonts=True,
        # SECURITY: the template reads these as JSON and bytes; nothing a user wrote is ever parsed as Typst markup.
        sys_inputs={"sheet": json.dumps(words, ensure_ascii=False), "attached": attached.decode("utf-8")},
        pdf_standards=STANDARD,
        timestamp=int(dated.timestamp()),
    )
