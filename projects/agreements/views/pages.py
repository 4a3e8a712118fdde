"""Reading agreements: the list, the text, the annexes, the history."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.history.models import Event
from portal.history.timelines import timeline
from portal.kit.actors import Request
from portal.kit.pagination import page
from projects.agreements.consolidation import text_in_force
from projects.agreements.document import current_document
from projects.agreements.entry import standing_of
from projects.agreements.forms import ReasonForm
from projects.agreements.forms.changes import CommentForm
from projects.agreements.live_annexes import annexes_of, departures
from projects.agreements.models import Agreement, Comment, Status
from projects.agreements.pages import agreement_page
from projects.agreements.policies import AgreementPolicy
from projects.agreements.policies.base import ABOUT_ANOTHER
from projects.agreements.printed import annex_tables, printed
from projects.agreements.shown import read_text, talk
from projects.agreements.turns import of_list
from projects.agreements.umbrella import keep_umbrellas

SLUG = re.compile(r"[-a-zA-Z0-9_]{1,60}")


@require_safe
def agreements(request: Request) -> HttpResponse:
    """The agreements of one's agency; filters live in the URL."""
    rows = Agreement.objects.visible_to(request.actor).with_parties()
    status = request.GET.get("status", "")
    if status in Status.values:
        rows = rows.filter(status=status)
    found = page(rows, request)
    waits = of_list(row for row in found.rows if row.party_of(request.actor.agency_id))
    for row in found.rows:
        row.waits_for = waits.get(row.pk, "")
    keep_umbrellas(found.rows, request.actor)
    context = {"page": found, "statuses": Status.choices, "status": status}
    return render(request, "agreements/list.html", context)


@require_safe
def agreement(request: Request, ref: str) -> HttpResponse:
    """The text as it stands, clause by clause, what is open in it, and what can be done with it now."""
    about = request.GET.get("clause", "")
    _shown, context = text_page(request, ref, about if SLUG.fullmatch(about) else "")
    return render(request, "agreements/agreement.html", context)


def text_page(
    request: Request, ref: str, about: str, form: CommentForm | None = None
) -> tuple[Agreement, dict[str, Any]]:
    """The context of the text's page; `about` is the clause that is talked about, `form` a comment that came back."""
    shown, context = agreement_page(request, ref, "text", about=about)
    policy = context["policy"]
    context["reading"] = read_text(policy)
    context["altered"] = policy.touched if shown.amends and not shown.is_effective else set()
    context["clause_talked_about"] = next((row for row in shown.clauses.all() if row.code == about), None)
    context["about"] = about
    context["talk"] = talk(policy, about) if policy.party is not None else None
    context["comment_form"] = form or CommentForm()
    context["answered"] = _answered(request, policy, form)
    context["reason_form"] = ReasonForm()
    context["readiness"] = standing_of(shown)
    return shown, context


def _answered(request: Request, policy: AgreementPolicy, form: CommentForm | None) -> Comment | None:
    """The comment that the writer answers, among those about the clause that they may read."""
    wanted = str(form["reply_to"].value() or "") if form else request.GET.get("answer", "")
    return next((row for row in policy.negotiation.comments if str(row.pk) == wanted), None)


@require_safe
def annexes(request: Request, ref: str) -> HttpResponse:
    """The annexes: live records while the text is open, frozen with it afterwards."""
    shown, context = agreement_page(request, ref, "annexes")
    document = current_document(shown)
    context["annexes"], context["printed"] = annex_tables(document), printed(document)
    if shown.is_effective and not shown.has_ended and shown.kind not in ABOUT_ANOTHER:
        text = text_in_force(shown)
        context["departures"] = departures(text.annexes, annexes_of(shown, answers=text.profile))
    return render(request, "agreements/annexes.html", context)


@require_safe
def history(request: Request, ref: str) -> HttpResponse:
    """Everything that happened to the agreement, each event with its proof, and the reasons that parties gave."""
    shown, context = agreement_page(request, ref, "history")
    events = page(Event.objects.visible_to(request.actor).of(shown.ref), request, order=("-pk",))
    context["page"] = events
    context["events"] = timeline(events.rows)
    context["texts"] = shown.texts.select_related("frozen_for")
    # SECURITY: reasons are between the parties; who only reads the text reads none of them.
    context["reasons"] = shown.reasons.select_related("agency") if context["policy"].party else []
    return render(request, "agreements/history.html", context)
