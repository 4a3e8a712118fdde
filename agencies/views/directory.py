"""The directory, with its filters in the address."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agencies import hours, taxonomy
from agencies.directory import Filters, facets
from agencies.models import Agency
from portal.kit.actors import Request
from portal.kit.pagination import page

ORDER = ("sort_name", "pk")


@require_safe
def directory(request: Request) -> HttpResponse:
    """Agencies by name, each with its local time and the hours it has in common with one's own."""
    actor = request.actor
    filters = Filters.of(request.GET)
    visible = Agency.objects.visible_to(actor)
    shown = page(filters.narrow(visible), request, order=ORDER)
    now = timezone.now()
    for agency in shown.rows:
        agency.clock = hours.clock(agency, now)
        agency.is_mine = agency.pk == actor.agency_id
        agency.shared = (
            "" if agency.is_mine or actor.agency is None else hours.in_words(hours.in_common(actor.agency, agency, now))
        )
        agency.tags = [(code, taxonomy.short_name_of(code)) for code in agency.capabilities[:4]]
    context = {
        "page": shown,
        "filters": filters,
        "facets": facets(visible),
        "capabilities": taxonomy.choices(),
        "is_reaching": actor.agency is not None and actor.agency.is_verified,
    }
    return render(request, "agencies/directory.html", context)
