"""What happens to intellectual property in the background; the worker imports this package."""

from projects.ip.jobs import access, authorisations, background_changes, deposits, disclosures, disputes, publications

__all__ = ["access", "authorisations", "background_changes", "deposits", "disclosures", "disputes", "publications"]
