"""Pages of disputes: those of a project, opening one, the page of one with its levels and evidence, and its exports."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.history.models import Event
from portal.history.timelines import timeline
from portal.kit.actors import Request
from portal.kit.forms import attempt
from portal.kit.pagination import page
from projects.ip import actions
from projects.ip.dossier import bundle, timeline_document
from projects.ip.evidence import Entry, entries_of
from projects.ip.forms.disputes import ClaimForm, DisputeForm
from projects.ip.models import Asset, Dispute, Exhibit, UrgentMeasure
from projects.ip.pages import ip_page
from projects.ip.policies import DisputePolicy, DisputingPolicy
from projects.ip.policies.disputes import contest_refusal
from projects.ip.room import WHY_APART
from projects.ip.stations import stations_of
from projects.ip.subjects import offered_subjects, show_subject
from projects.ip.terms import terms_of

TIMELINE = 20


@require_safe
def disputes(request: Request, ref: str) -> HttpResponse:
    """The disputes of a project in which one's agency is a party."""
    project, context = ip_page(request, ref, "disputes")
    rows = page(Dispute.objects.visible_to(request.actor).filter(project=project).with_parties(), request)
    may = DisputingPolicy(request.actor, project)
    return render(request, "ip/disputes.html", {**context, "page": rows, "may": may})


@require_http_methods(["GET", "POST"])
def open_dispute(request: Request, ref: str) -> HttpResponse:
    """Open a dispute in a project."""
    project, context = ip_page(request, ref, "disputes")
    may = DisputingPolicy(request.actor, project)
    may.require("open")
    subjects = offered_subjects(project, request.actor)
    form = DisputeForm(
        request.POST or None,
        subjects=subjects,
        opponents=may.opponents,
        initial={"about": request.GET.get("about", "")},
    )
    if request.method == "POST" and form.is_valid():
        opened = attempt(form, actions.open_dispute, project, actor=request.actor, **form.typed())
        if opened:
            return _opened(request, opened)
    status = 422 if form.errors else 200
    return render(request, "ip/open_dispute.html", {**context, "form": form, "subjects": subjects}, status=status)


@require_http_methods(["GET", "POST"])
def from_contest(request: Request, ref: str) -> HttpResponse:
    """Take the contest of an entry to a dispute."""
    visible = Asset.objects.visible_to(request.actor).with_owners().with_project()
    asset = get_object_or_404(visible, ref=ref)
    DisputingPolicy(request.actor, asset.project).require("open")
    refusal = contest_refusal(request.actor, asset)
    if refusal:
        raise refusal
    form = ClaimForm(request.POST or None, initial={"claim": asset.contest_reason if _contests(request, asset) else ""})
    if request.method == "POST" and form.is_valid():
        opened = attempt(form, actions.open_from_contest, asset, actor=request.actor, **form.cleaned_data)
        if opened:
            return _opened(request, opened)
    context = {"asset": asset, "project": asset.project, "form": form}
    return render(request, "ip/dispute_contest.html", context, status=422 if form.errors else 200)


@require_safe
def dispute(request: Request, ref: str) -> HttpResponse:
    """Where a dispute stands, what is claimed and answered, and both sides' evidence by time."""
    found = find(request, ref)
    policy = DisputePolicy(request.actor, found)
    events = Event.objects.visible_to(request.actor).of(found.ref).newest_first()[:TIMELINE]
    context = frame(request, found) | {
        "subject": show_subject(
            found.project, found.subject_kind, found.subject_ref, clause=found.clause, actor=request.actor
        ),
        "terms": next((terms for terms in terms_of(found.project) if terms.agreement == found.agreement), None),
        "entries": evidence(request, found) if policy.refusal("see_evidence") is None else [],
        "measures": UrgentMeasure.objects.visible_to(request.actor).filter(dispute=found).select_related("agency"),
        "events": timeline(events),
        "since": _since(request, found),
        "why_apart": WHY_APART,
    }
    return render(request, "ip/dispute.html", context)


@require_safe
def timeline_json(request: Request, ref: str) -> HttpResponse:
    """The evidence timeline with its proofs, as JSON."""
    found = find(request, ref)
    DisputePolicy(request.actor, found).require("see_evidence")
    document = timeline_document(found, evidence(request, found))
    response = JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{found.ref}-timeline.json"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def dossier(request: Request, ref: str) -> HttpResponse:
    """The evidence with its files, proofs and the scripts that check them, as a ZIP."""
    found = find(request, ref)
    DisputePolicy(request.actor, found).require("see_evidence")
    response = HttpResponse(bundle(found, evidence(request, found)), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{found.ref}-evidence.zip"'
    response["Cache-Control"] = "private, no-store"
    return response


def find(request: Request, ref: str) -> Dispute:
    return get_object_or_404(
        Dispute.objects.visible_to(request.actor).with_project().select_related("settlement", "decision"), ref=ref
    )


def frame(request: Request, found: Dispute) -> dict[str, Any]:
    """What the head of every page of a dispute needs."""
    return {
        "dispute": found,
        "project": found.project,
        "policy": DisputePolicy(request.actor, found),
        "stations": stations_of(found, at=timezone.now()),
        "place": "projects",
    }


def evidence(request: Request, found: Dispute) -> list[Entry]:
    """Both sides' exhibits that the reader sees, by time."""
    rows = Exhibit.objects.visible_to(request.actor).filter(dispute=found)
    return entries_of(rows.select_related("agency", "file", "withdrawal"), found)


def _since(request: Request, found: Dispute) -> list[Event]:
    """What was done about the subject after the dispute ended: consequences are acts of their own."""
    if found.ended_at is None:
        return []
    about = Event.objects.visible_to(request.actor).filter(target_ref=found.subject_ref, at__gt=found.ended_at)
    return timeline(about.newest_first()[:TIMELINE])


def _contests(request: Request, asset: Asset) -> bool:
    return asset.contested_by_id == request.actor.agency_id


def _opened(request: Request, opened: Dispute) -> HttpResponse:
    messages.success(request, _("%(ref)s is open; the other side is asked to answer.") % {"ref": opened.ref})
    return redirect(opened)
