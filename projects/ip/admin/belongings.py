"""What belongs to assets, for operators: that there is something and where it stands, never whose or what it says."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from projects.ip.models import (
    AbandonmentOffer,
    BackgroundChange,
    Contribution,
    Contributor,
    Licence,
    ProtectionStep,
    TitleTransfer,
)


class ReadOnly(admin.ModelAdmin):
    """Metadata that nobody changes here."""

    list_select_related = ["asset"]
    search_fields = ["ref", "asset__ref"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Contributor)
class ContributorAdmin(ReadOnly):
    """Whether parts are confirmed, not whose they are."""

    list_display = ["ref", "asset", "status", "created_at"]
    list_filter = ["status"]
    fields = ("ref", "version", "asset", "named_for", "status", "said_at", "created_at", "updated_at")


@admin.register(Contribution)
class ContributionAdmin(ReadOnly):
    """Which parties assert contributions."""

    list_display = ["ref", "asset", "agency", "status", "created_at"]
    list_filter = ["status"]
    list_select_related = ["asset", "agency"]
    fields = ("ref", "version", "asset", "agency", "status", "answered_at", "created_at", "updated_at")


@admin.register(ProtectionStep)
class ProtectionStepAdmin(ReadOnly):
    """That steps are recorded, not of which right."""

    list_display = ["ref", "asset", "agency", "kind", "created_at"]
    list_filter = ["kind"]
    list_select_related = ["asset", "agency"]
    fields = ("ref", "asset", "agency", "kind", "on", "created_at")


@admin.register(AbandonmentOffer)
class AbandonmentOfferAdmin(ReadOnly):
    """Offers, and until when they run."""

    list_display = ["ref", "asset", "agency", "status", "ends_at"]
    list_filter = ["status"]
    list_select_related = ["asset", "agency"]
    fields = ("ref", "version", "asset", "agency", "status", "days", "ends_at", "taken_by", "closed_at", "created_at")


@admin.register(TitleTransfer)
class TitleTransferAdmin(ReadOnly):
    """Transfers, and until when their notice runs."""

    list_display = ["ref", "asset", "from_agency", "status", "ends_at"]
    list_filter = ["status"]
    list_select_related = ["asset", "from_agency"]
    fields = ("ref", "version", "asset", "from_agency", "to_agency", "status", "days", "ends_at", "closed_at")


@admin.register(Licence)
class LicenceAdmin(ReadOnly):
    """Licences and their notices."""

    list_display = ["ref", "asset", "licensor", "status", "created_at"]
    list_filter = ["status"]
    list_select_related = ["asset", "licensor"]
    fields = (
        "ref", "version", "asset", "licensor", "status", "days", "first_day", "notice_ends_at", "recorded_at",
        "closed_at",
    )  # fmt: skip


@admin.register(BackgroundChange)
class BackgroundChangeAdmin(ReadOnly):
    """Proposals of narrower access."""

    list_display = ["ref", "asset", "agency", "kind", "rule", "status", "ends_at"]
    list_filter = ["status", "rule"]
    list_select_related = ["asset", "agency"]
    fields = ("ref", "version", "asset", "agency", "kind", "rule", "status", "days", "ends_at", "closed_at")
