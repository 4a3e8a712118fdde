"""Reading agreements: the list, the text, the annexes, the history."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.history.models import Event
from portal.history.timelines import timeline
from portal.kit.actors import Request
from portal.kit.pagination import page
from projects.agreements.document import annex_tables, current_document
from projects.agreements.entry import evaluate
from projects.agreements.forms import ReasonForm
from projects.agreements.models import Agreement, Party, Status
from projects.agreements.pages import agreement_page
from projects.agreements.paragraphs import paragraphs
from projects.agreements.redline import redline


@require_safe
def agreements(request: Request) -> HttpResponse:
    """The agreements of one's agency; filters live in the URL."""
    rows = Agreement.objects.visible_to(request.actor).with_parties()
    status = request.GET.get("status", "")
    if status in Status.values:
        rows = rows.filter(status=status)
    context = {"page": page(rows, request), "statuses": Status.choices, "status": status}
    return render(request, "agreements/list.html", context)


@require_safe
def agreement(request: Request, ref: str) -> HttpResponse:
    """The text as it stands, clause by clause, and what can be done with it now."""
    shown, context = agreement_page(request, ref, "text")
    context["clauses"] = _clauses(shown, context["policy"].party)
    context["reason_form"] = ReasonForm()
    context["readiness"] = evaluate(shown)
    return render(request, "agreements/agreement.html", context)


@require_safe
def annexes(request: Request, ref: str) -> HttpResponse:
    """The annexes: live records while the text is open, frozen with it afterwards."""
    shown, context = agreement_page(request, ref, "annexes")
    context["annexes"] = annex_tables(current_document(shown))
    return render(request, "agreements/annexes.html", context)


@require_safe
def history(request: Request, ref: str) -> HttpResponse:
    """Everything that happened to the agreement, each event with its proof, and the reasons that parties gave."""
    shown, context = agreement_page(request, ref, "history")
    events = page(Event.objects.visible_to(request.actor).of(shown.ref), request, order=("-pk",))
    context["page"] = events
    context["events"] = timeline(events.rows)
    context["texts"] = shown.texts.select_related("frozen_for")
    context["reasons"] = shown.reasons.select_related("agency")
    return render(request, "agreements/history.html", context)


def _clauses(agreement: Agreement, party: Party | None) -> list[dict]:
    """Each clause with its paragraphs, and with a redline against the wording that its reader knows.

    That is the text their agency last agreed to; before it has agreed to any, the text before the present revision.
    """
    before = _known_wordings(agreement, party) if agreement.is_open and agreement.revision > 1 else None
    return [
        {
            "clause": clause,
            "paragraphs": paragraphs(clause.position, clause.text),
            "redline": redline(before[clause.code], clause.text)
            if before and before.get(clause.code, clause.text) != clause.text
            else None,
            "is_new": before is not None and clause.code not in before,
        }
        for clause in agreement.clauses.all()
    ]


def _known_wordings(agreement: Agreement, party: Party | None) -> dict[str, str]:
    """The words of every clause as the reader's agency last knew them."""
    wordings = agreement.wordings.order_by("revision")
    if party is not None and party.agreed_at is not None:
        wordings = wordings.filter(at__lte=party.agreed_at)
    else:
        wordings = wordings.filter(revision__lt=agreement.revision)
    return dict(wordings.values_list("code", "text"))
