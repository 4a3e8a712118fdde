"""The desk: everything about intellectual property that one's agency has under way, whatever the project."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.kit.actors import Request
from projects.ip.pages import desk_panels


@require_safe
def desk(request: Request) -> HttpResponse:
    """Deposits, disclosures, requests, notices and disputes of the acting agency."""
    return render(request, "ip/desk.html", {"actor": request.actor, "panels": desk_panels(request.actor)})
