"""Agreements in the admin: where they stand, never what they say; evidence is read-only."""

from __future__ import annotations

from django.contrib import admin

from portal.history.admin import ReadOnlyAdmin
from projects.agreements.models import Agreement, SealedPdf, Signature, TextVersion


@admin.register(Agreement)
class AgreementAdmin(ReadOnlyAdmin):
    """Metadata only: operators see no project content by default."""

    list_display = ["ref", "kind", "status", "drafter", "depositary", "in_force_on", "created_at"]
    list_filter = ["status", "kind"]
    search_fields = ["ref", "drafter__acronym"]
    list_select_related = ["drafter", "depositary"]
    fields = ["ref", "kind", "status", "drafter", "depositary", "revision", "in_force_on", "created_at", "updated_at"]


@admin.register(TextVersion)
class TextVersionAdmin(ReadOnlyAdmin):
    list_display = ["agreement_ref", "number", "sha256", "frozen_at", "frozen_for"]
    search_fields = ["agreement__ref", "sha256"]
    list_select_related = ["agreement", "frozen_for"]
    fields = ["agreement_ref", "number", "sha256", "frozen_at", "frozen_for"]

    @admin.display(description="agreement")
    def agreement_ref(self, text: TextVersion) -> str:
        return text.agreement.ref


@admin.register(Signature)
class SignatureAdmin(ReadOnlyAdmin):
    list_display = ["agreement_ref", "party", "person", "mandate", "signed_at", "key_id"]
    search_fields = ["agreement__ref", "evidence_sha256", "party__agency_name", "person__name"]
    list_filter = ["signed_at"]
    list_select_related = ["agreement", "party", "person", "mandate"]
    fields = [
        "agreement_ref",
        "party",
        "person",
        "mandate",
        "signed_at",
        "evidence_sha256",
        "key_id",
        "signature",
        "event",
    ]

    @admin.display(description="agreement")
    def agreement_ref(self, signature: Signature) -> str:
        return signature.agreement.ref


@admin.register(SealedPdf)
class SealedPdfAdmin(ReadOnlyAdmin):
    list_display = ["sha256", "sealed_at", "event"]
    search_fields = ["sha256", "text__agreement__ref"]
    fields = ["sha256", "sealed_at", "event"]
