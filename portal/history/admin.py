"""The history in the admin: to be searched and read, never to be changed."""

from datetime import datetime

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.history.models import Alarm, Checkpoint, Cosignature, Event, Leaf, Mailing, Witness


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


@admin.register(Witness)
class WitnessAdmin(ReadOnlyAdmin):
    list_display = ["agency_ref", "name", "key_id", "at", "retirement"]
    list_select_related = ["retirement"]
    search_fields = ["=agency_ref", "=key_id", "name"]
    ordering = ["agency_ref", "pk"]
    fields = ["agency_ref", "name", "key_id", "verifier", "person_uid", "at", "retirement"]
    readonly_fields = ["verifier", "retirement"]

    @admin.display(description=_("retired"))
    def retirement(self, witness: Witness) -> datetime | None:
        return None if witness.is_in_use else witness.retirement.at


@admin.register(Cosignature)
class CosignatureAdmin(ReadOnlyAdmin):
    list_display = ["checkpoint", "witness", "at"]
    list_select_related = ["checkpoint", "witness"]
    search_fields = ["=checkpoint__number", "=witness__agency_ref", "=witness__key_id"]
    ordering = ["-pk"]
    fields = ["checkpoint", "witness", "time", "at", "line", "note"]
    readonly_fields = ["line"]


@admin.register(Alarm)
class AlarmAdmin(ReadOnlyAdmin):
    list_display = ["ref", "kind", "place", "at", "is_open"]
    list_filter = ["kind"]
    list_select_related = ["explanation"]
    ordering = ["-pk"]
    fields = ["ref", "kind", "place", "problem", "found_for", "at", "note", "digest"]
    readonly_fields = ["ref"]

    @admin.display(description=_("not explained"), boolean=True)
    def is_open(self, alarm: Alarm) -> bool:
        return alarm.is_open


@admin.register(Mailing)
class MailingAdmin(ReadOnlyAdmin):
    list_display = ["agency_ref", "addresses", "last_number"]
    search_fields = ["=agency_ref"]
    ordering = ["agency_ref"]
