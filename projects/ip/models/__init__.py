"""What is brought and made, who owns it, who may use it, who was first, and what is disputed."""

from projects.ip.models.asset import HUNDRED, WORDS, Asset, Nature, Origin, OwnershipShare, Status

__all__ = ["HUNDRED", "WORDS", "Asset", "Nature", "Origin", "OwnershipShare", "Status"]
