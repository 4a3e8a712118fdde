"""The inbox as JSON: what waits and what is to know."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from portal.inbox import actions
from portal.inbox.models import Item, ItemQuerySet, Reach
from portal.kit.actors import Actor
from portal.kit.api import Collection, Input, Nothing, RecordSerializer, verb


class ItemSerializer(RecordSerializer):
    """An item in the reader's language."""

    title = serializers.CharField(read_only=True)
    why = serializers.CharField(read_only=True)
    agency: serializers.Field = serializers.SlugRelatedField(slug_field="ref", read_only=True, allow_null=True)
    person: serializers.Field = serializers.SlugRelatedField(slug_field="uid", read_only=True, allow_null=True)
    is_read = serializers.BooleanField(read_only=True)

    class Meta:
        model = Item
        fields = (
            "uid",
            "kind",
            "verb",
            "title",
            "why",
            "url",
            "ref",
            "agency",
            "roles",
            "person",
            "due_at",
            "created_at",
            "is_read",
        )


class UntilInput(Input):
    """Everything to know up to this moment."""

    until = serializers.DateTimeField()


class Inbox(Collection):
    """What waits for the reader, their roles or their agency, and what is to know."""

    serializer_class = ItemSerializer
    lookup_field = "uid"
    lookup_value_regex = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    filterset_fields = ["kind", "verb", "ref"]

    def visible(self, actor: Actor) -> ItemQuerySet:
        items = Item.objects.visible_to(actor)
        if self.action == "list":
            items = Item.objects.for_actor(actor, self._reach())
        return items.current().with_read(actor).select_related("agency", "person")

    def _reach(self) -> str:
        asked = self.request.query_params.get("for", Reach.ME)
        if asked not in Reach.values:
            raise serializers.ValidationError({"for": [_("Choose me, role or all.")]})
        return asked

    @extend_schema(
        parameters=[
            OpenApiParameter("for", OpenApiTypes.STR, enum=Reach.values, description="Whose items: me, role or all.")
        ]
    )
    def list(self, request: Request) -> Response:
        """Items that wait or are to know, newest first."""
        return super().list(request)

    @extend_schema(parameters=[OpenApiParameter("uid", OpenApiTypes.UUID, OpenApiParameter.PATH)])
    def retrieve(self, request: Request, uid: str) -> Response:
        """One item."""
        return self.represent(self.get_object())

    @verb(Nothing, name="read")
    def read_one(self, record: Item) -> Item:
        """Mark the item as read."""
        actions.mark_read(Item.objects.visible_to(self.actor).filter(pk=record.pk), actor=self.actor)
        return self.get_object()

    @extend_schema(
        operation_id="inbox_read_all",
        request=UntilInput,
        responses={200: {"type": "object", "properties": {"read": {"type": "integer"}}}},
    )
    @action(detail=False, methods=["post"], url_path="read", url_name="read-all")
    def read_all(self, request: Request) -> Response:
        """Mark everything to know up to a moment as read; says how many were not."""
        given: dict[str, Any] = self.read(UntilInput)
        news = Item.objects.for_actor(self.actor, Reach.ME).to_know().filter(created_at__lte=given["until"])
        return Response({"read": actions.mark_read(news, actor=self.actor)})


routes = [("inbox", Inbox, "inbox")]
