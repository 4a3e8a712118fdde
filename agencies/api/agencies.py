"""The directory of agencies as JSON."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies import actions, taxonomy
from agencies.api.inputs import ChangedProfileInput, ProfileInput
from agencies.api.proving import require_session
from agencies.directory import Filters
from agencies.models import Agency, Kind
from agencies.policies import AgencyPolicy
from portal.kit.actors import Actor
from portal.kit.api import Collection, RecordPagination, RecordSerializer, if_match, verb


class AgencySerializer(RecordSerializer):
    """An agency; what an operator wrote to it, and how it marks its own work, is for its members."""

    country = serializers.CharField(source="country.code", read_only=True)
    sponsor: Any = serializers.SlugRelatedField(slug_field="ref", read_only=True)
    predecessor: Any = serializers.SlugRelatedField(slug_field="ref", read_only=True)

    class Meta:
        model = Agency
        fields = [
            "ref", "kind", "legal_name", "native_name", "native_language", "acronym", "country", "is_international", "city",
            "zone", "working_days", "languages", "domain", "website", "capabilities", "about", "default_marking", "sponsor",
            "predecessor", "status", "status_reason", "verified_at", "version", "created_at", "updated_at", "verbs",
        ]  # fmt: skip

    OWN_ONLY = ("default_marking", "status_reason")

    def to_representation(self, agency: Agency) -> dict[str, Any]:
        shown = super().to_representation(agency)
        if agency.pk not in {membership.agency_id for membership in self.context["actor"].memberships}:
            for name in self.OWN_ONLY:
                shown[name] = None
        return shown


class ByName(RecordPagination):
    """A directory is read in the order of names."""

    ordering = ("sort_name", "id")


class Agencies(Collection):
    """Agencies: one's own, and every verified one."""

    queryset = Agency.objects.none()
    serializer_class = AgencySerializer
    policy_class = AgencyPolicy
    pagination_class = ByName

    def visible(self, actor: Actor) -> QuerySet[Agency]:
        return Agency.objects.visible_to(actor).select_related("sponsor", "predecessor")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return Filters.of(self.request.query_params).narrow(queryset)

    @extend_schema(
        parameters=[
            OpenApiParameter("q", str, description="Words of the legal name, the native name or the acronym."),
            OpenApiParameter("kind", str, enum=Kind.values, many=True),
            OpenApiParameter("country", str, description="ISO 3166-1 alpha-2, or INT for international ones."),
            OpenApiParameter("language", str, description="A working language."),
            OpenApiParameter("capability", str, enum=list(taxonomy.NAMES)),
        ]
    )
    def list(self, request: Request) -> Response:
        return super().list(request)

    @extend_schema(request=ProfileInput, responses={201: AgencySerializer})
    def create(self, request: Request) -> Response:
        """Register an agency; it waits for an operator's check."""
        require_session(self.actor)
        sent = self._with_sponsor(self.read(ProfileInput))
        agency = actions.apply(actor=self.actor, **sent)
        return self.created(agency)

    @extend_schema(request=ChangedProfileInput, responses=AgencySerializer)
    def partial_update(self, request: Request, ref: str) -> Response:
        """Change the profile against the version in If-Match."""
        agency, version = self.get_object(), if_match(request)
        AgencyPolicy(self.actor, agency).require("edit_profile")
        changes = self._with_sponsor(self.read(ChangedProfileInput))
        return self.represent(actions.edit_profile(agency, actor=self.actor, version=version, **changes))

    @verb()
    def apply_again(self, agency: Agency) -> Agency:
        """Send a refused application to the operators once more."""
        return actions.apply_again(agency, actor=self.actor)

    def _with_sponsor(self, sent: dict[str, Any]) -> dict[str, Any]:
        """The sponsor as a row in place of its reference."""
        if sent.get("sponsor"):
            sponsor = Agency.objects.visible_to(self.actor).verified().filter(ref=sent["sponsor"]).first()
            if sponsor is None:
                raise serializers.ValidationError({"sponsor": [_("There is no such agency that you can see.")]})
            sent["sponsor"] = sponsor
        elif "sponsor" in sent:
            sent["sponsor"] = None
        return sent
