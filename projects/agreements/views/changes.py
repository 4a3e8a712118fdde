"""Proposing changes to a shared text, and answering those of others; each page works without scripts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kit.actors import Request
from portal.kit.forms import Form, attempt
from portal.kit.pagination import page
from projects.agreements import actions
from projects.agreements.board import Board, Proposal, decided, of_its_day, spoken_answers, with_answers
from projects.agreements.forms import ReasonForm
from projects.agreements.forms.changes import BracketForm
from projects.agreements.forms.proposals import (
    answers_form,
    clause_forms,
    counter_form,
    new_clause_form,
    part_named,
    typed,
)
from projects.agreements.models import Agreement, Change, Decision, Operation, Part
from projects.agreements.pages import agreement_page
from projects.agreements.policies import AgreementPolicy
from projects.agreements.versions import wordings_shown

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: Request, ref: str, code: str) -> HttpResponse:
    """One clause of a shared text: other words, another place, left out, the model's words again; or brackets."""
    agreement, context = agreement_page(request, ref, "text")
    clause = next((row for row in agreement.clauses.all() if row.code == code), None)
    if clause is None:
        raise Http404
    own = request.actor.agency
    forms = clause_forms(agreement, clause, _again(request, context["policy"]), own)
    if request.method == "POST":
        context["policy"].require("propose_change")
        operation = request.POST.get("operation", Operation.REWORD)
        if operation not in forms:
            operation = Operation.REWORD
        forms[operation] = form = clause_forms(agreement, clause, None, own, request.POST)[operation]
        if form.is_valid() and (change := _propose(request, agreement, form, operation, code=code)):
            return _proposed(request, change)
    context |= {
        "clause": clause,
        "forms": {str(operation): form for operation, form in forms.items()},
        "form": next((form for form in forms.values() if form.is_bound), forms[Operation.REWORD]),
        "bracket_form": BracketForm(),
        "proposals": _on_clause(context, code) if context["policy"].party else [],
        "wordings": wordings_shown(agreement, code, request.actor),
    }
    bad = any(form.is_bound and form.errors for form in forms.values())
    return render(request, "agreements/propose.html", context, status=INVALID if bad else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def propose_new(request: Request, ref: str) -> HttpResponse:
    """A clause of the parties' own, or other answers in the profile."""
    agreement, context = agreement_page(request, ref, "text")
    context["policy"].require_party()
    again = _again(request, context["policy"])
    asked = request.POST.get("operation") or request.GET.get("operation") or (again.operation if again else "")
    operation = Operation.ANSWER if asked == Operation.ANSWER else Operation.ADD
    asked_part = request.POST.get("part") or request.GET.get("part") or (again.part if again else "")
    part = part_named(agreement, asked_part) if operation == Operation.ANSWER else ""
    own, posted = request.actor.agency, request.POST if request.method == "POST" else None
    form: Form
    if operation == Operation.ANSWER:
        form = answers_form(agreement, part, again, own, posted)
    else:
        form = new_clause_form(agreement, again, request.GET.get("after", ""), own, posted)
    if request.method == "POST":
        context["policy"].require("propose_change")
        if form.is_valid() and (change := _propose(request, agreement, form, operation, part=part)):
            return _proposed(request, change)
    context |= {"form": form, "operation": str(operation), "part": part, "is_amended": part == Part.AMENDED}
    return render(request, "agreements/propose_new.html", context, status=INVALID if form.errors else 200)


@require_safe
def changes(request: Request, ref: str) -> HttpResponse:
    """Every change that was ever proposed, by round, with what each party said; the status filters in the address."""
    agreement, context = agreement_page(request, ref, "changes")
    context["policy"].require_party()
    rows = with_answers(agreement.changes.all())
    status = request.GET.get("status", "")
    if status in Decision.values:
        rows = rows.filter(status=status)
    found = page(rows, request, order=("-number",))
    context |= {
        "page": found,
        "proposals": decided(context["policy"], found.rows),
        "statuses": Decision.choices,
        "status": status,
    }
    return render(request, "agreements/changes.html", context)


@require_safe
def change(request: Request, ref: str, number: int) -> HttpResponse:
    """One change: its words against those it was written for, what each party said, and the reader's own answer."""
    _agreement, context, _proposal = _change_page(request, ref, number)
    return render(request, "agreements/change.html", context)


@require_POST
def accept(request: Request, ref: str, number: int) -> HttpResponse:
    agreement, _found = _visible(request, ref, number)
    done = actions.accept_change(agreement, number, actor=request.actor)
    if done.applied_in:
        messages.success(
            request, _("Every party has accepted it: the text is revision %(n)s.") % {"n": done.applied_in}
        )
        return redirect(_text(ref, done.code))
    messages.success(request, _("Your agency has accepted change %(n)s.") % {"n": number})
    return redirect(_text(ref, done.code))


@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request: Request, ref: str, number: int) -> HttpResponse:
    """Refuse a change with a reason."""
    agreement, context, proposal = _change_page(request, ref, number)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        proposal.policy.require("refuse")
        if form.is_valid() and attempt(
            form, actions.refuse_change, agreement, number, actor=request.actor, **form.cleaned_data
        ):
            messages.success(request, _("Change %(n)s is refused; every party reads why.") % {"n": number})
            return redirect(_text(ref, proposal.change.code))
    context |= {"form": form}
    return render(request, "agreements/refuse.html", context, status=INVALID if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: Request, ref: str, number: int) -> HttpResponse:
    """Answer a change with other words."""
    agreement, context, proposal = _change_page(request, ref, number)
    posted = request.POST if request.method == "POST" else None
    form = counter_form(agreement, proposal.change, request.actor.agency, posted)
    if request.method == "POST":
        proposal.policy.require("counter")
        if form.is_valid():
            done = attempt(form, actions.counter_change, agreement, number, actor=request.actor, **typed(form))
            if done:
                return _proposed(request, done)
    context |= {"form": form}
    return render(request, "agreements/counter.html", context, status=INVALID if form.errors else 200)


@require_POST
def withdraw(request: Request, ref: str, number: int) -> HttpResponse:
    agreement, found = _visible(request, ref, number)
    actions.withdraw_change(agreement, number, actor=request.actor)
    messages.success(request, _("Change %(n)s is withdrawn.") % {"n": number})
    return redirect(_text(ref, found.code))


def _visible(request: Request, ref: str, number: int) -> tuple[Agreement, Change]:
    agreement = get_object_or_404(Agreement.objects.visible_to(request.actor), ref=ref)
    return agreement, get_object_or_404(agreement.changes, number=number)


def _change_page(request: Request, ref: str, number: int) -> tuple[Agreement, dict[str, Any], Proposal]:
    agreement, context = agreement_page(request, ref, "changes")
    policy = context["policy"]
    policy.require_party()
    found = get_object_or_404(with_answers(agreement.changes.all()), number=number)
    (proposal,) = decided(policy, [found])
    if found.is_open:
        drawn = Board(policy).proposal(found)
        proposal.effects, proposal.answers, proposal.place = drawn.effects, drawn.answers, drawn.place
    context |= {
        "proposal": proposal,
        "change": found,
        "of_its_day": [] if found.is_open else of_its_day(agreement, found),
        "clause": next((row for row in agreement.clauses.all() if row.code == found.code), None),
        "change_answers": spoken_answers(found),
        "again": _again_address(agreement, found),
        "countered_by": found.countered_by.order_by("number").first(),
    }
    return agreement, context, proposal


def _on_clause(context: dict[str, Any], code: str) -> list[Proposal]:
    """The open changes to one clause; the page leads to proposing another, so none of them stands out."""
    rows = [row for row in Board(context["policy"]).proposals if row.change.code == code]
    return [replace(row, is_first=False) for row in rows]


def _propose(
    request: Request, agreement: Agreement, form: Form, operation: str, code: str = "", part: str = ""
) -> Change | None:
    proposed: Change | None = attempt(
        form, actions.propose_change, agreement, actor=request.actor, operation=str(operation), code=code, part=part,
        based_on=form.cleaned_data.get("version"), **typed(form),
    )  # fmt: skip
    return proposed


def _proposed(request: Request, change: Change) -> HttpResponse:
    messages.success(request, _("Change %(n)s is proposed; the other parties are asked.") % {"n": change.number})
    return redirect("agreements:change", change.agreement.ref, change.number)


def _again(request: Request, policy: AgreementPolicy) -> Change | None:
    """An earlier change whose words fill the form, named in the address.

    SECURITY: parties alone read what was proposed.
    """
    number = request.GET.get("again", "")
    if policy.party is None or not (number.isascii() and number.isdigit() and len(number) < 9):
        return None
    return policy.agreement.changes.filter(number=int(number)).first()


def _again_address(agreement: Agreement, change: Change) -> str:
    """Where a change that came to nothing is proposed again on the words of today; "" where it cannot be."""
    if change.is_open or change.status == Decision.ACCEPTED:
        return ""
    if change.operation in (Operation.ADD, Operation.ANSWER):
        path = reverse("agreements:propose", args=[agreement.ref])
        return f"{path}?operation={change.operation}&part={change.part}&again={change.number}"
    if not any(row.code == change.code for row in agreement.clauses.all()):
        return f"{reverse('agreements:propose', args=[agreement.ref])}?operation=add&again={change.number}"
    return f"{reverse('agreements:clause', args=[agreement.ref, change.code])}?again={change.number}"


def _text(ref: str, code: str) -> str:
    return f"{reverse('agreements:agreement', args=[ref])}{f'#{code}' if code else ''}"
