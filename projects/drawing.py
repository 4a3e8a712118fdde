"""Drawings made on the server: who is at work now, as one strip of hours for each agency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

WORK = (time(9), time(17))
START, WIDTH, ROW, BAR = 112, 192, 24, 13
HOURS = 24
ANCHORS = {0: "start", HOURS: "end"}


@dataclass(frozen=True)
class Clock:
    """A place where people work: its name, its zone and its working days (1 is Monday)."""

    name: str
    zone: ZoneInfo
    working_days: Sequence[int] = (1, 2, 3, 4, 5)

    def working_hours(self, day_start: datetime) -> list[tuple[float, float]]:
        """The working hours that fall into the 24 hours from `day_start`, as hours from it."""
        spans = []
        first = day_start.astimezone(self.zone).date()
        for day in (first + timedelta(days=shift) for shift in (-1, 0, 1)):
            if day.isoweekday() not in self.working_days:
                continue
            begin, end = (datetime.combine(day, hour, self.zone) for hour in WORK)
            span = _hours(begin - day_start), _hours(end - day_start)
            if span[1] > 0 and span[0] < HOURS:
                spans.append((max(span[0], 0.0), min(span[1], float(HOURS))))
        return spans


def hours_strip(clocks: Iterable[Clock], *, now: datetime, zone: ZoneInfo) -> SafeString:
    """An SVG of today's hours in the reader's zone with a bar for each clock's working hours and a line at now."""
    rows = list(clocks)
    local = now.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    passed = _hours(now.astimezone(ZoneInfo("UTC")) - midnight.astimezone(ZoneInfo("UTC")))
    height = ROW * len(rows)
    strips = format_html_join("", "{}", ((_row(clock, index, midnight, now),) for index, clock in enumerate(rows)))
    marks = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="{}">{}</text>',
        ((_x(hour), height + 15, ANCHORS.get(hour, "middle"), f"{hour:02d}") for hour in range(0, HOURS + 1, 6)),
    )
    return format_html(
        '<svg viewBox="0 0 304 {}" role="img" aria-labelledby="hours-title hours-desc">'
        '<title id="hours-title">{}</title><desc id="hours-desc">{}</desc>{}'
        '<line class="today" x1="{}" x2="{}" y1="0" y2="{}"/>{}</svg>',
        height + 18,
        _("Working hours today, in the time of %(zone)s") % {"zone": zone_city(zone)},
        _described(rows, midnight, local),
        strips,
        _x(passed),
        _x(passed),
        height + 2,
        marks,
    )


def zone_city(zone: ZoneInfo) -> str:
    """Asia/Tokyo as Tokyo."""
    return zone.key.rsplit("/", 1)[-1].replace("_", " ")


def _row(clock: Clock, index: int, midnight: datetime, now: datetime) -> SafeString:
    top = index * ROW + 3
    bars = format_html_join(
        "",
        '<rect class="bar" x="{}" y="{}" width="{}" height="{}" rx="2"/>',
        (
            (_x(begin), top, round((end - begin) * WIDTH / HOURS, 1), BAR)
            for begin, end in clock.working_hours(midnight)
        ),
    )
    return format_html(
        '<text class="name" x="0" y="{}">{}</text><text x="104" y="{}" text-anchor="end">{}</text>'
        '<rect class="day" x="{}" y="{}" width="{}" height="{}" rx="2"/>{}',
        top + 10,
        clock.name[:10],
        top + 10,
        f"{now.astimezone(clock.zone):%H:%M}",
        START,
        top,
        WIDTH,
        BAR,
        bars,
    )


def _described(clocks: list[Clock], midnight: datetime, local: datetime) -> str:
    sentences = [_clock_sentence(clock, midnight) for clock in clocks]
    sentences.append(_("It is %(time)s.") % {"time": f"{local:%H:%M}"})
    return " ".join(sentences)


def _clock_sentence(clock: Clock, midnight: datetime) -> str:
    spans = clock.working_hours(midnight)
    if not spans:
        return _("%(name)s does not work today.") % {"name": clock.name}
    hours = ", ".join(f"{_clock_time(begin)}\N{EN DASH}{_clock_time(end)}" for begin, end in spans)
    return _("%(name)s works %(hours)s.") % {"name": clock.name, "hours": hours}


def _clock_time(hours: float) -> str:
    minutes = round(hours * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _hours(span: timedelta) -> float:
    return span.total_seconds() / 3600


def _x(hours: float) -> float:
    return round(START + hours * WIDTH / HOURS, 1)
