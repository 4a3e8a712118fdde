"""What happens to intellectual property in the background; the worker imports this package."""

from projects.ip.jobs import authorisations, deposits

__all__ = ["authorisations", "deposits"]
