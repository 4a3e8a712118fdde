"""Logs that can be searched: every line names its request, as text for people or JSON for machines."""

import json
import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

request_id: ContextVar[str] = ContextVar("request_id", default="-")

logger = logging.getLogger("portal.request")

_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")
_QUIET = {"healthz", "readyz"}
_EXTRA = ("method", "route", "status", "duration_ms", "person")


class RequestLogMiddleware:
    """Give the request an id (its proxy's, when it has one), return it as X-Request-ID, and log one line at the end.

    SECURITY: the line holds the route, not the path or the query, because links in mails carry secrets.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        token = request_id.set(given if _ACCEPTABLE.fullmatch(given) else uuid.uuid4().hex)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
            _log(request, response, (time.perf_counter() - began) * 1000)
            return response
        finally:
            request_id.reset(token)


def _log(request: HttpRequest, response: HttpResponse, duration_ms: float) -> None:
    match = request.resolver_match
    if match.route in _QUIET if match else response.status_code < 400:
        return  # health checks and static files
    route = f"/{match.route}" if match else "(no such page)"
    actor = getattr(request, "actor", None)
    person = str(getattr(getattr(actor, "person", None), "uid", "") or "-")
    logger.info(
        "%s %s %s %.0f ms",
        request.method,
        route,
        response.status_code,
        duration_ms,
        extra={
            "method": request.method,
            "route": route,
            "status": response.status_code,
            "duration_ms": round(duration_ms, 1),
            "person": person,
        },
    )


class RequestFilter(logging.Filter):
    """Put the id of the current request on every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class TextFormatter(logging.Formatter):
    """Lines for people, with the time in UTC."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"
    converter = staticmethod(time.gmtime)  # type: ignore[assignment]  # typeshed knows localtime's shape only


class JSONFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", "-"),
            "process": record.process,
        }
        line |= {name: getattr(record, name) for name in _EXTRA if hasattr(record, name)}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
