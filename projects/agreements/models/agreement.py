"""The agreement: what it is part of, what may follow what, and who may know of it."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import InstrumentKind, SharingQuerySet
from agencies.models.sharing import share_agencies
from portal.kit.actors import Actor
from portal.kit.records import Record
from projects.agreements.models.party import Party
from projects.agreements.models.reader import Reader
from projects.agreements.models.status import EFFECTIVE, ENDED, FROZEN, LOOK, OPEN, OPERATIVE, TRANSITIONS, Status
from projects.agreements.profile.contradictions import WITHOUT_FORCE
from projects.models import TeamMember
from projects.models.inside import team_of


class AgreementQuerySet(SharingQuerySet):
    def of_party(self, agency_id: Any) -> AgreementQuerySet:
        return self.filter(Exists(Party.objects.filter(agreement=OuterRef("pk"), agency_id=agency_id)))

    def in_force(self) -> AgreementQuerySet:
        return self.filter(status=Status.IN_FORCE)

    def effective(self) -> AgreementQuerySet:
        """Those that have entered into force, whatever happened to them since."""
        return self.filter(status__in=EFFECTIVE)

    def newest_first(self) -> AgreementQuerySet:
        return self.order_by("-created_at", "-pk")

    def with_parties(self) -> AgreementQuerySet:
        """Read every party with its agency: two more queries, whatever the number of rows."""
        return self.prefetch_related("parties").sharing_agencies("parties__agency")

    def for_pages(self) -> AgreementQuerySet:
        """Read along everything that the pages of an agreement draw, in a fixed number of queries."""
        from projects.agreements.models.beside import BESIDE
        from projects.agreements.models.evidence import Signature
        from projects.agreements.models.slot import Slot

        # By way of its frozen text: where nothing is frozen nobody has signed, and no query asks.
        signatures, slots = "text__current_of__signatures", "text__current_of__slots"
        signed = Signature.objects.with_fate().select_related("person", "mandate", "party")
        agencies = (
            "project__lead",
            "drafter",
            "depositary",
            "newcomer",
            "declined_by",
            "text__frozen_for",
            "parties__agency",
            "clauses__changed_by",
            f"{signatures}__party__agency",
            f"{slots}__agency",
        )
        return (
            self.annotate(**BESIDE.filled())
            .select_related("project", "changed_by", "text__pdf", "text__call", "parent__text")
            .prefetch_related(
                models.Prefetch("parties", queryset=Party.objects.select_related("agreed_by", "agency")),
                "clauses",
                models.Prefetch(signatures, queryset=signed),
                models.Prefetch(slots, queryset=Slot.objects.for_places()),
            )
            .sharing_agencies(*agencies)
        )

    def visible_to(self, actor: Actor) -> AgreementQuerySet:
        """A draft is the drafter's own; afterwards parties and readers see it, each person by need to know."""
        if actor.membership is None:
            return self.none()
        return self.read_by(actor.agency_id or 0, team_of(actor))

    def read_by(self, agency: int, membership: int | OuterRef | None) -> AgreementQuerySet:
        """The one rule of `visible_to`: by agency, and by membership for those who see only what they are on the team of."""
        party = Party.objects.filter(agreement=OuterRef("pk"), agency=agency)
        reader = Reader.objects.filter(agreement=OuterRef("pk"), agency=agency)
        shared = ~Q(status=Status.DRAFT) & (Exists(party) | Exists(reader))
        reachable = self.filter(Q(drafter_id=agency) | shared)
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
    parent = models.ForeignKey(
        "self", models.PROTECT, related_name="children", null=True, blank=True, verbose_name=_("under")
    )
    newcomer = models.ForeignKey(
        "agencies.Agency", models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("acceding agency")
    )
    language = models.CharField(_("language it is written in"), max_length=12, default="en")
    languages = ArrayField(
        models.CharField(max_length=12), default=list, blank=True, verbose_name=_("further authentic languages")
    )
    titles = models.JSONField(_("title in the further languages"), default=dict, blank=True)
    profile = models.JSONField(_("clause profile"), default=dict)
    entry_rule = models.JSONField(_("rule of entry into force"), default=dict)
    base_sha256 = models.CharField(_("text that it amends"), max_length=64, blank=True, editable=False)
    outlines = models.JSONField(_("order of the clauses, and what is left out, by part"), default=dict, editable=False)
    amended_profile = models.JSONField(_("clause profile of the text that it amends"), default=dict, editable=False)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    round = models.PositiveIntegerField(_("round of negotiation"), default=0, editable=False)
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
    ends_on = models.DateField(_("last day"), null=True, editable=False)
    ended_on = models.DateField(_("ended on"), null=True, editable=False)
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
                condition=Q(status__in=EFFECTIVE, in_force_on__isnull=False)
                | ~Q(status__in=EFFECTIVE) & Q(in_force_on__isnull=True),
            ),
            models.CheckConstraint(
                name="agreement_ended_is_dated",
                condition=Q(status__in=ENDED, ended_on__isnull=False) | ~Q(status__in=ENDED) & Q(ended_on__isnull=True),
            ),
            models.CheckConstraint(
                name="agreement_is_not_its_own_parent", condition=Q(parent=None) | ~Q(parent=models.F("pk"))
            ),
            models.CheckConstraint(
                name="agreement_accession_has_its_newcomer",
                condition=Q(kind="accession", newcomer__isnull=False) | ~Q(kind="accession") & Q(newcomer=None),
            ),
            models.CheckConstraint(
                name="agreement_kind_has_its_parent",
                condition=~Q(kind__in=["amendment", "accession"]) | Q(parent__isnull=False),
            ),
            models.CheckConstraint(
                name="agreement_frozen_has_its_text",
                condition=Q(status__in=FROZEN, text__isnull=False) | ~Q(status__in=FROZEN) & Q(text__isnull=True),
            ),
        ]

    @property
    def status_look(self) -> tuple[str, str, Any]:
        name, tone = LOOK[Status(self.status)]
        return name, tone, self.word_for(Status(self.status))

    @property
    def is_binding(self) -> bool:
        """Whether it binds in law, as its profile answers."""
        return self.profile.get("binding") not in WITHOUT_FORCE

    def word_for(self, status: Status) -> str | Promise:
        """A status as this instrument calls it: one that does not bind is operative, and never said to be in force."""
        return status.label if self.is_binding else OPERATIVE.get(status, status.label)

    @property
    def is_open(self) -> bool:
        """Whether the words may still change."""
        return self.status in OPEN

    @property
    def is_frozen(self) -> bool:
        return self.status in FROZEN

    @property
    def is_effective(self) -> bool:
        """Whether it has entered into force, whatever happened to it since."""
        return self.status in EFFECTIVE

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED

    @property
    def amends(self) -> bool:
        """Whether it changes the words of its parent."""
        return self.kind == InstrumentKind.AMENDMENT

    @property
    def all_languages(self) -> list[str]:
        """The authentic languages, the one it is written in first."""
        return [self.language, *(code for code in self.languages if code != self.language)]

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
    def slot_list(self) -> list[Any]:
        """The slots of its plan of signing, in their order; asked only while a text is frozen."""
        return self.planned_slots() if self.text_id is not None else []

    def planned_slots(self) -> list[Any]:
        """The slots of the plan, frozen or not, with their agencies."""
        if "slots" in getattr(self, "_prefetched_objects_cache", {}):
            return list(self.slots.all())
        slots = list(self.slots.for_places())
        share_agencies(slots, "agency", known=[party.agency for party in self.party_list])
        return slots

    def need_of(self, agency_id: int) -> int:
        """How many signatures complete a party: what its slots ask for, or one."""
        return sum(slot.needed for slot in self.slot_list if slot.signs and slot.agency_id == agency_id) or 1

    @cached_property
    def standing_signatures(self) -> list[Any]:
        """Signatures under the current frozen text that are not void, oldest first."""
        if self.text_id is None:
            return []
        is_read = "signatures" in getattr(self, "_prefetched_objects_cache", {})
        rows = self.signatures.all() if is_read else self.signatures.with_fate()
        return [row for row in rows if row.text_id == self.text_id and not row.is_void]

    @property
    def valid_signatures(self) -> dict[int, Any]:
        """By party, the signature that completed it: of those that count under the current text, the last it needed.

        One made ad referendum counts from its confirmation on; those under an earlier text do not count.
        """
        found: dict[int, list[Any]] = {}
        for row in self.standing_signatures:
            if row.counts_from is not None:
                found.setdefault(row.party_id, []).append(row)
        completed = {}
        for party in self.party_list:
            counted = sorted(found.get(party.pk, []), key=lambda row: row.counts_from)
            need = self.need_of(party.agency_id) if counted else 1
            if len(counted) >= need:
                completed[party.pk] = counted[need - 1]
        return completed

    @property
    def unconfirmed_signatures(self) -> dict[int, Any]:
        """By party, the newest signature that was made ad referendum and waits for its confirmation."""
        return {row.party_id: row for row in self.standing_signatures if row.counts_from is None}

    def is_fully_signed(self) -> bool:
        signed = self.valid_signatures
        return all(party.pk in signed for party in self.party_list)
