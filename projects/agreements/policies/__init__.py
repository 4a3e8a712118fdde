"""Who may do what to an agreement, when, and why not."""

from __future__ import annotations

from dataclasses import dataclass

from projects.agreements.policies.drafting import DraftingPolicy
from projects.agreements.policies.force import ForceRules
from projects.agreements.policies.languages import LanguageRules
from projects.agreements.policies.life import LifeRules
from projects.agreements.policies.negotiating import NegotiatingRules
from projects.agreements.policies.outside import OutsideRules
from projects.agreements.policies.parties import PartyRules
from projects.agreements.policies.places import PlaceRules
from projects.agreements.policies.tree import TreeRules

__all__ = ["AgreementPolicy", "DraftingPolicy"]


@dataclass(frozen=True)
class AgreementPolicy(
    NegotiatingRules, LifeRules, PlaceRules, OutsideRules, ForceRules, LanguageRules, PartyRules, TreeRules
):
    """Every verb of one agreement for one actor; permission is asked before state."""
