"""What an agency says of itself, and its history."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import actions, hours
from agencies.forms import ProfileForm
from agencies.models import Status
from agencies.pages import agency_page
from portal.history.models import Event
from portal.history.timelines import timeline
from portal.kit.actors import Request
from portal.kit.forms import attempt
from portal.kit.pagination import page


@require_safe
def profile(request: Request, ref: str) -> HttpResponse:
    """Facts, capabilities and the time there."""
    agency, context = agency_page(request, ref, "profile")
    now = timezone.now()
    own = request.actor.agency
    context["clock"] = hours.clock(agency, now)
    context["day_names"] = [WEEKDAYS_ABBR[day - 1] for day in agency.working_days]
    if own is not None and own.pk != agency.pk:
        context["shared"] = hours.in_words(hours.in_common(own, agency, now))
        if own.is_verified and agency.is_verified:
            context["write_url"] = _write_url(agency.ref)
    context["is_waiting"] = agency.status in (Status.APPLIED, Status.REFUSED)
    context["steps"] = steps_of(agency.status) if context["is_waiting"] else []
    return render(request, "agencies/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, ref: str) -> HttpResponse:
    """Change it."""
    agency, context = agency_page(request, ref, "profile")
    context["policy"].require("edit_profile")
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=agency)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if attempt(form, actions.edit_profile, agency, actor=request.actor, version=version, **form.profile):
            messages.success(request, _("The profile is saved."))
            return redirect("agencies:profile", ref)
    return render(request, "agencies/edit.html", {**context, "form": form}, status=422 if form.errors else 200)


@require_POST
def apply_again(request: Request, ref: str) -> HttpResponse:
    """Send a refused application once more."""
    agency, _context = agency_page(request, ref, "profile")
    actions.apply_again(agency, actor=request.actor)
    messages.success(request, _("The application is sent to the operators again."))
    return redirect("agencies:profile", ref)


@require_safe
def history(request: Request, ref: str) -> HttpResponse:
    """What has happened to the agency and its people."""
    agency, context = agency_page(request, ref, "history")
    events = page(Event.objects.visible_to(request.actor).of(agency.ref), request, order=("-id",), size=50)
    context |= {"page": events, "events": timeline(events.rows)}
    return render(request, "agencies/history.html", context)


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


def _write_url(ref: str) -> str:
    """Where one writes to an agency, when the portal has conversations."""
    try:
        return f"{reverse('messaging:new')}?agency={ref}"
    except NoReverseMatch:
        return ""
