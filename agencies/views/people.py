"""The people of one's agency, and the roles they have."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import actions
from agencies.forms import RolesForm
from agencies.models import Membership
from agencies.pages import agency_page
from agencies.policies import MembershipPolicy
from portal.kit.actors import Request
from portal.kit.forms import attempt
from portal.kit.pagination import page


@require_safe
def people(request: Request, ref: str) -> HttpResponse:
    """Who works for the agency, and who did."""
    _agency, context = agency_page(request, ref, "people")
    rows = Membership.objects.visible_to(request.actor).select_related("person", "agency")
    shown = page(rows, request, order=("-created_at", "-pk"), size=50)
    for row in shown.rows:
        row.is_me = row.person_id == request.actor.person.pk
    return render(request, "agencies/people.html", {**context, "page": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "code")
def roles(request: Request, ref: str, membership: str) -> HttpResponse:
    """Change what a member may do, or end the membership."""
    agency, context = agency_page(request, ref, "people")
    row = _membership(request, membership)
    policy = MembershipPolicy(request.actor, row)
    if request.method == "POST":
        policy.require("change_roles")
    initial = {"roles": row.roles, "position": row.position, "version": row.version}
    form = RolesForm(request.POST if request.method == "POST" else None, request=request, initial=initial)
    if (
        request.method == "POST"
        and form.is_proved()
        and attempt(form, actions.change_roles, row, actor=request.actor, proof=form.proof, **form.facts)
    ):
        messages.success(request, _("The roles of %(person)s are saved.") % {"person": row.person.name})
        return redirect("agencies:people", agency.ref)
    is_me = row.person_id == request.actor.person.pk
    context |= {"form": form, "membership": row, "membership_policy": policy, "is_me": is_me}
    return render(request, "agencies/roles.html", context, status=422 if form.errors else 200)


@require_POST
def end(request: Request, ref: str, membership: str) -> HttpResponse:
    """End a membership now."""
    agency, _context = agency_page(request, ref, "people")
    row = actions.end_membership(_membership(request, membership), actor=request.actor)
    messages.success(request, _("%(person)s no longer works for the agency here.") % {"person": row.person.name})
    if row.person_id == request.actor.person.pk:
        return redirect("home")
    return redirect("agencies:people", agency.ref)


def _membership(request: Request, ref: str) -> Membership:
    return get_object_or_404(Membership.objects.visible_to(request.actor).select_related("person", "agency"), ref=ref)
