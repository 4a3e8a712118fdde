"""Making a deposit, three ways: the content stays with the person, is stored here, or is given as a hash."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kit.actors import Request
from portal.kit.forms import attempt
from projects.ip import actions
from projects.ip.forms.deposits import HashedForm, KeptForm, LinksForm, StoredForm
from projects.ip.models import Deposit
from projects.ip.policies import DepositingPolicy, DepositPolicy
from projects.ip.receipts.openings import write_opening


@require_http_methods(["GET", "POST"])
def keep(request: Request) -> HttpResponse:
    """Only the commitment is sent; the page computes it from files or text that stay in the browser."""

    def make(form: KeptForm, of: Deposit | None) -> Deposit:
        typed = form.cleaned_data
        if of is None:
            return actions.deposit(actor=request.actor, commitment=typed["commitment"], **form.links)
        previous = typed["previous"] or None
        return actions.add_version(of, actor=request.actor, commitment=typed["commitment"], previous=previous)

    return _page(request, "keep", KeptForm, make)


@require_http_methods(["GET", "POST"])
def store(request: Request) -> HttpResponse:
    """The portal keeps files, manifest and salt."""
    return _page(request, "store", StoredForm, lambda form, of: _opened(request, form, of, form.uploads))


@require_http_methods(["GET", "POST"])
def give_hash(request: Request) -> HttpResponse:
    """The portal gets a hash, and keeps manifest and salt."""
    return _page(request, "hash", HashedForm, lambda form, of: _opened(request, form, of, []))


def _opened(request: Request, form: Any, of: Deposit | None, uploads: list[Any]) -> Deposit:
    opening = write_opening(
        agency=request.actor.agency.ref,
        files=form.entries,
        title=form.cleaned_data["title"],
        project=form.project_ref,
        previous=of.newest.value if of is not None else None,
    )
    if of is None:
        return actions.deposit(actor=request.actor, opening=opening, uploads=uploads, **form.links)
    return actions.add_version(of, actor=request.actor, opening=opening, uploads=uploads)


def _page(
    request: Request, way: str, form_class: type[LinksForm], make: Callable[[Any, Deposit | None], Deposit]
) -> HttpResponse:
    """One of the three pages; `?of=` makes it a new version of a deposit, `?project=` chooses the project."""
    of = _followed(request)
    if of is None:
        DepositingPolicy(request.actor).require("deposit")
    initial = {"project": request.GET.get("project", ""), "about": request.GET.get("about", "")[:32]}
    initial |= {"previous": of.newest.value} if of is not None else {}
    form = form_class(request.POST or None, request.FILES or None, actor=request.actor, of=of, initial=initial)
    if request.method == "POST" and form.is_valid() and (made := attempt(form, make, form, of)):
        messages.success(request, _("%(ref)s is deposited.") % {"ref": made.ref})
        return redirect("ip:deposit", made.ref)
    asked = request.GET.urlencode()
    context = {
        "form": form,
        "way": way,
        "of": of,
        "asked": f"?{asked}" if asked else "",
        "agency": request.actor.agency,
    }
    return render(request, f"ip/deposits/{way}.html", context, status=422 if form.errors else 200)


def _followed(request: Request) -> Deposit | None:
    ref = request.GET.get("of", "")
    if not ref:
        return None
    seen = Deposit.objects.visible_to(request.actor).with_versions(request.actor)
    of: Deposit = get_object_or_404(seen, ref=ref.replace("\x00", ""))
    DepositPolicy(request.actor, of).require("add_version")
    return of
