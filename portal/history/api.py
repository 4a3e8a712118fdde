"""The JSON door to the history: public proofs, and the events that the reader may see."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from portal.history import proofs
from portal.history.canonical import instant
from portal.history.chain import Link, known_chain
from portal.history.models import Alarm, Checkpoint, Event, Leaf, Witness
from portal.kit.actors import Actor, actor_of
from portal.kit.api import Collection, InstantField, RecordPagination

HASH = re.compile(r"[0-9a-fA-F]{64}")
REF = re.compile(r"[A-Za-z0-9-]{1,64}")
LARGEST = 2**63 - 1
MOST = 200


class CheckpointSerializer(serializers.Serializer):
    """A signed state of the ledger; `note` is the text to keep."""

    number = serializers.IntegerField()
    size = serializers.IntegerField()
    root: Any = serializers.CharField()  # not the property of that name
    at = serializers.CharField()
    key_id = serializers.CharField()
    note = serializers.CharField()


class LedgerKeySerializer(serializers.Serializer):
    """A key that signs or signed the ledger, the entries of its time, and the statement that introduced it."""

    verifier = serializers.CharField(source="key.verifier")
    key_id = serializers.CharField(source="key.key_id")
    first = serializers.IntegerField(source="start")
    end = serializers.IntegerField(allow_null=True)
    statement = serializers.SerializerMethodField()

    def get_statement(self, link: Link) -> str | None:
        return str(link.statement) if link.statement is not None else None


class InclusionSerializer(serializers.Serializer):
    """That an entry is in the ledger which the checkpoint signs. Hashes are in hex, the proof goes from the leaf up."""

    index = serializers.IntegerField()
    leaf = serializers.CharField(source="leaf_hex")
    proof = serializers.ListField(child=serializers.CharField(), source="path_hex")
    checkpoint = serializers.SerializerMethodField()

    @extend_schema(responses=CheckpointSerializer)
    def get_checkpoint(self, proof: proofs.Inclusion) -> dict[str, Any]:
        return proof.checkpoint.as_dict()


class ConsistencySerializer(serializers.Serializer):
    """That the larger ledger only appended to the smaller one."""

    first = serializers.IntegerField()
    second = serializers.IntegerField()
    first_root = serializers.CharField()
    second_root = serializers.CharField()
    proof = serializers.ListField(child=serializers.CharField())


class EventSerializer(serializers.ModelSerializer):
    """One event; `canonical` is the text whose hash is the entry, null until the event is sealed."""

    at = serializers.SerializerMethodField()
    entry = serializers.IntegerField(source="ledger_index", allow_null=True)
    canonical = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields = [
            "uid",
            "verb",
            "target_kind",
            "target_ref",
            "scope",
            "at",
            "person_uid",
            "agency_ref",
            "agency_name",
            "agencies",
            "facts",
            "entry",
            "canonical",
        ]

    def get_at(self, event: Event) -> str:
        return instant(event.at)

    def get_canonical(self, event: Event) -> str:
        return event.canonical.decode()


class WitnessSerializer(serializers.Serializer):
    """A key that co-signs; `verifier` is its C2SP verifier key."""

    agency = serializers.CharField(source="agency_ref")
    verifier = serializers.CharField()
    key_id = serializers.CharField()
    at = InstantField()
    retired_at = InstantField(source="retirement.at", default=None, allow_null=True)


class ExplanationSerializer(serializers.Serializer):
    """What operators say of an alarm."""

    text = serializers.CharField()
    at = InstantField()


class AlarmSerializer(serializers.Serializer):
    """A checkpoint that was signed and that the ledger does not grow from; `explanation` is null while it is open."""

    ref = serializers.CharField()
    kind = serializers.CharField()
    place = serializers.CharField()
    problem = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    at = InstantField()
    explanation = ExplanationSerializer(default=None, allow_null=True)


class Ledger(viewsets.ViewSet):
    """Proofs for anyone: they show hashes only."""

    permission_classes = [AllowAny]
    renderer_classes = [JSONRenderer]
    public = True

    @extend_schema(responses=CheckpointSerializer)
    @action(detail=False)
    def checkpoint(self, request: Request) -> Response:
        """The newest signed checkpoint."""
        newest = Checkpoint.objects.newest()
        if newest is None:
            raise exceptions.NotFound
        return Response(newest.as_dict())

    @extend_schema(
        parameters=[
            OpenApiParameter("index", int, description="the number of the entry"),
            OpenApiParameter("leaf", str, description="or its leaf hash, in hex"),
        ],
        responses=InclusionSerializer,
    )
    @action(detail=False)
    def proof(self, request: Request) -> Response:
        """The inclusion proof of an entry in the newest checkpoint."""
        if ("index" in request.query_params) == ("leaf" in request.query_params):
            raise exceptions.ValidationError({"index": [_("Name an entry by its index or by its leaf hash.")]})
        wanted = Q(pk=_whole(request, "index")) if "index" in request.query_params else Q(hash=_hash(request, "leaf"))
        try:
            proof = proofs.inclusion(Leaf.objects.get(wanted))
        except (ObjectDoesNotExist, proofs.NoProof) as error:
            raise exceptions.NotFound from error
        return Response(InclusionSerializer(proof).data)

    @extend_schema(
        parameters=[OpenApiParameter("first", int, required=True), OpenApiParameter("second", int, required=True)],
        responses=ConsistencySerializer,
    )
    @action(detail=False)
    def consistency(self, request: Request) -> Response:
        """The proof that the ledger of `second` entries only appended to the one of `first`."""
        first, second = _whole(request, "first"), _whole(request, "second")
        if first > second:
            raise exceptions.ValidationError({"second": [_("The second size must be at least the first.")]})
        try:
            proof = proofs.consistency(first, second)
        except proofs.NoProof as error:
            raise exceptions.NotFound from error
        shown = {"first_root": proof.first_root.hex(), "second_root": proof.second_root.hex()}
        return Response({"first": first, "second": second, **shown, "proof": [hash_.hex() for hash_ in proof.path]})

    @extend_schema(responses=LedgerKeySerializer(many=True))
    @action(detail=False)
    def keys(self, request: Request) -> Response:
        """The chain of keys, the oldest first: each signs the entries from `first` up to, not including, `end`."""
        return Response(LedgerKeySerializer(known_chain().links, many=True).data)

    @extend_schema(responses=WitnessSerializer(many=True))
    @action(detail=False)
    def witnesses(self, request: Request) -> Response:
        """The keys that agencies co-sign checkpoints with, those that are retired too."""
        return Response(WitnessSerializer(Witness.objects.visible_to(actor_of(request)), many=True).data)

    @extend_schema(responses=AlarmSerializer(many=True))
    @action(detail=False)
    def alarms(self, request: Request) -> Response:
        """What ever did not fit, newest first, with what operators said of it."""
        rows = Alarm.objects.visible_to(actor_of(request)).newest_first()
        return Response(AlarmSerializer(rows[:MOST], many=True).data)


class EventPagination(RecordPagination):
    """Newest first."""

    ordering = ("-id",)


class Events(Collection):
    """What happened, as far as the reader's agency may know it."""

    serializer_class = EventSerializer
    pagination_class = EventPagination
    lookup_field = "uid"
    lookup_value_regex = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

    def visible(self, actor: Actor) -> QuerySet[Event]:
        return Event.objects.visible_to(actor).select_related("leaf")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        scope = self.request.query_params.get("scope")
        if scope is None:
            return queryset
        if not REF.fullmatch(scope):
            raise exceptions.ValidationError({"scope": [_("This is not a reference.")]})
        return queryset.filter(scope=scope)

    @extend_schema(parameters=[OpenApiParameter("scope", str, description="only the timeline of this record")])
    def list(self, request: Request) -> Response:
        return super().list(request)

    def retrieve(self, request: Request, uid: str) -> Response:
        self.kwargs["uid"] = UUID(uid)
        return self.represent(self.get_object())


routes = [("ledger", Ledger, "ledger"), ("events", Events, "event")]


def _whole(request: Request, name: str) -> int:
    """A query parameter as an integer from 0 to the largest that the ledger can count; anything else is a 400."""
    text = request.query_params.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST)) and int(text) <= LARGEST):
        raise exceptions.ValidationError({name: [_("Give a whole number, 0 or larger.")]})
    return int(text)


def _hash(request: Request, name: str) -> bytes:
    text = request.query_params.get(name, "")
    if not HASH.fullmatch(text):
        raise exceptions.ValidationError({name: [_("Give a SHA-256 hash as 64 hexadecimal digits.")]})
    return bytes.fromhex(text)
