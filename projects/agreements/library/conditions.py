"""When something applies: the answers that a wording or a question presupposes."""

from collections.abc import Mapping
from typing import Any


def suits(wanted: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    """Whether every answer named in `wanted` is (one of) the values given there."""
    return all(answers.get(key) in (value if isinstance(value, list) else [value]) for key, value in wanted.items())
