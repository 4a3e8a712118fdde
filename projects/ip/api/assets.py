"""The JSON door of the IP register."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.kit.actors import Actor
from portal.kit.api import Collection, Input, RecordSerializer, if_match, verb
from projects.ip import actions
from projects.ip.api.asset_verbs import AssetVerbs
from projects.ip.api.markings import Guarded
from projects.ip.api.shares import ShareInput, SharesInput
from projects.ip.models import Asset, Nature, Origin, OwnershipShare, Status
from projects.ip.policies import AssetPolicy
from projects.models import Project


class ShareSerializer(serializers.ModelSerializer):
    """An owner's part; percent is a string with at most four decimal places."""

    agency = serializers.CharField(source="agency.ref", read_only=True, allow_null=True, default=None)
    percent = serializers.CharField(source="words")

    class Meta:
        model = OwnershipShare
        fields = ["agency", "agency_name", "percent"]


class AssetSerializer(Guarded, RecordSerializer):
    """An asset as the register shows it; the description only to those to whom it may cross."""

    guarded = ("description",)

    project = serializers.CharField(source="project.ref", read_only=True)
    party = serializers.CharField(source="party.ref", read_only=True)
    contested_by = serializers.CharField(source="contested_by.ref", read_only=True, allow_null=True)
    shares = ShareSerializer(many=True, read_only=True)

    class Meta:
        model = Asset
        fields = [
            "ref",
            "version",
            "project",
            "party",
            "party_name",
            "origin",
            "status",
            "nature",
            "title",
            "description",
            "is_excluded",
            "limits_implementation",
            "limits_exploitation",
            "protection_office",
            "protection_number",
            "protected_on",
            "marking",
            "sharing",
            "export_class",
            "export_regime",
            "export_number",
            "has_personal_data",
            "embargo_until",
            "withheld",
            "generated_on",
            "made_in",
            "made_element",
            "made_registry",
            "artefact_licence",
            "shares",
            "agreed_in",
            "contested_by",
            "contested_at",
            "contest_reason",
            "created_at",
            "updated_at",
            "verbs",
        ]


class WordsInput(Input):
    """What the register asks for; in a PATCH, what is left out stays as it is."""

    title = serializers.CharField(max_length=200)
    nature = serializers.ChoiceField(choices=Nature.choices)
    description = serializers.CharField(max_length=10_000, allow_blank=True, required=False)
    is_excluded = serializers.BooleanField(required=False)
    limits_implementation = serializers.CharField(max_length=4_000, allow_blank=True, required=False)
    limits_exploitation = serializers.CharField(max_length=4_000, allow_blank=True, required=False)
    protection_office = serializers.CharField(max_length=100, allow_blank=True, required=False)
    protection_number = serializers.CharField(max_length=100, allow_blank=True, required=False)
    protected_on = serializers.DateField(allow_null=True, required=False)
    marking = serializers.CharField(max_length=200, allow_blank=True, required=False)
    generated_on = serializers.DateField(allow_null=True, required=False)
    made_in = serializers.CharField(max_length=2, allow_blank=True, required=False)
    made_element = serializers.CharField(max_length=120, allow_blank=True, required=False)
    made_registry = serializers.CharField(max_length=2, allow_blank=True, required=False)
    artefact_licence = serializers.CharField(max_length=200, allow_blank=True, required=False)


class AssetInput(WordsInput, SharesInput):
    """A new entry: background and sideground belong to the acting agency, a result comes with its shares."""

    project = serializers.CharField(max_length=32)
    origin = serializers.ChoiceField(choices=Origin.choices)
    shares = serializers.ListField(child=ShareInput(), max_length=100, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["origin"] == Origin.RESULT and "shares" not in attrs:
            raise serializers.ValidationError({"shares": [_("A result comes with the shares of its owners.")]})
        if attrs["origin"] != Origin.RESULT and "shares" in attrs:
            raise serializers.ValidationError({"shares": [_("Only a result is entered with shares.")]})
        return attrs


class ContestInput(Input):
    """Why an entry is not right."""

    reason = serializers.CharField(allow_blank=True)


class Assets(AssetVerbs, Collection):
    """Background, results and sideground of the projects one's agency takes part in."""

    serializer_class = AssetSerializer
    policy_class = AssetPolicy

    def visible(self, actor: Actor) -> QuerySet:
        return Asset.objects.visible_to(actor).with_owners().with_project()

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        for name, path in (
            ("project", "project__ref"),
            ("party", "party__ref"),
            ("origin", "origin"),
            ("status", "status"),
        ):
            if value := self.request.query_params.get(name, ""):
                queryset = queryset.filter(**{path: value.replace("\x00", "")})
        return queryset

    @extend_schema(
        parameters=[
            OpenApiParameter("project", str, description="Reference of a project."),
            OpenApiParameter("party", str, description="Reference of the agency that made the entry."),
            OpenApiParameter("origin", str, enum=Origin.values),
            OpenApiParameter("status", str, enum=Status.values),
        ]
    )
    def list(self, request: Request) -> Response:
        """Newest first."""
        return super().list(request)

    @extend_schema(request=AssetInput, responses={201: AssetSerializer})
    def create(self, request: Request) -> Response:
        """List background, claim a result, or declare sideground."""
        typed = self.read(AssetInput)
        project = get_object_or_404(Project.objects.inside_for(self.actor).with_agencies(), ref=typed.pop("project"))
        enter = {
            Origin.BACKGROUND: actions.list_background,
            Origin.RESULT: actions.claim_result,
            Origin.SIDEGROUND: actions.declare_sideground,
        }[typed.pop("origin")]
        return self.created(self._again(enter(project, actor=self.actor, **typed)))

    @extend_schema(request=WordsInput, responses=AssetSerializer)
    def partial_update(self, request: Request, ref: str) -> Response:
        """Change the words of an entry; send the ETag you saw as If-Match."""
        asset = self.get_object()
        serializer = WordsInput(data=request.data, partial=True, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return self.represent(
            self._again(
                actions.edit_asset(asset, actor=self.actor, version=if_match(request), **serializer.validated_data)
            )
        )

    @verb(SharesInput)
    def set_shares(self, asset: Asset, **typed: Any) -> Asset:
        """Say who owns which part."""
        return self._again(actions.set_shares(asset, actor=self.actor, version=if_match(self.request), **typed))

    @verb(ContestInput)
    def contest(self, asset: Asset, **typed: Any) -> Asset:
        """Say that an entry of another party is not right."""
        return self._again(actions.contest(asset, actor=self.actor, **typed))

    @verb()
    def settle(self, asset: Asset) -> Asset:
        """Say that what one contested is settled."""
        return self._again(actions.settle_contest(asset, actor=self.actor))

    @verb()
    def withdraw(self, asset: Asset) -> Asset:
        """Take an entry out of the register."""
        return self._again(actions.withdraw_asset(asset, actor=self.actor))

    def _again(self, asset: Asset) -> Asset:
        """The asset as it stands now, with its owners."""
        return self.visible(self.actor).get(pk=asset.pk)
