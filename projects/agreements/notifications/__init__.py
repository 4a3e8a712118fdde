"""What happens to agreements, in words, and who hears of it."""

from projects.agreements.notifications import (
    changes,
    force,
    languages,
    life,
    negotiating,
    outside,
    parties,
    sealing,
    signatures,
    signing,
    tree,
)

__all__ = [
    "changes",
    "force",
    "languages",
    "life",
    "negotiating",
    "outside",
    "parties",
    "sealing",
    "signatures",
    "signing",
    "tree",
]
