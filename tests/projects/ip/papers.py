"""Publications in later states, reached by calling actions, and a clock that tests may set."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from projects.ip import actions
from projects.ip.models import PublicationNotice, PublicationObjection
from projects.models import Project
from tests.cast import Cast
from tests.kept import kept, tell

TEXT = "We measured ice at 84 degrees south.\nFigure 2 shows the mast."
REASONS = {
    "ground": "protection",
    "passage": "Figure 2",
    "harm": "It shows the seal that we file for.",
    "change": "Leave the mast out of figure 2.",
}


class Clock:
    """The time of the test: everything that asks what time it is is told this."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moment = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: self.moment)
        tell()

    def set(self, *parts: int, zone: str = "UTC") -> None:
        self.moment = datetime(*parts, tzinfo=ZoneInfo(zone))  # type: ignore[arg-type, misc]

    def pass_(self, **span: float) -> None:
        self.moment += timedelta(**span)


@kept
def planned(cast: Cast, project: Project, **facts: Any) -> PublicationNotice:
    """JAXA's plan, which only JAXA sees."""
    facts = {"kind": "paper", "title": "Ice at the pole", "authors": "M. Hoshino, L. Demoville", "text": TEXT} | facts
    return actions.plan_publication(project, actor=cast.actor(cast.mika), **facts)


@kept
def noticed(cast: Cast, project: Project, **facts: Any) -> PublicationNotice:
    """Sent to ESA, which has not answered."""
    return actions.notify_parties(planned(cast, project, **facts), actor=cast.actor(cast.mika))


@kept
def objected(cast: Cast, notice: PublicationNotice, **facts: Any) -> PublicationObjection:
    """ESA objects, by default for ten days."""
    if facts.get("ground") != "confidential" and "until" not in facts:
        facts["until"] = (timezone.now() + timedelta(days=10)).astimezone(ZoneInfo("Europe/Paris")).date()
    return actions.object_to_publication(notice, actor=cast.actor(cast.lucien), **(REASONS | facts))


@kept
def cleared(cast: Cast, project: Project, **facts: Any) -> PublicationNotice:
    """ESA has said that it has no objection."""
    return actions.clear_publication(noticed(cast, project, **facts), actor=cast.actor(cast.lucien))


@kept
def published(cast: Cast, project: Project, **facts: Any) -> PublicationNotice:
    """Published today, at the seat of JAXA."""
    notice = cleared(cast, project, **facts)
    return actions.publish(
        notice, actor=cast.actor(cast.mika), published_on=timezone.now().astimezone(ZoneInfo("Asia/Tokyo")).date()
    )


def again(notice: PublicationNotice) -> PublicationNotice:
    """As a page reads it now."""
    return PublicationNotice.objects.with_reviews().with_project().get(pk=notice.pk)
