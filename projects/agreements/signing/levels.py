"""Which sort of signature a text accepts, as its parties answered: the lowest level of an electronic one."""

from __future__ import annotations

from projects.agreements.models import Agreement

SIMPLE, ADVANCED, QUALIFIED = "simple", "advanced", "qualified"


def least_level(agreement: Agreement) -> str:
    """The lowest level of electronic signature that the text accepts; one that says nothing accepts any.

    A signature by hand is above them all: what the clause gives to electronic signatures is its effect.
    """
    return str(agreement.profile.get("signature_level", SIMPLE))


def asks_for_qualified(agreement: Agreement) -> bool:
    """Whether nothing that is made in the portal is enough."""
    return least_level(agreement) == QUALIFIED
