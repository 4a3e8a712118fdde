"""The internal approvals of one's own agency; of the others a page says no more than whether they are done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.kit.actors import Request
from portal.kit.forms import attempt
from projects.agreements import actions
from projects.agreements.forms.changes import ApprovalsForm, ApproveForm
from projects.agreements.models import Agreement, Approval
from projects.agreements.pages import agreement_page
from projects.agreements.turns import turns

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
def approvals(request: Request, ref: str) -> HttpResponse:
    """One's own list, and of every other party: done, not done, none asked."""
    agreement, context = agreement_page(request, ref, "approvals")
    context["policy"].require_party()
    lines = own_lines(request, agreement)
    form = ApprovalsForm(request.POST if request.method == "POST" else None, lines=lines)
    if request.method == "POST":
        context["policy"].require("ask_approvals")
        if form.is_valid() and attempt(
            form, actions.ask_approvals, agreement, actor=request.actor, lines=form.lines
        ) is not None:  # fmt: skip
            messages.success(request, _("Your agency’s list of approvals is saved."))
            return redirect("agreements:approvals", ref)
    return _show(request, context, lines, form)


@require_POST
def approve(request: Request, ref: str, position: int) -> HttpResponse:
    """Approve the text that was shown; what is wrong with the note is said on the list."""
    agreement, context = agreement_page(request, ref, "approvals")
    line = _line(request, agreement, position)
    refusal = context["policy"].of_line(line)
    if refusal is not None:
        raise refusal
    form = ApproveForm(request.POST)
    if form.is_valid() and attempt(
        form, actions.approve, agreement, line.position, actor=request.actor, **form.cleaned_data
    ):
        messages.success(request, _("The text is approved."))
        return redirect("agreements:approvals", ref)
    lines = own_lines(request, agreement)
    return _show(request, {**context, "bad": form}, lines, ApprovalsForm(lines=lines), status=INVALID)


@require_POST
def take_back(request: Request, ref: str, position: int) -> HttpResponse:
    agreement = get_object_or_404(Agreement.objects.visible_to(request.actor), ref=ref)
    line = _line(request, agreement, position)
    actions.take_back_approval(agreement, line.position, actor=request.actor)
    messages.success(request, _("The approval is taken back."))
    return redirect("agreements:approvals", ref)


def own_lines(request: Request, agreement: Agreement) -> list[Approval]:
    """SECURITY: no page reads the lines of another agency."""
    own = agreement.approvals.filter(agency=request.actor.agency).select_related("approved_by")
    return list(own.order_by("position"))


def _line(request: Request, agreement: Agreement, position: int) -> Approval:
    return get_object_or_404(agreement.approvals.filter(agency=request.actor.agency), position=position)


def _show(
    request: Request, context: dict[str, Any], lines: list[Approval], form: ApprovalsForm, status: int = 200
) -> HttpResponse:
    policy = context["policy"]
    context |= {
        "lines": [{"line": line, "refusal": policy.of_line(line), "is_done": line.approved_sha256 == policy.current_hash}
                  for line in lines],
        "form": form,
        "turns": turns(policy),
    }  # fmt: skip
    return render(request, "agreements/approvals.html", context, status=INVALID if form.errors else status)
