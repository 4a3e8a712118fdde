"""People in the admin: their accounts, not their rights in agencies."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agencies.models import Person
from portal.inbox.live import check_again

ACCESS = ("is_staff", "is_superuser", "groups", "user_permissions")


class NewPersonForm(AdminUserCreationForm):
    """A person with a first password; they confirm their address when they first sign in."""

    class Meta:
        model = Person
        fields = ("email", "name", "native_name", "language", "zone")


class PersonForm(UserChangeForm):
    """An account; the password is changed on its own page."""

    class Meta:
        model = Person
        fields = (
            "password", "name", "native_name", "language", "zone", "day_start", "day_end", "theme", "is_active", *ACCESS,
        )  # fmt: skip


@admin.register(Person)
class PersonAdmin(UserAdmin):
    """SECURITY: who is not a superuser makes nobody an operator, and takes over no operator's account."""

    form = PersonForm
    add_form = NewPersonForm
    actions = None
    list_display = ["name", "native_name", "email", "has_confirmed", "is_staff", "is_active", "joined_at", "last_login"]
    list_filter = ["is_staff", "is_active", "language"]
    search_fields = ["email", "name", "native_name", "=uid"]
    search_help_text = _("Name, e-mail address or identifier.")
    date_hierarchy = "joined_at"
    ordering = ["name", "pk"]
    list_per_page = 50
    show_full_result_count = False
    readonly_fields = ("uid", "email", "has_confirmed", "joined_at", "last_login")
    fieldsets = (
        (None, {"fields": ("uid", "email", "has_confirmed", "password")}),
        (_("Person"), {"fields": ("name", "native_name", "language", "zone", "day_start", "day_end", "theme")}),
        (_("Access to the portal"), {"fields": ("is_active", *ACCESS, "joined_at", "last_login")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    "email", "name", "native_name", "language", "zone", "usable_password", "password1", "password2",
                ),
            },
        ),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), email__iexact=OuterRef("email"), verified=True)
        return super().get_queryset(request).annotate(confirmed=Exists(confirmed))

    @admin.display(description=_("address confirmed"), boolean=True, ordering="confirmed")
    def has_confirmed(self, person: Person) -> bool:
        return bool(person.confirmed)  # type: ignore[attr-defined]

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> tuple[str, ...]:
        if obj is None:
            return ()
        return self.readonly_fields if request.user.is_superuser else (*self.readonly_fields, *ACCESS)

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        is_over = obj is None or request.user.is_superuser or not (obj.is_staff or obj.is_superuser)
        return is_over and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"is_active", "is_staff"} & set(form.changed_data):
            check_again(people=[obj.uid])
