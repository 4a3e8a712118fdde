"""Pages of publication clearance: the list of a project, the page of a notice, and the forms of its verbs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.files.models import StoredFile
from portal.files.storage import respond, store
from portal.history.models import Event
from portal.history.timelines import timeline
from portal.kit.actors import Request
from portal.kit.forms import attempt, show
from portal.kit.pagination import page
from portal.kit.templatetags.kit import day_words
from projects.ip import actions
from projects.ip.clearance import longest_delay
from projects.ip.forms.publications import (
    AmendForm,
    AnswerForm,
    NumberForm,
    ObjectionForm,
    PlanForm,
    PublishForm,
    RecordForm,
)
from projects.ip.models import PublicationNotice
from projects.ip.pages import ip_page
from projects.ip.periods import Period
from projects.ip.policies import PublicationPolicy, PublishingPolicy
from projects.ip.publication_page import rows_of, shown
from projects.ip.turns import periods_of

TIMELINE = 20
INVALID = 422


@require_safe
def publications(request: Request, ref: str) -> HttpResponse:
    """What the parties of a project publish, where each stands and whose turn it is."""
    project, context = ip_page(request, ref, "publications")
    notices = PublicationNotice.objects.visible_to(request.actor).filter(project=project).with_reviews()
    cut = page(notices, request)
    may = PublishingPolicy(request.actor, project)
    return render(request, "ip/publications.html", {**context, "page": cut, "rows": rows_of(cut), "may": may})


@require_http_methods(["GET", "POST"])
def plan(request: Request, ref: str) -> HttpResponse:
    """Plan a publication."""
    project, context = ip_page(request, ref, "publications")
    PublishingPolicy(request.actor, project).require("plan")
    form = PlanForm(request.POST or None, request.FILES or None, project=project, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        planned = _with_file(request, form, actions.plan_publication, project, **form.typed())
        if planned:
            messages.success(request, _("%(ref)s is planned. Only your agency sees it.") % {"ref": planned.ref})
            return redirect(planned)
    return _form_page(request, "ip/publication_plan.html", {**context, "form": form})


@require_safe
def publication(request: Request, ref: str) -> HttpResponse:
    """Where it stands, what each party says, and what is in the way."""
    return render(request, "ip/publication.html", _context(request, ref))


@require_http_methods(["GET", "POST"])
def edit(request: Request, ref: str) -> HttpResponse:
    """Change the plan."""
    context = _context(request, ref, "edit")
    notice = context["notice"]
    form = PlanForm(
        request.POST or None, request.FILES or None, instance=notice, project=notice.project, actor=request.actor
    )
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if _with_file(request, form, actions.edit_publication, notice, version=version, **form.typed()):
            return redirect(notice)
    return _form_page(request, "ip/publication_edit.html", {**context, "form": form})


@require_POST
def notify(request: Request, ref: str) -> HttpResponse:
    """Send the text to the other parties."""
    context = _context(request, ref, "notify")
    try:
        actions.notify_parties(context["notice"], actor=request.actor)
    except ValidationError as error:
        return render(request, "ip/publication.html", {**context, "wrong": error.messages}, status=INVALID)
    messages.success(request, _("The text was sent. Each party has its time to object."))
    return redirect("ip:publication", ref)


@require_http_methods(["GET", "POST"])
def amend(request: Request, ref: str) -> HttpResponse:
    """Send a changed text."""
    context = _context(request, ref, "amend")
    notice = context["notice"]
    newest = notice.newest_text
    initial = {"text": newest.body if newest is not None else ""}
    form = AmendForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = {name: form.cleaned_data[name] for name in ("text", "changes")}
        if request.FILES and typed["text"].replace("\r\n", "\n").strip() == initial["text"].strip():
            typed["text"] = ""
        if _with_file(request, form, actions.amend_publication, notice, **typed):
            messages.success(request, _("The amended text was sent."))
            return redirect(notice)
    return _form_page(request, "ip/publication_amend.html", {**context, "form": form})


@require_POST
def clear(request: Request, ref: str) -> HttpResponse:
    """Say that one's agency has no objection."""
    context = _context(request, ref, "clear")
    sha256 = request.POST.get("sha256", "")[:64]
    try:
        actions.clear_publication(context["notice"], actor=request.actor, sha256=sha256)
    except ValidationError as error:
        return render(request, "ip/publication.html", {**context, "wrong": error.messages}, status=INVALID)
    messages.success(request, _("Recorded: your agency has no objection to this text."))
    return redirect("ip:publication", ref)


@require_http_methods(["GET", "POST"])
def object_to(request: Request, ref: str) -> HttpResponse:
    """Object to a passage."""
    context = _context(request, ref, "object")
    notice = context["notice"]
    newest = notice.newest_text
    form = ObjectionForm(request.POST or None, initial={"sha256": newest.sha256 if newest else ""})
    form.fields["until"].help_text = _limit(*longest_delay(notice, request.actor.agency, context["now"]))
    typed = form.cleaned_data if request.method == "POST" and form.is_valid() else None
    if typed and attempt(form, actions.object_to_publication, notice, actor=request.actor, **typed):
        messages.success(request, _("The objection was sent to %(agency)s.") % {"agency": notice.agency.acronym})
        return redirect(notice)
    return _form_page(request, "ip/publication_object.html", {**context, "form": form})


@require_POST
def answer(request: Request, ref: str) -> HttpResponse:
    """Add to the exchange about an objection."""
    context = _context(request, ref, "answer")
    form = AnswerForm(request.POST)
    if form.is_valid() and attempt(
        form, actions.answer_objection, context["notice"], actor=request.actor, **form.cleaned_data
    ):
        return redirect(f"{context['notice'].get_absolute_url()}#objection-{form.cleaned_data['objection']}")
    return _form_page(request, "ip/publication_answer.html", {**context, "form": form})


@require_POST
def withdraw_objection(request: Request, ref: str) -> HttpResponse:
    """Take an objection back."""
    return _end(request, ref, "withdraw_objection", actions.withdraw_objection, _("The objection is withdrawn."))


@require_POST
def accept_amendment(request: Request, ref: str) -> HttpResponse:
    """Say that the amended text removes the harm."""
    done = _("Recorded: the amended text satisfies your objection.")
    return _end(request, ref, "accept_amendment", actions.accept_amendment, done)


@require_http_methods(["GET", "POST"])
def publish(request: Request, ref: str) -> HttpResponse:
    """Say that it was published."""
    return _final(request, ref, "publish", PublishForm, actions.publish, _("Recorded as published."))


@require_http_methods(["GET", "POST"])
def record(request: Request, ref: str) -> HttpResponse:
    """Complete the release record."""
    return _final(request, ref, "record", RecordForm, actions.record_release, _("The release is recorded."))


@require_POST
def withdraw(request: Request, ref: str) -> HttpResponse:
    """Give it up."""
    context = _context(request, ref, "withdraw")
    notice = actions.withdraw_publication(context["notice"], actor=request.actor)
    messages.success(request, _("%(ref)s is given up.") % {"ref": ref})
    return redirect("ip:publications", notice.project.ref) if notice.sent_at is None else redirect(notice)


@require_safe
def clearance(request: Request, ref: str) -> HttpResponse:
    """The clearance record, to print: who was sent what when, who said what, and the entries that prove it."""
    context = _context(request, ref)
    if context["notice"].sent_at is None:
        raise Http404
    events = Event.objects.visible_to(request.actor).of(ref).order_by("pk")
    return render(request, "ip/publication_clearance.html", {**context, "events": timeline(events[:500])})


@require_safe
def text(request: Request, ref: str, number: int) -> HttpResponse:
    """One version, byte for byte, as a download."""
    notice = _find(request, ref)
    found = next((row for row in notice.texts.all() if row.number == number), None)
    if found is None:
        raise Http404
    if found.file is not None:
        return respond(found.file)
    response = HttpResponse(found.body.encode(), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{notice.ref}-{number}.txt"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _find(request: Request, ref: str) -> PublicationNotice:
    return get_object_or_404(PublicationNotice.objects.visible_to(request.actor).with_reviews().with_project(), ref=ref)


def _context(request: Request, ref: str, verb: str = "") -> dict[str, Any]:
    """What the pages of one notice share. Refuses before a form is read, so that a refusal hides behind no typing error."""
    notice = _find(request, ref)
    policy = PublicationPolicy(request.actor, notice)
    if verb:
        policy.require(verb)
    events = Event.objects.visible_to(request.actor).of(ref).newest_first()[:TIMELINE]
    return {
        "notice": notice,
        "project": notice.project,
        "policy": policy,
        "periods": periods_of(notice),
        "events": timeline(events),
        **shown(notice, policy),
    }


def _limit(span: Period, days: int, source: str) -> str:
    """How long an objection may delay, and where that is written."""
    words = ngettext(
        "At most %(days)s day from today: until %(day)s, the end of the day at the seat of your agency (%(source)s).",
        "At most %(days)s days from today: until %(day)s, the end of the day at the seat of your agency (%(source)s).",
        days,
    ) % {"days": days, "day": day_words(span.last_day), "source": source or _("usual practice; nothing is in force")}
    consent = _("Leave it empty only where it discloses your confidential information or background.")
    return f"{words} {consent}"


def _with_file(request: Request, form: forms.BaseForm, action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run an action with the uploaded file, stored under its hash."""
    file: StoredFile | None = None
    if uploaded := form.cleaned_data.get("file"):
        try:
            file = store(uploaded, uploaded.name, actor=request.actor)
        except ValidationError as error:
            show(form, error)
            return None
    return attempt(form, action, *args, actor=request.actor, file=file, **kwargs)


def _end(request: Request, ref: str, verb: str, action: Callable[..., Any], done: str) -> HttpResponse:
    context = _context(request, ref, verb)
    form = NumberForm(request.POST)
    if form.is_valid() and attempt(form, action, context["notice"], actor=request.actor, **form.cleaned_data):
        messages.success(request, done)
        return redirect("ip:publication", ref)
    wrong = [error for errors in form.errors.values() for error in errors]
    return render(request, "ip/publication.html", {**context, "wrong": wrong}, status=INVALID)


def _final(
    request: Request, ref: str, verb: str, form_class: type[forms.Form], action: Callable[..., Any], done: str
) -> HttpResponse:
    context = _context(request, ref, verb)
    notice = context["notice"]
    form = form_class(request.POST or None, initial={"doi": notice.doi, "address": notice.address})
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, action, notice, actor=request.actor, **form.cleaned_data)
    ):
        messages.success(request, done)
        return redirect(notice)
    return _form_page(request, "ip/publication_release.html", {**context, "form": form, "verb": verb})


def _form_page(request: Request, template: str, context: dict[str, Any]) -> HttpResponse:
    """The form, empty or with what is wrong with it."""
    return render(request, template, context, status=INVALID if context["form"].errors else 200)
