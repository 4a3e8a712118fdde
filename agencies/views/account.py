"""A person's own account: how they are written, and for whom they act."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agencies import actions
from agencies.forms import AccountForm
from agencies.middleware import SESSION_KEY
from agencies.models import Invitation
from portal.kit.actors import Request
from portal.kit.forms import attempt


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Request) -> HttpResponse:
    """Name, language, time zone, working hours and appearance; memberships, and invitations that wait."""
    actor = request.actor
    form = AccountForm(request.POST if request.method == "POST" else None, instance=actor.person)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, actions.edit_account, actor=actor, **form.cleaned_data)
    ):
        messages.success(request, _("Your profile is saved."))
        return redirect("agencies:account")
    waiting = Invitation.objects.for_actor(actor).select_related("agency", "invited_by")
    context = {"form": form, "waiting": waiting}
    return render(request, "agencies/account.html", context, status=422 if form.errors else 200)


@require_POST
def act_for(request: Request) -> HttpResponse:
    """Act under another of one's memberships from now on."""
    chosen = request.POST.get("membership", "")
    membership = next((one for one in request.actor.memberships if one.ref == chosen), None)
    if membership is None:
        messages.error(request, _("You are no longer a member there."))
    else:
        request.session[SESSION_KEY] = membership.ref
        messages.success(request, _("You act for %(agency)s now.") % {"agency": membership.agency.legal_name})
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    # Never `redirect(back)`: a word without a slash would be looked up as the name of a view.
    return HttpResponseRedirect(back if is_ours else reverse("home"))
