"""What can happen to intellectual property, in words, and who hears of it."""

from projects.ip.notifications import (
    access,
    assets,
    background_changes,
    contributions,
    contributors,
    deposits,
    disclosure_verbs,
    disclosures,
    disputes,
    licences,
    markings,
    protection,
    publications,
    title,
)

__all__ = [
    "access",
    "assets",
    "background_changes",
    "contributions",
    "contributors",
    "deposits",
    "disclosure_verbs",
    "disclosures",
    "disputes",
    "licences",
    "markings",
    "protection",
    "publications",
    "title",
]
