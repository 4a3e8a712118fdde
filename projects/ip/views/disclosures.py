"""Pages of disclosures: the lists, one disclosure as far as its reader may read it, its form and its contributors."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.files.storage import respond
from portal.history.models import Event
from portal.history.timelines import timeline
from portal.kit.actors import Request
from portal.kit.forms import attempt
from portal.kit.pagination import page
from projects.ip import actions
from projects.ip.alarms import publication_alarm
from projects.ip.disclosed import file_of
from projects.ip.disclosure_life import deeds, steps_of
from projects.ip.forms.disclosures import ContributorsForm, DisclosureForm, FileForm
from projects.ip.models import Disclosure, DisclosureStatus, Reach
from projects.ip.pages import ip_page
from projects.ip.policies import DisclosingPolicy, DisclosurePolicy
from projects.ip.reading import opening_of, read, title_of

TIMELINE = 20


@require_safe
def disclosures(request: Request) -> HttpResponse:
    """Those of one's agency that one may know of; filters live in the URL."""
    rows = Disclosure.objects.known_to(request.actor).filter(agency=request.actor.agency_id)
    status, project = request.GET.get("status", ""), request.GET.get("project", "")
    if status in DisclosureStatus.values:
        rows = rows.filter(status=status)
    if project:
        rows = rows.filter(project__ref=project.replace("\x00", ""))
    context = {
        "page": page(rows.select_related("project", "agency", "filer").with_next_day(), request),
        "statuses": DisclosureStatus.choices,
        "status": status,
        "of_project": project,
        "place": "ip",
    }
    return render(request, "ip/disclosures/list.html", context)


@require_safe
def of_project(request: Request, ref: str) -> HttpResponse:
    """One's own of a project, and that the others have some."""
    project, context = ip_page(request, ref, "project-disclosures")
    known = Disclosure.objects.known_to(request.actor).filter(project=project).select_related("agency", "filer")
    own = known.filter(agency=request.actor.agency_id).with_next_day()
    others = known.exclude(agency=request.actor.agency_id).with_reported(request.actor)
    context |= {
        "page": page(own, request),
        "others": list(others.order_by("-first_sealed_at", "-pk")[:100]),
        "may": DisclosingPolicy(request.actor, project),
    }
    return render(request, "ip/disclosures/project.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, ref: str) -> HttpResponse:
    """Begin one; a draft may leave all but the title open."""
    project, context = ip_page(request, ref, "project-disclosures")
    DisclosingPolicy(request.actor, project).require("disclose")
    form = DisclosureForm(request.POST or None, project=project, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, actions.draft_disclosure, project, actor=request.actor, **form.typed())
        if made:
            messages.success(request, _("%(ref)s is kept as a draft. Name the contributors next.") % {"ref": made.ref})
            return redirect("ip:disclosure-contributors", made.ref)
    context |= {"form": form, "may": DisclosingPolicy(request.actor, project)}
    return render(request, "ip/disclosures/new.html", context, status=422 if form.errors else 200)


@require_safe
def disclosure(request: Request, ref: str) -> HttpResponse:
    """As much of it as its reader may read."""
    found, context = disclosure_page(request, ref)
    if context["reading"].document is None:
        return render(request, "ip/disclosures/narrow.html", context)
    events = Event.objects.visible_to(request.actor).of(found.ref).newest_first()[:TIMELINE]
    context |= {"events": timeline(events), "deeds": deeds(context["policy"]), "file_form": FileForm()}
    return render(request, "ip/disclosures/disclosure.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, ref: str) -> HttpResponse:
    """Its words."""
    found, context = disclosure_page(request, ref)
    context["policy"].require("edit")
    form = DisclosureForm(request.POST or None, instance=found, project=found.project, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if attempt(form, actions.edit_disclosure, found, actor=request.actor, version=version, **form.typed()):
            messages.success(request, _("The draft is kept."))
            return redirect(found)
    return render(request, "ip/disclosures/edit.html", {**context, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def contributors(request: Request, ref: str) -> HttpResponse:
    """Who made it."""
    found, context = disclosure_page(request, ref)
    context["policy"].require("set_contributors")
    form = ContributorsForm(request.POST or None, disclosure=found)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        rows = form.typed()
        if attempt(form, actions.name_contributors, found, actor=request.actor, version=version, contributors=rows):
            messages.success(request, _("The contributors are kept."))
            return redirect(found)
    status = 422 if form.errors else 200
    return render(request, "ip/disclosures/contributors.html", {**context, "form": form}, status=status)


@require_POST
def attach(request: Request, ref: str) -> HttpResponse:
    """Add a file to the draft."""
    found, context = disclosure_page(request, ref)
    context["policy"].require("attach")
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        file, words = form.cleaned_data["file"], form.cleaned_data["words"]
        if attempt(form, actions.attach_file, found, actor=request.actor, content=file, name=file.name, words=words):
            messages.success(request, _("The file is attached."))
            return redirect(found)
    context |= {"events": [], "deeds": deeds(context["policy"]), "file_form": form, "form": form}
    return render(request, "ip/disclosures/disclosure.html", context, status=422)


@require_POST
def detach(request: Request, ref: str, sha256: str) -> HttpResponse:
    """Take a file off the draft."""
    found, _context = disclosure_page(request, ref)
    DisclosurePolicy(request.actor, found).require("detach")
    if file_of(_context["reading"].document, sha256) is None:
        raise Http404
    actions.detach_file(found, actor=request.actor, sha256=sha256)
    messages.success(request, _("The file is taken off."))
    return redirect(found)


@require_safe
def file(request: Request, ref: str, sha256: str) -> HttpResponse:
    """A file of what the reader may read, under its marking."""
    found, context = disclosure_page(request, ref)
    document = context["reading"].document
    stored = file_of(document, sha256) if document is not None else None
    if stored is None:
        raise Http404
    return respond(stored, name=f"{found.mark.prefix}{found.ref} {stored.name}")


@require_safe
def printed(request: Request, ref: str) -> HttpResponse:
    """On paper, for a laboratory notebook."""
    _found, context = disclosure_page(request, ref)
    if context["reading"].document is None:
        raise Http404
    return render(request, "ip/disclosures/print.html", context)


@require_safe
def version(request: Request, ref: str, number: int) -> HttpResponse:
    """A sealed version with its salt: what opens the commitment; for those who keep the disclosure."""
    found, _context = disclosure_page(request, ref)
    opening = opening_of(found, number) if found.reach == Reach.WHOLE else None
    if opening is None:
        raise Http404
    response = JsonResponse(opening, json_dumps_params={"indent": 2, "ensure_ascii": False})
    name = f"{found.ref}-v{number}.json"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def disclosure_page(request: Request, ref: str) -> tuple[Disclosure, dict[str, Any]]:
    """The disclosure and what every page about it needs; Http404 for who may not know of it."""
    rows = Disclosure.objects.known_to(request.actor).with_project().with_enclosures()
    found = get_object_or_404(rows, ref=ref)
    policy = DisclosurePolicy(request.actor, found)
    reading = read(found, request.actor)
    context = {
        "actor": request.actor,
        "disclosure": found,
        "project": found.project,
        "policy": policy,
        "reading": reading,
        "part": policy.part,
        "title": title_of(found, request.actor),
        "is_own": found.agency_id == request.actor.agency_id,
        "is_whole": found.reach == Reach.WHOLE,
        # A contributor or a witness need not know of the project.
        "shows_project": found.reach not in (Reach.SEALED, Reach.PART),
        "steps": steps_of(found),
        "alarm": publication_alarm(found) if found.reach == Reach.WHOLE else None,
        "back": reverse("ip:project-disclosures", args=[found.project.ref]),
        "place": "ip",
    }
    return found, context
