"""Memberships: a person's dated roles in an agency."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models.agencies import ACTING, Agency
from agencies.models.dated import Dated, DatedQuerySet
from agencies.models.people import Person
from portal.kit.actors import Actor


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    MANAGER = "manager", _("Manager")
    SIGNATORY = "signatory", _("Signatory")
    CONTRIBUTOR = "contributor", _("Contributor")
    OBSERVER = "observer", _("Observer")
    IP_MANAGER = "ip_manager", _("IP manager")
    EXPORT_OFFICER = "export_officer", _("Export control officer")


AGENCY_WIDE = frozenset({Role.ADMINISTRATOR, Role.MANAGER, Role.SIGNATORY, Role.IP_MANAGER, Role.EXPORT_OFFICER})


def known_roles(name: str) -> models.CheckConstraint:
    """At least one role, and only those there are."""
    return models.CheckConstraint(
        condition=Q(roles__len__gt=0) & Q(roles__contained_by=[role.value for role in Role]),
        name=name,
        violation_error_message=_("Choose at least one role."),
    )


class MembershipQuerySet(DatedQuerySet):
    """Memberships by who holds them and whether they still do."""

    def live(self, on: datetime | None = None) -> Self:
        """Begun, and not over at that instant (now, unless told)."""
        return self.holding(on)

    def acting(self) -> Self:
        """Those a person may act under now: live, in an agency that is not silenced."""
        return self.live().filter(agency__status__in=ACTING, person__is_active=True)

    def with_role(self, *roles: str) -> Self:
        return self.filter(roles__overlap=list(roles))

    def visible_to(self, actor: Actor) -> Self:
        """The people of the agency one acts for; outsiders cannot list them."""
        if actor.agency_id is None:
            return self.none()
        return self.filter(agency_id=actor.agency_id)


class Membership(Dated):
    """What a person is in an agency, from one day to another. Expired means gone at that instant."""

    REF_PREFIX = "MS"
    CUT_FIELD = "ended_at"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person"))
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("agency"))
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), verbose_name=_("roles"))
    position = models.CharField(_("position"), max_length=120, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        indexes = [models.Index(fields=["agency", "created_at"], name="membership_by_agency")]
        constraints = [
            known_roles("membership_has_known_roles"),
            Dated.days_in_order("membership_days_in_order"),
            models.UniqueConstraint(
                fields=["person", "agency"],
                condition=Q(ended_at=None),
                name="membership_once_at_a_time",
                violation_error_message=_("This person is already a member."),
            ),
        ]

    LOOK: ClassVar[dict[str, tuple[str, str, str | Promise]]] = {
        "live": ("ok", "good", _("Member")),
        "ahead": ("clock", "", _("Not begun")),
        "over": ("ring", "", _("Ended")),
    }

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        return self.LOOK["live" if self.is_live else "ahead" if self.is_ahead else "over"]

    @property
    def role_names(self) -> list[str | Promise]:
        return [Role(role).label for role in self.roles]

    @property
    def sees_all_projects(self) -> bool:
        """Whether the roles reach every project of the agency, not only the teams one is on."""
        return not AGENCY_WIDE.isdisjoint(self.roles)
