"""Single lines that others read as a name: nothing in them hides, breaks or reorders what stands around."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def check_line(text: str) -> None:
    """Raise ValidationError for control characters, line breaks and characters that reorder the text around them."""
    if any(unicodedata.category(letter) in {"Cc", "Zl", "Zp"} or letter in REORDERING for letter in text):
        raise ValidationError(_("Write it on one line, without control characters."), code="control-characters")


def line_errors(record: Any, *names: str) -> dict[str, list[str]]:
    """The complaints about these fields of a record, for its clean()."""
    errors = {}
    for name in names:
        try:
            check_line(getattr(record, name) or "")
        except ValidationError as error:
            errors[name] = error.messages
    return errors
