"""Where a publication stands as pages say it: its steps, whose turn it is, until when, and which periods count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.zones import zone
from portal.kit.templatetags.kit import day
from projects.ip.clearance import CLAUSE, DELAY, NOTICE, OBJECTION, days_between
from projects.ip.models import PublicationNotice
from projects.ip.models.publication_choices import PublicationStatus
from projects.missing import and_list

DONE, CURRENT, STOPPED, AHEAD = "done", "current", "stopped", ""


@dataclass(frozen=True)
class Step:
    """One station of the step line."""

    name: str
    note: str = ""
    state: str = AHEAD


@dataclass(frozen=True)
class Turn:
    """Who has to do what now, and until when; `zone` is where that day ends."""

    agencies: list[Agency]
    words: str
    until: datetime | None = None
    zone: str = ""
    days_left: int | None = None

    @property
    def names(self) -> str:
        return and_list([agency.acronym for agency in self.agencies])


@dataclass(frozen=True)
class Periods:
    """The periods between the publisher and some parties, and where they are written; usual practice without a source."""

    agencies: list[Agency]
    notice: int
    objection: int
    delay: int
    basis: str
    source: str
    url: str

    @property
    def names(self) -> str:
        return and_list([agency.acronym for agency in self.agencies])


def turn(notice: PublicationNotice, now: datetime | None = None) -> Turn:
    """Whose turn it is."""
    now = now or timezone.now()
    state, own = notice.state(now), [notice.agency]
    if state == PublicationStatus.PLANNED:
        return Turn(own, _("Sends the text"))
    if state == PublicationStatus.OBJECTED:
        standing = notice.standing_objections(now)
        ends = [one for one in standing if one.until_at]
        if len(ends) < len(standing):
            return Turn(own, _("Amends, or gets the consent"))
        last = max(ends, key=lambda one: one.until_at or now)
        return Turn(own, _("Amends, or waits until"), last.last_moment, last.zone)
    if state in (PublicationStatus.IN_REVIEW, PublicationStatus.AMENDED):
        waiting = sorted(notice.waiting_reviews(now), key=lambda review: review.due_at)
        first = waiting[0]
        return Turn(
            [review.agency for review in waiting], _("Reviews until"), first.last_moment, first.zone, first.days_left
        )
    if state == PublicationStatus.CLEARED:
        after = notice.notice_ends_at
        if after is not None and now < after and not notice.is_cleared_by_word():
            return Turn(own, _("Publishes after"), after, notice.agency.zone)
        return Turn(own, _("Publishes"))
    if state == PublicationStatus.PUBLISHED:
        return Turn(own, _("Records the release"))
    return Turn([], "")


def steps_of(notice: PublicationNotice) -> list[Step]:
    """The step line of a notice."""
    state = notice.state()
    names = [
        ("planned", _("Planned")),
        ("sent", _("Sent")),
        ("cleared", _("Cleared")),
        ("published", _("Published")),
        ("recorded", _("Recorded")),
    ]
    notes = {
        "planned": _day(notice.created_at, notice),
        "sent": _day(notice.sent_at, notice),
        "published": day(notice.published_on),
    }
    reached = {
        PublicationStatus.PLANNED: 0,
        PublicationStatus.CLEARED: 3,
        PublicationStatus.PUBLISHED: 4,
        PublicationStatus.RECORDED: 5,
    }.get(PublicationStatus(state), 2)
    if state == PublicationStatus.WITHDRAWN:
        reached = 2 if notice.sent_at else 0
    steps = []
    for place, (key, name) in enumerate(names):
        if place < reached:
            steps.append(Step(name, notes.get(key, ""), DONE))
        elif place == reached:
            stopped = state == PublicationStatus.WITHDRAWN
            words = _("Given up") if stopped else _waits(notice)
            steps.append(Step(name, words, STOPPED if stopped else CURRENT))
        else:
            steps.append(Step(name))
    return steps


def periods_of(notice: PublicationNotice) -> list[Periods]:
    """The periods of the other parties, once for those that have the same."""
    found: dict[tuple[int, int, int, str, str, str], list[Agency]] = {}
    for row in notice.project.parties():
        if row.agency_id == notice.agency_id:
            continue
        pair = (notice.agency, row.agency)
        before, basis, terms = days_between(notice.project, NOTICE, *pair)
        objection, _basis, _terms = days_between(notice.project, OBJECTION, *pair)
        delay, _basis, _terms = days_between(notice.project, DELAY, *pair)
        source, url = (terms.source(CLAUSE), terms.url) if terms is not None else ("", "")
        found.setdefault((before, objection, delay, basis, source, url), []).append(row.agency)
    return [Periods(agencies, *same) for same, agencies in found.items()]


def _waits(notice: PublicationNotice) -> str:
    now_turn = turn(notice)
    if not now_turn.agencies:
        return ""
    return _("Waits for %(agencies)s") % {"agencies": now_turn.names}


def _day(moment: datetime | None, notice: PublicationNotice) -> str:
    return str(day(moment.astimezone(zone(notice.agency.zone)).date())) if moment else ""
