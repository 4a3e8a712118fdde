"""How the API's description names our sign-in."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class ActorScheme(OpenApiAuthenticationExtension):
    """A bearer token, or the session cookie of a signed-in person."""

    target_class = "agencies.authentication.ActorAuthentication"
    name = ["token", "session"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        return [
            {
                "type": "http",
                "scheme": "bearer",
                "description": "An API token. It belongs to one membership and acts for its agency.",
            },
            {
                "type": "apiKey",
                "in": "cookie",
                "name": "sessionid",
                "description": "The session of a signed-in person.",
            },
        ]
