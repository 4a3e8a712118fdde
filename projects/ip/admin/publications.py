"""Publications for operators: what is notified and where it stands, never what it says."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from projects.ip.models import PublicationNotice


@admin.register(PublicationNotice)
class PublicationNoticeAdmin(admin.ModelAdmin):
    """Read-only metadata; titles, texts and objections belong to the parties."""

    list_display = ["ref", "project", "agency", "kind", "status", "sent_at", "published_on"]
    list_filter = ["kind", "status", "sent_at"]
    list_select_related = ["project", "agency"]
    search_fields = ["ref", "project__ref", "agency__acronym", "agency__legal_name"]
    readonly_fields = (
        "ref",
        "version",
        "project",
        "agency",
        "agency_name",
        "kind",
        "status",
        "sent_at",
        "notice_ends_at",
        "published_on",
        "published_at",
        "created_at",
        "updated_at",
    )
    fields = readonly_fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: PublicationNotice | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PublicationNotice | None = None) -> bool:
        return False
