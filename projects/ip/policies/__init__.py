"""Who may do what with intellectual property records, and why not."""

from projects.ip.policies.assets import AssetPolicy, RegisterPolicy

__all__ = ["AssetPolicy", "RegisterPolicy"]
