"""Who may do what to a project, as tables."""

from __future__ import annotations

from typing import Any

import pytest

from agencies.models import Agency
from portal.kit.actors import Actor
from projects import actions
from projects.models import Project
from projects.policies import DraftingPolicy, ProjectPolicy
from tests.cast import Cast
from tests.projects.life import Covering, accepted, answered, drafted, proposed

LEAD_MANAGER, LEAD_SIGNATORY, LEAD_CONTRIBUTOR = "mika", "kenji", "sora"
PARTNER_MANAGER, PARTNER_SIGNATORY, FORMER, STRANGER, OPERATOR, NOBODY = (
    "lucien",
    "ingrid",
    "emil",
    "tara",
    "olga",
    "noor",
)
EVERYBODY = {
    LEAD_MANAGER,
    LEAD_SIGNATORY,
    LEAD_CONTRIBUTOR,
    PARTNER_MANAGER,
    PARTNER_SIGNATORY,
    FORMER,
    STRANGER,
    OPERATOR,
    NOBODY,
}
LEAD = {LEAD_MANAGER, LEAD_SIGNATORY}
PARTNER = {PARTNER_MANAGER, PARTNER_SIGNATORY}


def suspended(cast: Cast) -> Project:
    return actions.suspend(active(cast), actor=cast.actor(cast.mika), cause="Funds")


def active(cast: Cast) -> Project:
    return actions.activate(accepted(cast, mode="study"), actor=cast.actor(cast.mika))


def completed(cast: Cast) -> Project:
    return actions.complete(active(cast), actor=cast.actor(cast.mika))


def declined(cast: Cast) -> Project:
    project = proposed(cast)
    answered(cast, project, cast.lucien, "decline")
    return project


STATES = {
    "draft": drafted,
    "proposed": proposed,
    "accepted": accepted,
    "active": active,
    "suspended": suspended,
    "completed": completed,
    "declined": declined,
}

SEES_INSIDE = {
    "draft": LEAD,
    "proposed": LEAD | PARTNER,
    "accepted": LEAD | PARTNER,
    "active": LEAD | PARTNER,
    "suspended": LEAD | PARTNER,
    "completed": LEAD | PARTNER,
    "declined": LEAD,
}

MAY = {
    "draft": {
        LEAD_MANAGER: {"edit", "invite", "withdraw", "assign_team", "see_inside", "start_thread"},
        LEAD_SIGNATORY: {"see_inside", "start_thread"},
    },
    "proposed": {
        LEAD_MANAGER: {"invite", "revise", "withdraw", "assign_team", "see_inside", "start_thread"},
        LEAD_SIGNATORY: {"see_inside", "start_thread"},
        PARTNER_MANAGER: {"answer", "assign_team", "see_inside", "start_thread"},
        PARTNER_SIGNATORY: {"see_inside", "start_thread"},
    },
    "accepted": {
        LEAD_MANAGER: {"invite", "revise", "withdraw", "assign_team", "see_inside", "start_thread"},
        LEAD_SIGNATORY: {"see_inside", "start_thread"},
        PARTNER_MANAGER: {"leave", "assign_team", "see_inside", "start_thread"},
        PARTNER_SIGNATORY: {"see_inside", "start_thread"},
    },
    "active": {
        LEAD_MANAGER: {"invite", "suspend", "complete", "cancel", "assign_team", "see_inside", "start_thread"},
        LEAD_SIGNATORY: {"see_inside", "start_thread"},
        PARTNER_MANAGER: {"leave", "assign_team", "see_inside", "start_thread"},
        PARTNER_SIGNATORY: {"see_inside", "start_thread"},
    },
    "suspended": {
        LEAD_MANAGER: {"resume", "complete", "cancel", "assign_team", "see_inside", "start_thread"},
        LEAD_SIGNATORY: {"see_inside", "start_thread"},
        PARTNER_MANAGER: {"leave", "assign_team", "see_inside", "start_thread"},
        PARTNER_SIGNATORY: {"see_inside", "start_thread"},
    },
    "completed": {
        LEAD_MANAGER: {"see_inside", "start_thread"},
        LEAD_SIGNATORY: {"see_inside", "start_thread"},
        PARTNER_MANAGER: {"see_inside", "start_thread"},
        PARTNER_SIGNATORY: {"see_inside", "start_thread"},
    },
    "declined": {
        LEAD_MANAGER: {"invite", "withdraw", "see_inside", "start_thread"},
        LEAD_SIGNATORY: {"see_inside", "start_thread"},
    },
}


@pytest.mark.parametrize("state", STATES)
def test_who_may_do_what(cast: Cast, state: str, covering: Covering) -> None:
    project = Project.objects.get(pk=STATES[state](cast).pk)

    for name in EVERYBODY:
        policy = ProjectPolicy(cast.actor(getattr(cast, name)), project)
        allowed = {verb for verb in policy.rules if policy.refusal(verb) is None}
        assert allowed == MAY[state].get(name, set()), f"{name}, {state}"


@pytest.mark.parametrize("state", STATES)
def test_every_no_has_a_reason(cast: Cast, state: str, covering: Covering) -> None:
    project = STATES[state](cast)

    for name in EVERYBODY:
        for verb in ProjectPolicy(cast.actor(getattr(cast, name)), project).verbs():
            assert verb["allowed"] or (verb["reason"] and verb["code"]), f"{name}, {state}, {verb['verb']}"


@pytest.mark.parametrize("state", STATES)
def test_who_may_know_of_a_project_among_partners(cast: Cast, state: str) -> None:
    project = STATES[state](cast)

    for name in EVERYBODY:
        actor = cast.actor(getattr(cast, name))
        seen = Project.objects.visible_to(actor).filter(pk=project.pk).exists()
        assert seen is (name in SEES_INSIDE[state]), f"{name}, {state}"
        assert Project.objects.inside_for(actor).filter(pk=project.pk).exists() is seen


OVERVIEWS: list[tuple[str, str, set[str]]] = [
    ("verified", "proposed", EVERYBODY - {FORMER, OPERATOR, NOBODY}),
    ("verified", "draft", LEAD),
    ("public", "proposed", EVERYBODY),
    ("public", "draft", LEAD),
]


@pytest.mark.parametrize(("audience", "state", "readers"), OVERVIEWS)
def test_open_proposals_show_their_overview_only(cast: Cast, audience: str, state: str, readers: set[str]) -> None:
    project = {"draft": drafted, "proposed": proposed}[state](cast, audience=audience)

    for name in EVERYBODY:
        actor = cast.actor(getattr(cast, name))
        assert Project.objects.visible_to(actor).exists() is (name in readers), name
        inside = name in SEES_INSIDE[state]
        assert Project.objects.inside_for(actor).exists() is inside, name
        assert ProjectPolicy(actor, project).can_see_inside is inside, name


def test_public_overview_needs_no_account_and_nothing_else_is_seen(cast: Cast) -> None:
    public, _closed = proposed(cast, audience="public"), proposed(cast)

    assert list(Project.objects.visible_to(Actor.anonymous())) == [public]
    assert not Project.objects.inside_for(Actor.anonymous()).exists()


def test_unverified_agency_reads_no_open_call(cast: Cast) -> None:
    proposed(cast, audience="verified")

    assert not Project.objects.visible_to(cast.actor(cast.nils)).exists()


def test_withdrawn_open_call_is_open_no_more(cast: Cast) -> None:
    actions.withdraw_proposal(proposed(cast, audience="public"), actor=cast.actor(cast.mika))

    assert not Project.objects.visible_to(cast.actor(cast.tara)).exists()
    assert Project.objects.visible_to(cast.actor(cast.lucien)).exists()


def test_membership_that_has_ended_sees_nothing(cast: Cast) -> None:
    proposed(cast)

    assert cast.actor(cast.emil).membership is None
    assert not Project.objects.visible_to(cast.actor(cast.emil)).exists()


def test_contributor_on_the_team_writes_in_threads_but_decides_nothing(cast: Cast) -> None:
    project = proposed(cast)
    sora = cast.actor(cast.sora)
    assert ProjectPolicy(sora, project).refusal("see_inside").code == "not-on-team"

    actions.assign_team(project, [sora.membership], actor=cast.actor(cast.mika))

    policy = ProjectPolicy(sora, Project.objects.get(pk=project.pk))
    assert {verb for verb in policy.rules if policy.refusal(verb) is None} == {"see_inside", "start_thread"}


@pytest.mark.parametrize(
    ("name", "code"), [("mika", ""), ("sora", ""), ("nils", ""), ("kenji", "role-needed"), ("noor", "agency-needed")]
)
def test_who_may_begin_a_project(cast: Cast, name: str, code: str) -> None:
    refusal = DraftingPolicy(cast.actor(getattr(cast, name))).refusal("draft")

    assert (refusal.code if refusal else "") == code


def test_policy_of_a_project_read_with_its_teams_costs_no_query(
    cast: Cast, django_assert_num_queries: Any, covering: Covering
) -> None:
    proposed(cast)
    sora = cast.actor(cast.sora)
    project = Project.objects.with_teams().get()

    with django_assert_num_queries(0):
        ProjectPolicy(sora, project).verbs()


def test_suspended_agency_is_no_longer_invited(cast: Cast) -> None:
    Agency.objects.filter(pk=cast.esa.pk).update(status="suspended")
    cast.esa.refresh_from_db()

    with pytest.raises(Exception, match="not verified"):
        actions.invite_partner(drafted(cast), cast.esa, actor=cast.actor(cast.mika))
