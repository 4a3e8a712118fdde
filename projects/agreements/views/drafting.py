"""Beginning an agreement, and changing the clauses of a draft while only its drafter sees them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.models import InstrumentKind
from portal.kit.actors import Request
from portal.kit.forms import attempt
from projects.agreements import actions
from projects.agreements.arrangement import left_out, newest_part, outline_rows, places, stands_after, subject
from projects.agreements.family import umbrellas_for
from projects.agreements.forms import AddClauseForm, ClauseForm, DraftForm, MoveForm, VersionForm
from projects.agreements.forms.drafting import FROM_AN_AGREEMENT
from projects.agreements.models import Agreement, Status
from projects.agreements.pages import agreement_page
from projects.agreements.placeholders import placeholders
from projects.agreements.policies import DraftingPolicy
from projects.agreements.profile import groups_of
from projects.agreements.redline import redline
from projects.agreements.views import changes
from projects.models import Project

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """First step: the kind, the title, the parties, what it stands under, and its languages."""
    inside = Project.objects.inside_for(request.actor).with_agencies()
    project = get_object_or_404(inside, ref=_asked(request, "project"))
    policy = DraftingPolicy(request.actor, project)
    if request.method == "POST":
        policy.require("draft")
    others = [party.agency for party in project.parties() if party.agency_id != request.actor.agency_id]
    own = {request.actor.agency_id} if request.actor.agency_id else set()
    umbrellas = umbrellas_for(project, request.actor, own)
    form = DraftForm(
        request.POST if request.method == "POST" else None,
        parties=others,
        umbrellas=umbrellas,
        initial=_suggested(request, project, others),
    )
    if request.method == "POST" and form.is_valid() and (drafted := _draft(request, form, project)):
        messages.success(request, _("%(ref)s is drafted. Its text follows your answers.") % {"ref": drafted.ref})
        return redirect("agreements:chapter", drafted.ref, groups_of(drafted.kind)[0].key)
    context = {
        "form": form,
        "project": project,
        "policy": policy,
        "elsewhere": [(kind.label, when) for kind, when in FROM_AN_AGREEMENT],
        "steps": [
            {"state": "current", "name": _("Kind and parties"), "note": ""},
            {"state": "ahead", "name": _("Profile"), "note": _("You answer, chapter by chapter")},
            {"state": "ahead", "name": _("Text"), "note": _("It follows the answers")},
        ],
    }
    return render(request, "agreements/new.html", context, status=INVALID if form.errors else 200)


@require_safe
def outline(request: Request, ref: str) -> HttpResponse:
    """All clauses in their order, what is left out, and the doors to change that."""
    agreement, context = agreement_page(request, ref, "outline")
    context["policy"].require_party()
    return _outline(request, agreement, context)


@require_http_methods(["GET", "HEAD", "POST"])
def clause(request: Request, ref: str, code: str) -> HttpResponse:
    """One clause of a draft: its alternates side by side, free wording, and its place; later, proposals to change it."""
    if not Agreement.objects.visible_to(request.actor).filter(ref=ref, status=Status.DRAFT).exists():
        return changes.propose(request, ref, code)
    agreement, context = agreement_page(request, ref, "text")
    if request.method == "POST":
        context["policy"].require("edit")
    shown = subject(agreement, code)
    if shown is None or (shown.row is None and request.method == "POST"):
        raise Http404
    context |= {"subject": shown, "clause": shown.row, "choices": shown.choices}
    if shown.row is None:
        return render(request, "agreements/clause.html", context)
    form = ClauseForm(
        request.POST if request.method == "POST" else None,
        has_heading=shown.row.is_added,
        initial={"heading": shown.row.heading, "text": shown.row.template, "version": agreement.version},
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(form, actions.word_clause, agreement, code, actor=request.actor, **form.cleaned_data)
        if done:
            messages.success(request, _("The clause is changed."))
            return redirect(f"{_address(done)}#{code}")
    model = shown.model_text
    context |= {
        "form": form,
        "wordings": agreement.wordings.filter(code=code).select_related("agency", "person").order_by("-revision"),
        "departure": redline(model, shown.row.text) if shown.row.departs and model else None,
        "placeholders": placeholders(shown.draft),
        "places": places(agreement, shown.row),
        "stands_after": stands_after(agreement, shown.row),
    }
    return render(request, "agreements/clause.html", context, status=INVALID if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def add_clause(request: Request, ref: str) -> HttpResponse:
    """Write a clause of one's own into a draft."""
    agreement, context = agreement_page(request, ref, "text")
    context["policy"].require_party()
    if request.method == "POST":
        context["policy"].require("edit")
    form = AddClauseForm(
        request.POST if request.method == "POST" else None,
        places=places(agreement),
        initial={"after": _asked(request, "after"), "version": agreement.version},
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(form, actions.add_clause, agreement, actor=request.actor, **form.cleaned_data)
        if done:
            messages.success(request, _("The clause is added; the numbers follow."))
            return redirect("agreements:outline", ref)
    context |= {"form": form, "placeholders": placeholders(newest_part(agreement))}
    return render(request, "agreements/add_clause.html", context, status=INVALID if form.errors else 200)


@require_POST
def restore_clause(request: Request, ref: str, code: str) -> HttpResponse:
    return _done(request, ref, code, "restore_clause", _("The clause has the model’s words again."))


@require_POST
def remove_clause(request: Request, ref: str, code: str) -> HttpResponse:
    return _done(request, ref, code, "remove_clause", _("The clause is left out. It can be put back below."))


@require_POST
def move_clause(request: Request, ref: str, code: str) -> HttpResponse:
    return _done(request, ref, code, "move_clause", _("The clause is moved; the numbers follow."), MoveForm)


def _done(
    request: Request, ref: str, code: str, verb: str, words: str, form_class: type[VersionForm | MoveForm] = VersionForm
) -> HttpResponse:
    """Run a verb on a clause of a draft; what speaks against it is said above the outline."""
    agreement, context = agreement_page(request, ref, "outline")
    context["policy"].require("edit")
    form = form_class(request.POST)
    if form.is_valid() and attempt(
        form, getattr(actions, verb), agreement, code, actor=request.actor, **form.cleaned_data
    ):
        messages.success(request, words)
        return redirect(f"{reverse('agreements:outline', args=[ref])}#{code}")
    return _outline(request, agreement, {**context, "form": form})


def _outline(request: Request, agreement: Agreement, context: dict[str, Any]) -> HttpResponse:
    context |= {"parts": outline_rows(agreement), "left_out": left_out(agreement)}
    invalid = "form" in context and context["form"].errors
    return render(request, "agreements/outline.html", context, status=INVALID if invalid else 200)


def _draft(request: Request, form: DraftForm, project: Project) -> Agreement | None:
    """Draw the draft, then choose its languages: the one-time key holds both in one transaction."""
    sent = form.cleaned_data
    parent = None
    if sent.get("under"):
        visible = Agreement.objects.visible_to(request.actor).filter(project=project)
        parent = get_object_or_404(visible.select_related("depositary").with_parties(), ref=sent["under"])
    chosen = [agency for agency in form.accepted if agency.ref in sent["parties"]]
    drafted = attempt(
        form, actions.draft_agreement, project, actor=request.actor, title=sent["title"], kind=sent["kind"],
        parties=[request.actor.agency, *chosen], parent=parent,
    )  # fmt: skip
    if drafted and sent["languages"]:
        attempt(form, actions.set_languages, drafted, actor=request.actor, languages=sent["languages"])
    return drafted


def _suggested(request: Request, project: Project, others: list[Any]) -> dict[str, Any]:
    kind = _asked(request, "kind")
    kind = kind if kind in InstrumentKind.values else InstrumentKind.IP_SHARING
    words = {"kind": InstrumentKind(kind).label, "title": project.title}
    usual = kind == InstrumentKind.IP_SHARING
    return {
        "kind": kind,
        "title": (_("Intellectual property agreement for %(title)s") if usual else _("%(kind)s for %(title)s")) % words,
        "parties": [agency.ref for agency in others],
        "under": _asked(request, "under"),
    }


def _asked(request: Request, name: str) -> str:
    return request.GET.get(name, "")[:60].replace("\x00", "")


def _address(agreement: Agreement) -> str:
    return reverse("agreements:agreement", args=[agreement.ref])
