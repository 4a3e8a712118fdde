"""Instants and days in the words of findings: ISO 8601 as records have it becomes what people read, with the zone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime

from django.utils import dateformat

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|\+00:00)")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def in_words(values: Mapping[str, object]) -> dict[str, object]:
    """The same values, with those that are an instant in UTC or a day said in the language of the reader."""
    return {name: _said(value) if isinstance(value, str) else value for name, value in values.items()}


def _said(value: str) -> str:
    try:
        if INSTANT.fullmatch(value):
            at = datetime.fromisoformat(value).astimezone(UTC)
            return f"{dateformat.format(at, 'j F Y, H:i:s')} UTC"
        if DAY.fullmatch(value):
            return dateformat.format(date.fromisoformat(value), "j F Y")
    except ValueError:
        return value
    return value
