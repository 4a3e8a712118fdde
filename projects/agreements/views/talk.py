"""Talking beside a text: comments, who reads them, and words in brackets."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.kit.actors import Request
from portal.kit.forms import attempt
from projects.agreements import actions
from projects.agreements.forms.changes import BracketForm, CommentForm
from projects.agreements.models import Agreement, Comment
from projects.agreements.pages import agreement_page
from projects.agreements.policies.comments import CommentPolicy
from projects.agreements.views.pages import text_page

INVALID = 422


@require_POST
def comment(request: Request, ref: str) -> HttpResponse:
    """Keep a comment; what cannot be kept comes back with the text beside it."""
    form = CommentForm(request.POST)
    form.is_valid()
    code = form.cleaned_data.get("code") or ""
    agreement, context = text_page(request, ref, code, form)
    context["policy"].require("comment")
    if form.is_valid() and attempt(form, actions.comment, agreement, actor=request.actor, **form.cleaned_data):
        return redirect(_talk(ref, code))
    return render(request, "agreements/agreement.html", context, status=INVALID)


@require_http_methods(["GET", "HEAD", "POST"])
def widen(request: Request, ref: str, comment: int) -> HttpResponse:
    """Ask, naming who will read it, before a comment leaves its agency."""
    found = _visible(request, ref, comment)
    agreement, context = agreement_page(request, ref, "text")
    policy = CommentPolicy(context["policy"], found)
    if request.method == "POST":
        policy.require("widen")
        actions.widen_comment(agreement, found.pk, actor=request.actor)
        messages.success(request, _("Every party reads the comment now."))
        return redirect(_talk(ref, found.code))
    context |= {"comment": found, "comment_policy": policy, "talk_address": _talk(ref, found.code)}
    return render(request, "agreements/widen.html", context)


@require_POST
def resolve(request: Request, ref: str, comment: int) -> HttpResponse:
    found = _visible(request, ref, comment)
    actions.resolve_comment(found.agreement, found.pk, actor=request.actor)
    return redirect(_talk(ref, found.code))


@require_POST
def reopen(request: Request, ref: str, comment: int) -> HttpResponse:
    found = _visible(request, ref, comment)
    actions.reopen_comment(found.agreement, found.pk, actor=request.actor)
    return redirect(_talk(ref, found.code))


@require_http_methods(["GET", "HEAD", "POST"])
def place_bracket(request: Request, ref: str, code: str) -> HttpResponse:
    """Put words of a clause in brackets."""
    agreement, context = agreement_page(request, ref, "text")
    context["policy"].require_party()
    clause = get_object_or_404(agreement.clauses, code=code)
    form = BracketForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        context["policy"].require("place_bracket")
        if form.is_valid() and attempt(
            form, actions.place_bracket, agreement, code, actor=request.actor, **form.cleaned_data
        ):
            messages.success(
                request, _("The words stand in brackets; nobody can agree to the text until you lift them.")
            )
            return redirect(_talk(ref, code))
    context |= {"form": form, "clause": clause}
    return render(request, "agreements/bracket.html", context, status=INVALID if form.errors else 200)


@require_POST
def lift_bracket(request: Request, ref: str, bracket: int) -> HttpResponse:
    agreement = get_object_or_404(Agreement.objects.visible_to(request.actor), ref=ref)
    found = get_object_or_404(agreement.brackets, pk=bracket)
    actions.lift_bracket(agreement, found.pk, actor=request.actor)
    messages.success(request, _("The bracket is lifted."))
    return redirect(_talk(ref, found.code))


def _visible(request: Request, ref: str, comment: int) -> Comment:
    readable = Comment.objects.visible_to(request.actor).select_related("agreement", "agency", "person", "reply_to")
    return get_object_or_404(readable, agreement__ref=ref, pk=comment)


def _talk(ref: str, code: str) -> str:
    query = f"?{urlencode({'clause': code})}" if code else ""
    return f"{reverse('agreements:agreement', args=[ref])}{query}#{code or 'talk'}"
