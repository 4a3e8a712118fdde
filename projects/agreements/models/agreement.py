"""The agreement and its parties: what may follow what, and who may know of it."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import InstrumentKind, SharingQuerySet
from portal.kit.actors import Actor
from portal.kit.records import Record
from projects.models import TeamMember
from projects.models.inside import team_of


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    NEGOTIATING = "negotiating", _("Negotiating")
    TEXT_AGREED = "text_agreed", _("Text agreed")
    SIGNING = "signing", _("Signing")
    SIGNED = "signed", _("Signed, not in force")
    IN_FORCE = "in_force", _("In force")
    DECLINED = "declined", _("Declined")
    ABANDONED = "abandoned", _("Abandoned")


TRANSITIONS: dict[str, set[str]] = {
    Status.DRAFT: {Status.NEGOTIATING, Status.ABANDONED},
    Status.NEGOTIATING: {Status.TEXT_AGREED, Status.ABANDONED},
    Status.TEXT_AGREED: {Status.NEGOTIATING, Status.SIGNING, Status.ABANDONED},
    Status.SIGNING: {Status.NEGOTIATING, Status.SIGNED, Status.DECLINED},
    Status.DECLINED: {Status.NEGOTIATING, Status.ABANDONED},
    Status.SIGNED: {Status.IN_FORCE},
    Status.IN_FORCE: set(),
    Status.ABANDONED: set(),
}

LOOK = {
    Status.DRAFT: ("ring", ""),
    Status.NEGOTIATING: ("swap", "info"),
    Status.TEXT_AGREED: ("check", "info"),
    Status.SIGNING: ("pen", "warn"),
    Status.SIGNED: ("seal", "info"),
    Status.IN_FORCE: ("ok", "good"),
    Status.DECLINED: ("no", "bad"),
    Status.ABANDONED: ("no", ""),
}

# While the words may still change.
OPEN = (Status.DRAFT, Status.NEGOTIATING, Status.TEXT_AGREED)
FROZEN = (Status.SIGNING, Status.SIGNED, Status.IN_FORCE)


class AgreementQuerySet(SharingQuerySet):
    def of_party(self, agency_id: Any) -> AgreementQuerySet:
        return self.filter(Exists(Party.objects.filter(agreement=OuterRef("pk"), agency_id=agency_id)))

    def in_force(self) -> AgreementQuerySet:
        return self.filter(status=Status.IN_FORCE)

    def newest_first(self) -> AgreementQuerySet:
        return self.order_by("-created_at", "-pk")

    def with_parties(self) -> AgreementQuerySet:
        """Read every party with its agency: two more queries, whatever the number of rows."""
        return self.prefetch_related("parties").sharing_agencies("parties__agency")

    def for_pages(self) -> AgreementQuerySet:
        """Read along everything that the pages of an agreement draw, in a fixed number of queries."""
        from projects.agreements.models.evidence import Signature, TextVersion

        newest = TextVersion.objects.filter(agreement=OuterRef("pk")).order_by("-number")
        agencies = (
            "project__lead",
            "drafter",
            "depositary",
            "declined_by",
            "text__frozen_for",
            "parties__agency",
            "clauses__changed_by",
            "signatures__party__agency",
        )
        return (
            self.annotate(last_text=models.Subquery(newest.values("number")[:1]))
            .select_related("project", "changed_by", "text__pdf")
            .prefetch_related(
                models.Prefetch("parties", queryset=Party.objects.select_related("agreed_by")),
                "clauses",
                models.Prefetch("signatures", queryset=Signature.objects.select_related("person", "mandate", "party")),
            )
            .sharing_agencies(*agencies)
        )

    def visible_to(self, actor: Actor) -> AgreementQuerySet:
        """A draft is the drafter's own; afterwards the parties see it, each person by need to know."""
        if actor.membership is None:
            return self.none()
        return self.read_by(actor.agency_id or 0, team_of(actor))

    def read_by(self, agency: int, membership: int | None) -> AgreementQuerySet:
        """The one rule of `visible_to`: by agency, and by membership for those who see only what they are on the team of."""
        party = Party.objects.filter(agreement=OuterRef("pk"), agency=agency)
        reachable = self.filter(Q(drafter_id=agency) | ~Q(status=Status.DRAFT) & Exists(party))
        if membership is None:
            return reachable
        team = TeamMember.objects.filter(membership=membership, participation__project=OuterRef("project"))
        return reachable.filter(Exists(team))


class Agreement(Record):
    """An instrument between agencies about a project: its clauses are rows, its frozen texts are evidence."""

    REF_PREFIX: ClassVar[str] = "A"

    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="agreements", verbose_name=_("project")
    )
    kind = models.CharField(_("kind"), max_length=24, choices=InstrumentKind.choices)
    title = models.CharField(_("title"), max_length=200)
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.DRAFT, editable=False)
    drafter = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("drafted by"))
    depositary = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("depositary"))
    language = models.CharField(_("authentic language"), max_length=12, default="en")
    profile = models.JSONField(_("clause profile"), default=dict)
    entry_rule = models.JSONField(_("rule of entry into force"), default=dict)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    changed_by = models.ForeignKey(
        "agencies.Agency", models.PROTECT, related_name="+", null=True, verbose_name=_("last changed by")
    )
    text = models.OneToOneField(
        "agreements.TextVersion",
        models.PROTECT,
        related_name="current_of",
        null=True,
        editable=False,
        verbose_name=_("frozen text"),
    )
    in_force_on = models.DateField(_("in force since"), null=True, editable=False)
    decline_reason = models.TextField(_("reason for declining"), blank=True, editable=False)
    declined_by = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", null=True, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="agreement_in_force_is_dated",
                condition=Q(status=Status.IN_FORCE, in_force_on__isnull=False)
                | ~Q(status=Status.IN_FORCE) & Q(in_force_on__isnull=True),
            ),
            models.CheckConstraint(
                name="agreement_frozen_has_its_text",
                condition=Q(status__in=FROZEN, text__isnull=False) | ~Q(status__in=FROZEN) & Q(text__isnull=True),
            ),
        ]

    @property
    def status_look(self) -> tuple[str, str, Any]:
        name, tone = LOOK[Status(self.status)]
        return name, tone, self.get_status_display()

    @property
    def is_open(self) -> bool:
        """Whether the words may still change."""
        return self.status in OPEN

    @property
    def is_frozen(self) -> bool:
        return self.status in FROZEN

    def move_to(self, status: Status) -> None:
        """The only assignment to `.status`; raises ValueError for a step the diagram does not have."""
        if status not in TRANSITIONS[self.status]:
            raise ValueError(f"{self.status} cannot become {status}")
        self.status = status

    @cached_property
    def party_list(self) -> list[Party]:
        """The parties, drafter first, then in the order they joined."""
        return sorted(self.parties.all(), key=lambda party: party.position)

    def party_of(self, agency_id: int | None) -> Party | None:
        return next((party for party in self.party_list if party.agency_id == agency_id), None)

    @cached_property
    def valid_signatures(self) -> dict[int, Any]:
        """Signatures under the current frozen text, by party; those under an earlier text do not count."""
        if self.text_id is None:
            return {}
        return {row.party_id: row for row in self.signatures.all() if row.text_id == self.text_id}

    def is_fully_signed(self) -> bool:
        return all(party.pk in self.valid_signatures for party in self.party_list)


class Party(models.Model):
    """An agency that is bound by an agreement, under the name it has at that time."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    agency_name = models.CharField(max_length=200)
    native_name = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField()
    agreed_sha256 = models.CharField(max_length=64, blank=True)
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+", null=True)
    notified_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "agency"], name="party_once_per_agreement"),
            models.UniqueConstraint(fields=["agreement", "position"], name="party_position_once"),
            models.CheckConstraint(
                name="party_agreement_to_text_is_whole",
                condition=Q(agreed_sha256="", agreed_at=None, agreed_by=None)
                | ~Q(agreed_sha256="") & Q(agreed_at__isnull=False, agreed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.agency_name

    def agree(self, sha256: str, *, person: Any, at: Any) -> None:
        """Remember which text, by its hash, this party agreed to; another text is another hash."""
        self.agreed_sha256, self.agreed_by, self.agreed_at = sha256, person, at

    def forget_agreement(self) -> None:
        self.agreed_sha256, self.agreed_by, self.agreed_at = "", None, None
