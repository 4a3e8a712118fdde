"""Invitations: an agency asks a person to join it, by e-mail and with a link that works once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import secrets
from agencies.models.agencies import ACTING, Agency
from agencies.models.memberships import Role, known_roles
from agencies.models.people import Person
from portal.kit.actors import Actor
from portal.kit.records import Record

VALID_FOR = timedelta(days=14)


def expiry() -> datetime:
    return timezone.now() + VALID_FOR


class InvitationQuerySet(models.QuerySet):
    """Invitations by whether they can still be accepted."""

    def open(self) -> Self:
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())

    def visible_to(self, actor: Actor) -> Self:
        """Those of the agency one acts for."""
        if actor.agency_id is None:
            return self.none()
        return self.filter(agency_id=actor.agency_id)

    def for_actor(self, actor: Actor) -> Self:
        """Those that wait for the person: sent to an address of theirs that is confirmed."""
        if actor.person is None:
            return self.none()
        addresses = actor.person.emailaddress_set.filter(verified=True).values_list(Lower("email"), flat=True)
        return self.open().filter(email__in=addresses, agency__status__in=ACTING)

    def by_token(self, token: str) -> Self:
        """The one this link belongs to, while it can be accepted; holding the link is the right to read it."""
        return self.open().filter(digest=secrets.digest(token), agency__status__in=ACTING)


class Invitation(Record):
    """The link's secret is worked out from a random nonce and the portal's key; only its digest is stored."""

    REF_PREFIX = "IN"
    LOOK: ClassVar[dict[str, tuple[str, str, str | Promise]]] = {
        "open": ("clock", "warn", _("Waiting for an answer")),
        "accepted": ("ok", "good", _("Accepted")),
        "withdrawn": ("no", "", _("Withdrawn")),
        "expired": ("ring", "", _("Expired")),
    }

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("agency"))
    email = models.EmailField(_("e-mail address"))
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), verbose_name=_("roles"))
    position = models.CharField(_("position"), max_length=120, blank=True)
    ends_on = models.DateField(_("member until"), null=True, blank=True)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("invited by"))
    nonce = models.CharField(max_length=64, default=secrets.random, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("valid until"), default=expiry)
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    accepted_by = models.ForeignKey(
        Person, null=True, editable=False, on_delete=models.PROTECT, related_name="+", verbose_name=_("accepted by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = [models.Index(fields=["agency", "created_at"], name="invitation_by_agency")]
        constraints = [
            known_roles("invitation_has_known_roles"),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at=None),
                name="invitation_accepted_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["agency", "email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_once_at_a_time",
                violation_error_message=_("This address is already invited."),
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        if not self.digest:
            self.digest = secrets.digest(self.token)
        super().save(*args, **kwargs)

    @property
    def token(self) -> str:
        """The secret of the link in the mail."""
        return secrets.signed("agencies.invitation", self.nonce)

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        state = (
            "accepted"
            if self.accepted_at
            else "withdrawn"
            if self.withdrawn_at
            else "open"
            if self.is_open
            else "expired"
        )
        return self.LOOK[state]

    @property
    def role_names(self) -> list[str | Promise]:
        return [Role(role).label for role in self.roles]
