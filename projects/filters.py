"""What a list of projects can be narrowed to, the same for its page and for the API."""

from __future__ import annotations

from typing import Any

from agencies import taxonomy
from portal.kit.actors import Actor
from projects.models import Status
from projects.models.project import ProjectQuerySet

ROLES = ("lead", "partner", "open")
FILTERS = ("q", "status", "role", "capability")


def chosen_filters(query: Any) -> dict[str, str]:
    """The filters of an address that make sense; others are as if they were not there."""
    known = {"status": set(Status.values), "role": set(ROLES), "capability": set(taxonomy.NAMES)}
    chosen = {name: query.get(name, "").replace("\x00", "").strip()[:200] for name in FILTERS}
    return {name: value for name, value in chosen.items() if value and (name not in known or value in known[name])}


def narrow(projects: Any, filters: dict[str, str], actor: Actor) -> ProjectQuerySet:
    """The projects that pass the filters."""
    if words := filters.get("q"):
        projects = projects.matching(words, actor)
    if status := filters.get("status"):
        projects = projects.filter(status=status)
    if capability := filters.get("capability"):
        projects = projects.filter(taxonomy__contains=[capability])
    role = filters.get("role")
    if role == "lead":
        return projects.led_by(actor.agency_id or 0)
    if role == "partner":
        return projects.partnered_by(actor.agency_id or 0)
    if role == "open":
        return projects.without(actor.agency_id or 0)
    return projects
