"""Drafting and negotiating in pages: the profile, the clauses, agreeing, freezing, reopening."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.kit.actors import Request
from portal.kit.forms import attempt
from projects.agreements import actions
from projects.agreements.forms import AgreeForm, ClauseForm, DraftForm, ProfileForm, ReasonForm
from projects.agreements.models import Agreement
from projects.agreements.pages import agreement_page
from projects.agreements.policies import DraftingPolicy
from projects.agreements.profile import defaults
from projects.models import Project

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Draw a first draft from the library for a project."""
    inside = Project.objects.inside_for(request.actor).with_agencies()
    project = get_object_or_404(inside, ref=request.GET.get("project", "")[:32].replace("\x00", ""))
    policy = DraftingPolicy(request.actor, project)
    if request.method == "POST":
        policy.require("draft")
    form = DraftForm(
        request.POST or None,
        initial={"title": _("Intellectual property agreement for %(title)s") % {"title": project.title}},
    )
    if request.method == "POST" and form.is_valid():
        drafted = attempt(
            form, actions.draft_agreement, project, actor=request.actor, answers=defaults(), **form.cleaned_data
        )
        if drafted:
            messages.success(
                request, _("%(ref)s is drafted. Answer the profile, then share it.") % {"ref": drafted.ref}
            )
            return redirect("agreements:profile", drafted.ref)
    context = {"form": form, "project": project, "policy": policy}
    return render(request, "agreements/new.html", context, status=INVALID if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Request, ref: str) -> HttpResponse:
    """The typed answers that fill the text and drive the clocks."""
    agreement, context = agreement_page(request, ref, "profile")
    _may_edit(request, context)
    form = ProfileForm(request.POST or None, initial={**agreement.profile, "version": agreement.version})
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            actions.answer_profile,
            agreement,
            actor=request.actor,
            answers=form.answers,
            version=form.cleaned_data["version"],
        )
        if done:
            messages.success(request, _("The profile is saved; the text follows it."))
            return redirect("agreements:agreement", ref)
    return render(request, "agreements/profile.html", {**context, "form": form}, status=INVALID if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def clause(request: Request, ref: str, code: str) -> HttpResponse:
    """Give one clause other words."""
    agreement, context = agreement_page(request, ref, "text")
    shown = get_object_or_404(agreement.clauses, code=code)
    _may_edit(request, context)
    form = ClauseForm(request.POST or None, initial={"text": shown.template, "version": agreement.version})
    if request.method == "POST" and form.is_valid():
        done = attempt(form, actions.word_clause, agreement, code, actor=request.actor, **form.cleaned_data)
        if done:
            messages.success(request, _("The clause is changed. Every party is asked to agree again."))
            return redirect(f"{_address(done)}#{code}")
    wordings = agreement.wordings.filter(code=code).select_related("agency", "person").order_by("-revision")
    context |= {"form": form, "clause": shown, "wordings": wordings}
    return render(request, "agreements/clause.html", context, status=INVALID if form.errors else 200)


@require_POST
def restore_clause(request: Request, ref: str, code: str) -> HttpResponse:
    done = actions.restore_clause(_visible(request, ref), code, actor=request.actor)
    messages.success(request, _("The clause has the model’s words again."))
    return redirect(f"{_address(done)}#{code}")


@require_POST
def share(request: Request, ref: str) -> HttpResponse:
    actions.share(_visible(request, ref), actor=request.actor)
    messages.success(request, _("The other parties see the text now and are asked for their answer."))
    return redirect("agreements:agreement", ref)


@require_POST
def agree_to_text(request: Request, ref: str) -> HttpResponse:
    form = AgreeForm(request.POST)
    sha256 = form.cleaned_data["sha256"] if form.is_valid() else ""
    actions.agree_to_text(_visible(request, ref), actor=request.actor, sha256=sha256)
    messages.success(request, _("Your agency has agreed to this text."))
    return redirect("agreements:agreement", ref)


@require_POST
def freeze(request: Request, ref: str) -> HttpResponse:
    actions.freeze(_visible(request, ref), actor=request.actor)
    messages.success(request, _("The text is frozen. The signatories of each party are asked to sign."))
    return redirect("agreements:agreement", ref)


@require_POST
def reopen(request: Request, ref: str) -> HttpResponse:
    return with_reason(
        request, ref, "reopen", actions.reopen, _("The text is open again; signatures under it no longer count.")
    )


@require_POST
def abandon(request: Request, ref: str) -> HttpResponse:
    actions.abandon(_visible(request, ref), actor=request.actor)
    messages.success(request, _("The agreement is given up. It stays readable."))
    return redirect("agreements:agreement", ref)


def with_reason(request: Request, ref: str, verb: str, action: Any, done: str) -> HttpResponse:
    """Run a verb that takes a reason; without one the page comes back with the message beside the field."""
    agreement, context = agreement_page(request, ref, "text")
    # Asked before the form is read: a refusal must not hide behind a typing error.
    context["policy"].require(verb)
    form = ReasonForm(request.POST)
    if form.is_valid() and attempt(form, action, agreement, actor=request.actor, **form.cleaned_data):
        messages.success(request, done)
        return redirect("agreements:agreement", ref)
    return render(request, "agreements/reason.html", {**context, "form": form}, status=INVALID)


def _may_edit(request: Request, context: dict[str, Any]) -> None:
    """Refuse before the form is read; the page itself is shown to every reader."""
    if request.method == "POST":
        context["policy"].require("edit")


def _visible(request: Request, ref: str) -> Agreement:
    return get_object_or_404(Agreement.objects.visible_to(request.actor), ref=ref)


def _address(agreement: Agreement) -> str:
    return reverse("agreements:agreement", args=[agreement.ref])
