"""Agencies: every registered organisation, whatever its kind."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import connections, models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from agencies import languages, names, taxonomy, zones
from portal.kit.actors import Actor
from portal.kit.lines import line_errors
from portal.kit.records import Record

INTERNATIONAL = "INT"
validate_domain = RegexValidator(
    r"^(?=.{4,190}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$",
    _("Enter a domain such as agency.example."),
)


class Kind(models.TextChoices):
    AGENCY = "agency", _("Agency")
    INTERGOVERNMENTAL = "intergovernmental", _("Intergovernmental organisation")
    INSTITUTE = "institute", _("Institute")
    UNIVERSITY = "university", _("University")
    COMPANY = "company", _("Company")


class Status(models.TextChoices):
    APPLIED = "applied", _("Waiting for the check")
    REFUSED = "refused", _("Application refused")
    VERIFIED = "verified", _("Verified")
    SUSPENDED = "suspended", _("Suspended")
    MERGED = "merged", _("Merged")
    DISSOLVED = "dissolved", _("Dissolved")


ACTING = (Status.APPLIED, Status.REFUSED, Status.VERIFIED)


class Marking(models.TextChoices):
    """How far what an agency writes may travel when nobody says otherwise."""

    LEAD = "lead", _("Only the lead agency")
    PARTNERS = "partners", _("The partners of the project")
    VERIFIED = "verified", _("Every verified agency")
    PUBLIC = "public", _("Everybody")


class AgencyQuerySet(models.QuerySet):
    """Agencies in the words of the directory."""

    def verified(self) -> Self:
        return self.filter(status=Status.VERIFIED)

    def acting(self) -> Self:
        """Those whose people may act: suspended, merged and dissolved agencies are silent."""
        return self.filter(status__in=ACTING)

    def visible_to(self, actor: Actor) -> Self:
        """One's own agencies always; the verified ones for members of a verified agency, so that nobody unchecked finds others."""
        if actor.person is None:
            return self.none()
        own = Q(pk__in=[membership.agency_id for membership in actor.memberships] or [actor.agency_id or 0])
        if actor.agency is not None and actor.agency.is_verified:
            return self.filter(own | Q(status=Status.VERIFIED))
        return self.filter(own)

    def found_by(self, words: str) -> Self:
        """Those whose legal name, native name or acronym contains every word, accents and case aside."""
        found = self
        for word in names.plain(words.replace("\x00", "")).split()[:8]:
            found = found.filter(search_name__contains=word)
        return found


class Agency(Record):
    """An organisation that takes part."""

    LOOK: ClassVar[dict[str, tuple[str, str]]] = {
        Status.APPLIED: ("clock", "warn"),
        Status.REFUSED: ("no", "bad"),
        Status.VERIFIED: ("ok", "good"),
        Status.SUSPENDED: ("hold", "bad"),
        Status.MERGED: ("link", ""),
        Status.DISSOLVED: ("no", ""),
    }
    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        Status.APPLIED: {Status.VERIFIED, Status.REFUSED},
        Status.REFUSED: {Status.APPLIED},
        Status.VERIFIED: {Status.SUSPENDED, Status.MERGED, Status.DISSOLVED},
        Status.SUSPENDED: {Status.VERIFIED, Status.DISSOLVED},
        Status.MERGED: set(),
        Status.DISSOLVED: set(),
    }

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    legal_name = models.CharField(
        _("legal name"), max_length=200, help_text=_("In English or romanised, as in the founding act or statute.")
    )
    native_name = models.CharField(
        _("native name"),
        max_length=200,
        blank=True,
        help_text=_("In its own script. It is shown beside the legal name everywhere."),
    )
    native_language = models.CharField(
        _("language of the native name"), max_length=12, blank=True, validators=[languages.validate]
    )
    acronym = models.CharField(_("acronym"), max_length=12)
    country = CountryField(_("country"), blank=True, blank_label=_("International"))  # type: ignore[call-overload]
    is_international = models.BooleanField(_("international"), default=False)
    city = models.CharField(_("city of the seat"), max_length=100)
    zone = models.CharField(
        _("time zone"),
        max_length=64,
        validators=[zones.validate],
        help_text=_("Deadlines for your agency are counted in this zone."),
    )
    working_days = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(7)]),
        verbose_name=_("working days"),
        default=list,
    )
    languages = ArrayField(
        models.CharField(max_length=12, validators=[languages.validate]),
        verbose_name=_("working languages"),
        default=list,
        blank=True,
    )
    domain = models.CharField(_("e-mail domain"), max_length=190, blank=True, validators=[validate_domain])
    website = models.URLField(_("website"), blank=True)
    capabilities = ArrayField(
        models.CharField(max_length=8, validators=[taxonomy.validate]),
        verbose_name=_("capabilities"),
        default=list,
        blank=True,
    )
    about = models.TextField(_("about"), max_length=4000, blank=True)
    default_marking = models.CharField(
        _("default marking"), max_length=12, choices=Marking.choices, default=Marking.PARTNERS
    )
    founding_act = models.ForeignKey(
        "files.StoredFile",
        verbose_name=_("founding act or statute"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    sponsor = models.ForeignKey(
        "self",
        verbose_name=_("sponsoring agency"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sponsored",
    )
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.APPLIED, editable=False
    )
    status_reason = models.TextField(_("reason of the operator"), max_length=2000, blank=True, editable=False)
    verified_at = models.DateTimeField(_("verified"), null=True, editable=False)
    verified_by = models.ForeignKey(
        "agencies.Person",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("verified by"),
    )
    predecessor = models.ForeignKey(
        "self",
        verbose_name=_("predecessor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="successors",
    )
    sort_name = models.CharField(max_length=220, editable=False)
    search_name = models.TextField(editable=False)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        indexes = [
            models.Index(fields=["status", "sort_name", "id"], name="agency_directory"),
            GinIndex(fields=["capabilities"], name="agency_capabilities"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(status__in=["applied", "refused"], verified_at=None)
                    | Q(status__in=["verified", "suspended", "merged", "dissolved"], verified_at__isnull=False)
                ),
                name="agency_verified_when_dated",
                violation_error_message=_("A verified agency has the instant of its verification."),
            ),
            models.CheckConstraint(
                condition=Q(is_international=True, country="") | (Q(is_international=False) & ~Q(country="")),
                name="agency_has_a_country_or_is_international",
                violation_error_message=_("Choose a country, or say that it is international."),
            ),
            models.UniqueConstraint(
                fields=["domain"],
                condition=~Q(domain="") & Q(status__in=["applied", "verified", "suspended"]),
                name="agency_domain_once",
                violation_error_code="unique",
                violation_error_message=_("Another agency has claimed this domain. If it is yours, tell an operator."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.acronym} · {self.legal_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.sort_name = names.plain(self.legal_name)[:220]
        self.search_name = names.plain(f"{self.legal_name} {self.native_name} {self.acronym}")
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "sort_name", "search_name"}
        super().save(*args, **kwargs)

    def allocate_ref(self, using: str) -> str:
        """The acronym in capitals, numbered when it is taken."""
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('agencies.ref'))")
        wanted = names.slug(self.acronym)
        taken = set(Agency.objects.using(using).filter(ref__startswith=wanted).values_list("ref", flat=True))
        number = 1
        while (ref := wanted if number == 1 else f"{wanted}-{number}") in taken:
            number += 1
        return ref

    def clean(self) -> None:
        errors: dict[str, Any] = line_errors(self, "legal_name", "native_name", "acronym", "city")
        if bool(self.country) == self.is_international:
            errors["country"] = _("Choose a country, or International.")
        if not self.working_days:
            errors["working_days"] = _("Choose at least one working day.")
        if errors:
            raise ValidationError(errors)

    def move_to(self, status: str) -> Self:
        """The only assignment of the status; ValueError when it cannot follow the present one."""
        if status not in self.TRANSITIONS[self.status]:
            raise ValueError(f"{self.status} is not followed by {status}")
        self.status = status
        return self

    @property
    def code(self) -> str:
        """The letters on its mark: the country's, or INT."""
        return INTERNATIONAL if self.is_international else str(self.country)

    @property
    def is_verified(self) -> bool:
        return self.status == Status.VERIFIED

    @property
    def can_act(self) -> bool:
        return self.status in ACTING

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        icon, tone = self.LOOK[self.status]
        return icon, tone, Status(self.status).label

    @property
    def language_names(self) -> list[str]:
        return [languages.name_of(code) for code in self.languages]

    @property
    def capability_names(self) -> list[tuple[str, str]]:
        return [(code, taxonomy.name_of(code)) for code in self.capabilities]

    def local(self, at: datetime | None = None) -> datetime:
        """The agency's wall clock."""
        return (at or timezone.now()).astimezone(zones.zone(self.zone))

    @property
    def is_at_work(self) -> bool:
        """Whether today is one of its working days."""
        return self.local().isoweekday() in self.working_days
