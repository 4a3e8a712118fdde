"""The API's sign-in: it reads the actor that the middleware has found, and asks a session for its CSRF token."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from agencies.middleware import has_bearer
from portal.kit.actors import actor_of


class ActorAuthentication(BaseAuthentication):
    """A bearer token, or the session of a signed-in person."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        actor = actor_of(request)
        if has_bearer(request._request):
            if not actor.is_authenticated:
                raise AuthenticationFailed(_("This token is unknown, expired or revoked, or its membership has ended."))
            return actor.person, actor
        if not actor.is_authenticated:
            return None
        # SECURITY: a browser sends its cookie by itself, so that a session must prove that the page was ours.
        SessionAuthentication().enforce_csrf(request)
        return actor.person, actor

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'
