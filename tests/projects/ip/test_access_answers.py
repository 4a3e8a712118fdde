"""What the owner of something that is asked for may still do: after it accepted the need, and around the instant of its time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.history.models import Event
from portal.kit.refusals import NotNow
from projects.ip import actions
from projects.ip.actions.access_silence import watch
from projects.ip.models import AccessRequest, AccessRight
from projects.ip.policies import AccessRequestPolicy
from tests.projects.ip import access
from tests.projects.ip.papers import Clock

TERMS = {"starts_on": date(2026, 1, 1), "royalty": "sum", "royalty_words": "3 million yen"}
SECOND = timedelta(seconds=1)


@pytest.fixture
def lucien(cast):
    return cast.actor(cast.lucien)


@pytest.fixture
def mika(cast):
    return cast.actor(cast.mika)


@pytest.fixture
def request_(cast, agreed, lucien):
    """ESA asks JAXA for its radar, for exploitation."""
    agreed.say()
    asset = access.background(cast, access.running(cast))
    words = {"need": "Our lander steers by it.", "wanted_from": date(2026, 1, 1), "field": "Lunar missions"}
    request = actions.draft_request(asset, actor=lucien, purpose="exploitation", **words)
    return actions.submit_request(request, actor=lucien)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def again(request):
    return AccessRequest.objects.for_pages().get(pk=request.pk)


def asked(request, mika, lucien):
    actions.ask_requester(request, actor=mika, body="Which lander?")


def answered(request, mika, lucien):
    asked(request, mika, lucien)
    actions.answer_owner(request, actor=lucien, body="Argonaut.")


def escalated(request, mika, lucien):
    AccessRequest.objects.filter(pk=request.pk).update(due_at=timezone.now())
    assert watch() == 1


def offered(request, mika, lucien):
    actions.offer_terms(request, actor=mika, **TERMS)


def countered(request, mika, lucien):
    offered(request, mika, lucien)
    actions.counter_terms(request, actor=lucien, **{**TERMS, "royalty_words": "2 million yen"})


@pytest.mark.parametrize(("go_on", "status"), [
    (asked, "info_requested"), (answered, "answered"), (escalated, "escalated"), (offered, "offered"),
    (countered, "countered"),
])  # fmt: skip
def test_a_need_that_was_accepted_is_not_denied_later(request_, mika, lucien, go_on, status):
    assert "not_needed" in actions.allowed_grounds(again(request_))
    actions.accept_need(request_, actor=mika)
    go_on(request_, mika, lucien)

    assert again(request_).status == status
    assert "not_needed" not in actions.allowed_grounds(again(request_))
    with pytest.raises(ValidationError):
        actions.refuse_request(request_, actor=mika, ground="not_needed", words="Not needed after all.")


@pytest.mark.parametrize("after", [-SECOND, timedelta(0), SECOND])
def test_at_the_instant_at_which_time_is_over_it_is_escalated_for_the_rules_too(request_, mika, clock, after):
    clock.moment = request_.due_at + after
    is_late = after >= timedelta(0)
    policy = AccessRequestPolicy(mika, again(request_))

    assert policy.request.stands() == ("escalated" if is_late else "submitted")
    can = {verb: policy.refusal(verb) is None for verb in ("acknowledge", "accept_need", "ask", "grant", "refuse")}
    assert can == {"acknowledge": not is_late, "accept_need": not is_late, "ask": True, "grant": True, "refuse": True}
    if is_late:
        with pytest.raises(NotNow) as refused:
            actions.accept_need(request_, actor=mika)
        assert (refused.value.code, refused.value.state) == ("wrong-state", "escalated")
    else:
        assert actions.accept_need(request_, actor=mika).status == "need_assessed"


@pytest.mark.parametrize(("after", "is_written"), [(-SECOND, False), (timedelta(0), True), (SECOND, True)])
def test_an_answer_after_the_time_comes_after_the_escalation_once(request_, mika, clock, after, is_written):
    clock.moment = request_.due_at + after

    request = actions.ask_requester(request_, actor=mika, body="Which lander?")

    verbs = Event.objects.of(request.ref).order_by("pk").values_list("verb", flat=True)
    assert [verb.partition(".")[2] for verb in verbs][2:] == [*["escalated"] * is_written, "information_asked"]
    assert (request.escalated_at is not None, watch()) == (is_written, 0)


@pytest.mark.parametrize("job_has_run", [True, False])
def test_who_grants_a_counter_after_the_time_grants_the_counter(cast, request_, mika, lucien, clock, job_has_run):
    countered(request_, mika, lucien)
    clock.moment = again(request_).due_at
    assert not job_has_run or watch() == 1
    page = cast.client(cast.mika).get(request_.get_absolute_url()).content.decode()

    actions.grant_request(request_, actor=mika)

    assert "Accept the other terms" in page
    assert AccessRight.objects.get().royalty_words == "2 million yen"


def test_a_counter_that_was_answered_with_other_terms_is_not_on_the_table(request_, mika, lucien):
    countered(request_, mika, lucien)
    offered(request_, mika, lucien)

    assert again(request_).counter is None
