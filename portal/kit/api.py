"""The JSON door: collections of records, and verbs as POSTs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.kit.actors import Actor, actor_of
from portal.kit.policies import Policy
from portal.kit.records import REF_PATTERN, Record
from portal.kit.refusals import Forbidden


class RecordPagination(CursorPagination):
    """Newest first, at the same cost on every page."""

    page_size = 25
    max_page_size = 100
    page_size_query_param = "size"
    ordering: tuple[str, ...] = ("-created_at", "-id")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        self.first_column = queryset.model._meta.get_field(self.get_ordering(request, queryset, view)[0].lstrip("-"))
        return super().paginate_queryset(queryset, request, view)

    def decode_cursor(self, request: Request) -> Any:
        """Refuse a cursor whose position is no value of the column it is compared with."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            try:
                value = self.first_column.to_python(cursor.position)
            except (ValidationError, ValueError, OverflowError):
                raise exceptions.NotFound(self.invalid_cursor_message) from None
            if "\x00" in str(cursor.position) or (isinstance(value, int) and not -(2**63) <= value < 2**63):
                raise exceptions.NotFound(self.invalid_cursor_message)
        return cursor


class Input(serializers.Serializer):
    """Base of what a client sends; a name that is not asked for is refused instead of ignored."""

    def to_internal_value(self, data: Any) -> Any:
        parsed = super().to_internal_value(data)
        unknown = sorted(set(data) - set(self.fields)) if hasattr(data, "keys") else []
        if unknown:
            raise serializers.ValidationError({name: [_("There is no such field.")] for name in unknown})
        return parsed


class Nothing(Input):
    """A verb that needs no input."""


class VerbSerializer(serializers.Serializer):
    """What the reader may do to a record now."""

    verb = serializers.CharField()
    allowed = serializers.BooleanField()
    reason = serializers.CharField()
    code = serializers.CharField()
    unblock = serializers.CharField()


class InstantField(serializers.DateTimeField):
    """An instant as the database gives it, in UTC; the framework asks for the zone of each one anew."""

    def to_representation(self, value: Any) -> Any:
        if isinstance(value, datetime) and value.utcoffset() == timedelta(0):
            return f"{value.isoformat()[:-6]}Z"
        return super().to_representation(value)


class RecordSerializer(serializers.ModelSerializer):
    """Base of what the API shows of a record: its verbs come with it when it is read alone."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {
        models.DateTimeField: InstantField
    }
    verbs = serializers.SerializerMethodField()

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        if not self.context.get("policy_class") or self.context.get("many"):
            fields.pop("verbs", None)
        return fields

    @extend_schema(responses=VerbSerializer(many=True))
    def get_verbs(self, record: Model) -> list[Any]:
        policy: Policy = self.context["policy_class"](self.context["actor"], record)
        return policy.verbs()


class Door(APIView):
    """Base of what is not public: a token is asked for its scope before anything else."""

    @property
    def actor(self) -> Actor:
        return actor_of(self.request)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require_scope(self.actor, "read" if request.method in SAFE_METHODS else "write")


def require_scope(actor: Actor, scope: str) -> None:
    """Raise Forbidden for a token that was not given this scope."""
    if not actor.may_use_scope(scope):
        raise Forbidden(_("This token may not %(scope)s.") % {"scope": scope}, code="scope-needed")


class Collection(Door, viewsets.GenericViewSet):
    """A noun of the API. Subclasses say what the actor may see; reading, paging, ETags and refusals are here."""

    lookup_field = "ref"
    lookup_value_regex = REF_PATTERN
    pagination_class = RecordPagination
    policy_class: type[Policy] | None = None
    renderer_classes = [JSONRenderer]
    filter_backends = [DjangoFilterBackend]
    filterset_fields: list[str] = []
    public = False

    def visible(self, actor: Actor) -> QuerySet:
        """The rows this actor may know of; every door goes through here."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.serializer_class.Meta.model._default_manager.none()  # type: ignore[union-attr]
        return self.visible(self.actor)

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()
        if getattr(self, "swagger_fake_view", False):
            return {**context, "actor": Actor.anonymous(), "policy_class": self.policy_class}
        return {**context, "actor": self.actor, "policy_class": self.policy_class}

    def get_object(self) -> Any:
        return get_object_or_404(self.get_queryset(), **{self.lookup_field: self.kwargs[self.lookup_field]})

    def list(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        context = {**self.get_serializer_context(), "many": True}
        return self.get_paginated_response(self.serializer_class(rows, many=True, context=context).data)  # type: ignore[misc]

    def retrieve(self, request: Request, ref: str) -> Response:
        return self.represent(self.get_object())

    def read(self, serializer_class: type[serializers.Serializer]) -> dict[str, Any]:
        """What the client sent, parsed; raises a 400 problem that names each bad field."""
        serializer = serializer_class(data=self.request.data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def require(self, rule: str, record: Any) -> None:
        """Raise the refusal of the policy's rule, if it has one of that name."""
        if self.policy_class is not None and rule in self.policy_class.rules:
            self.policy_class(self.actor, record).require(rule)  # type: ignore[call-arg]

    def represent(self, record: Any, *, code: int = status.HTTP_200_OK) -> Response:
        """A record with its ETag and its verbs."""
        serializer = self.get_serializer(record)
        response = Response(serializer.data, status=code)
        if isinstance(record, Record):
            response["ETag"] = etag(record)
        return response

    def created(self, record: Any) -> Response:
        return self.represent(record, code=status.HTTP_201_CREATED)


def etag(record: Record) -> str:
    return f'"{record.version}"'


def if_match(request: Request) -> int | None:
    """The version of an If-Match header, None when the client did not send one; raises 400 on anything else."""
    header = request.headers.get("If-Match", "")
    if not header:
        return None
    version = header.strip().removeprefix("W/").strip('"')
    if not version.isascii() or not version.isdigit() or len(version) > 9:
        raise exceptions.ParseError(_("If-Match takes the ETag of the record."))
    return int(version)


def verb(
    input: type[serializers.Serializer] = Nothing,  # noqa: A002
    *,
    scope: str = "write",
    name: str = "",
    rule: str = "",
) -> Callable[..., Any]:
    """Make `def answer(self, record, **input)` the POST `/{ref}/answer/`; it returns the record to show, or None for the same one.

    `rule` names the rule of the policy where it is not the name of the function.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        @wraps(function)
        def view(self: Collection, request: Request, **kwargs: Any) -> Response:
            require_scope(self.actor, scope)
            record = self.get_object()
            try:
                sent = self.read(input)
            except exceptions.ValidationError:
                # As on the pages, a refusal does not hide behind a typing error.
                self.require(rule or function.__name__, record)
                raise
            result = function(self, record, **sent)
            if result is None:
                record.refresh_from_db()
            return self.represent(result if result is not None else record)

        path = name or function.__name__.replace("_", "-")
        return extend_schema(request=input if input is not Nothing else None, summary=(function.__doc__ or "").strip())(
            action(detail=True, methods=["post"], url_path=path, url_name=path)(view)
        )

    return decorate
