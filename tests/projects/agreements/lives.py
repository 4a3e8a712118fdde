"""Agreements in force of two and of three parties, a clock, and what is asked of them: what is refused, who is waited for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow
from projects.agreements import actions
from projects.agreements.actions.life.tending import tend_all
from projects.agreements.models import Agreement, Step
from projects.agreements.policies import AgreementPolicy
from tests import stage
from tests.cast import Cast
from tests.kept import kept, tell
from tests.projects.agreements import entering

# A Monday, far from any change of the clocks.
BEGAN = datetime(2026, 2, 2, 9, 0, tzinfo=ZoneInfo("UTC"))


class Clock:
    """The time of the test: everything that asks what time it is is told this."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moment = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: self.moment)
        tell()

    def set(self, *parts: int, zone: str = "UTC") -> None:
        self.moment = datetime(*parts, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type, misc]

    def day(self, day: date, hour: int = 12, zone: str = "UTC") -> None:
        self.set(day.year, day.month, day.day, hour, zone=zone)

    def pass_(self, **span: float) -> None:
        self.moment += timedelta(**span)


@kept
def two(cast: Cast, **answers: Any) -> Agreement:
    """Between JAXA and ESA, in force."""
    return fresh(stage.agreement_in_force(cast, answers=answers))


@kept
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


@kept
def signed(cast: Cast, drafted: Agreement) -> Agreement:
    """Shared, agreed and frozen, and signed by JAXA and ESA."""
    mika = cast.actor(cast.mika)
    agreement = actions.freeze(stage.agree(cast, actions.share(drafted, actor=mika)), actor=mika)
    stage.sign(cast, agreement, cast.kenji)
    stage.sign(cast, agreement, cast.ingrid)
    return fresh(agreement)


@kept
def brought_into_force(cast: Cast, drafted: Agreement) -> Agreement:
    """Shared, agreed, signed by JAXA and ESA, and in force."""
    return fresh(actions.enter_into_force(signed(cast, drafted), actor=cast.actor(cast.mika)))


@kept
def drafted_under(cast: Cast, parent: Agreement, **answers: Any) -> Agreement:
    """A draft of an IP agreement between JAXA and ESA that stands under another."""
    return actions.draft_agreement(
        parent.project, actor=cast.actor(cast.mika), title="Below", parent=parent, answers={"term_years": 3, **answers},
        parties=[cast.jaxa, cast.esa],
    )  # fmt: skip


@kept
def under(cast: Cast, parent: Agreement, **answers: Any) -> Agreement:
    """An IP agreement between JAXA and ESA in force under another."""
    return brought_into_force(cast, drafted_under(cast, parent, **answers))


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


def refused(action: Callable[..., Any], *args: Any, code: str, **kwargs: Any) -> Forbidden | NotNow:
    """The refusal that the action meets, with its reason; nothing is recorded."""
    before = Event.objects.count()
    with pytest.raises((Forbidden, NotNow)) as caught:
        action(*args, **kwargs)
    assert caught.value.code == code, caught.value.code
    assert str(caught.value.reason)
    assert Event.objects.count() == before
    return caught.value


def waiting(agreement: Agreement) -> set[str]:
    """The agencies of whom something in the life of the agreement is still asked."""
    found = Item.objects.filter(key__startswith=f"life:{agreement.ref}:", settled_at=None)
    return {item.agency.acronym for item in found}
