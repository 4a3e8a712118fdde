"""The answer of an invited agency, with the terms and what has changed in them before its eyes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kit.forms import attempt
from projects import actions
from projects.forms import AnswerForm
from projects.models import Answer, Participation, Project
from projects.pages import project_page


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, ref: str) -> HttpResponse:
    """Accept, accept with a condition, ask for time, or decline: for one's own agency."""
    project, context = project_page(request, ref, "answer")
    actor = context["actor"]
    own = project.participation_of(actor.agency_id)
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        initial={"terms_number": project.terms_number, "note": own.note if own else ""},
    )
    if request.method == "POST":
        # Asked before the form is read: a refusal must not hide behind a typing error.
        context["policy"].require("answer")
        if (
            form.is_valid()
            and attempt(form, actions.answer_invitation, project, actor=actor, **form.cleaned_data) is not None
        ):
            messages.success(
                request, _("Your answer is recorded, and %(lead)s is told.") % {"lead": project.lead.acronym}
            )
            declined = form.cleaned_data["answer"] == Answer.DECLINE
            return redirect(reverse("projects:list") if declined else project.get_absolute_url())
    context |= {"form": form, "own": own, **_terms(project, own)}
    return render(request, "projects/answer.html", context, status=422 if form.errors else 200)


def _terms(project: Project, own: Participation | None) -> dict[str, Any]:
    """The present terms, and what differs from those the agency answered before."""
    answered = own.terms_number if own else 0
    found = project.terms.filter(number__in=[project.terms_number, answered])
    versions = {terms.number: terms for terms in found}
    present, earlier = versions.get(project.terms_number), versions.get(answered)
    if present is None or earlier is None or earlier.number == present.number:
        return {"terms": present, "differences": []}
    return {"terms": present, "earlier": earlier, "differences": present.differences_from(earlier)}
