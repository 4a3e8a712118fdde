"""Inviting people, and the page that an invitation's link opens."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import actions
from agencies.forms import ConsentForm, InviteForm
from agencies.middleware import SESSION_KEY
from agencies.models import Invitation
from agencies.pages import agency_page
from agencies.policies import InvitationPolicy
from portal.kit.actors import Request
from portal.kit.forms import attempt
from portal.kit.pagination import page


@require_safe
def invitations(request: Request, ref: str) -> HttpResponse:
    """Whom the agency has invited."""
    _agency, context = agency_page(request, ref, "invitations")
    rows = Invitation.objects.visible_to(request.actor).select_related("agency", "invited_by")
    shown = page(rows, request)
    for row in shown.rows:
        row.policy = InvitationPolicy(request.actor, row)
    return render(request, "agencies/invitations.html", {**context, "page": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "code")
def invite(request: Request, ref: str) -> HttpResponse:
    """Ask somebody to join."""
    agency, context = agency_page(request, ref, "invitations")
    context["policy"].require("invite")
    form = InviteForm(request.POST if request.method == "POST" else None, request=request)
    if (
        request.method == "POST"
        and form.is_proved()
        and attempt(form, actions.invite, agency, actor=request.actor, proof=form.proof, **form.facts)
    ):
        messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": form.facts["email"]})
        return redirect("agencies:invitations", agency.ref)
    return render(request, "agencies/invite.html", {**context, "form": form}, status=422 if form.errors else 200)


@require_POST
def withdraw(request: Request, ref: str, invitation: str) -> HttpResponse:
    """Make an invitation's link worthless."""
    agency, _context = agency_page(request, ref, "invitations")
    row = get_object_or_404(Invitation.objects.visible_to(request.actor), ref=invitation)
    actions.withdraw_invitation(row, actor=request.actor)
    messages.success(request, _("The invitation is withdrawn; its link no longer works."))
    return redirect("agencies:invitations", agency.ref)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, token: str) -> HttpResponse:
    """Who invites, as what, and the consent; holding the link is the right to read this."""
    row = Invitation.objects.by_token(token).select_related("agency", "invited_by").first()
    if row is None:
        return render(request, "agencies/invitation_gone.html", status=404)
    actor = request.actor
    policy = InvitationPolicy(actor, row)
    form = ConsentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        policy.require("accept")
        if form.is_valid():
            membership = attempt(
                form, actions.accept_invitation, row, actor=actor, consent=form.cleaned_data["consent"]
            )
            if membership is not None:
                request.session[SESSION_KEY] = membership.ref
                messages.success(request, _("Welcome to %(agency)s.") % {"agency": row.agency.legal_name})
                return redirect("home")
    back = urlencode({"next": request.get_full_path()})
    context = {
        "invitation": row,
        "policy": policy,
        "refusal": policy.refusal("accept"),
        "form": form,
        "sign_in_url": f"{reverse('account_login')}?{back}",
        "sign_up_url": f"{reverse('account_signup')}?{back}",
    }
    return render(request, "agencies/invitation.html", context, status=422 if form.errors else 200)
