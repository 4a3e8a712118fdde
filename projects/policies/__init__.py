"""Who may do what to a project, and why not."""

from projects.policies.drafting import DECIDERS, DraftingPolicy
from projects.policies.project import ProjectPolicy, unverified

__all__ = ["DECIDERS", "DraftingPolicy", "ProjectPolicy", "unverified"]
