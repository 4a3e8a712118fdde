"""Classes, holds, authorisations and files for operators: what there is and where it stands, never what it says."""

from __future__ import annotations

from django.contrib import admin

from projects.ip.admin.deposits import ReadOnly
from projects.ip.models import AssetFile, Classification, ClassificationRequest, ExportAuthorisation, ExportHold


@admin.register(Classification)
class ClassificationAdmin(ReadOnly):
    """Who determined what; the rationale is the agency's."""

    list_display = fields = readonly_fields = ("item", "agency", "export_class", "basis", "at")
    list_filter = ["export_class", "basis", "at"]
    list_select_related = ["agency"]
    search_fields = ["item", "agency__acronym"]


@admin.register(ClassificationRequest)
class ClassificationRequestAdmin(ReadOnly):
    """Who waits for a class; what it is needed for is between the two."""

    list_display = fields = readonly_fields = ("item", "agency", "asked_by", "asked_at", "due_at", "answered_at")
    list_filter = ["answered_at", "due_at"]
    list_select_related = ["agency", "asked_by"]
    search_fields = ["item", "agency__acronym", "asked_by__acronym"]


@admin.register(ExportHold)
class ExportHoldAdmin(ReadOnly):
    """Who holds what; the reason is the agency's."""

    list_display = fields = readonly_fields = ("item", "agency", "placed_at", "released_at")
    list_filter = ["placed_at", "released_at"]
    list_select_related = ["agency"]
    search_fields = ["item", "agency__acronym"]


@admin.register(ExportAuthorisation)
class ExportAuthorisationAdmin(ReadOnly):
    """From when to when; its number, conditions and document are the holder's."""

    list_display = fields = readonly_fields = (
        "ref",
        "project",
        "agency",
        "kind",
        "status",
        "valid_from",
        "valid_until",
        "created_at",
    )
    list_filter = ["kind", "status", "valid_until"]
    list_select_related = ["project", "agency"]
    search_fields = ["ref", "project__ref", "agency__acronym"]


@admin.register(AssetFile)
class AssetFileAdmin(ReadOnly):
    """That there is a file, and when it was added; neither its name nor its content."""

    list_display = fields = readonly_fields = ("uid", "asset", "number", "at")
    list_select_related = ["asset"]
    search_fields = ["asset__ref"]
