"""Disclosures for operators: what there is and where it stands, never what it says or who made it."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from projects.ip.models import Disclosure


@admin.register(Disclosure)
class DisclosureAdmin(admin.ModelAdmin):
    """Read-only metadata; titles, words, people and judgements belong to the agency."""

    list_display = ["ref", "project", "agency", "status", "sealed_number", "created_at"]
    list_filter = ["status", "created_at"]
    list_select_related = ["project", "agency"]
    search_fields = ["ref", "project__ref", "agency__acronym", "agency__legal_name"]
    readonly_fields = (
        "ref",
        "version",
        "project",
        "agency",
        "agency_name",
        "status",
        "sealed_number",
        "first_sealed_at",
        "report_due_at",
        "export_class",
        "created_at",
        "updated_at",
    )
    fields = readonly_fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Disclosure | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Disclosure | None = None) -> bool:
        return False
