"""The day by which an answer to a change is asked: shown with its zone, reminded of once, and of no effect of its own."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from agencies.zones import today
from portal.history.models import Event
from portal.inbox.models import Item
from projects.agreements import actions
from projects.agreements.actions.answer_days import remind_all, remind_one
from projects.agreements.models import Change, Decision
from tests import cast as casting
from tests import stage
from tests.projects.agreements import lives
from tests.projects.agreements.negotiating import accepted, fresh, reword, three_parties
from tests.projects.agreements.test_races import together

pytestmark = pytest.mark.django_db
FRIDAY = date(2026, 11, 27)
# The end of that Friday in Tokyo.
OVER = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch):
    clock = lives.Clock(monkeypatch)
    clock.set(2026, 11, 20, 9, 0)
    return clock


def propose(cast, agreement, person, *, due_on=FRIDAY, text="By letter.", code="notices"):
    return actions.propose_change(
        agreement, actor=cast.actor(person), operation="reword", code=code, text=text, due_on=due_on
    )


def waiting(change):
    items = Item.objects.filter(key__startswith=f"change:{change.agreement.ref}:{change.number}:", settled_at=None)
    return {item.agency.ref: item for item in items.select_related("agency")}


def fallen_due(agreement):
    return Event.objects.filter(verb="agreement.answers_fell_due", target_ref=agreement.ref)


def page(cast, person, agreement, name, *more):
    return cast.client(person).get(reverse(f"agreements:{name}", args=[agreement.ref, *more])).content.decode()


def post(cast, person, agreement, name, *more, **sent):
    path = reverse(f"agreements:{name}", args=[agreement.ref, *more])
    return cast.client(person).post(path, {"once": str(uuid.uuid4()), **sent})


@pytest.mark.parametrize(
    ("who", "ends"),
    [
        pytest.param("mika", OVER, id="Tokyo"),
        pytest.param("lucien", datetime(2026, 11, 27, 23, 0, tzinfo=UTC), id="Paris"),
        pytest.param("tara", datetime(2026, 11, 27, 18, 30, tzinfo=UTC), id="Bengaluru"),
    ],
)
def test_the_day_ends_at_the_seat_of_who_proposes(clock, cast, who, ends):
    change = propose(cast, three_parties(cast), getattr(cast, who))

    assert Change.objects.get(pk=change.pk).due_at == ends
    assert {item.due_at for item in waiting(change).values()} == {ends}
    assert Event.objects.get(verb="agreement.change_proposed").facts["due_at"] == ends.isoformat()


def test_without_a_day_nothing_is_due(cast):
    change = reword(cast, stage.shared_agreement(cast), cast.lucien)

    assert change.due_at is None
    assert [item.due_at for item in waiting(change).values()] == [None]


@pytest.mark.parametrize("days", [-400, -1, 0, 367, 5000])
def test_a_day_that_has_come_or_is_too_far_off_is_refused_beside_its_field(cast, days):
    agreement = stage.shared_agreement(cast)
    day = today(cast.esa.zone) + timedelta(days=days)

    with pytest.raises(ValidationError) as refused:
        propose(cast, agreement, cast.lucien, due_on=day)

    assert list(refused.value.error_dict) == ["due_on"]
    assert not Change.objects.exists()


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_refused_and_do_no_harm(cast, day):
    with pytest.raises(ValidationError):
        propose(cast, stage.shared_agreement(cast), cast.lucien, due_on=day)


@pytest.mark.parametrize("days", [1, 366])
def test_tomorrow_and_a_year_from_now_can_be_named(cast, days):
    day = today(cast.esa.zone) + timedelta(days=days)

    assert propose(cast, stage.shared_agreement(cast), cast.lucien, due_on=day).due_at is not None


def test_other_words_have_a_day_of_their_own(clock, cast):
    agreement = three_parties(cast)
    first = propose(cast, agreement, cast.mika)

    bare = actions.counter_change(agreement, first.number, actor=cast.actor(cast.lucien), text="By e-mail.")
    dated = actions.counter_change(
        agreement, bare.number, actor=cast.actor(cast.tara), text="By telegram.", due_on=date(2026, 12, 4)
    )

    assert bare.due_at is None
    assert dated.due_at == datetime(2026, 12, 4, 18, 30, tzinfo=UTC)
    assert waiting(first) == waiting(bare) == {}
    assert {item.due_at for item in waiting(dated).values()} == {dated.due_at}
    countered = Event.objects.filter(verb="agreement.change_countered").order_by("pk")
    assert ["due_at" in event.facts for event in countered] == [False, True]


def test_when_the_day_has_passed_who_has_not_answered_is_reminded_once_and_nothing_is_decided(clock, cast):
    agreement = three_parties(cast)
    change = propose(cast, agreement, cast.mika)
    accepted(cast, agreement, change, cast.lucien)
    version = fresh(agreement).version
    clock.moment = OVER - timedelta(seconds=1)
    assert remind_all() == 0

    clock.moment = OVER
    counts = [remind_all(), remind_all()]

    assert counts == [1, 0]
    assert fallen_due(agreement).get().facts == {"change": 1, "waits_for": ["ISRO"]}
    assert Change.objects.get(pk=change.pk).status == Decision.OPEN
    assert fresh(agreement).version == version
    (item,) = waiting(change).values()
    assert (item.agency.ref, item.why_id) == (
        "ISRO",
        "The day that %(agency)s named has passed. Silence is not consent.",
    )
    told = Item.objects.filter(agency=cast.jaxa, why_id__startswith="The day for answers has passed").get()
    assert told.why_params == {"names": "ISRO"}


def test_a_late_answer_counts_as_any_other(clock, cast):
    agreement = stage.shared_agreement(cast)
    change = propose(cast, agreement, cast.mika)
    clock.moment = OVER
    remind_all()

    done = accepted(cast, agreement, change, cast.lucien)

    assert (done.status, fresh(agreement).revision) == (Decision.ACCEPTED, 2)
    assert waiting(change) == {}


@pytest.mark.parametrize("end", ["accept", "refuse", "counter", "withdraw", "overtake", "abandon"])
def test_nobody_is_reminded_of_what_waits_no_more(clock, cast, end):
    agreement = stage.shared_agreement(cast)
    change = propose(cast, agreement, cast.mika)
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)
    match end:
        case "accept":
            actions.accept_change(agreement, change.number, actor=lucien)
        case "refuse":
            actions.refuse_change(agreement, change.number, actor=lucien, reason="No.")
        case "counter":
            actions.counter_change(agreement, change.number, actor=lucien, text="By e-mail.")
        case "withdraw":
            actions.withdraw_change(agreement, change.number, actor=mika)
        case "overtake":
            accepted(cast, agreement, reword(cast, agreement, cast.lucien, text="By telegram."), cast.mika)
        case "abandon":
            actions.abandon(agreement, actor=mika)
    clock.moment = OVER + timedelta(days=1)

    assert remind_all() == 0
    assert not remind_one(agreement.ref, change.number)
    assert not fallen_due(agreement).exists()


def test_a_reminder_of_nothing_does_nothing(cast):
    agreement = stage.shared_agreement(cast)

    assert not remind_one(agreement.ref, 99)
    assert not remind_one("A-1999-0001", 1)


def test_the_page_says_the_day_in_the_readers_zone_and_at_the_seat_of_who_asks(clock, cast):
    agreement = three_parties(cast)
    propose(cast, agreement, cast.mika)

    for name, more in (("agreement", ()), ("change", (1,)), ("clause", ("notices",))):
        html = page(cast, cast.lucien, agreement, name, *more)
        assert "27 Nov 2026, 15:59 CET" in html
        assert "27 Nov 2026, 23:59 JST" in html
        assert "silence is neither consent nor refusal" in html
    own = page(cast, cast.mika, agreement, "change", 1)
    assert "27 Nov 2026, 23:59 JST" in own
    assert "At the seat of" not in own


def test_the_page_says_that_the_day_has_passed_and_that_the_change_still_waits(clock, cast):
    agreement = stage.shared_agreement(cast)
    propose(cast, agreement, cast.mika)
    before = page(cast, cast.lucien, agreement, "change", 1)

    clock.moment = OVER

    after = page(cast, cast.lucien, agreement, "change", 1)
    assert "that has passed, and the change still waits" not in before
    assert "that has passed, and the change still waits" in after
    assert "Accept for ESA" in after


def test_a_decided_change_asks_for_nothing(clock, cast):
    agreement = stage.shared_agreement(cast)
    accepted(cast, agreement, propose(cast, agreement, cast.mika), cast.lucien)

    assert "asks for an answer" not in page(cast, cast.lucien, agreement, "change", 1)


def test_a_day_is_named_in_every_form_of_a_proposal_and_of_other_words(clock, cast):
    agreement = stage.shared_agreement(cast)
    day = "2026-11-27"
    answers = {key: value for key, value in agreement.profile.items() if value not in (False, "")}

    statuses = [
        post(cast, cast.lucien, agreement, "clause", "notices", text="By letter.", due_on=day).status_code,
        post(cast, cast.lucien, agreement, "clause", "names", operation="remove", due_on=day).status_code,
        post(cast, cast.lucien, agreement, "clause", "disputes", operation="move", after="", due_on=day).status_code,
        post(cast, cast.lucien, agreement, "propose", operation="add", heading="A", text="B.", due_on=day).status_code,
        post(
            cast,
            cast.lucien,
            agreement,
            "propose",
            **{**answers, "operation": "answer", "cure_days": "45", "due_on": day},
        ).status_code,
        post(cast, cast.mika, agreement, "counter-change", 1, text="By e-mail.", due_on=day).status_code,
    ]

    assert statuses == [302] * 6
    assert all(Change.objects.order_by("number").values_list("due_at", flat=True))


@pytest.mark.parametrize("day", ["2026-11-20", "1999-01-01", "9999-12-31", "soon", "2026-13-01", "\x00", "٢٠٢٦"])
def test_a_bad_day_is_said_beside_its_field_and_the_words_are_kept(clock, cast, day):
    agreement = stage.shared_agreement(cast)

    response = post(cast, cast.lucien, agreement, "clause", "notices", text="Kept words.", due_on=day)

    html = response.content.decode()
    assert response.status_code == 422
    assert "Kept words." in html
    assert 'id="id_reword_due_on_error"' in html
    assert not Change.objects.exists()


def test_what_is_proposed_again_by_the_same_agency_keeps_its_day_while_it_is_to_come(clock, cast):
    agreement = stage.shared_agreement(cast)
    propose(cast, agreement, cast.mika)
    actions.withdraw_change(agreement, 1, actor=cast.actor(cast.mika))
    again = reverse("agreements:clause", args=[agreement.ref, "notices"]) + "?again=1"

    def offered(person):
        return 'value="2026-11-27"' in cast.client(person).get(again).content.decode()

    assert offered(cast.mika)
    assert not offered(cast.lucien)
    clock.day(FRIDAY)
    assert not offered(cast.mika)


def test_the_api_takes_a_day_and_gives_a_moment(clock, cast):
    agreement = stage.shared_agreement(cast)
    client = cast.client(cast.mika)
    path = f"/api/v1/agreements/{agreement.ref}"
    sent = {"operation": "reword", "code": "notices", "text": "By letter.", "due_on": "2026-11-27"}

    done = client.post(f"{path}/propose-change/", sent, content_type="application/json")
    bad = client.post(f"{path}/propose-change/", {**sent, "due_on": "2026-11-20"}, content_type="application/json")
    worse = client.post(f"{path}/propose-change/", {**sent, "due_on": "soon"}, content_type="application/json")
    countered = cast.client(cast.lucien).post(
        f"{path}/counter-change/", {"number": 1, "text": "By e-mail.", "due_on": "2026-11-30"}, content_type="application/json"
    )  # fmt: skip

    assert [row.status_code for row in (done, bad, worse, countered)] == [200, 400, 400, 200]
    assert "due_on" in bad.json()["errors"]
    shown = client.get(f"{path}/changes/").json()["results"]
    assert [row["due_at"] for row in shown] == ["2026-11-30T23:00:00Z", "2026-11-27T15:00:00Z"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_remind_once(transactional_db):
    world = casting.build()
    agreement = stage.shared_agreement(world)
    change = propose(world, agreement, world.mika, due_on=today(world.jaxa.zone) + timedelta(days=1))
    Change.objects.filter(pk=change.pk).update(due_at=datetime(2026, 1, 1, tzinfo=UTC))

    results = together(*[lambda: remind_one(agreement.ref, change.number)] * 2)

    assert sorted(results) == [False, True]
    assert fallen_due(agreement).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_at_the_moment_of_the_reminder_is_not_lost(transactional_db):
    world = casting.build()
    agreement = stage.shared_agreement(world)
    change = propose(world, agreement, world.mika, due_on=today(world.jaxa.zone) + timedelta(days=1))
    Change.objects.filter(pk=change.pk).update(due_at=datetime(2026, 1, 1, tzinfo=UTC))
    lucien = world.actor(world.lucien)

    together(
        lambda: remind_one(agreement.ref, change.number),
        lambda: actions.accept_change(agreement, change.number, actor=lucien),
    )

    assert Change.objects.get(pk=change.pk).status == Decision.ACCEPTED
    assert waiting(change) == {}
