"""Pages of deposits: the list, one deposit with its proof, and what may change about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
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
from projects.ip.forms.deposits import EditForm, RevealForm
from projects.ip.markings import refusal_to_read
from projects.ip.models import Commitment, Deposit
from projects.ip.pages import ip_page
from projects.ip.policies import DepositingPolicy, DepositPolicy
from projects.ip.proofs import standing
from projects.ip.receipts.openings import parse_opening

TIMELINE = 20


@require_safe
def deposits(request: Request) -> HttpResponse:
    """What one's agency has deposited, and what others have revealed to it."""
    rows = Deposit.objects.visible_to(request.actor).with_versions(request.actor)
    context = {"page": page(rows, request), "may": DepositingPolicy(request.actor), "place": "ip"}
    return render(request, "ip/deposits/list.html", context)


@require_safe
def of_project(request: Request, ref: str) -> HttpResponse:
    """The same, of one project."""
    project, context = ip_page(request, ref, "project-deposits")
    rows = Deposit.objects.visible_to(request.actor).with_versions(request.actor).filter(project=project)
    context |= {"page": page(rows, request), "may": DepositingPolicy(request.actor)}
    return render(request, "ip/deposits/project.html", context)


@require_safe
def deposit(request: Request, ref: str) -> HttpResponse:
    """Everything about one deposit: what proves it, its versions, and who else may read it."""
    found = find(request, ref)
    readable = Commitment.objects.readable_by(request.actor).filter(deposit=found)
    withheld = refusal_to_read(found, request.actor)
    opened = set() if withheld else set(readable.values_list("pk", flat=True))
    is_own = found.agency_id == request.actor.agency_id
    prefetch_related_objects(found.versions, "files__file", "reveals__agency", "reveals__person")  # type: ignore[attr-defined]
    events = Event.objects.visible_to(request.actor).of(found.ref).newest_first()[:TIMELINE]
    context = {
        "deposit": found,
        "is_own": is_own,
        "policy": DepositPolicy(request.actor, found),
        "versions": [shown(row, row.pk in opened) for row in found.versions],  # type: ignore[attr-defined]
        "steps": standing(found.newest),
        "withheld": withheld,
        "events": timeline(events),
    }
    return render(request, "ip/deposits/deposit.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: Request, ref: str) -> HttpResponse:
    """Its name, notes and links."""
    found = find(request, ref)
    DepositPolicy(request.actor, found).require("edit")
    initial = {name: getattr(found, name) for name in ("label", "about", "notes", "version")}
    initial["project"] = found.project.ref if found.project else ""
    form = EditForm(request.POST or None, actor=request.actor, initial=initial)
    if request.method == "POST" and form.is_valid() and attempt(
        form, actions.edit_deposit, found, actor=request.actor,
        version=form.cleaned_data["version"], notes=form.cleaned_data["notes"], **form.links,
    ):  # fmt: skip
        return redirect(found)
    return _form_page(request, "ip/deposits/edit.html", found, form)


@require_http_methods(["GET", "POST"])
def reveal(request: Request, ref: str) -> HttpResponse:
    """Open a version to an agency."""
    found = find(request, ref)
    DepositPolicy(request.actor, found).require("reveal")
    form = RevealForm(request.POST or None, request.FILES or None, actor=request.actor, deposit=found)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        done = attempt(form, _reveal, found, request=request, typed=typed)
        if done:
            words = _("Version %(number)s is revealed to %(agency)s.")
            messages.success(request, words % {"number": typed["number"], "agency": typed["agency"].acronym})
            return redirect(found)
    parties = [row.agency for row in found.project.parties() if row.agency_id != found.agency_id]  # type: ignore[union-attr]
    return _form_page(request, "ip/deposits/reveal.html", found, form, parties=parties)


@require_POST
def seal(request: Request, ref: str) -> HttpResponse:
    """Seal now."""
    made = actions.seal_deposit(find(request, ref), actor=request.actor)
    messages.success(request, _("%(ref)s is sealed in the ledger.") % {"ref": made.ref})
    return redirect(made)


@require_POST
def time_stamp(request: Request, ref: str) -> HttpResponse:
    """Ask the time-stamp authority, again."""
    made = actions.request_time_stamp(find(request, ref), actor=request.actor)
    messages.success(request, _("The authority is asked. Look again in a moment."))
    return redirect(made)


def find(request: Request, ref: str) -> Deposit:
    """The deposit with the versions that the actor sees."""
    found: Deposit = get_object_or_404(Deposit.objects.visible_to(request.actor).with_versions(request.actor), ref=ref)
    return found


def shown(row: Commitment, is_open: bool) -> dict[str, Any]:
    """A version as the page draws it; what it hides only for who may read it."""
    kept = row.kept if is_open else None
    stored = {one.file.sha256 for one in row.files.all()} if kept else set()
    files = [{**entry, "is_stored": entry["sha256"] in stored} for entry in kept.said["files"]] if kept else []
    return {
        "row": row,
        "is_open": is_open,
        "manifest": kept.said if kept else None,
        "files": files,
        "reveals": sorted(row.reveals.all(), key=lambda one: one.pk),
    }


def _reveal(found: Deposit, *, request: Request, typed: dict[str, Any]) -> Any:
    opening = parse_opening(typed["opening"].read()) if typed["opening"] else None
    return actions.reveal(
        found, actor=request.actor, number=typed["number"], agency=typed["agency"],
        with_files=typed["with_files"], opening=opening, uploads=typed["files"],
    )  # fmt: skip


def _form_page(request: Request, template: str, found: Deposit, form: Any, **more: Any) -> HttpResponse:
    context = {"deposit": found, "form": form, **more}
    return render(request, template, context, status=422 if form.errors else 200)
