"""Agreements in the admin: where they stand, never what they say; evidence is read-only; the library can be added to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.history.admin import ReadOnlyAdmin
from projects.agreements.library import Alternate, load_library, with_added
from projects.agreements.library import Clause as LibraryClause
from projects.agreements.library.checking import problems
from projects.agreements.models import (
    Agreement,
    Confirmation,
    Endorsement,
    ModelClause,
    OrderChange,
    PdfToSign,
    SealedPdf,
    SealFailure,
    Signature,
    SigningCall,
    Slot,
    TextVersion,
    Voiding,
)


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
        "level",
        "is_ad_referendum",
        "signed_at",
        "evidence_sha256",
        "key_id",
        "signature",
        "event",
    ]

    @admin.display(description="agreement")
    def agreement_ref(self, signature: Signature) -> str:
        return signature.agreement.ref


@admin.register(Confirmation)
class ConfirmationAdmin(ReadOnlyAdmin):
    """Confirmations of signatures made ad referendum."""

    list_display = ["signature", "person", "confirmed_at", "evidence_sha256"]
    search_fields = ["=evidence_sha256", "=signature__evidence_sha256"]
    list_select_related = ["signature__party", "person"]
    fields = [
        "signature",
        "person",
        "mandate",
        "confirmed_at",
        "evidence_sha256",
        "key_id",
        "portal_signature",
        "event",
    ]


@admin.register(Voiding)
class VoidingAdmin(ReadOnlyAdmin):
    """Which signatures were taken back; why is between the parties."""

    list_display = ["signature", "agency", "person", "at", "event"]
    search_fields = ["=signature__evidence_sha256", "=agency__ref"]
    list_select_related = ["signature__party", "agency", "person"]
    fields = ["signature", "agency", "person", "at", "event"]


@admin.register(SealedPdf)
class SealedPdfAdmin(ReadOnlyAdmin):
    list_display = ["sha256", "sealed_at", "pades_level", "time_stamp_authority", "event"]
    search_fields = ["sha256", "text__agreement__ref"]
    fields = [
        "sha256",
        "sealed_at",
        "pades_level",
        "certificate_sha256",
        "time_stamped_at",
        "time_stamp_authority",
        "event",
    ]


@admin.register(PdfToSign)
class PdfToSignAdmin(ReadOnlyAdmin):
    """Which file is signed elsewhere; its bytes are the parties'."""

    list_display = ["sha256", "made_at"]
    list_select_related = ["file"]
    search_fields = ["=file__sha256", "=text__agreement__ref"]
    fields = ["sha256", "made_at"]

    @admin.display(description="SHA-256")
    def sha256(self, kept: PdfToSign) -> str:
        return kept.file.sha256


@admin.register(SealFailure)
class SealFailureAdmin(ReadOnlyAdmin):
    """Where operators read why a PDF waits: the reference and the reason, nothing of the text."""

    list_display = ["agreement_ref", "at", "why"]
    list_select_related = ["text__agreement"]
    search_fields = ["=text__agreement__ref"]
    fields = ["agreement_ref", "at", "why"]

    @admin.display(description="agreement")
    def agreement_ref(self, failure: SealFailure) -> str:
        return failure.text.agreement.ref


@admin.register(Slot)
class SlotAdmin(ReadOnlyAdmin):
    """The plan of signing, without the persons that agencies named."""

    list_display = ["agreement_ref", "order", "agency", "role", "needed", "dropped_at"]
    list_filter = ["role"]
    search_fields = ["agreement__ref", "agency__acronym"]
    list_select_related = ["agreement", "agency"]
    fields = ["agreement_ref", "order", "agency", "role", "needed", "dropped_at"]

    @admin.display(description="agreement")
    def agreement_ref(self, slot: Slot) -> str:
        return slot.agreement.ref


@admin.register(SigningCall)
class SigningCallAdmin(ReadOnlyAdmin):
    list_display = ["agreement_ref", "sign_by", "zone", "asked_for", "lapsed_at"]
    search_fields = ["text__agreement__ref"]
    list_select_related = ["text__agreement", "asked_for"]
    fields = ["agreement_ref", "sign_by", "zone", "remind_days", "may_hand_over", "asked_for", "lapsed_at"]

    @admin.display(description="agreement")
    def agreement_ref(self, call: SigningCall) -> str:
        return call.text.agreement.ref


@admin.register(Endorsement)
class EndorsementAdmin(ReadOnlyAdmin):
    list_display = ["slot", "agency", "person", "at", "event"]
    search_fields = ["slot__agreement__ref", "person__name"]
    list_select_related = ["slot", "agency", "person"]
    fields = ["slot", "text", "agency", "person", "at", "event"]


@admin.register(OrderChange)
class OrderChangeAdmin(ReadOnlyAdmin):
    """That an order was changed and by whom; why is between the parties."""

    list_display = ["event", "agency", "person", "at"]
    search_fields = ["=text__agreement__ref", "=agency__ref"]
    list_select_related = ["agency", "person"]
    fields = ["event", "agency", "person", "at"]


class ModelClauseForm(forms.ModelForm):
    """A clause for the library, checked as the clauses that come with the portal are."""

    class Meta:
        model = ModelClause
        fields = [
            "kind",
            "code",
            "heading",
            "group",
            "alternate",
            "label",
            "note",
            "text",
            "when",
            "after",
            "is_current",
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        alternate = Alternate(
            cleaned["alternate"],
            cleaned["label"],
            cleaned["when"] or {},
            cleaned["text"],
            cleaned["note"],
            is_added=True,
        )
        clause = LibraryClause(cleaned["code"], cleaned["heading"], cleaned["group"], (alternate,), cleaned["after"])
        library = load_library(cleaned["kind"])
        known = set(problems(library, cleaned["kind"]))
        try:
            found = [words for words in problems(with_added(library, [clause]), cleaned["kind"]) if words not in known]
        except (TypeError, ValueError, AttributeError, KeyError):
            found = [_("The condition is an object of answers by question.")]
        if found:
            raise ValidationError({"text": found})
        return cleaned


@admin.register(ModelClause)
class ModelClauseAdmin(admin.ModelAdmin):
    """What operators add to the clause library. A change writes another version; texts that were drawn keep their words."""

    form = ModelClauseForm
    list_display = ["code", "alternate", "kind", "heading", "number", "is_current", "added_by", "added_at"]
    list_filter = ["kind", "is_current"]
    search_fields = ["code", "heading", "label", "text"]
    list_select_related = ["added_by"]
    readonly_fields = ["number", "added_by", "added_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ModelClause, form: Any, change: bool) -> None:
        same = ModelClause.objects.filter(kind=obj.kind, code=obj.code, alternate=obj.alternate)
        with transaction.atomic():
            last = same.select_for_update().order_by("-number").first()
            if obj.is_current:
                same.update(is_current=False)
            if last is not None:
                # Every version stays: the row that was opened is history, what was typed is the next one.
                obj.pk, obj.number = None, last.number + 1
                obj._state.adding = True
            obj.added_by = request.user  # type: ignore[assignment]
            obj.save()
