"""Short forms in which the chapters write their questions down."""

from collections.abc import Mapping
from typing import Any

from ..fields import Bound, Question, Text, Unit

DAYS = (1, 730)


def choice(
    key: str,
    asks: int,
    group: str,
    label: Text,
    default: str,
    *choices: tuple[str, Text],
    hint: Text,
    under: Bound = "",
    only_if: Mapping[str, Any] | None = None,
) -> Question:
    """Ask for one of several answers; where a bound compares them, they stand from the weakest to the strongest."""
    return Question(
        key, "choice", group, label, default, hint,
        choices=choices, asks=asks, under_parent=under, only_if=only_if or {},
    )  # fmt: skip


def whole(
    key: str,
    asks: int,
    group: str,
    label: Text,
    default: int,
    unit: Unit,
    bounds: tuple[int, int],
    hint: Text,
    under: Bound = "",
    only_if: Mapping[str, Any] | None = None,
) -> Question:
    """Ask for a whole number within bounds that count as allowed."""
    return Question(
        key, "whole", group, label, default, hint,
        unit=unit, minimum=bounds[0], maximum=bounds[1], asks=asks, under_parent=under, only_if=only_if or {},
    )  # fmt: skip


def yes_no(
    key: str,
    asks: int,
    group: str,
    label: Text,
    default: bool,
    hint: Text,
    under: Bound = "",
    only_if: Mapping[str, Any] | None = None,
) -> Question:
    """Ask for yes or no."""
    return Question(key, "yes_no", group, label, default, hint, asks=asks, under_parent=under, only_if=only_if or {})


def text(
    key: str,
    asks: int,
    group: str,
    label: Text,
    default: str,
    hint: Text,
    max_length: int = 120,
    under: Bound = "",
    only_if: Mapping[str, Any] | None = None,
) -> Question:
    """Ask for one line of words, as they stand in a sentence of the text."""
    return Question(
        key, "text", group, label, default, hint,
        max_length=max_length, asks=asks, under_parent=under, only_if=only_if or {},
    )  # fmt: skip
