"""What happens to intellectual property in the background; the worker imports this package."""

from projects.ip.jobs import access, authorisations, deposits, disputes

__all__ = ["access", "authorisations", "deposits", "disputes"]
