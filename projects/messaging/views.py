"""Pages of threads: the lists, the open thread and what arrives in it, the composer, a message and its edits."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.models import Agency
from portal.kit.actors import Request
from portal.kit.forms import attempt
from projects.messaging import actions
from projects.messaging.conversation import arrivals, latest, people_of, read_mark, single
from projects.messaging.forms import AddAgencyForm, EditForm, MessageForm, ThreadForm
from projects.messaging.lists import read_list
from projects.messaging.models import Message, Thread
from projects.messaging.policies import OpeningPolicy, ThreadPolicy
from projects.models import Project
from projects.pages import project_page

LARGEST = 2**63 - 1
PROJECTS_OFFERED = 20


@require_safe
def threads(request: Request) -> HttpResponse:
    """Every thread the reader sees, what is unread first."""
    project = _chosen(request, "project", Project.objects.inside_for(request.actor))
    context = {"list": read_list(request, project=project), "project": project}
    return render(request, "messaging/threads.html", context)


@require_safe
def project_threads(request: Request, ref: str) -> HttpResponse:
    """The threads on a project."""
    project, context = project_page(request, ref, "threads")
    may = OpeningPolicy(request.actor, project)
    return render(
        request, "messaging/project.html", {**context, "list": read_list(request, project=project), "may": may}
    )


@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Begin a thread on a project or with an agency."""
    actor = request.actor
    project = _chosen(request, "project", Project.objects.inside_for(actor).with_teams())
    agency = _chosen(request, "agency", Agency.objects.visible_to(actor).verified())
    if project is None and agency is None:
        offered = Project.objects.inside_for(actor).under_way().select_related("lead")[:PROJECTS_OFFERED]
        return render(request, "messaging/choose.html", {"projects": offered, "may": OpeningPolicy(actor)})
    OpeningPolicy(actor, project).require("open_thread")
    form = ThreadForm(request.POST or None, actor=actor, project=project, agency=agency)
    if request.method == "POST" and form.is_valid():
        opened = attempt(form, actions.open_thread, actor=actor, project=project, **form.cleaned_data)
        if opened:
            return redirect(opened)
    context = {"form": form, "project": project, "agency": agency}
    return render(request, "messaging/new.html", context, status=422 if form.errors else 200)


@require_safe
def thread(request: Request, ref: str) -> HttpResponse:
    """The conversation; it stays up to date while it is open."""
    found = _find(request, ref)
    return _thread_page(request, found, MessageForm(actor=request.actor))


@require_http_methods(["GET", "POST"])
def messages(request: Request, ref: str) -> HttpResponse:
    """What arrived since, what was before, or a message of one's own."""
    found = _find(request, ref)
    if request.method == "POST":
        return _post(request, found)
    before = _number(request.GET.get("before", ""))
    if before is not None:
        stretch = latest(found, actor=request.actor, before=before)
        return render(request, "messaging/_earlier.html", {"thread": found, "stretch": stretch})
    stretch = _arrivals(request, found, request.GET)
    response = render(request, "messaging/_arrivals.html", {"thread": found, "stretch": stretch})
    if stretch.has_news:
        response["X-Arrived"] = len(stretch.entries)
    if stretch.is_cut:
        response["HX-Refresh"] = "true"
    return response


@require_http_methods(["GET", "POST"])
def message(request: Request, ref: str, uid: UUID) -> HttpResponse:
    """One message by its permanent address, with its earlier words, and for its author the form to correct it."""
    found = _find(request, ref)
    shown = _find_message(request, found, uid)
    entry = single(shown, thread=found, actor=request.actor)
    form = EditForm(request.POST or None, initial={"body": shown.body, "version": shown.version})
    if request.method == "POST":
        entry.policy.require("edit")
        if form.is_valid():
            typed = form.cleaned_data
            if attempt(
                form, actions.edit_message, shown, actor=request.actor, body=typed["body"], version=typed["version"]
            ):
                return redirect(f"{found.get_absolute_url()}#m{shown.pk}")
    edits = [] if shown.is_withdrawn else list(shown.edits.order_by("-pk")[:50])
    context = {"thread": found, "project": found.project, "entry": entry, "edits": edits, "form": form}
    return render(request, "messaging/message.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: Request, ref: str, uid: UUID) -> HttpResponse:
    """Take a message back."""
    found = _find(request, ref)
    withdrawn = actions.withdraw_message(_find_message(request, found, uid), actor=request.actor)
    return redirect(f"{found.get_absolute_url()}#m{withdrawn.pk}")


@require_POST
def read(request: Request, ref: str) -> HttpResponse:
    """Remember how far the reader has come; the open page sends this when its end is in sight."""
    found = _find(request, ref)
    up_to = _number(request.POST.get("up_to", ""))
    if up_to is not None:
        actions.mark_read(found, actor=request.actor, up_to=up_to)
    if _is_partial(request):
        return render(request, "messaging/_read.html", {"thread": found, "is_done": True}, status=201)
    return redirect(found)


@require_http_methods(["GET", "POST"])
def add_agency(request: Request, ref: str) -> HttpResponse:
    """Put another agency on the list."""
    found = _find(request, ref)
    ThreadPolicy(request.actor, found).require("add_agency")
    form = AddAgencyForm(request.POST or None, thread=found)
    if request.method == "POST" and form.is_valid():
        agency = Agency.objects.visible_to(request.actor).filter(ref=form.cleaned_data["agency"]).first()
        if agency is None:
            form.add_error("agency", _("No verified agency has this reference."))
        elif attempt(form, actions.add_agency, found, actor=request.actor, agency=agency):
            return redirect(found)
    context = {"form": form, "thread": found, "project": found.project}
    return render(request, "messaging/add_agency.html", context, status=422 if form.errors else 200)


@require_POST
def close(request: Request, ref: str) -> HttpResponse:
    """End the conversation."""
    return redirect(actions.close_thread(_find(request, ref), actor=request.actor))


@require_POST
def reopen(request: Request, ref: str) -> HttpResponse:
    """Let the conversation go on."""
    return redirect(actions.reopen_thread(_find(request, ref), actor=request.actor))


def _post(request: Request, found: Thread) -> HttpResponse:
    """Without scripts the page is loaded again; with them what is new is added to it and the composer is emptied."""
    form = MessageForm(request.POST, actor=request.actor)
    posted = (
        attempt(form, actions.post_message, found, actor=request.actor, **form.cleaned_data)
        if form.is_valid()
        else None
    )
    if not _is_partial(request):
        if posted:
            return redirect(f"{found.get_absolute_url()}#m{posted.pk}")
        return _thread_page(request, found, form)
    if posted is None:
        response = render(request, "messaging/_composer_fields.html", {"thread": found, "form": form}, status=422)
        response["HX-Retarget"], response["HX-Reswap"] = "#composer-fields", "outerHTML"
        return response
    context = {
        "thread": found,
        "stretch": _arrivals(request, found, request.POST),
        "form": MessageForm(actor=request.actor),
    }
    return render(request, "messaging/_posted.html", context, status=201)


def _thread_page(request: Request, found: Thread, form: MessageForm) -> HttpResponse:
    before = _number(request.GET.get("before", ""))
    mark = read_mark(found, actor=request.actor)
    stretch = latest(found, actor=request.actor, before=before, read_up_to=mark)
    readers = found.readers()
    context = {
        "thread": found,
        "project": found.project,
        "policy": ThreadPolicy(request.actor, found),
        "stretch": stretch,
        "is_latest": before is None,
        "has_unread": any(entry.begins_new for entry in stretch.entries),
        "readers": readers,
        "people": people_of(found, readers),
        "form": form,
        "now": stretch.drawn_at,
    }
    return render(request, "messaging/thread.html", context, status=422 if form.errors else 200)


def _arrivals(request: Request, found: Thread, query: Any) -> Any:
    return arrivals(
        found, actor=request.actor, after=_number(query.get("after", "")) or 0, since=_moment(query.get("since", ""))
    )


def _find(request: Request, ref: str) -> Thread:
    return get_object_or_404(Thread.objects.visible_to(request.actor).with_seats(), ref=ref)


def _find_message(request: Request, found: Thread, uid: UUID) -> Message:
    return get_object_or_404(Message.objects.visible_to(request.actor).with_writers(), thread=found, uid=uid)


def _chosen(request: Request, name: str, rows: Any) -> Any:
    """The record that the address names, or None when it names none; 404 for one that is not there."""
    ref = request.GET.get(name, "").replace("\x00", "")
    return get_object_or_404(rows, ref=ref) if ref else None


def _is_partial(request: Request) -> bool:
    """Whether a script of the open page asks, and wants only what it will put in."""
    return request.headers.get("HX-Request") == "true"


def _number(text: str) -> int | None:
    """A message's number out of an address, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= LARGEST else None


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and is_aware(moment) else None
