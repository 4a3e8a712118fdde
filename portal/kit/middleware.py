"""Refusals become pages that say what happened, what was kept and what to do; personal pages stay personal."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.kit.refusals import Refusal, Stale


class RefusalMiddleware:
    """Draw 403 and 409. The API has its own exception handler and never gets here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        template = "portal/conflict.html" if isinstance(exception, Stale) else "portal/refused.html"
        context = {"refusal": exception, "kept": kept_text(request, exception)}
        return render(request, template, context, status=exception.status_code)


class PrivateMiddleware:
    """Keep what somebody who is signed in reads out of every cache, and from the next person at the same machine."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and _is_personal(request):
            response["Cache-Control"] = "private, no-store"
        return response


def _is_personal(request: HttpRequest) -> bool:
    return "Authorization" in request.headers or request.user.is_authenticated


def kept_text(request: HttpRequest, exception: Exception) -> list[dict[str, str]]:
    """What was typed, field by field, beside what is stored now (for an old version), so that nothing is lost."""
    current = getattr(exception, "current", None)
    typed = getattr(exception, "typed", None) or _posted(request)
    beside, words = getattr(exception, "newer", {}), getattr(exception, "words", {})
    kept = []
    for name, value in typed.items():
        newer = getattr(current, name, "") if current is not None else ""
        label = name.replace("_", " ")
        if name in beside:
            label, newer = str(beside[name][0]), beside[name][1]
        elif current is not None and name in {field.name for field in current._meta.get_fields()}:
            label = str(current._meta.get_field(name).verbose_name)
        if isinstance(newer, list | tuple):
            name = ""  # several choices are sent again as they were; no text box can hold them
        told = words.get(name, in_words)
        if name in words:
            name = ""  # the box would send the words instead of the choice
        mine, theirs = told(value), told(newer)
        if mine.strip() and mine != theirs:
            kept.append({"name": name, "label": label, "typed": mine, "newer": theirs})
    return kept


def in_words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _posted(request: HttpRequest) -> dict[str, str]:
    hidden = {"csrfmiddlewaretoken", "once", "version", "password", "code", "credential"}
    return {name: value for name, value in request.POST.items() if name not in hidden and isinstance(value, str)}
