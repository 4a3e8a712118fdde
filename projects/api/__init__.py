"""The JSON door of joint work."""

from projects.api.participations import Participations
from projects.api.projects import Projects

routes = [("projects", Projects, "project"), ("participations", Participations, "participation")]
