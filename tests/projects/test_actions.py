"""The life of a project, with its refusals."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow, Stale
from projects import actions
from projects.models import Participation, Project, Status, Terms
from tests.cast import Cast
from tests.projects.life import Covering, accepted, answered, drafted, proposed

Said = Participation.Status


def verbs_of(project: Project) -> list[str]:
    return list(Event.objects.of(project.ref).order_by("id").values_list("verb", flat=True))


def waiting(agency: Any) -> list[str]:
    return sorted(Item.objects.waiting().filter(agency=agency).values_list("key", flat=True))


def test_draft_belongs_to_its_agency_alone(cast: Cast) -> None:
    project = drafted(cast)

    assert project.ref.startswith("P-")
    assert project.lead == cast.jaxa
    assert [row.role for row in project.still_in()] == ["lead"]
    assert Event.objects.get(verb="project.drafted").agencies == ["JAXA"]


def test_unverified_agency_drafts_but_reaches_nobody(cast: Cast) -> None:
    nils = cast.actor(cast.nils)
    project = actions.draft_project(actor=nils, title="Aurora", summary="s", objective="o", audience="public")

    with pytest.raises(Forbidden) as refused:
        actions.propose(project, actor=nils)

    assert refused.value.code == "agency-not-verified"


def test_contributor_who_drafts_is_on_the_team(cast: Cast) -> None:
    sora = cast.actor(cast.sora)
    project = actions.draft_project(actor=sora, title="Thermal model")

    assert Project.objects.visible_to(sora).get() == project
    assert actions.edit_draft(project, actor=sora, title="Thermal model 2").title == "Thermal model 2"


def test_draft_that_ends_before_it_starts_names_the_field(cast: Cast) -> None:
    with pytest.raises(ValidationError) as wrong:
        drafted(cast, planned_start=date(2028, 1, 1), planned_end=date(2027, 1, 1))

    assert set(wrong.value.message_dict) == {"planned_end"}


def test_unknown_capability_names_the_field(cast: Cast) -> None:
    with pytest.raises(ValidationError) as wrong:
        drafted(cast, taxonomy=["TX99"])

    assert set(wrong.value.message_dict) == {"taxonomy"}


def test_two_editors_do_not_overwrite_each_other(cast: Cast) -> None:
    mika = cast.actor(cast.mika)
    project = drafted(cast)
    actions.edit_draft(project, actor=mika, version=1, title="First")

    with pytest.raises(Stale) as stale:
        actions.edit_draft(project, actor=mika, version=1, title="Second")

    assert stale.value.current.title == "First"
    assert stale.value.typed == {"title": "Second"}
    assert Project.objects.get().title == "First"


def test_incomplete_draft_is_not_proposed(cast: Cast) -> None:
    project = drafted(cast, objective="")

    with pytest.raises(NotNow) as refused:
        actions.propose(project, actor=cast.actor(cast.mika))

    assert refused.value.code == "draft-incomplete"
    assert "objective" in str(refused.value.unblock)
    assert "one agency" in str(refused.value.unblock)


def test_open_call_needs_no_invited_partner(cast: Cast) -> None:
    project = actions.propose(drafted(cast, audience="verified"), actor=cast.actor(cast.mika))

    assert project.status == Status.PROPOSED


def test_proposal_asks_the_invited_only_when_it_goes_out(cast: Cast) -> None:
    mika = cast.actor(cast.mika)
    project = drafted(cast)
    actions.invite_partner(project, cast.esa, actor=mika)
    assert waiting(cast.esa) == []
    assert not Project.objects.visible_to(cast.actor(cast.lucien)).exists()

    actions.propose(project, actor=mika)

    assert waiting(cast.esa) == [f"answer:{project.ref}:ESA"]
    assert Project.objects.visible_to(cast.actor(cast.lucien)).get() == project
    terms = Terms.objects.get(project=project)
    assert Event.objects.get(verb="project.proposed").facts == {"terms": 1, "digest": terms.digest}


@pytest.mark.parametrize(
    ("who", "words"), [("nova", "not verified"), ("jaxa", "leads the project"), ("esa", "invited already")]
)
def test_whom_one_cannot_invite(cast: Cast, who: str, words: str) -> None:
    project = proposed(cast)

    with pytest.raises(ValidationError, match=words):
        actions.invite_partner(project, getattr(cast, who), actor=cast.actor(cast.mika))


def test_partner_cannot_invite_for_the_lead(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.invite_partner(proposed(cast), cast.isro, actor=cast.actor(cast.lucien))


def test_last_acceptance_makes_the_project_accepted(cast: Cast) -> None:
    project = proposed(cast)
    actions.invite_partner(project, cast.isro, actor=cast.actor(cast.mika))
    answered(cast, project, cast.lucien, "accept")
    assert Project.objects.get().status == Status.PROPOSED

    answered(cast, project, cast.tara, "accept")

    project.refresh_from_db()
    assert project.status == Status.ACCEPTED
    assert verbs_of(project)[-1] == "project.accepted"
    assert waiting(cast.esa) == waiting(cast.isro) == []


def test_silence_is_never_consent(cast: Cast) -> None:
    project = proposed(cast)

    with pytest.raises(NotNow) as refused:
        actions.activate(project, actor=cast.actor(cast.mika))

    assert refused.value.code == "not-accepted"
    assert Participation.objects.get(agency=cast.esa).answered_at is None


def test_clearance_is_not_yet_an_answer(cast: Cast) -> None:
    project = proposed(cast)

    answered(cast, project, cast.lucien, "clearance")

    assert Project.objects.get().status == Status.PROPOSED
    assert waiting(cast.esa) == [f"answer:{project.ref}:ESA"]
    answered(cast, project, cast.lucien, "accept")
    assert Project.objects.get().status == Status.ACCEPTED


def test_condition_counts_once_the_lead_accepts_it(cast: Cast) -> None:
    project = proposed(cast)
    answered(cast, project, cast.lucien, "condition", condition="Funds of 2028 are voted")
    assert Project.objects.get().status == Status.PROPOSED
    assert waiting(cast.jaxa) == [f"condition:{project.ref}:ESA"]

    actions.accept_condition(project, cast.esa, actor=cast.actor(cast.mika))

    row = Participation.objects.get(agency=cast.esa)
    assert (row.status, row.condition) == (Said.ACCEPTED, "Funds of 2028 are voted")
    assert Project.objects.get().status == Status.ACCEPTED
    assert waiting(cast.jaxa) == []


def test_condition_is_said(cast: Cast) -> None:
    with pytest.raises(ValidationError) as wrong:
        answered(cast, proposed(cast), cast.lucien, "condition")

    assert set(wrong.value.message_dict) == {"condition"}


def test_agency_answers_itself(cast: Cast) -> None:
    project = proposed(cast)

    for person in (cast.mika, cast.tara, cast.ingrid, cast.emil, cast.olga):
        with pytest.raises(Forbidden):
            answered(cast, project, person, "accept")

    assert Participation.objects.get(agency=cast.esa).status == Said.INVITED


def test_answer_counts_for_the_terms_that_were_read(cast: Cast) -> None:
    project = proposed(cast)
    actions.revise_terms(project, actor=cast.actor(cast.mika), title="Other words")

    with pytest.raises(NotNow) as refused:
        answered(cast, project, cast.lucien, "accept", terms_number=1)

    assert refused.value.code == "terms-changed"
    assert Participation.objects.get(agency=cast.esa).status == Said.INVITED


def test_declined_by_everybody_then_proposed_to_another(cast: Cast) -> None:
    project = proposed(cast)
    answered(cast, project, cast.lucien, "decline", note="No capacity")
    project.refresh_from_db()
    assert project.status == Status.DECLINED
    assert not Project.objects.visible_to(cast.actor(cast.lucien)).exists()

    actions.invite_partner(project, cast.isro, actor=cast.actor(cast.mika))

    project.refresh_from_db()
    assert project.status == Status.PROPOSED
    assert waiting(cast.isro) == [f"answer:{project.ref}:ISRO"]


def test_agency_that_declined_can_be_asked_again(cast: Cast) -> None:
    project = proposed(cast)
    answered(cast, project, cast.lucien, "decline")

    actions.invite_partner(project, cast.esa, actor=cast.actor(cast.mika))

    assert Participation.objects.get(agency=cast.esa).status == Said.INVITED


def test_invitation_taken_back_hides_the_project_and_settles_the_question(cast: Cast) -> None:
    project = proposed(cast)

    actions.withdraw_invitation(project, cast.esa, actor=cast.actor(cast.mika))

    assert not Project.objects.visible_to(cast.actor(cast.lucien)).exists()
    assert waiting(cast.esa) == []


def test_accepted_partner_cannot_be_put_out(cast: Cast) -> None:
    with pytest.raises(NotNow) as refused:
        actions.withdraw_invitation(accepted(cast), cast.esa, actor=cast.actor(cast.mika))

    assert refused.value.code == "already-accepted"


def test_changed_terms_ask_the_accepted_partners_again_with_the_difference(cast: Cast) -> None:
    project = accepted(cast)

    actions.revise_terms(project, actor=cast.actor(cast.mika), version=project.version, objective="Drill deeper")

    project.refresh_from_db()
    assert (project.status, project.terms_number) == (Status.PROPOSED, 2)
    row = Participation.objects.get(agency=cast.esa)
    assert (row.status, row.terms_number) == (Said.INVITED, 1)
    assert waiting(cast.esa) == [f"answer:{project.ref}:ESA"]
    first, second = Terms.objects.order_by("number")
    (difference,) = second.differences_from(first)
    assert (difference.name, difference.before, difference.after) == ("objective", "Measure **ice**.", "Drill deeper")
    answered(cast, project, cast.lucien, "accept", terms_number=2)
    assert Project.objects.get().status == Status.ACCEPTED


def test_same_terms_ask_nobody(cast: Cast) -> None:
    project = accepted(cast)

    with pytest.raises(ValidationError):
        actions.revise_terms(project, actor=cast.actor(cast.mika), title=project.title)

    assert Project.objects.get().status == Status.ACCEPTED


def test_terms_are_evidence(cast: Cast) -> None:
    terms = Terms.objects.get(project=proposed(cast))
    terms.title = "Rewritten"

    with pytest.raises(TypeError):
        terms.save()


def test_project_becomes_active_only_under_a_covering_agreement(cast: Cast, covering: Covering) -> None:
    project = accepted(cast)
    mika = cast.actor(cast.mika)
    with pytest.raises(NotNow) as refused:
        actions.activate(project, actor=mika)
    assert refused.value.code == "not-covered"
    assert actions.activate_when_covered(project, actor=mika).status == Status.ACCEPTED

    covering.ref = "A-2026-0001"
    active = actions.activate_when_covered(project, actor=mika)

    assert (active.status, active.active_under) == (Status.ACTIVE, "A-2026-0001")
    assert active.active_on is not None


def test_agreement_in_force_does_not_start_what_nobody_has_accepted(cast: Cast, covering: Covering) -> None:
    covering.ref = "A-2026-0001"

    assert actions.activate_when_covered(proposed(cast), actor=cast.actor(cast.mika)).status == Status.PROPOSED


def test_study_starts_without_an_agreement_by_its_lead(cast: Cast) -> None:
    project = accepted(cast, mode="study")
    assert waiting(cast.jaxa) == [f"start:{project.ref}"]

    active = actions.activate(project, actor=cast.actor(cast.mika))

    assert (active.status, active.active_under) == (Status.ACTIVE, "")
    assert waiting(cast.jaxa) == []


def test_suspend_resume_complete(cast: Cast) -> None:
    mika = cast.actor(cast.mika)
    project = actions.activate(accepted(cast, mode="study"), actor=mika)
    with pytest.raises(ValidationError):
        actions.suspend(project, actor=mika, cause=" ")

    suspended = actions.suspend(project, actor=mika, cause="Funds")
    assert (suspended.status, suspended.suspension_cause) == (Status.SUSPENDED, "Funds")
    resumed = actions.resume(project, actor=mika)
    assert (resumed.status, resumed.suspension_cause, resumed.suspended_at) == (Status.ACTIVE, "", None)
    completed = actions.complete(project, actor=mika, note="All done")

    assert completed.status == Status.COMPLETED
    assert verbs_of(project)[-3:] == ["project.suspended", "project.resumed", "project.completed"]
    for verb in (actions.resume, actions.activate):
        with pytest.raises(NotNow):
            verb(project, actor=mika)


def test_cancelling_needs_a_reason_and_the_lead(cast: Cast) -> None:
    mika = cast.actor(cast.mika)
    project = actions.activate(accepted(cast, mode="study"), actor=mika)
    with pytest.raises(Forbidden):
        actions.cancel_project(project, actor=cast.actor(cast.lucien), reason="No")
    with pytest.raises(ValidationError):
        actions.cancel_project(project, actor=mika, reason="")

    assert actions.cancel_project(project, actor=mika, reason="Launcher lost").end_reason == "Launcher lost"


def test_withdrawn_proposal_waits_for_nobody(cast: Cast) -> None:
    project = proposed(cast)

    actions.withdraw_proposal(project, actor=cast.actor(cast.mika), reason="Priorities")

    assert Project.objects.get().status == Status.WITHDRAWN
    assert waiting(cast.esa) == []


def test_partner_leaves_on_a_day_and_is_a_party_until_then(cast: Cast) -> None:
    project = actions.activate(accepted(cast, mode="study"), actor=cast.actor(cast.mika))
    today = timezone.now().date()
    lucien = cast.actor(cast.lucien)
    with pytest.raises(ValidationError):
        actions.leave_project(project, actor=lucien, on=today - timedelta(days=1))

    actions.leave_project(project, actor=lucien, on=today + timedelta(days=30))

    fresh = Project.objects.get()
    assert [row.agency for row in fresh.parties()] == [cast.jaxa, cast.esa]
    assert Project.objects.visible_to(lucien).exists()
    Participation.objects.filter(agency=cast.esa).update(left_on=today)
    assert [row.agency for row in Project.objects.get().parties()] == [cast.jaxa]
    assert not Project.objects.visible_to(lucien).exists()


def test_last_partner_leaving_before_the_start_undoes_the_acceptance(cast: Cast) -> None:
    actions.leave_project(accepted(cast), actor=cast.actor(cast.lucien))

    assert Project.objects.get().status == Status.DECLINED


def test_lead_does_not_leave(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        actions.leave_project(accepted(cast), actor=cast.actor(cast.mika))


def test_team_is_of_ones_own_agency(cast: Cast) -> None:
    project = accepted(cast)
    mika, sora = cast.actor(cast.mika), cast.actor(cast.sora)
    assert not Project.objects.visible_to(sora).exists()

    actions.assign_team(project, [sora.membership], actor=mika)
    assert Project.objects.visible_to(sora).exists()
    with pytest.raises(ValidationError):
        actions.assign_team(project, [cast.actor(cast.lucien).membership], actor=mika)
    actions.assign_team(project, [], actor=mika)

    assert not Project.objects.visible_to(sora).exists()
    assert Event.objects.filter(verb="project.team_changed").values_list("agencies", flat=True)[0] == ["JAXA"]


def test_events_of_a_draft_stay_with_the_lead_also_later(cast: Cast) -> None:
    project = proposed(cast)

    seen = Event.objects.visible_to(cast.actor(cast.lucien)).of(project.ref).values_list("verb", flat=True)

    assert list(seen) == ["project.proposed"]


@pytest.mark.parametrize(
    "lie",
    [
        {"status": "active"},
        {"status": "accepted"},
        {"status": "suspended"},
        {"status": "completed"},
        {"status": "draft"},
        {"suspension_cause": "none"},
    ],
)
def test_database_refuses_a_status_without_its_facts(cast: Cast, lie: dict[str, str]) -> None:
    project = proposed(cast)

    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.filter(pk=project.pk).update(**lie)
