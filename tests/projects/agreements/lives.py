"""Agreements in force of two and of three parties, and a clock that the tests of their life may set."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from portal.history.models import Event
from projects.agreements import actions
from projects.agreements.actions.life.tending import tend_all
from projects.agreements.models import Agreement, Step
from projects.agreements.policies import AgreementPolicy
from tests import stage
from tests.cast import Cast
from tests.projects.agreements import entering

# A Monday, far from any change of the clocks.
BEGAN = datetime(2026, 2, 2, 9, 0, tzinfo=ZoneInfo("UTC"))


class Clock:
    """The time of the test: everything that asks what time it is is told this."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moment = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: self.moment)

    def set(self, *parts: int, zone: str = "UTC") -> None:
        self.moment = datetime(*parts, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type, misc]

    def day(self, day: date, hour: int = 12, zone: str = "UTC") -> None:
        self.set(day.year, day.month, day.day, hour, zone=zone)

    def pass_(self, **span: float) -> None:
        self.moment += timedelta(**span)


def two(cast: Cast, **answers: Any) -> Agreement:
    """Between JAXA and ESA, in force."""
    return fresh(stage.agreement_in_force(cast, answers=answers))


def three(cast: Cast, **answers: Any) -> Agreement:
    """Between JAXA, ESA and ISRO, in force."""
    mika = cast.actor(cast.mika)
    agreement = entering.drafted(cast)
    if answers:
        actions.answer_profile(agreement, actor=mika, answers=answers)
    agreement = actions.share(fresh(agreement), actor=mika)
    for person in (cast.mika, cast.lucien, cast.tara):
        actor = cast.actor(person)
        shown = AgreementPolicy(actor, fresh(agreement)).current_hash
        actions.agree_to_text(agreement, actor=actor, sha256=shown)
    agreement = actions.freeze(agreement, actor=mika)
    for person in (cast.kenji, cast.ingrid, cast.tara):
        stage.sign(cast, agreement, person)
    return fresh(actions.enter_into_force(fresh(agreement), actor=mika))


def leave(cast: Cast, agreement: Agreement, person: Any, **facts: Any) -> Step:
    """The person's agency gives notice."""
    facts = {"reason": "Our programme was cut."} | facts
    return actions.withdraw(agreement, actor=cast.actor(person), **facts)


def fresh(agreement: Agreement) -> Agreement:
    """As it stands now, with all that rules read."""
    return Agreement.objects.for_pages().get(pk=agreement.pk)


def step(agreement: Agreement, number: int = 1) -> Step:
    return Step.objects.get(agreement=agreement, number=number)


def last_verbs(agreement: Agreement, count: int) -> list[str]:
    found = Event.objects.filter(target_ref=agreement.ref).order_by("-pk").values_list("verb", flat=True)[:count]
    return [verb.partition(".")[2] for verb in reversed(found)]


def tend() -> int:
    """What the hourly job does."""
    return tend_all()
