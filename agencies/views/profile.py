"""What an agency says of itself, and its history."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import actions, hours, taxonomy
from agencies.forms import ProfileForm
from agencies.models import Agency, Status
from agencies.pages import agency_page, steps_of
from agencies.views.registering import profile_in
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
    context["capabilities"] = [(code, taxonomy.short_name_of(code)) for code in agency.capabilities]
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
    is_post = request.method == "POST"
    form = ProfileForm(request.POST if is_post else None, request.FILES if is_post else None, instance=agency)
    if is_post and form.is_valid() and attempt(form, _save, request, agency, form):
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


@transaction.atomic
def _save(request: Request, agency: Agency, form: ProfileForm) -> Agency:
    version = form.cleaned_data["version"]
    return actions.edit_profile(agency, actor=request.actor, version=version, **profile_in(form, request))


def _write_url(ref: str) -> str:
    """Where one writes to an agency, when the portal has conversations."""
    try:
        return f"{reverse('messaging:new')}?agency={ref}"
    except NoReverseMatch:
        return ""
