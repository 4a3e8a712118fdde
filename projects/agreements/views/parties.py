"""The parties of a text as it names them: their part, their share, as what each is bound."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kit.actors import Request
from portal.kit.forms import attempt
from projects.agreements import actions
from projects.agreements.forms.parties import BoundAsForm
from projects.agreements.pages import agreement_page
from projects.agreements.policies.parties import PartyPolicy

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
def parties(request: Request, ref: str) -> HttpResponse:
    """Every party as the text names it; who may say as what one is bound says it here."""
    agreement, context = agreement_page(request, ref, "force")
    policy = context["policy"]
    if request.method == "POST":
        policy.require("set_bound_as")
    own = [party for party in agreement.party_list if PartyPolicy(policy, party).refusal("set_bound_as") is None]
    posted = request.POST if request.method == "POST" else None
    form = BoundAsForm(posted, agreement=agreement, parties=own) if own else None
    if form is not None and posted is not None and form.is_valid():
        version = form.cleaned_data["version"]
        done = attempt(
            form, actions.set_bound_as, agreement, actor=request.actor, bound_as=form.bound_as, version=version
        )
        if done:
            messages.success(request, _("It is saved; the text says it."))
            return redirect("agreements:parties", ref)
    context |= {"form": form}
    return render(request, "agreements/parties.html", context, status=INVALID if form and form.errors else 200)
