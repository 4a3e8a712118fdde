"""What a rule of entry into force is asked about: who has done what, at which instant, and which day it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

SIGNATURE = "signature"


@dataclass(frozen=True)
class Deed:
    """A signature or another act: when the portal received it, and the id of its evidence."""

    at: datetime
    evidence: str = ""


@dataclass(frozen=True)
class PartyFacts:
    """A party, its share in percent, and what it has done; `acts` by kind."""

    ref: str
    share: Decimal | None = None
    signed: Deed | None = None
    acts: Mapping[str, Deed] = field(default_factory=dict)

    def deed(self, kind: str) -> Deed | None:
        return self.signed if kind == SIGNATURE else self.acts.get(kind)


@dataclass(frozen=True)
class Facts:
    """The parties in their order, the zone of the depositary, and the day it is there."""

    parties: tuple[PartyFacts, ...]
    zone: ZoneInfo
    today: date

    def day_of(self, at: datetime) -> date:
        """The day of an instant in the zone of the depositary."""
        return at.astimezone(self.zone).date()
