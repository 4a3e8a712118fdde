"""The register for operators: what there is and where it stands, never what it says."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from projects.ip.models import Asset


@admin.register(Asset)
class AssetAdmin(admin.ModelAdmin):
    """Read-only metadata; titles, descriptions and limits belong to the parties."""

    list_display = ["ref", "project", "party", "origin", "nature", "status", "created_at"]
    list_filter = ["origin", "nature", "status", "created_at"]
    list_select_related = ["project", "party"]
    search_fields = ["ref", "project__ref", "party__acronym", "party__legal_name"]
    readonly_fields = (
        "ref",
        "version",
        "project",
        "party",
        "party_name",
        "origin",
        "nature",
        "is_excluded",
        "status",
        "agreed_in",
        "created_at",
        "updated_at",
    )
    fields = readonly_fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Asset | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Asset | None = None) -> bool:
        return False
