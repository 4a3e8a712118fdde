"""Mandates: a person's dated authority to sign for an agency."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from agencies.models.agencies import Agency
from agencies.models.dated import Dated, DatedQuerySet
from agencies.models.people import Person
from portal.kit.actors import Actor


class InstrumentKind(models.TextChoices):
    MEMORANDUM = "memorandum", _("Memorandum of understanding")
    IP_SHARING = "ip_sharing", _("IP-sharing agreement")
    IMPLEMENTING = "implementing", _("Implementing arrangement")
    NDA = "nda", _("Non-disclosure agreement")
    DATA_EXCHANGE = "data_exchange", _("Data exchange agreement")
    JOINT_OWNERSHIP = "joint_ownership", _("Joint ownership agreement")
    AMENDMENT = "amendment", _("Amendment")
    ACCESSION = "accession", _("Accession")


class MandateQuerySet(DatedQuerySet):
    """Mandates by what they allow."""

    def valid(self, at: datetime | None = None) -> Self:
        """In force at that instant (now, unless told): begun, not over, not revoked."""
        return self.holding(at)

    def for_(self, person: Person, agency: Agency, kind: str, project: str = "", *, together: bool = False) -> Self:
        """Those by which this person may sign this kind of instrument for the agency on a project (its reference).

        One that asks for a second signature binds nobody by one: it is among them only when they sign `together`.
        """
        return self.filter(person=person, agency=agency).covering(kind, project, together=together)

    def covering(self, kind: str, project: str = "", *, together: bool = False) -> Self:
        """The same, whosever they are."""
        found = self if together else self.filter(cosignature=False)
        return found.filter(Q(project="") | Q(project=project), kinds__contains=[kind])

    def visible_to(self, actor: Actor) -> Self:
        """The mandates of the agency one acts for."""
        if actor.agency_id is None:
            return self.none()
        return self.filter(agency_id=actor.agency_id)


class Mandate(Dated):
    """Authority to sign, within limits. What was valid when a signature was made is copied into the evidence."""

    REF_PREFIX = "MD"
    CUT_FIELD = "revoked_at"
    LOOK: ClassVar[dict[str, tuple[str, str, str | Promise]]] = {
        "valid": ("ok", "good", _("Valid")),
        "ahead": ("clock", "", _("Not yet valid")),
        "expired": ("ring", "", _("Expired")),
        "revoked": ("no", "bad", _("Revoked")),
    }

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates", verbose_name=_("person"))
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="mandates", verbose_name=_("agency"))
    kinds = ArrayField(
        models.CharField(max_length=20, choices=InstrumentKind.choices), verbose_name=_("kinds of instrument")
    )
    project = models.CharField(_("only for the project"), max_length=32, blank=True)
    value_limit = models.DecimalField(
        _("up to the value of"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Three letters, such as EUR."))],
    )
    cosignature = models.BooleanField(_("a second signature is needed"), default=False)
    source_file = models.ForeignKey(
        "files.StoredFile",
        verbose_name=_("document it rests on"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    source_note = models.CharField(
        _("what it rests on"),
        max_length=300,
        help_text=_("The decree, board decision or letter that gives this authority."),
    )
    granted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("granted by"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        indexes = [models.Index(fields=["agency", "person"], name="mandate_by_person")]
        constraints = [
            Dated.days_in_order("mandate_days_in_order"),
            models.CheckConstraint(
                condition=Q(kinds__len__gt=0) & Q(kinds__contained_by=[kind.value for kind in InstrumentKind]),
                name="mandate_has_known_kinds",
                violation_error_message=_("Choose at least one kind of instrument."),
            ),
            models.CheckConstraint(
                condition=Q(value_limit=None, currency="") | (Q(value_limit__isnull=False) & ~Q(currency="")),
                name="mandate_limit_has_a_currency",
                violation_error_message=_("A limit has an amount and a currency."),
            ),
        ]

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        return self.LOOK[
            "revoked" if self.revoked_at else "valid" if self.is_live else "ahead" if self.is_ahead else "expired"
        ]

    @property
    def kind_names(self) -> list[str | Promise]:
        return [InstrumentKind(kind).label for kind in self.kinds]

    def covers(self, kind: str, project: str = "", at: datetime | None = None) -> str:
        """Why it does not allow signing this kind of instrument on this project at that instant, or an empty string."""
        if self.revoked_at and (at is None or self.revoked_at <= at):
            return _now("The mandate %(ref)s is revoked.") % {"ref": self.ref}
        if not (self.holds_at(at) if at else self.is_live):
            return _now("The mandate %(ref)s is not valid at this time.") % {"ref": self.ref}
        if self.cosignature:
            return _now("The mandate %(ref)s asks for a second signature beside yours.") % {"ref": self.ref}
        if kind not in self.kinds:
            return _now("The mandate %(ref)s does not cover this kind of instrument.") % {"ref": self.ref}
        if self.project and self.project != project:
            return _now("The mandate %(ref)s is only for the project %(project)s.") % {
                "ref": self.ref,
                "project": self.project,
            }
        return ""

    def snapshot(self) -> dict[str, Any]:
        """What a signature made now rests on, for the evidence: dates as ISO 8601, the amount as text."""
        return {
            "ref": self.ref,
            "version": self.version,
            "person": str(self.person.uid),
            "person_name": self.person.name,
            "agency": self.agency.ref,
            "agency_name": self.agency.legal_name,
            "kinds": sorted(self.kinds),
            "project": self.project,
            "value_limit": str(self.value_limit) if self.value_limit is not None else None,
            "currency": self.currency,
            "cosignature": self.cosignature,
            "source": self.source_note,
            "source_sha256": self.source_file.sha256 if self.source_file else None,
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
            "begins_at": self.begins_at.isoformat(),
            "over_at": self.over_at.isoformat() if self.over_at else None,
            "granted_by": str(self.granted_by.uid),
            "granted_at": self.created_at.isoformat(),
        }
