"""What can happen to intellectual property, in words, and who hears of it."""

from projects.ip.notifications import access, assets, deposits, disclosures, disputes, markings, publications

__all__ = ["access", "assets", "deposits", "disclosures", "disputes", "markings", "publications"]
