"""API tokens: one's own, and for administrators those of the agency."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import actions
from agencies.forms import TokenForm
from agencies.models import Token
from agencies.pages import agency_page
from agencies.policies import TokenPolicy
from portal.kit.actors import Request
from portal.kit.forms import attempt
from portal.kit.pagination import page

ONCE = "issued_token"


@require_safe
@never_cache
def tokens(request: Request, ref: str) -> HttpResponse:
    """The tokens, and once the secret of a new one."""
    _agency, context = agency_page(request, ref, "tokens")
    rows = Token.objects.visible_to(request.actor).select_related("membership__agency", "membership__person")
    shown = page(rows, request)
    for row in shown.rows:
        row.policy = TokenPolicy(request.actor, row)
    # SECURITY: the session holds the secret only until this page has shown it, and the page is never stored.
    context |= {"page": shown, "issued": request.session.pop(ONCE, None)}
    return render(request, "agencies/tokens.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "code")
def issue(request: Request, ref: str) -> HttpResponse:
    """Make a token for the membership one acts under."""
    agency, context = agency_page(request, ref, "tokens")
    context["policy"].require("issue_token")
    form = TokenForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_proved():
        issued = attempt(form, actions.issue_token, actor=request.actor, proof=form.proof, **form.facts)
        if issued is not None:
            token, secret = issued
            request.session[ONCE] = {"ref": token.ref, "secret": secret}
            return redirect("agencies:tokens", agency.ref)
    return render(request, "agencies/issue.html", {**context, "form": form}, status=422 if form.errors else 200)


@require_POST
def revoke(request: Request, ref: str, token: str) -> HttpResponse:
    """Make a token worthless."""
    agency, _context = agency_page(request, ref, "tokens")
    row = get_object_or_404(Token.objects.visible_to(request.actor), ref=token)
    row = actions.revoke_token(row, actor=request.actor)
    messages.success(request, _("The token %(ref)s no longer works.") % {"ref": row.ref})
    return redirect("agencies:tokens", agency.ref)
