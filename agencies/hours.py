"""Working hours of two agencies, and how many of them fall together today."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.zones import zone
from portal.kit.templatetags.kit import zone_name

OPENS, CLOSES = time(9), time(17, 30)


def clock(agency: Agency, at: datetime) -> str:
    """`16:40 JST`, the time at an agency."""
    there = agency.local(at)
    return f"{there:%H:%M} {zone_name(there)}"


def in_common(one: Agency, other: Agency, at: datetime) -> timedelta:
    """How long both are at work within the first one's present day, if each works from 9:00 to 17:30 on its working days."""
    day = at.astimezone(zone(one.zone)).date()
    if day.isoweekday() not in one.working_days:
        return timedelta()
    begins, ends = (datetime.combine(day, hour, tzinfo=zone(one.zone)) for hour in (OPENS, CLOSES))
    shared = timedelta()
    for shift in (-1, 0, 1):
        there = day + timedelta(days=shift)
        if there.isoweekday() in other.working_days:
            first = datetime.combine(there, OPENS, tzinfo=zone(other.zone))
            last = datetime.combine(there, CLOSES, tzinfo=zone(other.zone))
            shared += max(min(ends, last) - max(begins, first), timedelta())
    return shared


def in_words(shared: timedelta) -> str:
    """`7 h 30 in common`, or `none in common today`."""
    minutes = int(shared.total_seconds() // 60)
    if minutes <= 0:
        return _("none in common today")
    hours, rest = divmod(minutes, 60)
    amount = f"{rest} min" if not hours else f"{hours} h {rest:02d}" if rest else f"{hours} h"
    return _("%(amount)s in common") % {"amount": amount}
