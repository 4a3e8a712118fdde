"""What happens to agreements, in words, and who hears of it."""

from projects.agreements.notifications import force, negotiating, signing

__all__ = ["force", "negotiating", "signing"]
