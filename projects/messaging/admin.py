"""Threads for operators: that there are any, between whom and since when; never a title or a word of theirs."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from projects.messaging.models import Thread


@admin.register(Thread)
class ThreadAdmin(admin.ModelAdmin):
    """Read-only metadata."""

    list_display = ["ref", "project", "opened_for", "agencies", "last_message_at", "closed_at"]
    list_filter = ["created_at", "closed_at"]
    search_fields = ["ref", "project__ref", "seats__agency__acronym", "seats__agency__legal_name"]
    readonly_fields = ("ref", "project", "opened_for", "agencies", "created_at", "last_message_at", "closed_at")
    fields = readonly_fields

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("project", "opened_for").prefetch_related("seats__agency")

    @admin.display(description=_("agencies"))
    def agencies(self, thread: Thread) -> str:
        return ", ".join(seat.agency.acronym for seat in thread.seats.all())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Thread | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Thread | None = None) -> bool:
        return False
