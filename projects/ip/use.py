"""A use that is asked about, and what is known of it: the rights, the limits, the times, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.zones import zone
from portal.kit.templatetags.kit import day_words, zone_name
from projects.ip import access_rules as rules
from projects.ip.access_rules import Grounds, earliest, latest
from projects.ip.answers import NOTHING, REQUEST, Answer, Span
from projects.ip.models import AccessRight, BackgroundChange, Purpose
from projects.ip.terms import Terms

# The clause that a right for this purpose is granted under.
CLAUSES = {
    Purpose.IMPLEMENTATION: "access_implementation",
    Purpose.EXPLOITATION: "access_exploitation",
    Purpose.INTERNAL_RESEARCH: "access_research",
    Purpose.EVALUATION: "requests",
    Purpose.AFFILIATES: "affiliates",
}


@dataclass(frozen=True)
class Use:
    """One agency, one asset, one purpose, one span."""

    grounds: Grounds
    purpose: Purpose
    span: Span

    def _narrowing(self) -> BackgroundChange | None:
        """A notice that has run by then counts from its last instant, written down or not."""
        change = self.grounds.narrowing
        return change if change is not None and not self.span.is_within(None, change.ends_at) else None

    def _limit(self, terms: Terms) -> str:
        """The limit that a notice typed; what it left empty stays as it was."""
        narrowing, is_for_project = self._narrowing(), self.purpose == Purpose.IMPLEMENTATION
        column = "limits_implementation" if is_for_project else "limits_exploitation"
        typed: str = getattr(narrowing, column) if narrowing is not None else ""
        return typed.strip() or rules.limits(self.grounds.entry, self.purpose, terms)

    def _rights(self) -> list[AccessRight]:
        return [right for right in self.grounds.rights if right.purpose == self.purpose]

    def _end_of(self, right: AccessRight) -> datetime | None:
        """The end of the right itself; for implementation also that of the project or of the holder's part (R13)."""
        if right.purpose != Purpose.IMPLEMENTATION:
            return right.over_at
        return earliest(right.over_at, self.grounds.project_over_at, self.grounds.left_while_holding(right))

    def _term_as_party(self, terms: Terms) -> tuple[datetime | None, datetime | None]:
        """While the agreement is in force and the agency is a party. Owners who have left go on granting."""
        starts, ends = self.grounds.term(terms)
        return latest(starts, self.grounds.joined_at), earliest(ends, self.grounds.left_at)

    def _ask(self, terms: Terms) -> dict[str, str]:
        refusal = rules.may_request(self.grounds, self.purpose, at=timezone.now())
        if refusal is None:
            return {"ask_code": REQUEST, "ask": _("request access; silence never grants.")}
        return {"ask_code": NOTHING, "ask": str(refusal.unblock) or str(refusal.reason)}

    def _source(self, terms: Terms) -> str:
        code = CLAUSES[self.purpose]
        return terms.source(code if code in terms.clauses else "requests")

    def _moment(self, moment: datetime | None) -> str:
        """A moment at the seat of the agency that made the entry."""
        assert moment is not None
        local = moment.astimezone(zone(self.grounds.asset.party.zone))
        return f"{day_words(local.date())}, {local:%H:%M} {zone_name(local)}"

    @property
    def _agency(self) -> str:
        return self.grounds.agency.acronym

    def _yes(self, code: str, reason: str, **facts: Any) -> Answer:
        return self._said(True, code, reason, facts)

    def _no(self, code: str, reason: str, **facts: Any) -> Answer:
        return self._said(False, code, reason, facts)

    def _said(self, allowed: bool, code: str, reason: str, facts: dict[str, Any]) -> Answer:
        on = self.span.words
        return Answer(self.grounds.asset.ref, self._agency, self.purpose, on, allowed, code, reason, **facts)
