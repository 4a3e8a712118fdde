"""API tokens: a program acts under one membership, within scopes."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import secrets
from agencies.models.agencies import ACTING
from agencies.models.dated import holds
from agencies.models.memberships import Membership
from portal.kit.actors import Actor
from portal.kit.records import Record

PREFIX = "concord_"
PREFIX_LENGTH = len(PREFIX) + 6


class Scope(models.TextChoices):
    READ = "read", _("Read")
    WRITE = "write", _("Change and send")
    SIGN = "sign", _("Sign")


class TokenQuerySet(models.QuerySet):
    """Tokens by whether they open a door."""

    def usable(self) -> Self:
        """Not revoked, not expired, and of a membership one may act under now."""
        now = timezone.now()
        return self.filter(
            holds(now, "membership__"),
            Q(expires_at=None) | Q(expires_at__gt=now),
            revoked_at=None,
            membership__agency__status__in=ACTING,
            membership__person__is_active=True,
        )

    def by_secret(self, secret: str) -> Self:
        return self.filter(digest=secrets.digest(secret))

    def visible_to(self, actor: Actor) -> Self:
        """One's own in the agency one acts for; its administrators see every one."""
        if actor.agency_id is None:
            return self.none()
        of_agency = self.filter(membership__agency_id=actor.agency_id)
        if actor.has_role("administrator"):
            return of_agency
        return of_agency.filter(membership__person=actor.person)


class Token(Record):
    """Shown once, stored as a digest. It dies with its membership."""

    REF_PREFIX = "TK"
    LOOK: ClassVar[dict[str, tuple[str, str, str | Promise]]] = {
        "live": ("ok", "good", _("Usable")),
        "expired": ("ring", "", _("Expired")),
        "revoked": ("no", "bad", _("Revoked")),
    }

    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="tokens", verbose_name=_("membership")
    )
    name = models.CharField(_("name"), max_length=80, help_text=_("The program that will use it."))
    prefix = models.CharField(_("begins with"), max_length=20, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=8, choices=Scope.choices), verbose_name=_("may"))
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    last_used_at = models.DateTimeField(_("last change made with it"), null=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        constraints = [
            models.CheckConstraint(
                condition=Q(scopes__len__gt=0) & Q(scopes__contained_by=[scope.value for scope in Scope]),
                name="token_has_known_scopes",
                violation_error_message=_("Choose what it may do."),
            ),
        ]

    @property
    def agency(self) -> object:
        return self.membership.agency

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        if self.revoked_at or not self.membership.is_live:
            return self.LOOK["revoked"]
        over = self.expires_at is not None and self.expires_at <= timezone.now()
        return self.LOOK["expired" if over else "live"]

    @property
    def scope_names(self) -> list[str | Promise]:
        return [Scope(scope).label for scope in self.scopes]
