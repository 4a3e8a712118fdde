"""Access for operators: who asks whom and where it stands, never what for or on which terms."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from projects.ip.models import AccessRequest, AccessRight


class ReadOnly(admin.ModelAdmin):
    """Nothing is added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AccessRequest)
class AccessRequestAdmin(ReadOnly):
    """Read-only metadata; need, terms and reasons belong to the two agencies."""

    list_display = ["ref", "asset", "requester", "owner", "purpose", "status", "due_at", "created_at"]
    list_filter = ["status", "purpose", "created_at"]
    list_select_related = ["asset", "requester", "owner"]
    search_fields = ["ref", "asset__ref", "requester__acronym", "owner__acronym"]
    readonly_fields = (
        "ref",
        "version",
        "asset",
        "requester",
        "requester_name",
        "owner",
        "owner_name",
        "purpose",
        "status",
        "submitted_at",
        "due_at",
        "need_accepted_at",
        "escalated_at",
        "closed_at",
        "refusal_ground",
        "is_automatic",
        "created_at",
        "updated_at",
    )
    fields = readonly_fields


@admin.register(AccessRight)
class AccessRightAdmin(ReadOnly):
    """Read-only metadata."""

    list_display = ["ref", "asset", "holder", "grantor", "purpose", "starts_at", "ends_at", "cut_at"]
    list_filter = ["purpose", "cut_cause", "created_at"]
    list_select_related = ["asset", "holder", "grantor"]
    search_fields = ["ref", "asset__ref", "holder__acronym", "grantor__acronym"]
    readonly_fields = (
        "ref",
        "version",
        "asset",
        "holder",
        "holder_name",
        "grantor",
        "grantor_name",
        "purpose",
        "starts_at",
        "ends_at",
        "cut_at",
        "cut_cause",
        "created_at",
        "updated_at",
    )
    fields = readonly_fields
