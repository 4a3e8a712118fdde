"""Joint work: projects, the terms proposed, the agencies that take part, and their teams."""

from projects.models.choices import Audience, Destination, Mode, Status
from projects.models.participation import Answer, Participation, TeamMember
from projects.models.project import Project
from projects.models.terms import MATERIAL, Terms

__all__ = [
    "MATERIAL",
    "Answer",
    "Audience",
    "Destination",
    "Mode",
    "Participation",
    "Project",
    "Status",
    "TeamMember",
    "Terms",
]
