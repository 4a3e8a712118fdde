"""Disputes for operators: that there is one and where it stands; no claim, no evidence, no word of the room."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from projects.ip.models import Dispute


@admin.register(Dispute)
class DisputeAdmin(admin.ModelAdmin):
    """Read-only metadata; what is claimed, shown and said belongs to the parties."""

    list_display = ["ref", "project", "kind", "opened_by", "status", "opened_at"]
    list_filter = ["kind", "status", "opened_at"]
    list_select_related = ["project", "opened_by"]
    search_fields = ["ref", "project__ref", "opened_by__acronym"]
    readonly_fields = (
        "ref",
        "version",
        "project",
        "kind",
        "opened_by",
        "opened_at",
        "agreement",
        "day_basis",
        "final_step",
        "status",
        "ended_at",
        "created_at",
        "updated_at",
    )
    fields = readonly_fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Dispute | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Dispute | None = None) -> bool:
        return False
