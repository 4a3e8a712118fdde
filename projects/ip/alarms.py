"""When a disclosure presses: a publication that would destroy what may be protected, a report that is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.zones import start_of, zone
from portal.kit.templatetags.kit import day_words
from projects.ip.models import Decision, Disclosure, DisclosureStatus
from projects.ip.periods import period
from projects.ip.terms import answer_to, terms_of
from projects.models import Project

REPORT_CLAUSE = "protection"
# Nothing is lost any more, or nothing was to be protected.
SAFE = (DisclosureStatus.FILED, DisclosureStatus.TRACKED, DisclosureStatus.CLOSED)
OPEN_DECISIONS = (Decision.FILE, Decision.KEEP_SECRET)


@dataclass(frozen=True)
class PublicationAlarm:
    """A planned publication that comes before what may be protected is protected.

    `rings_on` is the first day, at the seat of the agency, on which time for a notice and a filing is no longer left.
    """

    on: date
    where: str
    rings_on: date
    has_passed: bool
    notice_days: int
    filing_days: int
    due_at: datetime

    @property
    def words(self) -> str:
        shown = {"day": day_words(self.on), "where": self.where}
        if self.has_passed:
            return _("It was to become public on %(day)s (%(where)s): what was new then may be lost.") % shown
        return _("It is to become public on %(day)s (%(where)s), and nothing is filed.") % shown


@dataclass(frozen=True)
class Block:
    """A disclosure that a publication should wait for. `known_to` are the agencies that may know that it exists."""

    disclosure: Disclosure
    code: str
    reason: str
    known_to: frozenset[int]

    @property
    def ref(self) -> str:
        return self.disclosure.ref


@dataclass(frozen=True)
class ReportDue:
    """By when the other parties are told that there is a disclosure, and where that is written."""

    due_at: datetime
    source: str
    agencies: list[Agency]


def publication_alarm(disclosure: Disclosure, *, at: datetime | None = None) -> PublicationAlarm | None:
    """The nearest publication that leaves too little time, or None. Read `public_dates` with the disclosure.

    Days are those at the seat of the disclosing agency: the notice that the agreement in force asks for, and the days
    that a filing takes, have to fit before the day of the publication.
    """
    if disclosure.status in SAFE or disclosure.decision not in ("", *OPEN_DECISIONS):
        return None
    now = (at or timezone.now()).astimezone(zone(disclosure.agency.zone)).date()
    dates = [row for row in disclosure.public_dates.all() if row.on >= _opened_on(disclosure)]
    if not dates:
        return None
    notice, _terms = answer_to(disclosure.project, "publication_notice_days", [disclosure.agency.ref])
    first = min(dates, key=lambda row: (row.on, row.pk))
    rings_on = first.on - timedelta(days=int(notice) + disclosure.filing_days)
    if now < rings_on:
        return None
    return PublicationAlarm(
        on=first.on,
        where=first.where,
        rings_on=rings_on,
        has_passed=first.on <= now,
        notice_days=int(notice),
        filing_days=disclosure.filing_days,
        due_at=start_of(first.on, disclosure.agency.zone),
    )


def disclosures_blocking_publication(project: Project, on: date) -> list[Block]:
    """What is undecided, kept secret, or decided to be filed and not filed yet, in a project on a planned day.

    SECURITY: of every party, whoever asks. Show a reference only to the agencies in `known_to`; to others say that a
    party has something under way, at most.
    """
    waiting = Q(status__in=[DisclosureStatus.DECIDED, *SAFE], decision=Decision.KEEP_SECRET)
    pending = Disclosure.objects.protect_pending() | Disclosure.objects.undecided() | Disclosure.objects.filter(waiting)
    rows = pending.filter(project=project).select_related("agency", "project").prefetch_related("reports")
    return [_block(row) for row in rows.order_by("pk")]


def report_due(disclosure: Disclosure) -> ReportDue | None:
    """The duty to report, as the agreements in force on the project say; None where none binds a party that is not told.

    It runs from the first sealing, or from the day an agreement entered into force when that came later.
    """
    if disclosure.first_sealed_at is None:
        return None
    told = {disclosure.agency_id, *(row.agency_id for row in disclosure.reports.all())}
    others = {row.agency.ref: row.agency for row in disclosure.project.parties() if row.agency_id not in told}
    found: list[ReportDue] = []
    for terms in terms_of(disclosure.project):
        bound = [
            agency
            for ref, agency in others.items()
            if terms.binds([disclosure.agency.ref, ref]) and not terms.has_left(ref, disclosure.first_sealed_at)
        ]
        if not bound or terms.has_left(disclosure.agency.ref, disclosure.first_sealed_at):
            continue
        after = max(disclosure.first_sealed_at, start_of(terms.starts_on, disclosure.agency.zone))
        days, basis = int(terms.answers["result_report_days"]), str(terms.answers["day_basis"])
        runs = period(after, days, agency=disclosure.agency, basis=basis)
        found.append(ReportDue(runs.ends_at, terms.source(REPORT_CLAUSE), bound))
    return min(found, key=lambda due: due.due_at, default=None)


def in_order(alarms: Iterable[tuple[Disclosure, PublicationAlarm]]) -> list[tuple[Disclosure, PublicationAlarm]]:
    """The most pressing first."""
    return sorted(alarms, key=lambda pair: (pair[1].on, pair[0].pk))


def _opened_on(disclosure: Disclosure) -> date:
    """Publications before the disclosure was begun are prior ones: they are history, and no alarm."""
    return disclosure.created_at.astimezone(zone(disclosure.agency.zone)).date()


def _block(disclosure: Disclosure) -> Block:
    code, reason = "disclosure-undecided", _("%(agency)s has a disclosure on which nothing is decided yet.")
    if disclosure.decision == Decision.FILE:
        code, reason = "filing-pending", _("%(agency)s has decided to file for protection, and has not filed yet.")
    elif disclosure.decision == Decision.KEEP_SECRET:
        code, reason = "kept-secret", _("%(agency)s has decided to keep something secret.")
    told = {disclosure.agency_id, *(report.agency_id for report in disclosure.reports.all())}
    return Block(disclosure, code, reason % {"agency": disclosure.agency.acronym}, frozenset(told))
