"""API tokens, as JSON: made by people, never by programs."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import actions
from agencies.api.inputs import TokenInput
from agencies.api.proving import acting_agency, proof_of, require_session
from agencies.models import Token
from agencies.policies import AgencyPolicy, TokenPolicy
from portal.kit.actors import Actor
from portal.kit.api import Collection, RecordSerializer, verb


class TokenSerializer(RecordSerializer):
    """A token by its first letters."""

    membership: Any = serializers.SlugRelatedField(slug_field="ref", read_only=True)

    class Meta:
        model = Token
        fields = [
            "ref", "name", "prefix", "membership", "scopes", "expires_at", "revoked_at", "last_used_at", "version",
            "created_at", "updated_at", "verbs",
        ]  # fmt: skip


class NewTokenSerializer(TokenSerializer):
    """A token with its secret, which nobody can read again."""

    secret = serializers.CharField(read_only=True)

    class Meta:
        model = Token
        fields = [*TokenSerializer.Meta.fields, "secret"]


class Tokens(Collection):
    """One's own tokens; administrators see those of the whole agency."""

    queryset = Token.objects.none()
    serializer_class = TokenSerializer
    policy_class = TokenPolicy

    def visible(self, actor: Actor) -> QuerySet[Token]:
        return Token.objects.visible_to(actor).select_related("membership__agency", "membership__person")

    @extend_schema(request=TokenInput, responses={201: NewTokenSerializer})
    def create(self, request: Request) -> Response:
        """Make a token for the membership you act under, proving again who you are; its secret is shown once."""
        require_session(self.actor)
        # SECURITY: a result kept for a repeat would keep the secret with it.
        if request.headers.get("Idempotency-Key"):
            raise ParseError(
                _("A secret is shown once, so that this request cannot be repeated: send no Idempotency-Key.")
            )
        AgencyPolicy(self.actor, acting_agency(self.actor)).require("issue_token")
        sent = self.read(TokenInput)
        proof = proof_of(request, sent)
        token, secret = actions.issue_token(actor=self.actor, proof=proof, **sent)
        token.secret = secret  # type: ignore[attr-defined]
        shown = NewTokenSerializer(token, context=self.get_serializer_context()).data
        return Response(shown, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})

    @verb()
    def revoke(self, token: Token) -> Token:
        """Make it worthless at once."""
        return actions.revoke_token(token, actor=self.actor)
