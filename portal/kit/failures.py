"""Every error of the JSON door as an answer: problem+json (RFC 9457)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import exception_handler

from portal.kit.problems import PROBLEM, problem
from portal.kit.refusals import Refusal, Stale


class ProblemRenderer(JSONRenderer):
    """Errors say that they are problems."""

    media_type = PROBLEM


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error of the API as problem+json: type, title, status, detail, and what would unblock it."""
    if isinstance(error, Refusal):
        body = problem(error.status_code, error.title, error.reason, error.code)
        body["unblock"] = str(error.unblock)
        if getattr(error, "state", ""):
            body["state"] = error.state  # type: ignore[attr-defined]
        if isinstance(error, Stale):
            body["current_version"] = error.version
    elif isinstance(error, ValidationError):
        body = _invalid(context, _field_errors(error))
        if getattr(error, "unblock", ""):
            body["unblock"] = error.unblock  # type: ignore[attr-defined]
    else:
        response = exception_handler(error, context)
        if response is None:
            return None
        body = _from_drf(error, response, context)
        for header in ("WWW-Authenticate", "Retry-After"):
            if response.has_header(header):
                return _respond(body, context, {header: response[header]})
    return _respond(body, context)


def _respond(body: dict[str, Any], context: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    response = Response(body, status=body["status"], headers=headers, content_type=PROBLEM)
    request = context.get("request")
    if request is not None:
        request.accepted_renderer = ProblemRenderer()
        request.accepted_media_type = PROBLEM
    return response


def _field_errors(error: ValidationError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        return {("" if name == NON_FIELD_ERRORS else name): messages for name, messages in error.message_dict.items()}
    return {"": error.messages}


def _invalid(context: dict[str, Any], errors: Any) -> dict[str, Any]:
    """A question that cannot be answered was never to be saved."""
    request = context.get("request")
    asks = request is not None and request.method in SAFE_METHODS
    detail = _("It cannot be answered so.") if asks else _("Nothing was saved.")
    return problem(400, _("Some fields need a correction"), detail, "invalid", errors=errors)


def _from_drf(error: Exception, response: Response, context: dict[str, Any]) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        return _invalid(context, error.detail if isinstance(error.detail, dict) else {"": error.detail})
    if isinstance(error, Http404 | exceptions.NotFound):
        return problem(404, _("Not found"), _("There is nothing here that you may see."), "not-found")
    if isinstance(error, PermissionDenied):
        return problem(403, _("You may not do this"), str(error), "forbidden")
    detail = getattr(error, "detail", "")
    # The usual words of these two have a blank, which only the detail fills.
    titles = {405: _("This address does not take that method"), 415: _("This address does not take that media type")}
    return problem(
        response.status_code,
        titles.get(response.status_code) or getattr(error, "default_detail", ""),
        detail,
        str(getattr(error, "default_code", "error")).replace("_", "-"),
    )
