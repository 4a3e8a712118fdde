"""What the pages of one agency share: the agency, its policy and its tabs."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from agencies.models import Agency, Status
from agencies.policies import AgencyPolicy
from portal.kit.actors import Request
from portal.kit.addresses import address
from portal.kit.composition import Tab


def agency_page(request: Request, ref: str, tab: str) -> tuple[Agency, dict[str, Any]]:
    """The agency if the actor may know of it, and the context of its page; only members see more than the profile."""
    agency = get_object_or_404(Agency.objects.visible_to(request.actor), ref=ref)
    policy = AgencyPolicy(request.actor, agency)
    if tab != "profile":
        policy.require("see_people")
    return agency, {
        "agency": agency,
        "policy": policy,
        "tab": tab,
        "tabs": tabs_of(agency) if policy.is_own else [],
        "crumbs": [{"url": address("agencies:directory"), "label": _("Directory")}],
    }


def tabs_of(agency: Agency) -> list[Tab]:
    """The pages that members of an agency have."""
    labels = {
        "profile": _("Profile"),
        "people": _("People"),
        "invitations": _("Invitations"),
        "mandates": _("Mandates"),
        "tokens": _("API tokens"),
        "witnesses": _("Witnesses"),
        "history": _("History"),
    }
    return [Tab(label, address(f"agencies:{name}", agency.ref), name) for name, label in labels.items()]


def steps_of(status: str) -> list[dict[str, str]]:
    """Where a registration stands, for the step line."""
    refused = status == Status.REFUSED
    return [
        {"name": _("You"), "note": _("E-mail confirmed"), "state": "done"},
        {
            "name": _("Your agency"),
            "note": "" if status else _("Who it is, and where"),
            "state": "done" if status else "current",
        },
        {
            "name": _("Check"),
            "note": _("Sent back to you") if refused else _("By an operator"),
            "state": "stopped" if refused else "current" if status else "ahead",
        },
        {"name": _("In the directory"), "note": _("You reach others, and are found"), "state": "ahead"},
    ]
