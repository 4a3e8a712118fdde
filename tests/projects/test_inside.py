"""The condition that is worked out once says the same as the rule it comes from."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.models import Membership
from portal.kit.actors import Actor
from projects import actions
from projects.models import Participation, Project, TeamMember
from projects.models.inside import inside
from tests.cast import Cast
from tests.projects.life import accepted, answered, drafted, proposed


@pytest.fixture
def world(cast: Cast) -> Cast:
    """Projects in which agencies and people stand in every way that the rule tells apart."""
    drafted(cast)
    drafted_with_partner = drafted(cast)
    actions.invite_partner(drafted_with_partner, cast.esa, actor=cast.actor(cast.mika))
    answered(cast, proposed(cast), cast.lucien, "decline")
    joined = accepted(cast)
    sora = Membership.objects.get(person=cast.sora)
    for project in (joined, drafted_with_partner):
        TeamMember.objects.create(participation=project.participations.get(agency=cast.jaxa), membership=sora)
    today = timezone.now().date()
    for days in (-1, 0, 1):
        left = accepted(cast)
        row = left.participations.filter(agency=cast.esa)
        row.update(status=Participation.Status.LEFT, left_on=today + timedelta(days=days))
    return cast


def test_it_says_the_same_as_the_rule(world: Cast) -> None:
    people = [world.mika, world.kenji, world.sora, world.lucien, world.emil, world.tara, world.nils, world.noor]
    actors = [*map(world.actor, people), world.actor(world.olga), Actor.anonymous(), Actor.system()]
    seen = {}
    for actor in actors:
        ruled = Exists(Participation.objects.seen_by(actor).filter(project=OuterRef("pk")))
        by_rule = set(Project.objects.filter(ruled).values_list("pk", flat=True))
        assert set(Project.objects.filter(inside(actor)).values_list("pk", flat=True)) == by_rule
        rows = Participation.objects.values_list("project", flat=True)
        assert set(rows.filter(inside(actor, "project"))) == by_rule
        nested = Exists(Project.objects.filter(inside(actor), pk=OuterRef("project")))
        assert set(rows.filter(nested)) == by_rule
        twice = Exists(Participation.objects.filter(inside(actor, "project"), project=OuterRef("pk")))
        assert set(Project.objects.filter(twice).values_list("pk", flat=True)) == by_rule
        said = dict(Project.objects.with_inside(actor).values_list("pk", "is_inside"))
        assert {pk for pk, is_inside in said.items() if is_inside} == by_rule
        assert len(said) == Project.objects.count()
        seen[actor.person.name if actor.person else ""] = len(by_rule)

    assert seen["Mika Hoshino"] == 7
    assert seen["Sora Minazuki"] == 2
    assert seen["Lucien Demoville"] == 2  # accepted, or leaving tomorrow; not declined, not a draft, not left today
    assert seen["Tara Chandrapur"] == seen["Olga Operator"] == seen[""] == 0


def test_its_values_are_parameters(world: Cast) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert Project.objects.filter(inside(world.actor(world.sora))).count() == 2

    sql = captured[-1]["sql"]
    assert "-100000" not in sql
    assert "'0001-02-03'" not in sql
