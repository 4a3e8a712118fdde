"""Intellectual property for operators: what there is and where it stands, never what it says."""

from projects.ip.admin.assets import AssetAdmin
from projects.ip.admin.deposits import CommitmentAdmin, DepositAdmin

__all__ = ["AssetAdmin", "CommitmentAdmin", "DepositAdmin"]
