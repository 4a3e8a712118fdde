"""The page of an agreement in force, and the exit calculator: what is shown, to whom, and what comes back."""

from __future__ import annotations

import uuid
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from projects.agreements import actions
from projects.agreements.models import Agreement, Status, Step, StepStatus
from tests import stage
from tests.projects.agreements import granted, lives


def get(cast, person, agreement, path="life/", **query):
    return cast.client(person).get(f"/agreements/{agreement.ref}/{path}", query)


def post(cast, person, agreement, path, **typed):
    typed = {"once": str(uuid.uuid4()), **typed}
    return cast.client(person).post(f"/agreements/{agreement.ref}/{path}", typed)


def words(response):
    return response.content.decode()


def test_before_it_is_in_force_there_is_no_life_and_no_tab(cast):
    agreement = stage.signed_agreement(cast)

    shown = get(cast, cast.mika, agreement)

    assert shown.status_code == 200
    assert "It is not in force yet" in words(shown)
    assert f"/agreements/{agreement.ref}/life/" not in words(get(cast, cast.mika, agreement, ""))
    assert get(cast, cast.mika, agreement, "exit/").status_code == 404


def test_the_page_says_dates_with_zones_and_why_not(cast):
    agreement = lives.two(cast)

    shown = words(get(cast, cast.mika, agreement))

    assert "In force since" in shown
    assert "23:59 UTC" in shown
    assert "JST" in shown
    assert "You are not a signatory of JAXA." in shown
    assert "Propose to suspend it" in shown


def test_a_signatory_gives_notice_and_takes_it_back(cast):
    agreement = lives.two(cast)

    done = post(
        cast, cast.kenji, agreement, "life/withdraw/",
        **{"withdraw-reason": "Our programme was cut.", "withdraw-tasks": "Radar\nModel", "withdraw-ground": "notice"},
    )  # fmt: skip
    shown = words(get(cast, cast.lucien, agreement))

    assert done.status_code == 302
    assert Step.objects.get().handovers.filter(kind="tasks").count() == 2
    assert "Our programme was cut." in shown
    assert "What JAXA hands over" in shown
    assert post(cast, cast.kenji, agreement, "life/1/take-back/").status_code == 302
    assert Step.objects.get().status == StepStatus.WITHDRAWN


def test_what_is_wrong_comes_back_beside_its_field_and_nothing_typed_is_lost(cast):
    agreement = lives.two(cast)

    shown = post(
        cast, cast.mika, agreement, "life/suspend/",
        **{"propose_suspension-reason": "The launch is late.", "propose_suspension-until": "2020-01-01"},
    )  # fmt: skip

    assert shown.status_code == 422
    assert "This day has passed." in words(shown)
    assert "The launch is late." in words(shown)
    assert not Step.objects.exists()


@pytest.mark.parametrize(
    ("path", "prefix", "typed"),
    [
        ("life/suspend/", "propose_suspension", {"reason": "x", "until": "9999-12-31"}),
        ("life/suspend/", "propose_suspension", {"reason": "x", "until": "0001-01-01"}),
        ("life/suspend/", "propose_suspension", {"reason": "x", "until": "99999999999999999999"}),
        ("life/suspend/", "propose_suspension", {"reason": "nul\x00"}),
        ("life/suspend/", "propose_suspension", {"reason": "x" * 1_000_000}),
        ("life/breach/", "give_breach_notice", {"reason": "x", "about": "NOVA"}),
        ("life/breach/", "give_breach_notice", {"reason": "x", "about": "\ud800"}),
    ],
)
def test_hostile_input_is_refused_with_words(cast, path, prefix, typed):
    agreement = lives.two(cast)
    sent = {f"{prefix}-{name}": value.encode("utf-8", "surrogatepass") for name, value in typed.items()}

    shown = cast.client(cast.mika, raise_request_exception=False).post(
        f"/agreements/{agreement.ref}/{path}",
        urlencode({"once": str(uuid.uuid4()), **sent}),
        content_type="application/x-www-form-urlencoded",
    )

    assert shown.status_code in (400, 422)
    assert not Step.objects.exists()


def test_words_that_reorder_letters_are_shown_as_what_they_are(cast):
    agreement = lives.two(cast)
    actions.propose_suspension(agreement, actor=cast.actor(cast.mika), reason="<b>late</b> \u202eetal")

    shown = words(get(cast, cast.lucien, agreement))

    assert "&lt;b&gt;late&lt;/b&gt; [U+202E]etal" in shown


def test_the_others_answer_on_the_page(cast):
    agreement = lives.two(cast)
    actions.propose_suspension(agreement, actor=cast.actor(cast.mika), reason="The launch is late.")

    assert "We consent" in words(get(cast, cast.lucien, agreement))
    assert "We consent" not in words(get(cast, cast.mika, agreement))
    assert post(cast, cast.lucien, agreement, "life/1/refuse/").status_code == 422
    assert post(cast, cast.mika, agreement, "life/1/consent/").status_code == 403
    assert post(cast, cast.lucien, agreement, "life/1/consent/").status_code == 302
    shown = words(get(cast, cast.lucien, agreement))
    assert "Suspended by consent of all" in shown
    assert post(cast, cast.lucien, agreement, "life/1/consent/").status_code == 409


@pytest.mark.parametrize(
    "path", ["life/7/consent/", "life/7/refuse/", "life/99999999999999999999/cured/", "life/handover/7/settle/"]
)
def test_a_step_that_there_is_not_is_not_found(cast, path):
    assert post(cast, cast.mika, lives.two(cast), path).status_code == 404


def test_strangers_learn_nothing(cast):
    agreement = lives.two(cast)

    for path in ("life/", "exit/"):
        assert get(cast, cast.tara, agreement, path).status_code == 404
    for path in ("life/withdraw/", "life/suspend/", "life/1/consent/"):
        assert post(cast, cast.tara, agreement, path).status_code == 404


def test_every_status_after_force_has_its_page(cast, monkeypatch):
    clock = lives.Clock(monkeypatch)
    agreement = lives.two(cast, term_years=1)
    clock.day(agreement.ends_on + timedelta(days=1))
    lives.tend()

    for path in ("", "life/", "history/"):
        assert get(cast, cast.mika, agreement, path).status_code == 200
    shown = words(get(cast, cast.mika, agreement))
    assert "What outlives it" in shown
    assert "Confidentiality" in shown
    assert "Expired" in words(cast.client(cast.mika).get("/agreements/"))
    assert lives.fresh(agreement).status == Status.EXPIRED


def test_the_page_costs_the_same_with_many_steps(cast, django_assert_max_num_queries):
    agreement = lives.two(cast)
    client = cast.client(cast.mika)
    for number in range(6):
        actions.propose_suspension(agreement, actor=cast.actor(cast.mika), reason=f"Reason {number}.")
        actions.take_back_step(agreement, number + 1, actor=cast.actor(cast.mika))
    client.get(f"/agreements/{agreement.ref}/life/")

    with django_assert_max_num_queries(30):
        client.get(f"/agreements/{agreement.ref}/life/")


def test_an_open_line_of_a_handover_says_so_beside_the_button_that_settles_it(cast):
    agreement = lives.two(cast)
    step = lives.leave(cast, agreement, cast.ingrid)
    line = step.handovers.first()

    shown = words(get(cast, cast.mika, agreement))
    actions.settle_handover(agreement, line.pk, actor=cast.actor(cast.mika))
    after = words(get(cast, cast.mika, agreement))

    count = step.handovers.count()
    settled = "</svg>Settled</span>"
    assert (shown.count("Mark as settled"), shown.count("</svg>Open</span>"), shown.count(settled)) == (count, count, 0)
    assert (after.count("Mark as settled"), after.count(settled)) == (count - 1, 1)
    leaving = words(get(cast, cast.lucien, agreement))
    assert ("Mark as settled" in leaving, leaving.count("</svg>Open</span>")) == (False, count - 1)


# The exit calculator


def test_the_exit_says_what_ends_what_stays_and_what_is_owed(cast):
    agreement = lives.three(cast)
    right = granted.right(cast, agreement, holder=cast.isro, grantor=cast.jaxa)

    shown = words(get(cast, cast.tara, agreement, "exit/", party=cast.isro.ref))

    assert "If ISRO leaves" in shown
    assert "goes on between" in shown
    assert right.ref in shown
    assert "Confidentiality of what was received" in shown
    assert right.ref not in words(get(cast, cast.lucien, agreement, "exit/", party=cast.isro.ref))


def test_of_two_parties_the_exit_says_that_the_agreement_ends(cast):
    shown = words(get(cast, cast.lucien, lives.two(cast), "exit/", party=cast.jaxa.ref))

    assert "fewer than two parties remain" in shown


def test_a_day_that_the_notice_does_not_allow_is_said(cast):
    agreement = lives.two(cast)
    soon = timezone.now().date() + timedelta(days=3)

    shown = words(get(cast, cast.mika, agreement, "exit/", party=cast.jaxa.ref, on=soon.isoformat()))

    assert "A notice given today would run longer" in shown


@pytest.mark.parametrize("on", ["1999-01-01", "2400-01-01", "nonsense", "9999-12-31", "0001-01-01"])
def test_a_day_outside_the_agreement_is_refused_with_words(cast, on):
    shown = get(cast, cast.mika, lives.two(cast), "exit/", party=cast.jaxa.ref, on=on)

    assert shown.status_code == 422
    assert "This cannot be answered yet" in words(shown)
    assert "Not saved" not in words(shown)
    assert 'class="error"' in words(shown)


def test_a_party_that_there_is_not_is_refused_with_words(cast):
    assert get(cast, cast.mika, lives.two(cast), "exit/", party="NOVA").status_code == 422


def test_asking_changes_nothing(cast):
    agreement = lives.two(cast)
    before = Agreement.objects.get(pk=agreement.pk).version

    get(cast, cast.mika, agreement, "exit/", party=cast.jaxa.ref)

    assert Agreement.objects.get(pk=agreement.pk).version == before
    assert not Step.objects.exists()
