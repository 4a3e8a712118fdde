"""Assets: background, results and sideground of the parties of a project, and the shares of their owners."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any, ClassVar, Self

import pgtrigger
import rfc8785
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import CharField, Count, Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Cast, JSONObject
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.files.markings import Marked, numbered_control
from portal.kit.actors import Actor
from portal.kit.records import Record
from projects.ip.models.asset_choices import Nature, Origin, Status
from projects.ip.models.ownership import SHARES_SUM_TO_100, OwnershipShare
from projects.ip.places import Place
from projects.models import Participation, Project
from projects.models.inside import inside

TALLIED = ("origin", "party_id", "status", "is_excluded")
WORDS = (
    "title",
    "description",
    "limits_implementation",
    "limits_exploitation",
    "protection_office",
    "protection_number",
    "marking",
    "made_in",
    "made_element",
    "made_registry",
    "artefact_licence",
)


class AssetQuerySet(models.QuerySet["Asset"]):
    """Assets by who may know of them and what they count for."""

    def visible_to(self, actor: Actor) -> Self:
        """Inside the projects the actor reads: the own agency's assets, and the others' once that agency is a party."""
        if actor.agency_id is None:
            return self.none()
        is_party = Participation.objects.parties().filter(project=OuterRef("project"), agency=actor.agency_id)
        return self.filter(Q(party=actor.agency_id) | Exists(is_party), inside(actor, "project"))

    def background(self) -> Self:
        return self.filter(origin=Origin.BACKGROUND)

    def results(self) -> Self:
        return self.filter(origin=Origin.RESULT)

    def standing(self) -> Self:
        """Those that nobody has withdrawn."""
        return self.exclude(status=Status.WITHDRAWN)

    def with_owners(self) -> Self:
        """Read the party and every owner: one more query, whatever the number of rows."""
        shares = OwnershipShare.objects.select_related("agency").order_by("-percent", "pk")
        return self.select_related("party").prefetch_related(Prefetch("shares", queryset=shares))

    def with_owner_rows(self) -> Self:
        """Bring every owner's part along in the same query, for lists that know the agencies already."""
        part = JSONObject(agency_id="agency_id", agency_name="agency_name", percent=Cast("percent", CharField()))
        shares = OwnershipShare.objects.filter(asset=OuterRef("pk")).order_by("-percent", "pk")
        return self.annotate(owner_rows=ArraySubquery(shares.values(part=part)))

    def with_tallies_of(self, counted: AssetQuerySet) -> Self:
        """Bring along how many there are among `counted` by origin, party and status; counted once for all rows."""
        by = counted.order_by().values(*TALLIED).annotate(number=Count("pk"))
        tally = JSONObject(**{name: name for name in (*TALLIED, "number")})
        return self.annotate(tallies=ArraySubquery(by.values(tally=tally)))

    def tallies(self) -> list[dict[str, Any]]:
        """How many by origin, party and status."""
        return list(self.order_by().values(*TALLIED).annotate(number=Count("pk")))

    def gone(self, refs: list[str]) -> Self:
        """Those of these references that have been withdrawn."""
        return self.filter(ref__in=refs, status=Status.WITHDRAWN).order_by("ref")

    def with_gone(self, refs: list[str], among: AssetQuerySet) -> Self:
        """Bring along which of these references have been withdrawn; looked up once for all rows."""
        found = among.gone(refs).values(found=JSONObject(ref="ref", party_id="party_id"))
        return self.annotate(gone_rows=ArraySubquery(found))

    def with_narrowing(self) -> Self:
        """Say of each whether a narrower access is proposed (`is_narrowing`)."""
        changes: Any = self.model._meta.get_field("changes").related_model
        proposed = changes._default_manager.filter(status="proposed")
        return self.annotate(is_narrowing=Exists(proposed.filter(asset=OuterRef("pk"))))

    def with_project(self) -> Self:
        """Read what the policies ask: the project, its lead and its participations, in one more query."""
        taking_part = Participation.objects.select_related("agency").order_by("role", "pk")
        known = self.select_related("project__lead", "party", "contested_by")
        return known.prefetch_related(Prefetch("project__participations", queryset=taking_part))


class Asset(Marked, Record):
    """Something protectable that one party lists or claims in a project."""

    REF_PREFIX = "IP"
    Origin = Origin
    Nature = Nature
    Status = Status
    TRANSITIONS: ClassVar[dict[str, set[str]]] = {
        Status.DECLARED: {Status.AGREED, Status.CONTESTED, Status.WITHDRAWN},
        Status.AGREED: {Status.DECLARED, Status.CONTESTED, Status.WITHDRAWN},
        Status.CONTESTED: {Status.DECLARED, Status.AGREED, Status.WITHDRAWN},
        Status.WITHDRAWN: set(),
    }
    LOOK: ClassVar[dict[str, tuple[str, str]]] = {
        Status.DECLARED: ("ring", "info"),
        Status.AGREED: ("ok", "good"),
        Status.CONTESTED: ("alert", "warn"),
        Status.WITHDRAWN: ("no", ""),
    }

    project = models.ForeignKey(Project, models.PROTECT, related_name="assets", verbose_name=_("project"))
    party = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="assets", verbose_name=_("party"))
    party_name = models.CharField(_("name of the party then"), max_length=200, editable=False)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, editable=False)
    is_excluded = models.BooleanField(
        _("on the negative list"),
        default=False,
        help_text=_("It stays outside the access rights even where everything that is needed would be included."),
    )
    nature = models.CharField(_("nature"), max_length=12, choices=Nature)
    title = models.CharField(
        _("title"), max_length=200, help_text=_("What the other parties recognise it by. It is printed in the annex.")
    )
    description = models.TextField(
        _("description"),
        max_length=10_000,
        blank=True,
        help_text=_("Enough to know it apart, nothing that is secret: the other parties read it."),
    )
    limits_implementation = models.TextField(
        _("limits on use for the project"),
        max_length=4_000,
        blank=True,
        help_text=_("For example: object code only. Empty means no limit."),
    )
    limits_exploitation = models.TextField(
        _("limits on use afterwards"),
        max_length=4_000,
        blank=True,
        help_text=_("For example: on fair and reasonable terms, on request."),
    )
    protection_office = models.CharField(_("office of protection"), max_length=100, blank=True)
    protection_number = models.CharField(_("number of the application or registration"), max_length=100, blank=True)
    protected_on = models.DateField(_("filed or registered on"), null=True, blank=True)
    generated_on = models.DateField(_("made on"), null=True, blank=True)
    made_in = models.CharField(_("made in"), max_length=2, blank=True)
    made_element = models.CharField(
        _("or in an element of a spacecraft"), max_length=120, blank=True, help_text=_("For example Kibo.")
    )
    made_registry = models.CharField(_("state of registry of the element"), max_length=2, blank=True)
    artefact_licence = models.CharField(
        _("licence it is published under"),
        max_length=200,
        blank=True,
        help_text=_("An SPDX identifier such as Apache-2.0 or CC-BY-4.0, or the name of the licence."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DECLARED, editable=False)
    agreed_in = models.CharField(_("agreed in"), max_length=32, blank=True, editable=False)
    agreed_hash = models.CharField(_("hash of what was agreed"), max_length=64, blank=True, editable=False)
    contested_by = models.ForeignKey(
        "agencies.Agency", models.PROTECT, related_name="+", null=True, editable=False, verbose_name=_("contested by")
    )
    contest_reason = models.TextField(_("reason of the contest"), max_length=4_000, blank=True, editable=False)
    contested_at = models.DateTimeField(_("contested"), null=True, editable=False)

    objects = AssetQuerySet.as_manager()

    class Meta:
        verbose_name = _("asset")
        verbose_name_plural = _("assets")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["project", "origin", "party", "id"], name="asset_register"),
            models.Index(fields=["-created_at", "-id"], name="asset_newest_first"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""), name="asset_has_a_title", violation_error_message=_("Say what it is called.")
            ),
            models.CheckConstraint(
                condition=Q(is_excluded=False) | Q(origin="background"),
                name="asset_negative_list_is_of_background",
                violation_error_message=_("Only background is excluded."),
            ),
            models.CheckConstraint(
                condition=Q(agreed_in="", agreed_hash="") & ~Q(status="agreed")
                | ~Q(agreed_in="") & ~Q(agreed_hash="") & ~Q(status="withdrawn"),
                name="asset_agreed_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(status="contested", contested_by__isnull=False, contested_at__isnull=False)
                & ~Q(contest_reason="")
                | ~Q(status="contested") & Q(contested_by__isnull=True, contested_at__isnull=True, contest_reason=""),
                name="asset_contest_says_who_and_why",
            ),
            numbered_control("asset"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="owned_in_full",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                declare=[("checked", "bigint"), ("total", "numeric")],
                func=f"checked := NEW.id; {SHARES_SUM_TO_100} RETURN NULL;",
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("ip:asset", args=[self.ref])

    @property
    def status_look(self) -> tuple[str, str, str | Promise]:
        """Icon, tone and word of where the asset stands."""
        icon, tone = self.LOOK[self.status]
        return icon, tone, Status(self.status).label

    @property
    def place(self) -> Place:
        """Where it was made."""
        return Place(self.made_in, self.made_element, self.made_registry)

    def clean(self) -> None:
        self.place.check("made_in", "made_element", "made_registry")

    @property
    def is_background(self) -> bool:
        return self.origin == Origin.BACKGROUND

    def move_to(self, status: str) -> Self:
        """Take a step with the facts that belong to it; the caller saves. ValueError for a step that is not one."""
        if status not in self.TRANSITIONS[self.status]:
            raise ValueError(f"{self.ref}: {self.status} cannot become {status}")
        if self.status == Status.CONTESTED:
            self.contested_by = self.contested_at = None
            self.contest_reason = ""
        if status == Status.WITHDRAWN:
            # The annex keeps what was signed; what left the register is not in it any more.
            self.agreed_in = self.agreed_hash = ""
        self.status = status
        return self.bump()

    def owners(self) -> list[OwnershipShare]:
        """The largest first; read from the rows already fetched where there are any."""
        if hasattr(self, "owner_rows"):
            rows = [{**row, "percent": Decimal(row["percent"])} for row in self.owner_rows]
            return [OwnershipShare(asset=self, **row) for row in rows]
        return sorted(self.shares.all(), key=lambda share: (-share.percent, share.pk))

    @property
    def differs_from_agreed(self) -> bool:
        """Whether the register says something else by now than the annex of the agreement that lists it."""
        return bool(self.agreed_in) and self.agreed_hash != self.content_hash()

    def content_hash(self) -> str:
        """SHA-256 of what the register says, as canonical JSON (RFC 8785): the history holds this, never the words."""
        said: dict[str, Any] = {name: getattr(self, name) for name in WORDS}
        said |= {"origin": self.origin, "nature": self.nature, "excluded": self.is_excluded, "party": self.party.ref}
        said["owners"] = {share.holder: share.words for share in self.owners()}
        said |= {name: str(getattr(self, name) or "") for name in ("protected_on", "generated_on")}
        return hashlib.sha256(rfc8785.dumps(said)).hexdigest()
