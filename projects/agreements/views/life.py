"""The life of an agreement in force, on its page: what runs, what each party can do, and the exit calculator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from portal.kit.actors import Request
from portal.kit.forms import attempt, show
from projects.agreements import actions, lifetime
from projects.agreements.bound import kept_steps
from projects.agreements.exit import compute
from projects.agreements.forms import life as forms
from projects.agreements.models import Agreement, Step
from projects.agreements.pages import agreement_page
from projects.agreements.policies.life import LifeRules
from projects.agreements.policies.steps import HandoverPolicy, StepPolicy

INVALID = 422
ASKED = gettext_lazy("Done. Every other party concerned is asked; silence is not consent.")


@require_safe
def life(request: Request, ref: str) -> HttpResponse:
    """Dates, what runs with its clocks, what can be done, and what came before."""
    agreement, context = agreement_page(request, ref, "life")
    return render(request, "agreements/life.html", {**context, **lifetime.context(agreement, context["policy"])})


@require_safe
def exit_of(request: Request, ref: str) -> HttpResponse:
    """What the leaving of a party means, computed as things stand."""
    agreement, context = agreement_page(request, ref, "life")
    if not agreement.is_effective:
        raise Http404
    form = forms.ExitForm(
        request.GET if request.GET.get("party") else None, parties=[party.agency for party in agreement.party_list]
    )
    found = None
    if form.is_bound and form.is_valid():
        try:
            party = agreement.party_of(form.cleaned_data["party"].pk)
            assert party is not None
            found = compute(agreement, party, reader=request.actor, on=form.cleaned_data["on"])
        except ValidationError as error:
            show(form, error)
    context |= {"form": form, "exit": found}
    return render(request, "agreements/life_exit.html", context, status=INVALID if form.errors else 200)


@require_POST
def withdraw(request: Request, ref: str) -> HttpResponse:
    said = gettext_lazy("The notice is given. It runs until the day shown here, and can be taken back until then.")
    return _propose(request, ref, "withdraw", said)


@require_POST
def propose_suspension(request: Request, ref: str) -> HttpResponse:
    return _propose(request, ref, "propose_suspension", ASKED)


@require_POST
def propose_resumption(request: Request, ref: str) -> HttpResponse:
    return _propose(request, ref, "propose_resumption", ASKED)


@require_POST
def give_breach_notice(request: Request, ref: str) -> HttpResponse:
    return _propose(
        request, ref, "give_breach_notice", gettext_lazy("The notice is given to all; the time to cure it runs.")
    )


@require_POST
def propose_termination(request: Request, ref: str) -> HttpResponse:
    return _propose(request, ref, "propose_termination", ASKED)


@require_POST
def propose_renewal(request: Request, ref: str) -> HttpResponse:
    return _propose(request, ref, "propose_renewal", ASKED)


@require_POST
def object_to_renewal(request: Request, ref: str) -> HttpResponse:
    return _propose(request, ref, "object_to_renewal", gettext_lazy("Noted: it will not renew by itself."))


@require_POST
def consent_to_step(request: Request, ref: str, number: int) -> HttpResponse:
    agreement, _context, _step = _found(request, ref, number)
    actions.consent_to_step(agreement, number, actor=request.actor)
    return _done(request, ref, _("Your agency has consented."))


@require_POST
def refuse_step(request: Request, ref: str, number: int) -> HttpResponse:
    return _answer(
        request, ref, number, "refuse_step", forms.LifeForm, gettext_lazy("Refused; everything stays as it is.")
    )


@require_POST
def take_back_step(request: Request, ref: str, number: int) -> HttpResponse:
    agreement, _context, _step = _found(request, ref, number)
    actions.take_back_step(agreement, number, actor=request.actor)
    return _done(request, ref, _("Taken back; everything stays as it is."))


@require_POST
def declare_cured(request: Request, ref: str, number: int) -> HttpResponse:
    agreement, _context, _step = _found(request, ref, number)
    actions.declare_cured(agreement, number, actor=request.actor)
    return _done(request, ref, _("The breach is declared cured."))


@require_POST
def terminate_for_breach(request: Request, ref: str, number: int) -> HttpResponse:
    return _answer(request, ref, number, "terminate_for_breach", forms.OnForm, ASKED)


@require_POST
def settle_handover(request: Request, ref: str, pk: int) -> HttpResponse:
    agreement, _context = agreement_page(request, ref, "life")
    handover = next((row for step in kept_steps(agreement) for row in step.handovers.all() if row.pk == pk), None)
    if handover is None:
        raise Http404
    HandoverPolicy(request.actor, agreement, handover).require("settle_handover")
    actions.settle_handover(agreement, pk, actor=request.actor)
    return _done(request, ref, _("Settled."))


def _propose(request: Request, ref: str, verb: str, said: str | Promise) -> HttpResponse:
    """Run a verb of the agreement with its form; what is wrong comes back beside the fields, nothing typed is lost."""
    agreement, context = agreement_page(request, ref, "life")
    policy: LifeRules = context["policy"]
    # Asked before the form is read: a refusal must not hide behind a typing error.
    policy.require(verb)
    form = lifetime.FORMS[verb](request.POST, policy=policy, prefix=verb)
    if form.is_valid() and attempt(form, getattr(actions, verb), agreement, actor=request.actor, **form.cleaned_data):
        return _done(request, ref, str(said))
    shown = lifetime.context(agreement, policy, {verb: form})
    return render(request, "agreements/life.html", {**context, **shown}, status=INVALID)


def _answer(
    request: Request, ref: str, number: int, verb: str, form_class: Callable[..., Any], said: str | Promise
) -> HttpResponse:
    """The same for a verb of one step."""
    agreement, context, step = _found(request, ref, number)
    StepPolicy(request.actor, agreement, step).require(verb)
    form = form_class(request.POST, policy=context["policy"], prefix=f"{verb}-{number}")
    action = getattr(actions, verb)
    if form.is_valid() and attempt(form, action, agreement, number, actor=request.actor, **form.cleaned_data):
        return _done(request, ref, str(said))
    shown = lifetime.context(agreement, context["policy"], {f"{verb}-{number}": form})
    return render(request, "agreements/life.html", {**context, **shown}, status=INVALID)


def _found(request: Request, ref: str, number: int) -> tuple[Agreement, dict[str, Any], Step]:
    agreement, context = agreement_page(request, ref, "life")
    step = next((step for step in kept_steps(agreement) if step.number == number), None)
    if step is None:
        raise Http404
    return agreement, context, step


def _done(request: Request, ref: str, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("agreements:life", ref)
