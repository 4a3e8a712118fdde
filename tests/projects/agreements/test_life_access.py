"""Who may use what while an agreement rests, after it has ended, and after a party has left it (R13)."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from projects.agreements import actions
from projects.agreements.coverage import covering_agreement, terms_of
from projects.ip.access_rules import may_request
from projects.ip.alarms import report_due
from projects.ip.may_use import may_use
from projects.ip.models import Disclosure
from projects.ip.policies.access import grounds_of
from projects.models import Project
from tests.projects.agreements import granted, lives
from tests.projects.ip import disclosed
from tests.projects.ip.access import again, ready


def cleared(cast, agreement, owner):
    return ready(granted.asset(cast, agreement, owner))


def code(asset, agency, on=None, purpose="implementation"):
    found = may_use(again(asset), agency, purpose, on or timezone.now())
    return found.code


def may_ask(asset, agency, purpose):
    refusal = may_request(grounds_of(again(asset), agency), purpose, at=timezone.now())
    return refusal.code if refusal else "yes"


def test_a_party_that_has_left_gets_nothing_new_and_the_others_lose_nothing(clock, cast):
    agreement = lives.three(cast)
    theirs, own = cleared(cast, agreement, cast.jaxa), cleared(cast, agreement, cast.isro)
    clock.pass_(hours=1)
    assert [code(theirs, cast.isro), code(own, cast.esa), code(theirs, cast.esa)] == ["implementation"] * 3
    step = lives.leave(cast, agreement, cast.tara)

    clock.moment = step.due_at - timedelta(seconds=1)
    assert code(theirs, cast.isro) == "implementation"
    clock.moment = step.due_at
    # At the very instant, whether or not the job has written it down.
    assert code(theirs, cast.isro) == "left"
    lives.tend()

    assert code(theirs, cast.isro) == "left"
    assert code(theirs, cast.esa) == "implementation"
    assert code(own, cast.esa) == "implementation", "who has left goes on granting"


def test_while_the_notice_runs_the_answer_for_a_later_day_says_when_the_party_leaves(clock, cast):
    agreement = lives.three(cast, withdrawal_notice_months=6)
    asset = cleared(cast, agreement, cast.jaxa)
    lives.leave(cast, agreement, cast.tara)

    assert code(asset, cast.isro, date(2026, 8, 2)) == "implementation"
    assert code(asset, cast.isro, date(2026, 8, 5)) == "left"
    actions.take_back_withdrawal(agreement, actor=cast.actor(cast.tara))
    assert code(asset, cast.isro, date(2026, 8, 5)) == "implementation"


def test_a_right_for_exploitation_that_was_granted_is_kept_and_one_for_the_project_is_not(clock, cast):
    agreement = lives.three(cast)
    kept = granted.right(cast, agreement, holder=cast.isro, grantor=cast.jaxa)
    ended = granted.right(cast, agreement, holder=cast.isro, grantor=cast.esa, purpose="implementation")
    for right in (kept, ended):
        ready(right.asset)
    clock.moment = lives.leave(cast, agreement, cast.tara).due_at + timedelta(hours=2)
    lives.tend()

    assert code(kept.asset, cast.isro, purpose="exploitation") == "granted"
    assert code(ended.asset, cast.isro) == "right-ended"


def test_who_has_left_still_asks_for_exploitation_for_the_months_of_the_text(clock, cast):
    agreement = lives.three(cast, access_request_months=12)
    asset = cleared(cast, agreement, cast.jaxa)
    step = lives.leave(cast, agreement, cast.tara)
    clock.moment = step.due_at
    lives.tend()

    assert may_ask(asset, cast.isro, "implementation") == "project-over"
    assert may_ask(asset, cast.isro, "exploitation") == "yes"
    # One year after it left: the last day is over in Bengaluru.
    clock.set(2027, 8, 3, 18, 29)
    assert may_ask(asset, cast.isro, "exploitation") == "yes"
    clock.set(2027, 8, 3, 18, 30)
    assert may_ask(asset, cast.isro, "exploitation") == "window-closed"


def test_a_suspended_agreement_gives_nothing(clock, cast):
    agreement = lives.two(cast)
    asset = cleared(cast, agreement, cast.jaxa)
    clock.pass_(hours=1)
    step = actions.propose_suspension(agreement, actor=cast.actor(cast.mika), reason="The launch is late.")
    assert code(asset, cast.esa) == "implementation"

    actions.consent_to_step(agreement, step.number, actor=cast.actor(cast.lucien))

    assert code(asset, cast.esa) == "no-agreement"


def test_after_the_end_exploitation_is_still_asked_for_and_nothing_else(clock, cast):
    agreement = lives.two(cast, term_years=1)
    asset = cleared(cast, agreement, cast.jaxa)

    clock.set(2027, 2, 2, 23, 59)
    assert code(asset, cast.esa) == "implementation", "the last day belongs to the term"
    clock.set(2027, 2, 3, 0, 0)
    assert code(asset, cast.esa) == "agreement-ended"
    lives.tend()

    assert code(asset, cast.esa) == "agreement-ended"
    assert may_ask(asset, cast.esa, "implementation") == "agreement-ended"
    assert may_ask(asset, cast.esa, "exploitation") == "yes"


def test_who_has_left_is_not_covered_any_more(clock, cast):
    agreement = lives.three(cast)
    clock.moment = lives.leave(cast, agreement, cast.tara).due_at
    lives.tend()

    project = Project.objects.get(pk=agreement.project_id)

    assert covering_agreement(project) is None
    (terms,) = terms_of(project)
    assert set(terms.left_at) == {cast.isro.ref}
    assert cast.isro.ref in terms.parties


def test_what_is_disclosed_after_a_party_has_left_is_not_owed_to_it(clock, cast):
    agreement = lives.three(cast)
    before = disclosed.sealed(cast, agreement.project)
    clock.moment = lives.leave(cast, agreement, cast.tara).due_at
    lives.tend()
    after = disclosed.sealed(cast, Project.objects.get(pk=agreement.project_id), title="Another valve")

    owed = {agency.acronym for agency in report_due(Disclosure.objects.get(pk=after.pk)).agencies}
    still = {agency.acronym for agency in report_due(Disclosure.objects.get(pk=before.pk)).agencies}

    assert owed == {"ESA"}
    assert still == {"ESA", "ISRO"}
