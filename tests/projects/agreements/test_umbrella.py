"""What stands under a suspended umbrella: said on its page, in lists and in the API, and nothing in it is stopped."""

from __future__ import annotations

import pytest

from projects.agreements import actions
from projects.agreements.models import Agreement, Status, Step
from projects.agreements.umbrella import Umbrella, keep_umbrellas, resting_on, umbrella_of
from projects.ip import actions as ip_actions
from tests.cast import Cast
from tests.projects.agreements import lives

SAID = "Its umbrella is suspended since"


def suspend(cast, agreement):
    step = actions.propose_suspension(agreement, actor=cast.actor(cast.mika), reason="The launch is late.")
    actions.consent_to_step(agreement, step.number, actor=cast.actor(cast.lucien))
    return Step.objects.get(pk=step.pk)


def page(cast, person, path):
    answer = cast.client(person).get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def resting(cast: Cast, person, agreement):
    return umbrella_of(lives.fresh(agreement), cast.actor(person))


def test_a_child_rests_on_its_suspended_umbrella_and_keeps_its_own_status(clock, cast):
    parent = lives.two(cast)
    child = lives.under(cast, parent)
    assert resting(cast, cast.lucien, child) is None

    step = suspend(cast, parent)

    assert resting(cast, cast.lucien, child) == Umbrella(parent.ref, parent.title, step.decided_at)
    assert lives.fresh(child).status == Status.IN_FORCE
    assert resting(cast, cast.lucien, parent) is None


def test_when_the_umbrella_goes_on_nothing_is_said_any_more(clock, cast):
    parent = lives.two(cast)
    child = lives.under(cast, parent)
    suspend(cast, parent)

    again = actions.propose_resumption(parent, actor=cast.actor(cast.mika), reason="The launch is near.")
    actions.consent_to_step(parent, again.number, actor=cast.actor(cast.lucien))

    assert resting(cast, cast.lucien, child) is None


def test_a_child_that_stands_alone_rests_on_nothing_and_neither_does_what_is_under_it(clock, cast):
    parent = lives.two(cast)
    alone = lives.under(cast, parent, ends_with_parent=False)
    below = lives.under(cast, alone)

    suspend(cast, parent)

    assert resting(cast, cast.lucien, alone) is None
    assert resting(cast, cast.lucien, below) is None


def test_what_stands_two_levels_below_rests_too(clock, cast):
    parent = lives.two(cast)
    below = lives.under(cast, lives.under(cast, parent))

    suspend(cast, parent)

    assert resting(cast, cast.lucien, below).ref == parent.ref
    assert [row.ref for row in resting_on(lives.fresh(parent), cast.actor(cast.lucien))][-1] == below.ref


def test_a_draft_says_it_by_its_answers_and_an_amendment_of_the_umbrella_says_nothing(clock, cast):
    parent = lives.two(cast)
    draft = lives.drafted_under(cast, parent)
    alone = lives.drafted_under(cast, parent, ends_with_parent=False)
    amendment = actions.draft_amendment(parent, actor=cast.actor(cast.mika))

    suspend(cast, parent)

    assert resting(cast, cast.mika, draft).ref == parent.ref
    assert resting(cast, cast.mika, alone) is None
    assert resting(cast, cast.mika, amendment) is None


def test_who_may_not_see_the_umbrella_does_not_learn_that_it_is_suspended(clock, cast):
    parent = lives.two(cast)
    child = lives.under(cast, parent)
    suspend(cast, parent)

    assert resting(cast, cast.tara, child) is None
    assert resting_on(lives.fresh(parent), cast.actor(cast.tara)) == []


def test_its_page_its_lists_and_the_api_say_it(clock, cast):
    parent = lives.two(cast)
    child = lives.under(cast, parent)
    step = suspend(cast, parent)

    shown = page(cast, cast.lucien, f"/agreements/{child.ref}/")
    assert SAID in shown
    assert f"/agreements/{parent.ref}/life/" in shown
    assert "blocks no request and no right under it" in shown
    for path in ("/agreements/", f"/projects/{parent.project.ref}/agreements/", f"/agreements/{parent.ref}/related/"):
        assert page(cast, cast.lucien, path).count(SAID) == 1, path
    said = {"ref": parent.ref, "since": step.decided_at.isoformat().replace("+00:00", "Z")}
    api = cast.client(cast.lucien)
    assert api.get(f"/api/v1/agreements/{child.ref}/").json()["suspended_umbrella"] == said
    assert api.get(f"/api/v1/agreements/{parent.ref}/").json()["suspended_umbrella"] is None
    rows = api.get("/api/v1/agreements/").json()["results"]
    assert {row["ref"]: row["suspended_umbrella"] for row in rows} == {child.ref: said, parent.ref: None}


def test_whoever_suspends_reads_what_is_touched_before_and_after(clock, cast):
    parent = lives.two(cast)
    child = lives.under(cast, parent)
    alone = lives.under(cast, parent, ends_with_parent=False)
    touched = "its pages say that its umbrella is suspended"

    proposing = page(cast, cast.mika, f"/agreements/{parent.ref}/life/")
    step = actions.propose_suspension(parent, actor=cast.actor(cast.mika), reason="The launch is late.")
    consenting = page(cast, cast.lucien, f"/agreements/{parent.ref}/life/")
    actions.consent_to_step(parent, step.number, actor=cast.actor(cast.lucien))
    suspended = page(cast, cast.lucien, f"/agreements/{parent.ref}/life/")

    for shown in (proposing, consenting, suspended):
        assert shown.count(touched) == 1
        assert f"/agreements/{child.ref}/life/" in shown
        assert f"/agreements/{alone.ref}/life/" not in shown
    assert touched not in page(cast, cast.lucien, f"/agreements/{child.ref}/life/")


def test_new_rights_under_a_child_are_not_blocked(clock, cast):
    parent = lives.two(cast)
    lives.under(cast, parent)
    suspend(cast, parent)
    asset = ip_actions.list_background(parent.project, actor=cast.actor(cast.lucien), title="Drill", nature="software")

    asked = cast.client(cast.mika).get(
        "/api/v1/may-use/", {"asset": asset.ref, "agency": "ESA", "purpose": "implementation"}
    )

    assert asked.status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_asks_one_query_more_however_many_stand_under_one(clock, cast, count, django_assert_num_queries):
    parent = lives.two(cast)
    rows = [parent, *(lives.under(cast, parent) for _row in range(count))]
    lucien = cast.actor(cast.lucien)
    rows = list(Agreement.objects.visible_to(lucien).filter(pk__in=[row.pk for row in rows]).order_by("pk"))

    with django_assert_num_queries(1):
        keep_umbrellas(rows, lucien)
    with django_assert_num_queries(0):
        keep_umbrellas(rows[:1], lucien)

    assert [row.umbrella for row in rows] == [None] * (count + 1)


def test_a_text_under_a_suspended_umbrella_is_signed_and_waits_for_the_umbrella_as_its_page_says(clock, cast):
    parent = lives.two(cast)
    drafted = lives.drafted_under(cast, parent)
    suspend(cast, parent)

    child = lives.signed(cast, drafted)

    assert child.status == Status.SIGNED
    shown = page(cast, cast.lucien, f"/agreements/{child.ref}/")
    assert "it can enter into force when the umbrella goes on" in shown
    mika = cast.actor(cast.mika)
    lives.refused(actions.enter_into_force, child, actor=mika, code="umbrella-not-in-force")
