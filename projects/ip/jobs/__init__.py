"""What happens to intellectual property in the background; the worker imports this package."""

from projects.ip.jobs import access, authorisations, deposits, disclosures, disputes

__all__ = ["access", "authorisations", "deposits", "disclosures", "disputes"]
