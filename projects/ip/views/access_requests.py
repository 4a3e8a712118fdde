"""Pages of requests for access: the form, the request with its clock and talk, and every verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.history.models import Event
from portal.history.timelines import timeline
from portal.kit.actors import Request
from portal.kit.forms import attempt
from portal.kit.pagination import page
from projects.ip import actions
from projects.ip.access_steps import clock_of, steps_of
from projects.ip.forms.access import AcceptForm, NeedForm, RefusalForm, RequestForm, TermsForm, WordsForm
from projects.ip.models import AccessRequest, Purpose, RequestStatus, askable_by
from projects.ip.policies import AccessRequestPolicy, AskingPolicy

TIMELINE = 20


@require_safe
def requests(request: Request) -> HttpResponse:
    """What one's agency asks for and is asked for, newest first."""
    rows = AccessRequest.objects.visible_to(request.actor).with_parties()
    project, status = (request.GET.get(name, "").replace("\x00", "") for name in ("project", "status"))
    if project:
        rows = rows.filter(asset__project__ref=project)
    if status in RequestStatus.values:
        rows = rows.filter(status=status)
    context = {"page": page(rows, request), "project": project, "status": status, "statuses": RequestStatus.choices}
    return render(request, "ip/access_requests.html", context)


@require_http_methods(["GET", "POST"])
def new(request: Request, ref: str) -> HttpResponse:
    """Ask for the use of an asset; the draft is shown to nobody else before it is submitted."""
    asset = get_object_or_404(askable_by(request.actor).with_owners().with_project(), ref=ref)
    purpose = request.GET.get("purpose", "")
    purpose = purpose if purpose in Purpose.values else Purpose.EXPLOITATION
    policy = AskingPolicy(request.actor, asset, purpose)
    form = RequestForm(request.POST or None, nature=asset.nature, purpose=purpose)
    context = {
        "asset": asset,
        "project": asset.project,
        "purpose": purpose,
        "purposes": Purpose.choices,
        "may": policy,
        "form": form,
        "refusal": policy.refusal("request"),
    }
    if request.method == "POST":
        policy.require("request")
        if form.is_valid():
            drafted = attempt(form, actions.draft_request, asset, actor=request.actor, purpose=purpose, **form.typed())
            if drafted:
                if "submit" in request.POST:
                    actions.submit_request(drafted, actor=request.actor)
                return redirect(drafted)
    return render(request, "ip/access_request_new.html", context, status=422 if form.errors else 200)


@require_safe
def access_request(request: Request, ref: str) -> HttpResponse:
    """Everything about one request: where it stands, the owner's clock, the talk, the terms and what can be done."""
    return _page(request, _find(request, ref))


@require_http_methods(["GET", "POST"])
def edit(request: Request, ref: str) -> HttpResponse:
    """Change a draft."""
    found = _find(request, ref)
    AccessRequestPolicy(request.actor, found).require("edit")
    form = RequestForm(request.POST or None, instance=found, nature=found.asset.nature, purpose=found.purpose)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if attempt(form, actions.edit_request, found, actor=request.actor, version=version, **form.typed()):
            return redirect(found)
    context = {"access_request": found, "asset": found.asset, "project": found.asset.project, "form": form}
    return render(request, "ip/access_request_edit.html", context, status=422 if form.errors else 200)


@require_POST
def submit(request: Request, ref: str) -> HttpResponse:
    """Put it to the owner."""
    done = actions.submit_request(_find(request, ref), actor=request.actor)
    if done.status == RequestStatus.SUBMITTED:
        messages.success(request, _("%(owner)s is asked to answer.") % {"owner": done.owner.acronym})
    return redirect(done)


@require_POST
def withdraw(request: Request, ref: str) -> HttpResponse:
    """Take it back."""
    return redirect(actions.withdraw_request(_find(request, ref), actor=request.actor))


@require_POST
def acknowledge(request: Request, ref: str) -> HttpResponse:
    """Say that it has arrived."""
    return redirect(actions.acknowledge_request(_find(request, ref), actor=request.actor))


@require_POST
def ask(request: Request, ref: str) -> HttpResponse:
    """Ask the requester for information."""
    return _act(request, ref, "ask", actions.ask_requester, WordsForm(request.POST))


@require_POST
def answer(request: Request, ref: str) -> HttpResponse:
    """Give the owner what it asked for."""
    return _act(request, ref, "answer", actions.answer_owner, WordsForm(request.POST))


@require_POST
def accept_need(request: Request, ref: str) -> HttpResponse:
    """Record that the need is accepted."""
    return _act(request, ref, "accept_need", actions.accept_need, NeedForm(request.POST))


@require_POST
def grant(request: Request, ref: str) -> HttpResponse:
    """Grant it as it was asked or countered."""
    return redirect(actions.grant_request(_find(request, ref), actor=request.actor))


@require_POST
def offer(request: Request, ref: str) -> HttpResponse:
    """Grant it on terms."""
    return _act(request, ref, "offer", actions.offer_terms, TermsForm(request.POST))


@require_POST
def counter(request: Request, ref: str) -> HttpResponse:
    """Put other terms."""
    return _act(request, ref, "counter", actions.counter_terms, TermsForm(request.POST))


@require_POST
def accept(request: Request, ref: str) -> HttpResponse:
    """Accept the terms that were shown."""
    return _act(request, ref, "accept", actions.accept_terms, AcceptForm(request.POST))


@require_POST
def refuse(request: Request, ref: str) -> HttpResponse:
    """Refuse it on a ground of the agreement."""
    return _act(request, ref, "refuse", actions.refuse_request, RefusalForm(request.POST))


def _find(request: Request, ref: str) -> AccessRequest:
    return get_object_or_404(AccessRequest.objects.visible_to(request.actor).for_pages(), ref=ref)


def _act(request: Request, ref: str, verb: str, action: Callable[..., AccessRequest], form: BaseForm) -> HttpResponse:
    """Run the verb with what was typed; what is wrong with it is shown in the same place of the same page."""
    found = _find(request, ref)
    AccessRequestPolicy(request.actor, found).require(verb)
    if form.is_valid():
        typed = form.typed() if hasattr(form, "typed") else form.cleaned_data
        done = attempt(form, action, found, actor=request.actor, **typed)
        if done:
            return redirect(done)
    return _page(request, _find(request, ref), verb=verb, form=form)


def _page(request: Request, found: AccessRequest, verb: str = "", form: BaseForm | None = None) -> HttpResponse:
    policy = AccessRequestPolicy(request.actor, found)
    events = Event.objects.visible_to(request.actor).of(found.ref).newest_first()[:TIMELINE]
    forms = _forms(found, policy)
    if form is not None:
        forms[verb] = form
    context: dict[str, Any] = {
        "access_request": found,
        "asset": found.asset,
        "project": found.asset.project,
        "policy": policy,
        "steps": steps_of(found),
        "clock": clock_of(found),
        "offer": found.offer,
        "right": found.granted_right,
        "forms": forms,
        "opened": verb,
        "form": form,
        "is_requester": request.actor.agency_id == found.requester_id,
        "events": timeline(events),
    }
    return render(request, "ip/access_request.html", context, status=422 if form is not None else 200)


def _forms(found: AccessRequest, policy: AccessRequestPolicy) -> dict[str, Any]:
    """One empty form for each verb that may be used now; terms begin with those on the table."""
    last = found.offer
    begin = last.terms() if last is not None else _asked(found)
    made: dict[str, Callable[[], BaseForm]] = {
        "ask": lambda: WordsForm(auto_id="ask_%s"),
        "answer": lambda: WordsForm(auto_id="answer_%s"),
        "accept_need": lambda: NeedForm(auto_id="need_%s"),
        "offer": lambda: TermsForm(initial=begin, auto_id="offer_%s"),
        "counter": lambda: TermsForm(initial=begin, auto_id="counter_%s"),
        "refuse": lambda: RefusalForm(allowed=actions.allowed_grounds(found), auto_id="refuse_%s"),
    }
    return {name: make() for name, make in made.items() if policy.refusal(name) is None}


def _asked(found: AccessRequest) -> dict[str, Any]:
    return {
        "field": found.field,
        "territory": found.territory,
        "starts_on": found.wanted_from,
        "ends_on": found.wanted_to,
        "affiliates": found.affiliates,
        "software_form": found.software_form,
    }
