"""Registering an agency."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies import actions
from agencies.forms import ProfileForm
from agencies.middleware import SESSION_KEY
from agencies.models import Agency
from agencies.pages import steps_of
from agencies.policies import RegistrationPolicy
from portal.files.storage import store
from portal.kit.actors import Request
from portal.kit.forms import attempt


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: Request) -> HttpResponse:
    """Apply for an agency; somebody without an account makes one first."""
    actor = request.actor
    if not actor.is_authenticated:
        return redirect_to_login(request.get_full_path(), reverse("account_signup"))
    RegistrationPolicy(actor).require("apply")
    start = {"zone": actor.person.zone, "domain": "", "languages": [actor.person.language]}
    form = ProfileForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial=start,
    )
    if request.method == "POST" and form.is_valid():
        agency = attempt(form, _apply, request, form)
        if agency is not None:
            messages.success(request, _("Sent. An operator checks it, and you are told by e-mail."))
            return redirect("agencies:profile", agency.ref)
    context = {"form": form, "steps": steps_of("")}
    return render(request, "agencies/register.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _apply(request: Request, form: ProfileForm) -> Agency:
    agency = actions.apply(actor=request.actor, **profile_in(form, request))
    membership = agency.memberships.get()
    request.session[SESSION_KEY] = membership.ref
    return agency


def profile_in(form: ProfileForm, request: Request) -> dict[str, Any]:
    """What the form says, with its document kept."""
    upload = form.cleaned_data.get("founding_act")
    return form.profile | ({"founding_act": stored(upload, request, "founding_act")} if upload else {})


def stored(upload: Any, request: Request, field: str) -> Any:
    """Keep an upload; a complaint about it is shown beside its own field."""
    try:
        return store(upload, upload.name, actor=request.actor)
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error
