"""Who is asking, as the API sees it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies import actions
from agencies.api.inputs import AccountInput
from agencies.api.memberships import MembershipSerializer
from agencies.api.proving import require_session
from agencies.models import Person, Scope
from portal.kit.actors import Actor, actor_of


class AccountSerializer(serializers.ModelSerializer):
    """A person's own account."""

    class Meta:
        model = Person
        fields = [
            "uid", "email", "name", "native_name", "language", "zone", "day_start", "day_end", "theme", "is_staff",
        ]  # fmt: skip
        read_only_fields = fields


class MeSerializer(serializers.Serializer):
    """The person, the membership they act under, those they could act under, and what they may do."""

    person = AccountSerializer()
    acting = MembershipSerializer(allow_null=True)
    memberships = MembershipSerializer(many=True)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices))


class Me(APIView):
    """Who you are here, and for whom you act."""

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        return Response(shown(actor_of(request)))

    @extend_schema(request=AccountInput, responses=MeSerializer)
    def patch(self, request: Request) -> Response:
        """Change how you are written, spoken to and found at work."""
        actor = actor_of(request)
        require_session(actor)
        sent = AccountInput(data=request.data)
        sent.is_valid(raise_exception=True)
        person = actions.edit_account(actor=actor, **sent.validated_data)
        return Response(shown(Actor(person=person, membership=actor.membership, memberships=actor.memberships)))


def shown(actor: Actor) -> dict[str, Any]:
    scopes = [scope for scope in Scope.values if actor.may_use_scope(scope)]
    facts = {
        "person": actor.person,
        "acting": actor.membership,
        "memberships": actor.memberships,
        "scopes": scopes,
    }
    return MeSerializer(facts, context={"actor": actor}).data
