"""The authentic languages of a text in pages: which, how far each is, and the editor with the source beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.kit.actors import Actor, Request
from portal.kit.forms import attempt
from projects.agreements import actions
from projects.agreements.forms import LanguagesForm, TitleForm, TranslationForm
from projects.agreements.languages import (
    Language,
    Rendering,
    edition,
    further,
    missing_translations,
    own_clauses,
    readable,
    renderings,
    translated,
)
from projects.agreements.models import Agreement
from projects.agreements.pages import agreement_page
from projects.agreements.paragraphs import paragraphs
from projects.agreements.redline import Run, redline
from projects.agreements.versions import wordings_shown

INVALID = 422


@require_http_methods(["GET", "HEAD", "POST"])
def languages(request: Request, ref: str) -> HttpResponse:
    """Every clause in every authentic language: done, behind the words, or missing."""
    agreement, context = agreement_page(request, ref, "languages")
    if request.method == "POST":
        context["policy"].require("set_languages")
    form = LanguagesForm(
        request.POST if request.method == "POST" else None,
        written_in=agreement.language,
        initial={"version": agreement.version, "languages": agreement.languages},
    )
    if form.is_valid() and attempt(form, actions.set_languages, agreement, actor=request.actor, **form.cleaned_data):
        messages.success(request, _("The languages are chosen."))
        return redirect("agreements:languages", ref)
    context |= {
        "form": form,
        "written_in": Language(agreement.language),
        **_matrix(agreement),
        "first_missing": _first_missing(agreement),
    }
    return render(request, "agreements/languages.html", context, status=INVALID if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def title(request: Request, ref: str, language: str) -> HttpResponse:
    """The title in a further language, and the whole text in it."""
    agreement, context, there = _page(request, ref, language)
    stored = agreement.titles.get(language, "")
    form = TitleForm(
        request.POST if request.method == "POST" else None,
        language=there,
        initial={"version": edition(stored), "title": stored},
    )
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        if attempt(
            form, actions.translate_title, agreement, actor=request.actor, language=language,
            title=sent["title"], seen=sent["version"],
        ):  # fmt: skip
            messages.success(request, _("The title is saved."))
            return _next(agreement, language)
    whole = {
        "clauses": [{"code": one.code, "number": one.position} for one in own_clauses(agreement)],
        "translations": [entry for entry in translated(agreement) if entry["language"] == language],
    }
    context |= {"form": form, "clause": None, "source_title": agreement.title, "translations": readable(whole)}
    return render(request, "agreements/translation.html", context, status=INVALID if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def clause(request: Request, ref: str, language: str, code: str) -> HttpResponse:
    """A clause in a further language, with the source beside it."""
    agreement, context, there = _page(request, ref, language)
    rendering = next((one for one in renderings(agreement, language) if one.clause.code == code), None)
    if rendering is None:
        raise Http404
    form = TranslationForm(
        request.POST if request.method == "POST" else None, language=there, initial=_stored(rendering)
    )
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        if attempt(
            form, actions.translate_clause, agreement, code, actor=request.actor, language=language,
            heading=sent["heading"], text=sent["text"], seen=sent["version"], revision=sent["revision"],
        ):  # fmt: skip
            if sent["revision"] < rendering.clause.revision:
                messages.warning(request, _("The clause was changed while you translated it. Read what is new."))
                return redirect("agreements:translate-clause", ref, language, code)
            messages.success(request, _("Clause %(number)s is saved.") % {"number": rendering.clause.number})
            return _next(agreement, language, rendering)
    source = rendering.clause
    context |= {
        "form": form,
        "rendering": rendering,
        "clause": source,
        "paragraphs": paragraphs(source.position, source.text),
        "changed": _changed(agreement, rendering, request.actor),
    }
    return render(request, "agreements/translation.html", context, status=INVALID if form.errors else 200)


def _page(request: Request, ref: str, language: str) -> tuple[Agreement, dict[str, Any], Language]:
    """An agreement in one of its further languages; others are nowhere."""
    agreement, context = agreement_page(request, ref, "languages")
    context["policy"].require_party()
    if language not in further(agreement):
        raise Http404
    if request.method == "POST":
        context["policy"].require("translate_clause")
    there = Language(language)
    return agreement, {**context, "there": there, "written_in": Language(agreement.language)}, there


def _matrix(agreement: Agreement) -> dict[str, Any]:
    columns = [
        {
            "language": Language(code),
            "title": agreement.titles.get(code, ""),
            "renderings": (found := renderings(agreement, code)),
            "done": sum(one.state == "done" for one in found) + bool(agreement.titles.get(code)),
            "of": len(found) + 1,
        }
        for code in further(agreement)
    ]
    rows = [
        {"clause": clause, "cells": [column["renderings"][place] for column in columns]}
        for place, clause in enumerate(own_clauses(agreement))
    ]
    return {"columns": columns, "rows": rows}


def _first_missing(agreement: Agreement) -> str:
    """Where translating goes on; empty when nothing is missing."""
    first = next(iter(missing_translations(agreement)), None)
    if first is None:
        return ""
    if first.clause is None:
        return reverse("agreements:translate-title", args=[agreement.ref, first.language])
    return reverse("agreements:translate-clause", args=[agreement.ref, first.language, first.clause.code])


def _stored(rendering: Rendering) -> dict[str, Any]:
    words = rendering.words
    return {
        "version": rendering.edition,
        "revision": rendering.clause.revision,
        "heading": words.heading if words else "",
        "text": words.text if words else "",
    }


def _changed(agreement: Agreement, rendering: Rendering, actor: Actor) -> list[Run] | None:
    """What changed in a clause since it was translated; None where nothing did, or where the actor may not read what was."""
    if rendering.words is None or not rendering.is_stale:
        return None
    known = wordings_shown(agreement, rendering.clause.code, actor)
    then = known.filter(revision__lte=rendering.words.revision).values_list("text", flat=True).first()
    return None if then is None else redline(then, rendering.clause.text)


def _next(agreement: Agreement, language: str, after: Rendering | None = None) -> HttpResponse:
    """Go on to the next clause that this language lacks, and to the matrix when there is none."""
    found = [one for one in renderings(agreement, language) if one.clause.code != (after.clause.code if after else "")]
    start = after.clause.position if after is not None else 0
    waiting = [one.clause for one in found if one.state != "done"]
    later = [clause for clause in waiting if clause.position > start] or waiting
    if later:
        return redirect("agreements:translate-clause", agreement.ref, language, later[0].code)
    return redirect("agreements:languages", agreement.ref)
