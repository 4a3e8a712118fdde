"""Choosing another alternate of a clause: what else would change is shown first, then the profile is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kit.actors import Request
from projects.agreements import actions
from projects.agreements.arrangement import Subject, subject
from projects.agreements.choosing import Choice
from projects.agreements.consequences import CLOCKS
from projects.agreements.drafts import Draft
from projects.agreements.forms import ProfileForm
from projects.agreements.models import Agreement
from projects.agreements.pages import agreement_page
from projects.agreements.profile import Answer
from projects.agreements.proposals import answers_changed, effects
from projects.agreements.redline import STEPS_OF_A_PAGE, Allowance

INVALID = 422
# No chapter has this name: the form asks only what the chosen wording needs beside its own answers.
NO_CHAPTER = "-"


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: Request, ref: str, code: str, alternate: str) -> HttpResponse:
    """Show what choosing a wording changes, and choose it."""
    agreement, context = agreement_page(request, ref, "text")
    if request.method == "POST":
        context["policy"].require("edit")
    shown = subject(agreement, code)
    choice = next((one for one in shown.choices if one.alternate.code == alternate), None) if shown else None
    if shown is None or choice is None:
        raise Http404
    wanted = choice.answers or {}
    form = ProfileForm(
        request.POST if request.method == "POST" else None, kind=shown.draft.kind, profile={**shown.draft.profile, **wanted},
        version=agreement.version, chapter=NO_CHAPTER,
    )  # fmt: skip
    answers = {**wanted, **(form.answers if form.is_bound and form.is_valid() else {})}
    looks = request.POST.get("go") == "look"
    if request.method == "POST" and not looks and form.is_valid() and choice.answers is not None:
        try:
            _choose(request, agreement, shown, answers, form.cleaned_data["version"])
        except ValidationError as error:
            form.show(error)
        else:
            messages.success(request, _("The profile and the text follow the wording that you chose."))
            return redirect(f"{reverse('agreements:clause', args=[ref, code])}")
    context |= {"subject": shown, "choice": choice, "form": form, **_effects(shown, choice, answers, form)}
    return render(request, "agreements/choose.html", context, status=INVALID if form.errors else 200)


@transaction.atomic
def _choose(request: Request, agreement: Agreement, shown: Subject, answers: Mapping[str, Any], version: int) -> None:
    """Answer the profile, then let the model's words stand where there were others, or none."""
    agreement = actions.answer_profile(
        agreement, actor=request.actor, answers=dict(answers), part=shown.part, version=version
    )
    if shown.is_left_out or (shown.row is not None and shown.row.departs):
        actions.restore_clause(agreement, shown.code, actor=request.actor)


def _effects(shown: Subject, choice: Choice, answers: Mapping[str, Answer], form: ProfileForm) -> dict[str, Any]:
    """The answers, the clauses and the clocks that would change; questions that the wording needs are asked."""
    try:
        after = _with_model_words(shown.draft.answer(answers), shown)
    except ValidationError as error:
        if not form.is_bound:
            form.ask_also(getattr(error, "error_dict", {}))
        elif not form.errors:
            form.show(error)
        return {"answers": [], "clauses": [], "clocks": [], "is_open": True}
    differences = answers_changed(shown.draft, after)
    return {
        "answers": [
            (row.question.label, row.question.display(row.old), row.question.display(row.new))
            for row in differences
            if row.old is not None and row.new is not None
        ],
        "clocks": list(dict.fromkeys(CLOCKS[row.question.key] for row in differences if row.question.key in CLOCKS)),
        "clauses": effects(shown.draft, after, Allowance(STEPS_OF_A_PAGE)),
        "is_open": False,
    }


def _with_model_words(draft: Draft, shown: Subject) -> Draft:
    return draft.restore(shown.code) if shown.is_left_out or shown.code in draft.custom else draft
