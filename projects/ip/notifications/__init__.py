"""What can happen to intellectual property, in words, and who hears of it."""

from projects.ip.notifications import assets, deposits, disputes

__all__ = ["assets", "deposits", "disputes"]
