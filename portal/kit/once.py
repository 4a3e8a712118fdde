"""One-time keys: a second click, a retry and a replay return the first result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kit.models import OnceKey
from portal.kit.problems import PROBLEM, problem

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
LEFT_OUT = {"csrfmiddlewaretoken", "password", "code", "credential"}
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
KEPT_FOR = timedelta(hours=24)
KEPT_HEADERS = ("Location", "Content-Type", "ETag")


class OnceMiddleware:
    """Run an unsafe request that carries a one-time key in one transaction together with its key.

    The key's unique row is inserted first: a simultaneous repeat waits on it, then finds the first result. A refused or failed
    request leaves no key, so that it can be tried again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _key(request)
        person_id = _person_id(request) if key else None
        if not key or person_id is None:
            return self.get_response(request)
        fingerprint = _fingerprint(request)
        if not request.headers.get("Idempotency-Key"):
            # A form sent again with other words (after "back") is another request, not a repeat.
            key = f"{key}:{fingerprint[:16]}"
        with transaction.atomic():
            if not _claim(person_id, key, fingerprint):
                return _replay(person_id, key, fingerprint)
            response = self.get_response(request)
            if response.status_code >= 400 or not _is_result(request, response):
                transaction.set_rollback(True)
            else:
                OnceKey.objects.filter(person_id=person_id, key=key).update(
                    status=response.status_code,
                    headers={name: response[name] for name in KEPT_HEADERS if response.has_header(name)},
                    body=response.content if not response.streaming else b"",
                )
        return response


def _key(request: HttpRequest) -> str:
    if request.method not in UNSAFE:
        return ""
    key = request.headers.get("Idempotency-Key", "")
    if not key and request.content_type in FORMS:
        key = request.POST.get("once", "")
    return key if key.isprintable() and len(key) <= 80 else ""


def _fingerprint(request: HttpRequest) -> str:
    """What was asked: for whom, method, address and content, without the token that changes with every page.

    SECURITY: secrets stay out, so that a stored digest cannot be used to guess them. Whom one acts for belongs to it: the
    same words for another agency are another request, and a token reads no result that it could not have caused.
    """
    digest = hashlib.sha256(f"{_for_whom(request)}\n{request.method} {request.get_full_path()}\n".encode())
    if request.content_type in FORMS:
        pairs = sorted(
            (name, value) for name, values in request.POST.lists() if name not in LEFT_OUT for value in values
        )
        files = sorted((name, file.name, file.size) for name, files in request.FILES.lists() for file in files)
        digest.update(repr((pairs, files)).encode("utf-8", "surrogatepass"))
    else:
        digest.update(_without_secrets(request.body))
    return digest.hexdigest()


def _without_secrets(body: bytes) -> bytes:
    """A JSON body without its secrets, in one spelling; anything else as it came."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return body
    if not isinstance(sent, dict):
        return body
    kept = {name: value for name, value in sent.items() if name not in LEFT_OUT}
    return json.dumps(kept, sort_keys=True).encode("utf-8", "surrogatepass")


def _person_id(request: HttpRequest) -> int | None:
    """The signed-in person, or the owner of the token; read from the actor so that both doors share one rule."""
    actor = request.actor  # type: ignore[attr-defined]
    return actor.person.pk if actor.person is not None else None


def _for_whom(request: HttpRequest) -> str:
    """The membership one acts under, and what a token may do."""
    actor = request.actor  # type: ignore[attr-defined]
    scopes = "session" if actor.scopes is None else " ".join(sorted(actor.scopes))
    return f"{actor.membership.pk if actor.membership is not None else '-'} {scopes}"


def _is_result(request: HttpRequest, response: HttpResponse) -> bool:
    """A form shown again with its errors (200 to a page's POST) did nothing and is not a result."""
    return request.path.startswith("/api/") or response.status_code != 200


def _claim(person_id: int, key: str, fingerprint: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kit_oncekey (person_id, key, fingerprint, status, headers, body, created_at)"
            " VALUES (%s, %s, %s, 0, '{}', '', now()) ON CONFLICT (person_id, key) DO NOTHING",
            [person_id, key, fingerprint],
        )
        return cursor.rowcount == 1


def _replay(person_id: int, key: str, fingerprint: str) -> HttpResponse:
    first = OnceKey.objects.get(person_id=person_id, key=key)
    if first.fingerprint != fingerprint:
        title, detail = _("This one-time key was used for another request"), _("Send another key with another request.")
        return JsonResponse(problem(422, title, detail, "key-reused"), status=422, content_type=PROBLEM)
    response = HttpResponse(bytes(first.body), status=first.status)
    for name, value in first.headers.items():
        response[name] = value
    response["Idempotency-Replayed"] = "true"
    return response


def forget_old_keys() -> int:
    """Delete keys older than a day; returns how many."""
    deleted, _rows = OnceKey.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return deleted
