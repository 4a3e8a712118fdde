"""Words that people type: texts that have to be there, and names on one line in which nothing hides or reorders the rest."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def required(field: str, typed: str, missing: str, longest: int) -> str:
    """Words that must be there, without space around them; ValidationError beside the field."""
    words = typed.strip()
    if not words:
        raise ValidationError({field: [missing]})
    if len(words) > longest:
        said = ngettext(
            "Use at most %(longest)s character; this has %(length)s.",
            "Use at most %(longest)s characters; this has %(length)s.",
            longest,
        )
        raise ValidationError({field: [said % {"longest": longest, "length": len(words)}]})
    if "\x00" in words:
        raise ValidationError({field: [_("There is a character in it that cannot be kept.")]})
    return words


def required_line(field: str, typed: str, missing: str, longest: int) -> str:
    """The same on one line, of characters that can be kept; ValidationError beside the field."""
    words = required(field, typed, missing, longest)
    try:
        check_line(words)
        words.encode()
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error
    except UnicodeEncodeError as error:
        raise ValidationError({field: [_("There is a character in it that cannot be kept.")]}) from error
    return words


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
