"""The history in the admin: to be searched and read, never to be changed."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from portal.history.models import Checkpoint, Event, Leaf


class ReadOnlyAdmin(admin.ModelAdmin):
    """Nobody adds, changes or deletes evidence, whatever their permissions."""

    actions = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["at", "verb", "target_ref", "scope", "agency_ref", "person_uid"]
    list_filter = ["verb", "agency_ref"]
    search_fields = ["=target_ref", "=scope", "=verb", "=agency_ref", "=uid", "=person_uid"]
    ordering = ["-id"]
    sortable_by = ()


@admin.register(Leaf)
class LeafAdmin(ReadOnlyAdmin):
    list_display = ["index", "event", "hex"]
    list_select_related = ["event"]
    search_fields = ["=index", "=event__target_ref", "=event__scope", "=event__uid"]
    ordering = ["-index"]
    fields = ["index", "event", "hex"]
    readonly_fields = ["hex"]


@admin.register(Checkpoint)
class CheckpointAdmin(ReadOnlyAdmin):
    list_display = ["number", "size", "at", "hex", "key"]
    search_fields = ["=number", "=size", "=key__key_id"]
    ordering = ["-number"]
    fields = ["number", "size", "at", "hex", "key", "note"]
    readonly_fields = ["hex"]
