"""The sentence a signatory confirms: versioned, kept word for word in the evidence."""

from __future__ import annotations

from typing import Any

VERSION = "1"
LANGUAGE = "en"
LEVEL = "simple"

# A new wording gets a new version; an old one is never edited, because signatures refer to it.
WORDINGS = {
    ("1", "en"): (
        "I sign this text, version %(text)s, for and on behalf of %(agency)s, within my mandate %(mandate)s. "
        "I intend %(agency)s to be bound by it, and I agree to sign electronically."
    ),
}


def wording(*, text: int, agency: Any, mandate: Any) -> str:
    """The sentence of today's version, filled for one signature."""
    return WORDINGS[VERSION, LANGUAGE] % {"text": text, "agency": agency.legal_name, "mandate": mandate.ref}
