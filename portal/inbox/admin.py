"""Items as operators see them: to whom and when, read-only; what they are about stays between those they are for."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from portal.inbox.models import Item


@admin.register(Item)
class ItemAdmin(admin.ModelAdmin):
    list_display = ("created_at", "kind", "verb", "ref", "agency", "person", "due_at", "settled_at")
    list_filter = (
        "kind",
        "verb",
        ("agency", admin.RelatedOnlyFieldListFilter),
        ("settled_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("=ref", "key", "person__email")
    date_hierarchy = "created_at"
    list_select_related = ("agency", "person")
    fields = (
        "uid",
        "event_uid",
        "kind",
        "key",
        "verb",
        "ref",
        "agency",
        "roles",
        "person",
        "due_at",
        "created_at",
        "settled_at",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
