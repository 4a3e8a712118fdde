"""The conditions that are worked out once say the same as the rules they come from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.models import Membership
from portal.kit.actors import Actor
from portal.kit.rules import Counted, Found
from projects import actions
from projects.agreements.models import Agreement
from projects.messaging.models import Thread
from projects.models import Participation, Project, TeamMember
from projects.models.inside import inside
from projects.pages import with_counts
from tests import stage
from tests.cast import Cast
from tests.projects.life import accepted, answered, drafted, proposed
from tests.projects.messaging import talk


@pytest.fixture
def world(cast: Cast) -> Cast:
    """Projects in which agencies and people stand in every way that the rules tell apart."""
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


def actors(cast: Cast) -> list[Actor]:
    people = [cast.mika, cast.kenji, cast.sora, cast.lucien, cast.emil, cast.tara, cast.nils, cast.noor, cast.olga]
    return [*map(cast.actor, people), Actor.anonymous(), Actor.system()]


def test_who_is_inside_is_who_the_rule_lets_in(world: Cast) -> None:
    seen = {}
    for actor in actors(world):
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


def test_tabs_count_what_their_pages_list(world: Cast) -> None:
    project = Project.objects.filter(participations__team__isnull=False, status="accepted").get()
    stage.drafted_agreement(world, project)
    thread = talk.on_project(world, project)
    talk.say(world, thread, world.mika, "Shared")

    for actor in actors(world):
        for row in with_counts(Project.objects.filter(inside(actor)), actor):
            here = {"project": row}
            assert row.agreements_count == Agreement.objects.visible_to(actor).filter(**here).count()
            unread = Thread.objects.visible_to(actor).with_unread(actor).filter(is_unread=True, **here)
            assert row.unread_threads == unread.count()
    everything = Project.objects.filter(pk=project.pk)
    mika, lucien = (with_counts(everything, world.actor(one)).get() for one in (world.mika, world.lucien))
    assert (mika.agreements_count, lucien.agreements_count) == (1, 0)
    assert (mika.unread_threads, lucien.unread_threads) == (0, 1)


def test_values_are_parameters(world: Cast) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert Project.objects.filter(inside(world.actor(world.sora))).count() == 2

    sql = captured[-1]["sql"]
    assert "-100000" not in sql
    assert "'0001-02-03'" not in sql


def hidden(column: int, agency: int) -> QuerySet:
    return Participation.objects.filter(project=column, agency=agency, terms_number=7)


def forgetful(column: int, agency: int) -> QuerySet:
    return Participation.objects.filter(project=column)


def unbound(column: int, agency: int) -> QuerySet:
    return Participation.objects.filter(agency=agency)


@pytest.mark.parametrize("rule", [hidden, forgetful, unbound])
@pytest.mark.parametrize("kind", [Found, Counted])
def test_a_rule_with_a_value_of_its_own_is_refused(db: None, kind: Any, rule: Any) -> None:
    """Somebody's number in the SQL of everybody, or a value that the rule does not ask for."""
    with pytest.raises(RuntimeError, match="nobody foresaw"):
        list(Project.objects.annotate(found=kind("pk", rule, agency=1)))
