"""Time zones: which there are, how they are listed, and when a day ends in one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

AREAS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


@cache
def names() -> frozenset[str]:
    """The zones that people live in, without the legacy aliases of offsets."""
    return frozenset(name for name in available_timezones() if name.startswith(AREAS)) | {"UTC"}


def validate(name: str) -> None:
    if name not in names():
        raise ValidationError(_("Choose a time zone of the list, such as Asia/Tokyo."), code="zone")


@cache
def zone(name: str) -> ZoneInfo:
    """A zone, kept: ZoneInfo itself forgets all but the last few and reads its file again."""
    return ZoneInfo(name)


def choices() -> list[tuple[str, str]]:
    """Every zone with its present offset, by name."""
    return _choices_in(timezone.now().replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=1)
def _choices_in(hour: datetime) -> list[tuple[str, str]]:
    return [(name, f"{name.replace('_', ' ')} ({offset(name, hour)})") for name in sorted(names())]


def offset(name: str, at: datetime) -> str:
    """`UTC+5:30`, the offset of a zone at an instant."""
    minutes = int((at.astimezone(zone(name)).utcoffset() or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes >= 0 else "\N{MINUS SIGN}"
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


def start_of(day: date, name: str) -> datetime:
    """The first instant of a calendar day in a zone."""
    return datetime.combine(day, time.min, tzinfo=zone(name)).astimezone(UTC)


def end_of(day: date, name: str) -> datetime:
    """The first instant that no longer belongs to a calendar day in a zone."""
    return start_of(day + timedelta(days=1), name)


def today(name: str) -> date:
    return timezone.now().astimezone(zone(name)).date()
