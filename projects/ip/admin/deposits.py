"""Deposits for operators: that there are some and where they stand, never what they hide."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from projects.ip.models import Commitment, Deposit


class ReadOnly(admin.ModelAdmin):
    """Nothing here is written by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


@admin.register(Deposit)
class DepositAdmin(ReadOnly):
    """Labels and notes belong to the agency."""

    list_display = ["ref", "agency", "project", "export_class", "created_at"]
    list_filter = ["created_at"]
    list_select_related = ["agency", "project"]
    search_fields = ["ref", "agency__acronym", "agency__legal_name"]
    readonly_fields = ("ref", "version", "agency", "agency_name", "project", "export_class", "created_at", "updated_at")
    fields = readonly_fields


@admin.register(Commitment)
class CommitmentAdmin(ReadOnly):
    """The evidence, which is public in the ledger as far as its hash goes."""

    list_display = ["value", "deposit", "number", "deposited_at"]
    list_select_related = ["deposit"]
    search_fields = ["value", "deposit__ref"]
    readonly_fields = ("deposit", "number", "value", "algorithm", "previous", "deposited_at")
    fields = readonly_fields
