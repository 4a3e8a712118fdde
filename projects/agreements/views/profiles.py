"""The clause profile in pages: chapter by chapter, all on one page, and the guide to the model of ownership."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kit.actors import Request
from projects.agreements import actions
from projects.agreements.consequences import clauses_by_question
from projects.agreements.forms import ProfileForm
from projects.agreements.forms.guide import GuideForm
from projects.agreements.models import Agreement, Part
from projects.agreements.pages import agreement_page
from projects.agreements.profile import groups_of, questions_of
from projects.agreements.profile.guide import GUIDE, recommend
from projects.agreements.written import draft_of

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Request, ref: str) -> HttpResponse:
    """All the typed answers that fill the text and drive the clocks, on one page."""
    agreement, context = agreement_page(request, ref, "profile")
    form = _form(request, agreement, context)
    if request.method == "POST" and _answered(request, agreement, form):
        messages.success(request, _("The profile is saved; the text follows it."))
        return redirect("agreements:agreement", ref)
    context |= {"form": form, "has_guide": "results_ownership" in questions_of(agreement.kind)}
    return render(request, "agreements/profile.html", context, status=INVALID if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def chapter(request: Request, ref: str, chapter: str) -> HttpResponse:
    """One chapter of the profile, as a step; saving it leads to the next one, or back."""
    agreement, context = agreement_page(request, ref, "profile")
    groups = groups_of(agreement.kind)
    place = next((place for place, group in enumerate(groups) if group.key == chapter), None)
    if place is None:
        raise Http404
    form = _form(request, agreement, context, chapter)
    if request.method == "POST" and _answered(request, agreement, form):
        goes_back = request.POST.get("go") == "back" and place > 0
        if not goes_back and place == len(groups) - 1:
            messages.success(request, _("The profile is answered. Read the text, then share it."))
            return redirect("agreements:agreement", ref)
        return redirect("agreements:chapter", ref, groups[place - 1 if goes_back else place + 1].key)
    return _chapter(request, agreement, context, form, INVALID if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def guide(request: Request, ref: str) -> HttpResponse:
    """Five questions that lead to a model of ownership, with the reasons; the answer can be used at once."""
    agreement, context = agreement_page(request, ref, "profile")
    asked = questions_of(agreement.kind)
    if "results_ownership" not in asked:
        raise Http404
    if request.method == "POST":
        context["policy"].require("edit")
    form = GuideForm(_sent_to_guide(request), version=agreement.version)
    recommended = recommend(form.answers) if form.is_bound and form.is_valid() else None
    if request.method == "POST" and recommended is not None:
        return _use(request, agreement, dict(recommended.answers), form.cleaned_data["version"])
    context |= {
        "form": form,
        "recommended": recommended,
        "model": asked["results_ownership"].display(recommended.model) if recommended else "",
        "present": asked["results_ownership"].display(agreement.profile["results_ownership"]),
    }
    return render(request, "agreements/guide.html", context, status=INVALID if form.errors else 200)


def _sent_to_guide(request: Request) -> Any:
    """What was asked of the guide is in the address; only using the recommendation is sent."""
    if request.method == "POST":
        return request.POST
    return request.GET if GUIDE[0].key in request.GET else None


def _use(request: Request, agreement: Agreement, answers: dict[str, Any], version: int | None) -> HttpResponse:
    """Answer the profile as recommended; where a model needs more words, its chapter asks for them."""
    asked = questions_of(agreement.kind)
    answers = {key: value for key, value in answers.items() if key in asked}
    chapter = asked["results_ownership"].group
    try:
        actions.answer_profile(agreement, actor=request.actor, answers=answers, version=version)
    except ValidationError as error:
        agreement, context = agreement_page(request, agreement.ref, "profile")
        return _ask_more(request, agreement, context, chapter, answers, error)
    messages.success(request, _("The recommended model is your answer now."))
    return redirect("agreements:chapter", agreement.ref, chapter)


def _ask_more(
    request: Request, agreement: Agreement, context: dict[str, Any], chapter: str, answers: dict[str, Any],
    error: ValidationError,
) -> HttpResponse:  # fmt: skip
    form = ProfileForm(
        None, kind=agreement.kind, profile={**agreement.profile, **answers}, version=agreement.version,
        chapter=chapter, decided=_decided(agreement),
    )  # fmt: skip
    form.ask_also(answers)
    needed = [form.questions[key].label for key in getattr(error, "error_dict", {}) if key in form.questions]
    return _chapter(request, agreement, {**context, "needed": needed}, form, INVALID)


def _chapter(
    request: Request, agreement: Agreement, context: dict[str, Any], form: ProfileForm, status: int
) -> HttpResponse:
    groups = groups_of(agreement.kind)
    place = [group.key for group in groups].index(form.chapter)
    context |= {
        "form": form,
        "chapters": groups,
        "chapter": groups[place],
        "number": place + 1,
        "before": groups[place - 1] if place else None,
        "after": groups[place + 1] if place + 1 < len(groups) else None,
        "has_guide": "results_ownership" in form.fields,
    }
    return render(request, "agreements/chapter.html", context, status=status)


def _form(request: Request, agreement: Agreement, context: dict[str, Any], chapter: str = "") -> ProfileForm:
    """The form of the profile; who may not edit is refused before it is read, and the page is shown to every reader."""
    if request.method == "POST":
        context["policy"].require("edit")
    return ProfileForm(
        request.POST if request.method == "POST" else None, kind=agreement.kind, profile=agreement.profile,
        version=agreement.version, chapter=chapter, decided=_decided(agreement),
    )  # fmt: skip


def _answered(request: Request, agreement: Agreement, form: ProfileForm) -> bool:
    if not form.is_valid():
        return False
    version = form.cleaned_data["version"]
    try:
        actions.answer_profile(agreement, actor=request.actor, answers=form.answers, version=version)
    except ValidationError as error:
        form.show(error)
        return False
    return True


def _decided(agreement: Agreement) -> dict[str, list[dict[str, Any]]]:
    """For every question the clauses that its answer decides, with the numbers they have now."""
    numbers = {clause.code: clause.number for clause in agreement.clauses.all() if clause.part == Part.OWN}
    library = draft_of(agreement, Part.OWN).library
    return {
        key: [{"code": one.code, "heading": one.heading, "number": numbers.get(one.code, "")} for one in clauses]
        for key, clauses in clauses_by_question(library).items()
    }
