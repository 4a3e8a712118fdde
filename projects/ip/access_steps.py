"""Where a request for access stands, as its page draws it: stations, and whom it waits for until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.working_days import working_days_left
from agencies.zones import zone
from portal.kit.templatetags.kit import day_words, zone_name
from projects.ip.models import AccessRequest, RequestStatus
from projects.life import Step

S = RequestStatus


@dataclass(frozen=True)
class Clock:
    """The owner's time, said for both seats."""

    due_at: datetime
    owner_time: str
    requester_time: str
    working_days: int
    is_over: bool
    runs: bool


def clock_of(request: AccessRequest, now: datetime | None = None) -> Clock | None:
    """None before the request is submitted."""
    due_at, last_moment = request.due_at, request.last_moment
    if due_at is None or last_moment is None:
        return None
    now = now or timezone.now()
    return Clock(
        due_at=due_at,
        owner_time=_at(last_moment, request.owner),
        requester_time=_at(last_moment, request.requester),
        working_days=working_days_left(request.owner, due_at, now=now),
        is_over=due_at <= now,
        runs=request.clock_runs,
    )


def steps_of(request: AccessRequest) -> list[Step]:
    """Draft, answer, terms, right; what stopped it stands where it stopped."""
    names = {"requester": request.requester.acronym, "owner": request.owner.acronym}
    stands = request.stands()
    drafted = _step(_("Asked by %(requester)s") % names, "done" if request.submitted_at else "current")
    if stands == S.DRAFT:
        return [drafted, _ahead(_("Answer of %(owner)s") % names), _ahead(_("Right"))]
    if stands in (S.WITHDRAWN, S.LAPSED):
        return [drafted, _step(str(S(stands).label), "stopped")]
    if stands == S.REFUSED:
        by = _("Refused by the agreement") if request.is_automatic else _("Refused by %(owner)s") % names
        return [drafted, _step(by, "stopped", str(request.get_refusal_ground_display()))]
    if stands == S.GRANTED:
        return [drafted, _step(_("Granted by %(owner)s") % names, "done"), _step(_("Right"), "done")]
    waits = _step(_("Answer of %(owner)s") % names, "current", _whom(request, stands))
    if stands == S.OFFERED:
        waits = _step(_("Terms of %(owner)s") % names, "done")
        return [drafted, waits, _step(_("Acceptance of %(requester)s") % names, "current"), _ahead(_("Right"))]
    if stands == S.ESCALATED:
        late = _step(_("No answer of %(owner)s in time") % names, "stopped")
        return [drafted, late, _step(_("With the heads"), "current", _("silence never grants")), _ahead(_("Right"))]
    return [drafted, waits, _ahead(_("Right"))]


def _whom(request: AccessRequest, stands: str) -> str:
    if stands == S.INFO_REQUESTED:
        return _("waits for the information of %(requester)s") % {"requester": request.requester.acronym}
    assert request.last_moment is not None
    return _("until %(moment)s") % {"moment": _at(request.last_moment, request.owner)}


def _step(name: str, state: str, note: str = "") -> Step:
    return Step(name, note, state)


def _ahead(name: str) -> Step:
    return Step(name)


def _at(moment: datetime, agency: Agency) -> str:
    local = moment.astimezone(zone(agency.zone))
    return f"{day_words(local.date())}, {local:%H:%M} {zone_name(local)}"
