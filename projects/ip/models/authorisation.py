"""Export authorisations: what an authority, an exemption or an agreement lets cross, to whom, from when to when."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.records import Record
from projects.models import Participation, Project


class AuthorisationKind(models.TextChoices):
    LICENCE = "licence", _("Licence")
    TAA = "taa", _("Technical assistance agreement")
    EXEMPTION = "exemption", _("Exemption or general authorisation")
    AGREEMENT = "agreement", _("Agreement between governments")


class AuthorisationStatus(models.TextChoices):
    APPLIED = "applied", _("Applied for")
    GRANTED = "granted", _("Granted")
    AMENDED = "amended", _("Granted and amended")
    EXPIRED = "expired", _("Expired")
    VOID = "void", _("Void")


class AuthorisationQuerySet(models.QuerySet["ExportAuthorisation"]):
    """Authorisations by who may know of them and what they let cross."""

    def visible_to(self, actor: Actor) -> Self:
        """The holder's own, and those that name the actor's agency once they are granted."""
        if actor.agency is None:
            return self.none()
        inside = Participation.objects.seen_by(actor).filter(project=OuterRef("project"))
        named = Q(parties__contains=[actor.agency.ref], granted_at__isnull=False)
        return self.filter(Q(agency=actor.agency_id) | named, Exists(inside))

    def live(self, at: datetime | None = None) -> Self:
        """In force at that instant, whatever a job has written down so far."""
        at = at or timezone.now()
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gt=at),
            Q(voided_at=None) | Q(voided_at__gt=at),
            granted_at__lte=at,
            valid_from__lte=at,
        )


class ExportAuthorisation(Record):
    """A permission that the holder's export officer keeps, with the agencies and the records that it covers."""

    REF_PREFIX = "XA"
    Kind = AuthorisationKind
    Status = AuthorisationStatus
    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        AuthorisationStatus.APPLIED: {AuthorisationStatus.GRANTED, AuthorisationStatus.VOID},
        AuthorisationStatus.GRANTED: {
            AuthorisationStatus.AMENDED,
            AuthorisationStatus.EXPIRED,
            AuthorisationStatus.VOID,
        },
        AuthorisationStatus.AMENDED: {
            AuthorisationStatus.AMENDED,
            AuthorisationStatus.EXPIRED,
            AuthorisationStatus.VOID,
        },
        AuthorisationStatus.EXPIRED: set(),
        AuthorisationStatus.VOID: set(),
    }
    LOOK: ClassVar[dict[str, tuple[str, str]]] = {
        AuthorisationStatus.APPLIED: ("clock", "warn"),
        AuthorisationStatus.GRANTED: ("ok", "good"),
        AuthorisationStatus.AMENDED: ("ok", "good"),
        AuthorisationStatus.EXPIRED: ("hold", "bad"),
        AuthorisationStatus.VOID: ("no", ""),
    }

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="export_authorisations", verbose_name=_("project")
    )
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("holder"))
    agency_name = models.CharField(_("name of the holder then"), max_length=200, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=AuthorisationKind)
    number = models.CharField(_("number"), max_length=80, help_text=_("As the authority gave it, or the exemption's."))
    authority = models.CharField(_("issuing authority"), max_length=200)
    parties = ArrayField(models.CharField(max_length=32), verbose_name=_("to which agencies"))
    items = ArrayField(
        models.CharField(max_length=32), default=list, blank=True, verbose_name=_("for which records of the register")
    )
    valid_from = models.DateTimeField(_("valid from"), null=True, blank=True)
    valid_until = models.DateTimeField(
        _("valid until"), null=True, blank=True, help_text=_("At that very moment nothing crosses any more.")
    )
    conditions = models.TextField(
        _("conditions"), max_length=4_000, blank=True, help_text=_("The agencies that it names read them.")
    )
    document = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )
    status = models.CharField(
        _("status"),
        max_length=8,
        choices=AuthorisationStatus,
        default=AuthorisationStatus.APPLIED,
        editable=False,
    )
    granted_at = models.DateTimeField(_("entered as granted"), null=True, editable=False)
    voided_at = models.DateTimeField(_("void since"), null=True, editable=False)
    void_reason = models.TextField(_("why it is void"), max_length=2_000, blank=True, editable=False)
    warned_at = models.DateTimeField(_("warned before the end"), null=True, editable=False)

    objects = AuthorisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("export authorisation")
        verbose_name_plural = _("export authorisations")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["project", "agency"], name="authorisation_of_project"),
            models.Index(fields=["-created_at", "-id"], name="authorisation_newest_first"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="applied", granted_at=None)
                | Q(status="void")
                | Q(granted_at__isnull=False, valid_from__isnull=False),
                name="authorisation_granted_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(status="void", voided_at__isnull=False) | ~Q(status="void") & Q(voided_at=None),
                name="authorisation_void_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_from=None) | Q(valid_until__gt=F("valid_from")),
                name="authorisation_ends_after_it_begins",
                violation_error_message=_("It ends after it begins."),
            ),
            models.CheckConstraint(condition=~Q(parties=[]), name="authorisation_names_somebody"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("ip:authorisation", args=[self.ref])

    @property
    def stands(self) -> str:
        """Where it stands now: past its end it is expired, whether or not the job has written that down."""
        return AuthorisationStatus.EXPIRED if self.is_over() else self.status

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        icon, tone = self.LOOK[self.stands]
        return icon, tone, AuthorisationStatus(self.stands).label

    def is_over(self, at: datetime | None = None) -> bool:
        """Past its end, not void."""
        at = at or timezone.now()
        return self.status in self.GRANTED_ONCE and self.valid_until is not None and self.valid_until <= at

    def has_ended(self, at: datetime) -> bool:
        """Past its end, or void."""
        return any(end is not None and end <= at for end in (self.valid_until, self.voided_at))

    def is_live(self, at: datetime) -> bool:
        """Whether it lets anything cross at that instant."""
        begins = (self.granted_at, self.valid_from)
        return all(begin is not None and begin <= at for begin in begins) and not self.has_ended(at)

    def names(self, item: Any, agency_ref: str) -> bool:
        """Whether this record may go to this agency under it; without a list it is for all that belongs to the project."""
        covered = item.ref in self.items if self.items else item.project_id == self.project_id
        return agency_ref in self.parties and covered

    def move_to(self, status: str) -> Self:
        """Take a step; the caller saves. ValueError for a step that is not one."""
        if status not in self.TRANSITIONS[self.status]:
            raise ValueError(f"{self.ref}: {self.status} cannot become {status}")
        self.status = status
        return self.bump()

    GRANTED_ONCE = (AuthorisationStatus.GRANTED, AuthorisationStatus.AMENDED, AuthorisationStatus.EXPIRED)
