"""Which sort of signature a text accepts, as its parties answered: the lowest level of an electronic one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from projects.agreements.models import Agreement

QUESTION = "signature_level"
SIMPLE, QUALIFIED = "simple", "qualified"


def least_level(agreement: Agreement) -> str:
    """The lowest level of electronic signature that the text accepts; one that says nothing accepts any.

    A signature by hand is above them all: what the clause gives to electronic signatures is its effect.
    """
    return str(agreement.profile.get(QUESTION, SIMPLE))


def asks_for_a_key(document: Mapping[str, Any]) -> bool:
    """Whether a frozen text asks for more than a simple electronic signature."""
    return str(document["profile"].get(QUESTION, SIMPLE)) != SIMPLE


def is_signed_outside_alone(document: Mapping[str, Any]) -> bool:
    """Whether a frozen text takes nothing that is made in the portal."""
    return str(document["profile"].get(QUESTION, SIMPLE)) == QUALIFIED


def asks_for_qualified(agreement: Agreement) -> bool:
    """Whether nothing that is made in the portal is enough."""
    return least_level(agreement) == QUALIFIED
