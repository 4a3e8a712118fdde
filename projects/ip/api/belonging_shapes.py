"""What the API takes and shows of what belongs to assets."""

from __future__ import annotations

from rest_framework import serializers

from portal.kit.api import Input, RecordSerializer
from projects.ip.api.shares import SharesInput
from projects.ip.models import (
    AbandonmentOffer,
    BackgroundChange,
    Contribution,
    Contributor,
    Licence,
    ProtectionStep,
    TitleTransfer,
)

COMMON = ["ref", "version", "asset", "created_at"]


class BecauseInput(Input):
    """Why."""

    reason = serializers.CharField(allow_blank=True)


class DeedInput(Input):
    """The deed, by its SHA-256."""

    document_hash = serializers.CharField(max_length=64, allow_blank=True, required=False)


class AcceptInput(SharesInput):
    """The shares as they will be; send the version of the asset that you saw."""

    asset_version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False)


def agency_of(source: str) -> serializers.CharField:
    return serializers.CharField(source=f"{source}.ref", read_only=True, allow_null=True, default=None)


class OfAsset(RecordSerializer):
    """Base of what belongs to an asset, which it names by reference."""

    asset = serializers.CharField(source="asset.ref", read_only=True)


class ContributorSerializer(OfAsset):
    """A person's part; only the person confirms or denies it."""

    agency = agency_of("agency")
    percent = serializers.CharField(source="words", read_only=True)

    class Meta:
        model = Contributor
        fields = [*COMMON, "name", "agency", "role", "percent", "status", "said", "said_at", "verbs"]


class ContributionSerializer(OfAsset):
    """A part of a result that a party asserts."""

    agency = agency_of("agency")
    percent = serializers.CharField(source="words", read_only=True)

    class Meta:
        model = Contribution
        fields = [*COMMON, "agency", "percent", "reason", "status", "answer", "answered_at", "verbs"]


class StepSerializer(OfAsset):
    """One step of one right."""

    agency = agency_of("agency")

    class Meta:
        model = ProtectionStep
        fields = [*COMMON, "agency", "kind", "office", "number", "on", "territory", "remark"]


class AbandonmentOfferSerializer(OfAsset):
    """A right that is offered before it is given up."""

    agency = agency_of("agency")
    taken_by = agency_of("taken_by")

    class Meta:
        model = AbandonmentOffer
        fields = [
            *COMMON, "agency", "office", "number", "territory", "reason", "days", "source", "ends_at", "status",
            "taken_by", "closed_at", "verbs",
        ]  # fmt: skip


class TransferSerializer(OfAsset):
    """A share that will be somebody else's."""

    from_agency = agency_of("from_agency")
    to_agency = agency_of("to_agency")
    percent = serializers.CharField(source="words", read_only=True)

    class Meta:
        model = TitleTransfer
        fields = [
            *COMMON, "from_agency", "from_name", "to_agency", "to_name", "percent", "reason", "days", "source",
            "ends_at", "status", "document_hash", "closed_at", "verbs",
        ]  # fmt: skip


class LicenceSerializer(OfAsset):
    """A licence on an asset, or the notice of one."""

    licensor = agency_of("licensor")
    licensee = agency_of("licensee")

    class Meta:
        model = Licence
        fields = [
            *COMMON, "licensor", "licensee", "licensee_name", "is_exclusive", "field", "territory", "starts_on",
            "ends_on", "days", "source", "first_day", "notice_ends_at", "status", "recorded_at", "closed_at", "verbs",
        ]  # fmt: skip


class ChangeSerializer(OfAsset):
    """A proposal to narrow the access to background."""

    agency = agency_of("agency")

    class Meta:
        model = BackgroundChange
        fields = [
            *COMMON, "agency", "kind", "limits_implementation", "limits_exploitation", "reason", "rule", "agreement",
            "source", "days", "ends_at", "status", "closed_at", "verbs",
        ]  # fmt: skip
