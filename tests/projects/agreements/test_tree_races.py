"""Instruments that depend on each other, changed at the same moment."""

from __future__ import annotations

import pytest

from portal.kit.refusals import NotNow
from projects.agreements import actions
from projects.agreements.consolidation import text_in_force
from projects.agreements.models import Agreement, Status
from projects.agreements.tree import ancestors
from tests import cast as casting
from tests import stage
from tests.projects.agreements.test_races import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]


@pytest.fixture
def cast():
    return casting.build()


def signed_amendment(cast, agreement, code):
    mika = cast.actor(cast.mika)
    draft = actions.word_clause(
        actions.draft_amendment(agreement, actor=mika), code, actor=mika, text=f"New words of {code}."
    )
    frozen = actions.freeze(stage.agree(cast, actions.share(draft, actor=mika)), actor=mika)
    stage.sign(cast, frozen, cast.kenji)
    stage.sign(cast, frozen, cast.ingrid)
    return Agreement.objects.get(pk=frozen.pk)


def test_of_two_amendments_of_one_text_only_one_enters_into_force(cast):
    agreement = stage.agreement_in_force(cast)
    pair = [signed_amendment(cast, agreement, code) for code in ("confidentiality", "disputes")]

    outcomes = together(*[
        lambda amendment=amendment: actions.enter_into_force(amendment, actor=cast.actor(cast.mika))
        for amendment in pair
    ])  # fmt: skip

    assert sum(isinstance(outcome, NotNow) for outcome in outcomes) == 1
    assert Agreement.objects.filter(parent=agreement, status=Status.IN_FORCE).count() == 1
    assert sum("New words of" in clause.text for clause in text_in_force(agreement).clauses) == 1


def test_two_that_are_placed_under_each_other_make_no_circle(cast):
    project = stage.accepted_project(cast)
    mika = cast.actor(cast.mika)
    one, two = (
        actions.draft_agreement(project, actor=mika, kind="memorandum", title=title) for title in ("One", "Two")
    )

    together(
        lambda: actions.place_under(one, actor=cast.actor(cast.mika), parent=two),
        lambda: actions.place_under(two, actor=cast.actor(cast.mika), parent=one),
    )

    placed = Agreement.objects.exclude(parent=None)
    assert placed.count() == 1
    assert len(list(ancestors(placed.get()))) == 1
