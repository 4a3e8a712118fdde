"""Intellectual property for operators: what there is and where it stands, never what it says."""

from projects.ip.admin.assets import AssetAdmin

__all__ = ["AssetAdmin"]
