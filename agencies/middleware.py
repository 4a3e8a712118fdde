"""Who is asking: `request.actor`, from the session or from an API token, worked out when it is first read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from agencies.models import Membership, Person, Token
from portal.kit.actors import Actor

SESSION_KEY = "membership"
BEARER = "bearer "
# SECURITY: only these doors ask for a token's scopes. On a page a token that may only read would act with every right.
PROGRAMS = ("/api/", "/live/")


class ActorMiddleware:
    """Set `request.actor`, and speak the person's language.

    A bearer token wins over the session: a program says explicitly whom it acts for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: resolve(request))  # type: ignore[attr-defined]
        if has_bearer(request):
            return self.get_response(request)
        language = request.user.language if request.user.is_authenticated else ""
        if language not in dict(settings.LANGUAGES) or language == translation.get_language():
            return self.get_response(request)
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
            # A template response is drawn here, while the person's language is still active.
            render: Any = getattr(response, "render", None)
            return render() if callable(render) and not getattr(response, "is_rendered", True) else response


def has_bearer(request: HttpRequest) -> bool:
    """Whether a program asks, at a door for programs; on pages such a header means nothing."""
    return request.path_info.startswith(PROGRAMS) and (
        request.headers.get("Authorization", "").lower().startswith(BEARER)
    )


def resolve(request: HttpRequest) -> Actor:
    """The actor of a request: by its token, by its session, or nobody."""
    if has_bearer(request):
        return actor_of_token(
            request.headers["Authorization"][len(BEARER) :].strip(),
            writes=request.method not in ("GET", "HEAD", "OPTIONS"),
        )
    user = request.user
    if not user.is_authenticated:
        return Actor.anonymous()
    return actor_of_person(user, chosen=request.session.get(SESSION_KEY, ""))


def actor_of_person(person: Person, *, chosen: str = "") -> Actor:
    """A person under the chosen membership (a reference), or under the first live one they have."""
    memberships = tuple(
        Membership.objects.acting().filter(person=person).select_related("agency").order_by("begins_at", "pk")
    )
    for membership in memberships:
        membership.person = person
    acting = next((one for one in memberships if one.ref == chosen), memberships[0] if memberships else None)
    return Actor(person=person, membership=acting, memberships=memberships)


def actor_of_token(secret: str, *, writes: bool = False) -> Actor:
    """The membership behind a token in one query; nobody when the token does not open a door now."""
    token = Token.objects.usable().by_secret(secret).select_related("membership__agency", "membership__person").first()
    if token is None:
        return Actor.anonymous()
    if writes:
        Token.objects.filter(pk=token.pk).update(last_used_at=timezone.now())
    membership = token.membership
    return Actor(
        person=membership.person, membership=membership, memberships=(membership,), scopes=frozenset(token.scopes)
    )
