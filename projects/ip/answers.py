"""The answer to "may this agency use this asset for this purpose then?", and the stretch of time that it is about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.zones import end_of, start_of, zone
from portal.kit.templatetags.kit import zone_name
from projects.ip.models import Purpose

# What a no can be turned into a yes by.
REQUEST, CLASSIFY, CONCLUDE, NOTHING = "request", "classify", "conclude", ""
YES, ASK, NO, BETWEEN = "yes", "ask", "no", "between"
LOOK: dict[str, tuple[str, str, str | Promise]] = {
    YES: ("ok", "good", gettext_lazy("Yes")),
    ASK: ("handshake", "warn", gettext_lazy("Ask")),
    NO: ("no", "bad", gettext_lazy("No")),
    BETWEEN: ("lock", "", gettext_lazy("Between them")),
}


@dataclass(frozen=True)
class Span:
    """What "on" means: an instant, or the whole of a calendar day at the seat of the agency that made the entry.

    Of today, what is left of it: nobody uses anything this morning any more.
    """

    first: datetime
    over: datetime | None
    words: str

    @classmethod
    def of(cls, on: date | datetime, zone_key: str) -> Self:
        """ValueError for an instant without a zone."""
        if isinstance(on, datetime):
            if on.tzinfo is None:
                raise ValueError("an instant has a zone")
            local = on.astimezone(zone(zone_key))
            return cls(on, None, f"{date_format(local, 'j F Y')}, {local:%H:%M} {zone_name(local)}")
        first, over, now = start_of(on, zone_key), end_of(on, zone_key), timezone.now()
        return cls(now if first < now < over else first, over, date_format(on, "j F Y"))

    def is_within(self, starts: datetime | None, ends: datetime | None) -> bool:
        """Whether all of it lies in a period that begins at `starts` and is over at the very instant `ends`."""
        if starts is not None and self.first < starts:
            return False
        if ends is None:
            return True
        return self.first < ends if self.over is None else self.over <= ends

    def touches(self, starts: datetime | None, ends: datetime | None) -> bool:
        """Whether any of it does."""
        begun = starts is None or starts <= self.first or (self.over is not None and starts < self.over)
        return begun and (ends is None or self.first < ends)


@dataclass(frozen=True)
class Answer:
    """Yes or no, with everything that it rests on.

    `code` is the rule that decided. `starts` and `ends` bound the use that the rule gives; at the instant `ends` it is
    over. `ask_code` says what could turn a no into a yes: a request, a classification, an agreement, or nothing.
    """

    asset: str
    agency: str
    purpose: str
    on: str
    allowed: bool
    code: str
    reason: str
    source: str = ""
    source_url: str = ""
    terms: str = ""
    starts: datetime | None = None
    ends: datetime | None = None
    ask: str = ""
    ask_code: str = NOTHING

    @property
    def state(self) -> str:
        """What a cell of the matrix says in one word."""
        if self.code == "between-them":
            return BETWEEN
        return YES if self.allowed else ASK if self.ask_code == REQUEST else NO

    @property
    def look(self) -> tuple[str, str, str | Promise]:
        return LOOK[self.state]

    @property
    def sentence(self) -> str:
        """The whole answer, as it is said aloud."""
        words = {
            "agency": self.agency,
            "asset": self.asset,
            "purpose": phrase(self.purpose),
            "day": self.on,
            "reason": self.reason,
        }
        if self.code == "between-them":
            return self.reason
        if self.allowed:
            said = _("Yes. %(agency)s may use %(asset)s %(purpose)s on %(day)s: %(reason)s") % words
        else:
            said = _("No. %(agency)s may not use %(asset)s %(purpose)s on %(day)s: %(reason)s") % words
        if self.source:
            said = f"{said.rstrip('.')} ({self.source})."
        return said

    def but(self, **changes: object) -> Answer:
        return replace(self, **changes)  # type: ignore[arg-type]


def phrase(purpose: str) -> str:
    """`for exploitation`, in the language that is active now."""
    return {
        Purpose.IMPLEMENTATION: _("for implementation"),
        Purpose.EXPLOITATION: _("for exploitation"),
        Purpose.INTERNAL_RESEARCH: _("for internal research"),
        Purpose.EVALUATION: _("for evaluation"),
        Purpose.AFFILIATES: _("through its affiliates"),
    }[Purpose(purpose)]
