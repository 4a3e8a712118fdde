"""Template words of the portal: icons, times with their zone, agencies, people, hashes, one-time keys."""

from __future__ import annotations

import re
import unicodedata
import uuid
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.kit import icons, markdown, nodes

register = template.Library()
register.tag("translate", nodes.translate)
register.tag("url", nodes.address)
register.tag("kept", nodes.kept)
NARROW_SPACE = "\u202f"
LAST = timedelta(seconds=1)
# Line ends, and the joiners that shape Arabic and Indic words.
SEEN = frozenset("\n\r\t\u200c\u200d")
# Only these have to be looked at one by one, and only in lines that are not printable throughout.
UNPLAIN = re.compile(r"[^ -~]")


@register.simple_tag
def once() -> SafeString:
    """The one-time key of a form."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid.uuid4())


@register.simple_tag
def icon(name: str, label: str = "", flip: bool = False) -> SafeString:
    """A drawing: hidden from readers beside words, labelled when it stands alone."""
    return icons.svg(name, label=label, flip=flip)


_icon_each_time = register.tags["icon"]


@register.tag(name="icon")
def _icon(parser: template.base.Parser, token: template.base.Token) -> template.Node:
    return nodes.drawing(parser, token) or _icon_each_time(parser, token)


@register.filter
def exposed(text: object) -> str:
    """A text that people will be bound by: what hides or reorders its letters is shown as [U+202E], as the PDF does.

    SECURITY: a reader signs the order of the letters that is stored, not the one that a control character displays.
    """
    return "\n".join(line if line.isprintable() else UNPLAIN.sub(_told, line) for line in str(text).split("\n"))


def _told(letter: re.Match[str]) -> str:
    return f"[U+{ord(letter[0]):04X}]" if _deceives(letter[0]) else letter[0]


def _deceives(letter: str) -> bool:
    return letter not in SEEN and unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


def zone_of(context: template.Context) -> ZoneInfo:
    actor = context.get("actor") or getattr(context.get("request"), "actor", None)
    return actor.zone if actor is not None else ZoneInfo("UTC")


@register.simple_tag(takes_context=True)
def when(context: template.Context, moment: datetime | None, zone: str = "") -> SafeString | str:
    """A moment in the reader's zone (or the named one), with the zone."""
    return zoned_time(moment, ZoneInfo(zone) if zone else zone_of(context)) if moment else ""


@register.simple_tag(takes_context=True)
def until(context: template.Context, end: datetime | None, zone: str = "") -> SafeString | str:
    """The last minute before a period ends, as people say it: 23:59 of its last day, not midnight of the next."""
    return when(context, end - LAST, zone) if end else ""


@register.filter
def zoned(moment: datetime | None, actor: Any) -> SafeString | str:
    return zoned_time(moment, actor.zone) if moment else ""


def zoned_time(moment: datetime, zone: ZoneInfo) -> SafeString:
    local = moment.astimezone(zone)
    words = f"{local.day} {_month(get_language(), local.month)} {local.year}, {local:%H:%M} {zone_name(local)}"
    return mark_safe(f'<time datetime="{moment.astimezone(UTC).isoformat(timespec="seconds")}">{words}</time>')


@cache
def _month(language: str | None, number: int) -> str:
    """`Nov`, in the language that is active."""
    return str(escape(date_format(date(2000, number, 1), "M")))


def zone_name(local: datetime) -> str:
    """`JST`, or `UTC+3` where the zone has no letters."""
    name = local.strftime("%Z")
    if name.isalpha():
        return name
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // 60)
    sign = "+" if minutes >= 0 else "\u2212"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


@register.simple_tag
def day(value: date | None) -> SafeString | str:
    """A calendar day; it has no zone."""
    if value is None:
        return ""
    return mark_safe(f'<time datetime="{value.isoformat()}">{day_words(value)}</time>')


def day_words(value: date) -> str:
    """`24 Nov 2026`, as every page writes a day."""
    return f"{value.day} {_month(get_language(), value.month)} {value.year}"


def _is_own(context: template.Context, agency: Any) -> bool:
    request = context.get("request")
    actor = getattr(request, "actor", None) or context.get("actor")
    return actor is not None and agency is not None and actor.agency_id == agency.pk


@register.simple_tag(takes_context=True)
def agency(context: template.Context, agency: Any, name: str = "") -> SafeString | str:
    """An agency in running text: country code and acronym; the acting agency's own mark is the dark one."""
    if agency is None:
        return ""
    return _chip(_is_own(context, agency), agency.code, name or agency.acronym)


@lru_cache(maxsize=2_000)
def _chip(is_own: bool, code: str, name: str) -> SafeString:
    own = " mark-own" if is_own else ""
    return format_html(
        '<span class="agency"><span class="mark mark-small{}" aria-hidden="true">{}</span>{}</span>', own, code, name
    )


@register.simple_tag(takes_context=True)
def agency_mark(context: template.Context, agency: Any) -> SafeString:
    """The large mark that begins a row."""
    return _mark(_is_own(context, agency), agency.code, agency.acronym[:4])


@lru_cache(maxsize=2_000)
def _mark(is_own: bool, code: str, acronym: str) -> SafeString:
    own = " mark-own" if is_own else ""
    return format_html('<span class="mark{}" aria-hidden="true">{}<small>{}</small></span>', own, acronym, code)


@register.simple_tag
def person(person: Any) -> SafeString | str:
    """A person's name, the native form beside it."""
    if person is None:
        return ""
    if not person.native_name:
        return person.name
    return format_html('{} <bdi class="native" lang="{}">{}</bdi>', person.name, person.language, person.native_name)


@register.filter
def grouped(number: int | None) -> str:
    """12345 as 12 345 with narrow no-break spaces, which keep their order right to left."""
    return f"{number:,}".replace(",", NARROW_SPACE) if isinstance(number, int) else ""


@register.simple_tag(name="hash")
def hash_groups(value: str) -> SafeString:
    """A hash in groups of eight."""
    groups = ((value[start : start + 8],) for start in range(0, len(value), 8))
    return format_html('<span class="hash">{}</span>', format_html_join(" ", "<span>{}</span>", groups))


@register.filter(name="markdown")
def markdown_filter(text: str) -> SafeString:
    return markdown.render(text)


@register.simple_tag
def status(record: Any, css: str = "status") -> SafeString:
    """Where a record stands: an icon and a word, then a colour."""
    name, tone, label = record.status_look
    return format_html('<span class="{}" data-tone="{}">{}{}</span>', css, tone, icons.svg(name), label)


@register.simple_tag
def yes_no(value: bool) -> SafeString:
    return format_html("{}{}", icons.svg("ok" if value else "ring"), _("Yes") if value else _("No"))
