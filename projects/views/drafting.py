"""Writing a draft and changing the terms of a proposal."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kit.forms import attempt
from projects import actions
from projects.forms import TermsForm
from projects.models import Project
from projects.policies import DraftingPolicy, ProjectPolicy


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a project."""
    actor = request.actor  # type: ignore[attr-defined]
    DraftingPolicy(actor).require("draft")
    form = TermsForm(
        request.POST if request.method == "POST" else None, initial={"marking": actor.agency.default_marking}
    )
    if request.method == "POST" and form.is_valid():
        project = attempt(form, actions.draft_project, actor=actor, **form.terms)
        if project is not None:
            messages.success(request, _("The draft is kept. Only your agency sees it until you propose it."))
            return redirect(project)
    return render(request, "projects/new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str) -> HttpResponse:
    """Write the draft anew."""
    actor = request.actor  # type: ignore[attr-defined]
    project = get_object_or_404(Project.objects.visible_to(actor).with_teams(), ref=ref)
    ProjectPolicy(actor, project).require("edit")
    form = TermsForm(request.POST) if request.method == "POST" else TermsForm.of(project)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if attempt(form, actions.edit_draft, project, actor=actor, version=version, **form.terms) is not None:
            messages.success(request, _("The draft is saved."))
            return redirect(project)
    return render(request, "projects/edit.html", {"form": form, "project": project}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: HttpRequest, ref: str) -> HttpResponse:
    """Propose changed terms; the partners that had answered are asked again."""
    actor = request.actor  # type: ignore[attr-defined]
    project = get_object_or_404(Project.objects.visible_to(actor).with_teams(), ref=ref)
    ProjectPolicy(actor, project).require("revise")
    form = TermsForm(request.POST) if request.method == "POST" else TermsForm.of(project)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        if attempt(form, actions.revise_terms, project, actor=actor, version=version, **form.terms) is not None:
            messages.success(request, _("The changed terms are proposed, and the partners are asked again."))
            return redirect(project)
    asked = [row.agency for row in project.still_in() if not row.is_lead]
    context = {"form": form, "project": project, "asked": asked}
    return render(request, "projects/revise.html", context, status=422 if form.errors else 200)
