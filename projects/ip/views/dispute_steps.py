"""The forms by which a dispute goes on: answer, name who speaks, appoint, note, withdraw, decide, cure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.models import Membership
from portal.files.storage import respond
from portal.kit.actors import Request
from portal.kit.forms import attempt
from projects.ip import actions
from projects.ip.forms.disputes import (
    AnswerForm,
    AppointForm,
    DecisionForm,
    MeasureForm,
    ReasonForm,
    RepresentativeForm,
)
from projects.ip.policies import DisputePolicy
from projects.ip.views.disputes import find, frame

Words = str | Promise


@require_http_methods(["GET", "POST"])
def answer(request: Request, ref: str) -> HttpResponse:
    """Say what one's agency answers to the claim."""
    title, lead = gettext_lazy("Answer the claim"), gettext_lazy("Silence admits nothing, and it persuades nobody.")
    return _step(request, ref, "answer", AnswerForm, actions.answer_dispute, title, lead, gettext_lazy("Answer"))


@require_http_methods(["GET", "POST"])
def note_urgent_measure(request: Request, ref: str) -> HttpResponse:
    """Note that one's agency sought an urgent measure."""
    title = gettext_lazy("Note an urgent measure")
    lead = gettext_lazy("A party may seek one at any time to protect its intellectual property. The levels run on.")
    return _step(
        request,
        ref,
        "note_urgent_measure",
        MeasureForm,
        actions.note_urgent_measure,
        title,
        lead,
        gettext_lazy("Note it"),
    )


@require_http_methods(["GET", "POST"])
def appoint(request: Request, ref: str) -> HttpResponse:
    """Record who is appointed."""
    title = gettext_lazy("Record who is appointed")
    lead = gettext_lazy("The parties concerned choose a mediator together. The time of a mediation runs from now.")
    return _step(request, ref, "appoint", AppointForm, actions.appoint_neutral, title, lead, gettext_lazy("Record it"))


@require_http_methods(["GET", "POST"])
def withdraw(request: Request, ref: str) -> HttpResponse:
    """Give the claim up."""
    title = gettext_lazy("Withdraw the claim")
    lead = gettext_lazy("The dispute ends. Everything that was said and exhibited stays as it is.")
    return _step(
        request, ref, "withdraw", ReasonForm, actions.withdraw_dispute, title, lead, gettext_lazy("Withdraw the claim")
    )


@require_http_methods(["GET", "POST"])
def state_not_cured(request: Request, ref: str) -> HttpResponse:
    """Say that a breach is not cured."""
    title = gettext_lazy("State that it is not cured")
    lead = gettext_lazy(
        "This ends nobody's participation: the other parties do that together, in writing, with reasons."
    )
    return _step(
        request, ref, "state_not_cured", ReasonForm, actions.state_not_cured, title, lead, gettext_lazy("State it")
    )


@require_http_methods(["GET", "POST"])
def record_decision(request: Request, ref: str) -> HttpResponse:
    """Record what a tribunal decided."""
    title = gettext_lazy("Record the decision")
    lead = gettext_lazy("What follows from it, such as other shares, is done by an act of its own.")

    def decide(found: Any, *, actor: Any, tribunal: str, decided_on: Any, file: Any) -> Any:
        content, name = file.read(), file.name
        return actions.record_decision(
            found, actor=actor, tribunal=tribunal, decided_on=decided_on, content=content, name=name
        )

    return _step(
        request, ref, "record_decision", DecisionForm, decide, title, lead, gettext_lazy("Record the decision")
    )


@require_http_methods(["GET", "POST"])
def name_representative(request: Request, ref: str) -> HttpResponse:
    """Name who speaks for one's agency at a level."""
    title = gettext_lazy("Name who speaks for us")
    lead = gettext_lazy("That person is asked at this level, and reads the dispute and what is said without prejudice.")
    found = find(request, ref)
    DisputePolicy(request.actor, found).require("name_representative")
    members = Membership.objects.visible_to(request.actor).live().select_related("person").order_by("person__name")
    form = RepresentativeForm(request.POST or None, dispute=found, members=members)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, actions.name_representative, found, actor=request.actor, **form.cleaned_data)
    ):
        return redirect(found)
    return _page(request, found, form, title, lead, gettext_lazy("Name"))


@require_POST
def escalate(request: Request, ref: str) -> HttpResponse:
    """Have it recorded that the time of a level is over."""
    return redirect(actions.escalate_dispute(find(request, ref), actor=request.actor))


@require_POST
def confirm_cure(request: Request, ref: str) -> HttpResponse:
    """Say that a breach is cured."""
    found = actions.confirm_cure(find(request, ref), actor=request.actor)
    messages.success(request, _("It is recorded that the breach is cured."))
    return redirect(found)


@require_safe
def decision(request: Request, ref: str) -> HttpResponse:
    """The document of the decision."""
    found = find(request, ref)
    if found.decision is None:
        raise Http404
    return respond(found.decision)


def _step(
    request: Request,
    ref: str,
    rule: str,
    form_class: type[forms.Form],
    act: Callable[..., Any],
    title: Words,
    lead: Words,
    button: Words,
) -> HttpResponse:
    """A form whose fields are the action's keywords; the refusal of the rule comes before the form."""
    found = find(request, ref)
    DisputePolicy(request.actor, found).require(rule)
    form = form_class(request.POST or None, request.FILES or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, act, found, actor=request.actor, **form.cleaned_data)
    ):
        return redirect(found)
    return _page(request, found, form, title, lead, button)


def _page(request: Request, found: Any, form: forms.Form, title: Words, lead: Words, button: Words) -> HttpResponse:
    context = frame(request, found) | {"form": form, "title": title, "lead": lead, "button": button}
    return render(request, "ip/dispute_step.html", context, status=422 if form.errors else 200)
