"""Memberships, mandates, invitations and tokens in the admin: found and read; only their agency changes them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import InstrumentKind, Invitation, Mandate, Membership, Role, Scope, Token
from agencies.models.dated import holds
from portal.history.admin import ReadOnlyAdmin


class ArrayFilter(admin.SimpleListFilter):
    """Rows whose list holds one of the choices."""

    choices_of: ClassVar[Any]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.choices_of.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() in self.choices_of.values:
            return queryset.filter(**{f"{self.parameter_name}__contains": [self.value()]})
        return queryset


class RoleFilter(ArrayFilter):
    title = _("role")
    parameter_name = "roles"
    choices_of = Role


class InstrumentFilter(ArrayFilter):
    title = _("kind of instrument")
    parameter_name = "kinds"
    choices_of = InstrumentKind


class ScopeFilter(ArrayFilter):
    title = _("may")
    parameter_name = "scopes"
    choices_of = Scope


class HoldsFilter(admin.SimpleListFilter):
    """Whether it holds at this moment."""

    title = _("holds now")
    parameter_name = "holds"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("Now")), ("ahead", _("Not begun")), ("over", _("Over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        now = timezone.now()
        if self.value() == "now":
            return queryset.filter(holds(now))
        if self.value() == "ahead":
            return queryset.filter(begins_at__gt=now)
        return queryset.filter(over_at__lte=now) if self.value() == "over" else queryset


class RightAdmin(ReadOnlyAdmin):
    """A right in an agency, for every operator to read."""

    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]
    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_staff)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_staff)

    @admin.display(description=_("state"))
    def state(self, row: Any) -> Any:
        return row.status_look[2]

    @admin.display(description=_("roles"))
    def roles_in_words(self, row: Any) -> str:
        return ", ".join(str(name) for name in row.role_names)


@admin.register(Membership)
class MembershipAdmin(RightAdmin):
    list_display = ["ref", "person", "agency", "roles_in_words", "state", "starts_on", "ends_on", "ended_at"]
    list_filter = [HoldsFilter, RoleFilter]
    list_select_related = ["person", "agency"]
    search_fields = ["=ref", "person__name", "person__email", "agency__acronym", "agency__legal_name"]
    fields = (
        "ref", "person", "agency", "roles_in_words", "position", "state", "starts_on", "ends_on", "begins_at", "over_at",
        "ended_at", "version", "created_at", "updated_at",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(Mandate)
class MandateAdmin(RightAdmin):
    """SECURITY: the document it rests on stays with the agency."""

    list_display = ["ref", "person", "agency", "kinds_in_words", "project", "state", "starts_on", "ends_on"]
    list_filter = [HoldsFilter, InstrumentFilter, "cosignature", ("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["person", "agency"]
    search_fields = ["=ref", "=project", "person__name", "person__email", "agency__acronym", "agency__legal_name"]
    fields = (
        "ref", "person", "agency", "kinds_in_words", "project", "value_limit", "currency", "cosignature", "source_note",
        "state", "starts_on", "ends_on", "begins_at", "over_at", "revoked_at", "granted_by", "version", "created_at",
        "updated_at",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description=_("kinds of instrument"))
    def kinds_in_words(self, mandate: Mandate) -> str:
        return ", ".join(str(InstrumentKind(kind).label) for kind in mandate.kinds)


@admin.register(Invitation)
class InvitationAdmin(RightAdmin):
    """SECURITY: nonce and digest are left out; who reads the nonce and the key could make the link."""

    list_display = ["ref", "email", "agency", "roles_in_words", "state", "invited_by", "expires_at"]
    list_filter = [
        RoleFilter,
        ("accepted_at", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["agency", "invited_by"]
    search_fields = ["=ref", "email", "agency__acronym", "agency__legal_name"]
    fields = (
        "ref", "agency", "email", "roles_in_words", "position", "ends_on", "invited_by", "state", "expires_at",
        "accepted_at", "accepted_by", "withdrawn_at", "version", "created_at", "updated_at",
    )  # fmt: skip
    readonly_fields = fields


@admin.register(Token)
class TokenAdmin(RightAdmin):
    """SECURITY: the digest is left out."""

    list_display = [
        "ref",
        "name",
        "prefix",
        "holder",
        "agency",
        "scopes_in_words",
        "state",
        "expires_at",
        "last_used_at",
    ]
    list_filter = [ScopeFilter, ("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["membership__person", "membership__agency"]
    search_fields = [
        "=ref",
        "prefix",
        "name",
        "membership__person__name",
        "membership__person__email",
        "membership__agency__acronym",
    ]
    fields = (
        "ref", "name", "prefix", "membership", "holder", "agency", "scopes_in_words", "state", "expires_at", "revoked_at",
        "last_used_at", "version", "created_at", "updated_at",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description=_("person"), ordering="membership__person__name")
    def holder(self, token: Token) -> str:
        return str(token.membership.person)

    @admin.display(description=_("agency"), ordering="membership__agency__acronym")
    def agency(self, token: Token) -> str:
        return str(token.membership.agency.acronym)

    @admin.display(description=_("may"))
    def scopes_in_words(self, token: Token) -> str:
        return ", ".join(str(name) for name in token.scope_names)
