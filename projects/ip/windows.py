"""The windows of the register: how long others may assert a contribution, and how long a notice runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from agencies.models import Agency
from projects.ip.models import Asset, Origin
from projects.ip.periods import CALENDAR, Period, period, periods
from projects.ip.terms import Terms, answer_to
from projects.models import Project

# No profile asks for it: "result_report_days" is how long a party may take to report, not to answer a report. Thirty
# calendar days is what agreements usually give for objections, and leaves time to ask the own laboratories.
ASSERTION_DAYS = 30


@dataclass(frozen=True)
class Window:
    """When others may say that they made a part of a result; `own` is that of the agency that asks, if it has one."""

    own: Period | None
    ends_at: datetime
    is_open: bool


@dataclass(frozen=True)
class Notice:
    """How long a notice runs that is given now: until its last day is over at every seat that it concerns."""

    days: int
    ends_at: datetime
    terms: Terms | None

    def source(self, clause: str) -> str:
        """Where the number of days stands, or nothing while no agreement is in force."""
        return self.terms.source(clause) if self.terms is not None else ""


def assertion_period(asset: Asset, agency: Agency) -> Period:
    """The days that one party has to assert that it made a part of a result."""
    return period(asset.created_at, ASSERTION_DAYS, agency=agency)


def assertion_window(asset: Asset, agency: Agency | None) -> Window | None:
    """The window of a result; it is open until the last party's has ended. None for what is no result."""
    others = [row.agency for row in asset.project.parties() if row.agency_id != asset.party_id]
    if asset.origin != Origin.RESULT or not others:
        return None
    every = {one.pk: assertion_period(asset, one) for one in others}
    ends_at = max(one.ends_at for one in every.values())
    return Window(every.get(agency.pk) if agency else None, ends_at, timezone.now() < ends_at)


def notice(project: Project, key: str, whom: Iterable[Agency], *, among: Iterable[Agency] = ()) -> Notice:
    """How long a notice to these agencies runs, by the answer `key` of the profile that binds them and `among`."""
    concerned = list(whom)
    refs = {agency.ref for agency in [*concerned, *among]}
    days, terms = answer_to(project, key, refs)
    basis, _terms = answer_to(project, "day_basis", refs)
    running = periods(timezone.now(), int(days), agencies=concerned, basis=str(basis or CALENDAR))
    if not running:
        return Notice(int(days), timezone.now(), terms)
    return Notice(int(days), running[-1].ends_at, terms)
