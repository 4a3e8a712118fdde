"""When things are due, in the reader's own days: groups for a page, and words for a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.inbox.models import Item
from portal.kit.templatetags.kit import LAST, zone_name

OVERDUE, THIS_WEEK, LATER, NO_DATE = "overdue", "this-week", "later", "no-date"
NAMES: dict[str, str | Promise] = {
    OVERDUE: gettext_lazy("Overdue"),
    THIS_WEEK: gettext_lazy("This week"),
    LATER: gettext_lazy("Later"),
    NO_DATE: gettext_lazy("No date"),
}
SOON = timedelta(days=3)


@dataclass(frozen=True)
class Due:
    """The day in words, the exact time below it, and how much it presses."""

    moment: datetime
    day: str
    time: str
    tone: str


@dataclass(frozen=True)
class Group:
    """A heading with the items under it."""

    slug: str
    name: str | Promise
    rows: list[tuple[Item, Due | None]]


def grouped(items: Iterable[Item], now: datetime, zone: ZoneInfo) -> list[Group]:
    """Items, in the order they come in, under those headings that have any."""
    rows: dict[str, list[tuple[Item, Due | None]]] = {slug: [] for slug in NAMES}
    for item in items:
        rows[group_of(item.due_at, now, zone)].append((item, due(item.due_at, now, zone)))
    return [Group(slug, NAMES[slug], found) for slug, found in rows.items() if found]


def group_of(due_at: datetime | None, now: datetime, zone: ZoneInfo) -> str:
    """The heading of a moment; a week ends with the reader's Sunday."""
    if due_at is None:
        return NO_DATE
    if due_at < now:
        return OVERDUE
    today = now.astimezone(zone).date()
    return (
        THIS_WEEK
        if _last_minute(due_at.astimezone(zone)).date() <= today + timedelta(days=6 - today.weekday())
        else LATER
    )


def due(due_at: datetime | None, now: datetime, zone: ZoneInfo) -> Due | None:
    """How a row says when it is due, or None when it has no date."""
    if due_at is None:
        return None
    local = due_at.astimezone(zone)
    if due_at >= now:
        local = _last_minute(local)
    days = (local.date() - now.astimezone(zone).date()).days
    weekday = _("%(weekday)s %(day)s %(month)s") % {
        "weekday": date_format(local, "D"),
        "day": local.day,
        "month": date_format(local, "M"),
    }
    if local.year != now.astimezone(zone).year:
        weekday = f"{weekday} {local.year}"
    clock = f"{local:%H:%M} {zone_name(local)}"
    if due_at < now:
        words = (
            _("Since today")
            if days == 0
            else _("Since yesterday")
            if days == -1
            else _("Since %(day)s") % {"day": weekday}
        )
        return Due(due_at, words, clock if days < -1 else f"{weekday}, {clock}", "bad")
    words = _("Today") if days == 0 else _("Tomorrow") if days == 1 else weekday
    return Due(due_at, words, clock if days > 1 else f"{weekday}, {clock}", "warn" if due_at - now <= SOON else "")


def _last_minute(local: datetime) -> datetime:
    """What is due by midnight is due on the day before: 23:59 of it, as the pages that set the day say it."""
    return local - LAST if (local.hour, local.minute) == (0, 0) else local
