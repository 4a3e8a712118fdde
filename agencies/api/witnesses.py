"""Watching over the ledger, as JSON: keys, co-signatures, comparisons, and where checkpoints are mailed."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import actions
from agencies.api.inputs import ProvenInput
from agencies.api.proving import acting_agency, proof_of
from agencies.witnessing import WitnessingPolicy, addresses_of
from portal.history.api import LARGEST, AlarmSerializer, WitnessSerializer
from portal.history.models import Checkpoint, Witness
from portal.history.notes import LONGEST
from portal.history.witnessing import cosignatures_of, witnessed_note
from portal.kit.api import Door, Input, InstantField, Nothing, RecordPagination


class WitnessInput(ProvenInput):
    """The public half of a key, as a C2SP verifier key."""

    verifier = serializers.CharField(max_length=300)


class CosignatureInput(Input):
    """The line that a witness adds to a checkpoint."""

    cosignature = serializers.CharField(max_length=400)


class ComparisonInput(Input):
    """A checkpoint that the agency holds, with or without co-signatures."""

    note = serializers.CharField(max_length=LONGEST, trim_whitespace=False)


class AddressesInput(Input):
    """All the addresses that checkpoints are mailed to from now on."""

    addresses = serializers.ListField(child=serializers.CharField(max_length=254), max_length=50)


class CosignatureSerializer(serializers.Serializer):
    """What a witness signed of a checkpoint; `time` is its own clock in seconds since 1970, `at` the portal's."""

    agency = serializers.CharField(source="witness.agency_ref")
    key_id = serializers.CharField(source="witness.key_id")
    time = serializers.IntegerField()
    line = serializers.CharField()
    at = InstantField()


class CosignedSerializer(serializers.Serializer):
    """A checkpoint with its co-signatures; `note` has them as lines."""

    number = serializers.IntegerField()
    note = serializers.CharField()
    cosignatures = CosignatureSerializer(many=True)


class LedgerComparisonSerializer(serializers.Serializer):
    """Whether the ledger has grown from the checkpoint, and else the alarm that every agency sees."""

    fits = serializers.BooleanField()
    alarm = AlarmSerializer(allow_null=True)


class WitnessPagination(RecordPagination):
    """Newest first."""

    ordering = ("-id",)


class Witnesses(Door, viewsets.GenericViewSet):
    """The keys of the agency one acts for; those of all agencies are under /ledger/witnesses/."""

    lookup_field = "key_id"
    lookup_value_regex = "[0-9a-f]{8}"
    queryset = Witness.objects.none()
    serializer_class = WitnessSerializer
    pagination_class = WitnessPagination
    public = False

    def list(self, request: Request) -> Response:
        agency = acting_agency(self.actor)
        rows = self.paginate_queryset(Witness.objects.visible_to(self.actor).of(agency.ref))
        return self.get_paginated_response(WitnessSerializer(rows, many=True).data)

    @extend_schema(request=WitnessInput, responses={201: WitnessSerializer})
    def create(self, request: Request) -> Response:
        """Name a key that co-signs checkpoints from now on, proving again who you are."""
        agency = acting_agency(self.actor)
        WitnessingPolicy(self.actor, agency).require("register_witness")
        sent = _read(WitnessInput, request)
        proof = proof_of(request, sent)
        made = actions.register_witness(agency, actor=self.actor, proof=proof, **sent)
        return Response(WitnessSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=WitnessSerializer)
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, key_id: str) -> Response:
        """Have it co-sign nothing from now on; what it signed stays."""
        agency = acting_agency(self.actor)
        row = get_object_or_404(Witness.objects.visible_to(self.actor).of(agency.ref), key_id=key_id)
        _read(Nothing, request)
        return Response(WitnessSerializer(actions.retire_witness(row, actor=self.actor)).data)


class Cosignatures(Door):
    """What witnesses signed of one checkpoint: read by everybody, added by the agencies."""

    permission_classes = [AllowAny]

    def get_permissions(self) -> list[BasePermission]:
        return [IsAuthenticated()] if self.request.method == "POST" else [AllowAny()]

    @extend_schema(responses=CosignedSerializer)
    def get(self, request: Request, number: int) -> Response:
        """The co-signatures of a checkpoint."""
        return Response(_cosigned(self._checkpoint(number)))

    @extend_schema(request=CosignatureInput, responses={201: CosignedSerializer})
    def post(self, request: Request, number: int) -> Response:
        """Co-sign a checkpoint with a registered key of your agency; the same once more changes nothing."""
        agency = acting_agency(self.actor)
        WitnessingPolicy(self.actor, agency).require("cosign")
        checkpoint = self._checkpoint(number)
        sent = _read(CosignatureInput, request)
        actions.cosign(agency, actor=self.actor, number=checkpoint.number, **sent)
        return Response(_cosigned(checkpoint), status=status.HTTP_201_CREATED)

    def _checkpoint(self, number: int) -> Checkpoint:
        if number > LARGEST:
            raise exceptions.NotFound
        found: Checkpoint = get_object_or_404(Checkpoint.objects.visible_to(self.actor), pk=number)
        return found


class Comparison(Door):
    """Holding a checkpoint against the ledger."""

    @extend_schema(request=ComparisonInput, responses=LedgerComparisonSerializer)
    def post(self, request: Request) -> Response:
        """Compare a checkpoint that you hold; where the ledger does not fit it, every agency is alarmed."""
        agency = acting_agency(self.actor)
        WitnessingPolicy(self.actor, agency).require("compare_checkpoint")
        sent = _read(ComparisonInput, request)
        alarm = actions.compare_checkpoint(agency, actor=self.actor, **sent)
        return Response(LedgerComparisonSerializer({"fits": alarm is None, "alarm": alarm}).data)


class CheckpointAddresses(Door):
    """Where the agency has new checkpoints mailed."""

    @extend_schema(responses=AddressesInput)
    def get(self, request: Request) -> Response:
        """The addresses now."""
        return Response({"addresses": addresses_of(acting_agency(self.actor))})

    @extend_schema(request=AddressesInput, responses=AddressesInput)
    def put(self, request: Request) -> Response:
        """Have new checkpoints mailed to these addresses, and to no other."""
        agency = acting_agency(self.actor)
        WitnessingPolicy(self.actor, agency).require("set_checkpoint_addresses")
        mailing = actions.set_checkpoint_addresses(agency, actor=self.actor, **_read(AddressesInput, request))
        return Response({"addresses": mailing.addresses})


def _cosigned(checkpoint: Checkpoint) -> dict[str, Any]:
    rows = cosignatures_of(checkpoint)
    shown: dict[str, Any] = CosignedSerializer(
        {"number": checkpoint.number, "note": witnessed_note(checkpoint), "cosignatures": rows}
    ).data
    return shown


def _read(serializer_class: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
