"""A project under an agreement that the tests write themselves, with assets that may cross."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from projects import actions as project_actions
from projects.agreements.profile import defaults
from projects.ip import actions
from projects.ip.models import Asset, Classification
from projects.ip.terms import Terms
from projects.models import Participation, Project
from tests.cast import Cast
from tests.kept import kept
from tests.projects import life

CLAUSES = {
    "definitions": (2, "Definitions"),
    "background": (5, "Background"),
    "results": (7, "Ownership of results"),
    "joint_results": (8, "Joint results"),
    "access_implementation": (10, "Access for implementation"),
    "access_exploitation": (11, "Access for exploitation"),
    "access_research": (12, "Research and teaching"),
    "requests": (15, "Requests for access"),
}


class Agreed:
    """Stands in for the agreements in force: what it holds is what every project is told."""

    def __init__(self) -> None:
        self.terms: list[Terms] = []

    def __call__(self, project: Project) -> list[Terms]:
        return list(self.terms)

    def say(self, **facts: Any) -> Terms:
        """An agreement between JAXA and ESA since last year; `answers` change its profile."""
        answers = {**defaults(), **facts.pop("answers", {})}
        facts = {
            "agreement": "A-2026-0003", "title": "IP", "url": "/agreements/A-2026-0003/",
            "starts_on": date(2026, 1, 1), "ends_on": date(2036, 1, 1), "parties": frozenset({"JAXA", "ESA"}),
            "answers": answers, "clauses": CLAUSES, "background": {}, "results": {},
        } | facts  # fmt: skip
        self.terms = [Terms(**facts)]
        return self.terms[0]


@kept
def running(cast: Cast, **terms: Any) -> Project:
    """JAXA's project with ESA at work since long ago."""
    project = life.accepted(cast, mode="study", **terms)
    project_actions.activate(project, actor=cast.actor(cast.mika))
    Project.objects.filter(pk=project.pk).update(active_on=date(2026, 1, 1))
    Participation.objects.filter(project=project).update(joined_on=date(2026, 1, 1))
    return Project.objects.get(pk=project.pk)


@kept
def background(cast: Cast, project: Project, *, cleared: bool = True, **words: Any) -> Asset:
    """JAXA's, listed and not controlled."""
    words = {"title": "Landing radar", "nature": "hardware"} | words
    asset = actions.list_background(project, actor=cast.actor(cast.mika), **words)
    return ready(asset, cleared=cleared)


@kept
def result(cast: Cast, project: Project, *, cleared: bool = True, **words: Any) -> Asset:
    """JAXA's alone, unless `shares` say otherwise."""
    words = {"title": "Ice map", "nature": "data", "shares": {"JAXA": Decimal(100)}} | words
    asset = actions.claim_result(project, actor=cast.actor(cast.mika), **words)
    return ready(asset, cleared=cleared)


def ready(asset: Asset, *, cleared: bool = True) -> Asset:
    """As a page reads it, entered in January; the export officers have determined that it may cross."""
    long_ago = timezone.now() - timedelta(days=300)
    facts: dict[str, Any] = {"created_at": long_ago}
    if cleared:
        facts["export_class"] = "not_controlled"
        Classification.objects.create(
            item=asset.ref, project=asset.project, agency=asset.party, agency_name=asset.party.legal_name,
            export_class="not_controlled", rationale="Published.", person=asset.project.created_by,
            person_name="Mika", at=long_ago,
        )  # fmt: skip
    Asset.objects.filter(pk=asset.pk).update(**facts)
    return again(asset)


def again(asset: Asset) -> Asset:
    """The asset as it stands now, with all that the rules read."""
    return Asset.objects.with_owners().with_project().get(pk=asset.pk)
