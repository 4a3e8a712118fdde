"""Recording: what an event says, when it is refused, and who hears of it."""

import uuid
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import rfc8785
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from portal.history import record, subscribers, verbs
from portal.history.canonical import LARGEST_INTEGER, canonical_event, instant
from portal.history.models import Event, Unsealed
from portal.kit.actors import Actor
from tests.portal.history.conftest import HAPPENED, Thing, actor_for

FACTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@pytest.mark.django_db
def test_an_event_says_who_did_what_to_which_record_and_who_may_see_it(jaxa, esa):
    event = record(
        HAPPENED, Thing("P-2026-0001"), actor=jaxa, agencies=[jaxa.agency, esa.agency, esa.agency], facts={"version": 4}
    )

    event.refresh_from_db()
    assert (event.verb, event.target_kind, event.target_ref, event.scope) == (
        HAPPENED,
        "testing.thing",
        "P-2026-0001",
        "P-2026-0001",
    )
    assert (event.person_uid, event.agency_ref, event.agency_name) == (jaxa.person.uid, "JAXA", "Agency JAXA")
    assert event.agencies == ["ESA", "JAXA"]
    assert event.facts == {"version": 4}
    assert Unsealed.objects.filter(event=event).exists()


@pytest.mark.django_db
def test_the_time_is_the_database_clock_whatever_the_caller_says():
    event = Event.objects.create(verb=HAPPENED, agencies=[], at=datetime(2001, 1, 1, tzinfo=UTC))

    event.refresh_from_db()
    assert abs(event.at - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.django_db
def test_events_of_one_transaction_have_their_own_instants(happen):
    first, second = happen(2)

    assert first.at < second.at


@pytest.mark.django_db
def test_the_portal_itself_acts_without_a_person(esa):
    event = record(HAPPENED, Thing(), actor=Actor.system(), agencies=[esa.agency])

    assert (event.person_uid, event.agency_ref, event.agency_name) == (None, "", "")
    assert event.sentence == "Concord touched T-2026-0001"


@pytest.mark.django_db
def test_a_person_is_named_by_uid(esa):
    person = SimpleNamespace(uid=uuid.uuid4(), _meta=SimpleNamespace(label_lower="agencies.person"))

    assert record(HAPPENED, person, actor=esa, agencies=[]).target_ref == str(person.uid)


@pytest.mark.django_db
def test_an_unknown_verb_is_refused(jaxa):
    with pytest.raises(verbs.UnknownVerb, match=r"testing\.misspelt"):
        record("testing.misspelt", Thing(), actor=jaxa, agencies=[])

    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused(jaxa):
    with pytest.raises(transaction.TransactionManagementError):
        record(HAPPENED, Thing(), actor=jaxa, agencies=[])

    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "facts",
    [
        {"share": 0.5},
        {"n": 2**53},
        {"nul": "a\x00b"},
        {1: "one"},
        {"when": datetime.now(UTC)},
        {"uid": uuid.uuid4()},
        {"half": "\ud800"},
        {"a": [{"b": {1.5}}]},
    ],
)
def test_facts_without_an_exact_form_are_refused(jaxa, facts):
    with pytest.raises(ValueError):
        record(HAPPENED, Thing(), actor=jaxa, agencies=[], facts=facts)

    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_action_leaves_no_event(jaxa):
    with pytest.raises(RuntimeError), transaction.atomic():
        record(HAPPENED, Thing(), actor=jaxa, agencies=[])
        raise RuntimeError

    assert not Event.objects.exists()
    assert not Unsealed.objects.exists()


@pytest.mark.django_db
def test_subscribers_hear_in_the_same_transaction_and_undo_the_action_when_they_fail(jaxa, monkeypatch):
    heard = []
    monkeypatch.setattr(subscribers, "_subscribers", {})
    subscribers.hears(HAPPENED)(lambda *heard_of: heard.append(heard_of))
    subscribers.hears("*")(lambda event, target, actor: heard.append(event.verb))
    thing = Thing()

    event = record(HAPPENED, thing, actor=jaxa, agencies=[])

    assert heard == [(event, thing, jaxa), HAPPENED]

    @subscribers.hears(HAPPENED)
    def fail(event, target, actor):
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        record(HAPPENED, thing, actor=jaxa, agencies=[])
    assert Event.objects.count() == 1


def test_a_verb_is_registered_once_and_well_formed():
    with pytest.raises(ValueError, match="twice"):
        verbs.register(HAPPENED, "again")
    for name in ("Happened", "happened", "testing.", "testing.has happened", ""):
        with pytest.raises(ValueError, match=r"noun\.verbed"):
            verbs.register(name, "…")


def test_whoever_subscribes_names_registered_verbs():
    assert subscribers.heard_verbs() <= {verb.name for verb in verbs.registered()}


@given(FACTS)
def test_the_fast_encoder_writes_what_rfc_8785_says(facts):
    fields = {
        "uid": "u", "verb": "a.b", "target_kind": "k", "target_ref": "é\u2028\x7f\"\\/", "scope": "s", "at": "t",
        "person": None, "agency": "A", "agency_name": "日本 🚀", "agencies": ["A", "B"], "facts": {"facts": facts},
    }  # fmt: skip

    assert canonical_event(**fields) == rfc8785.dumps({"v": 1, **fields})


def test_keys_beyond_the_basic_plane_are_sorted_by_utf_16():
    fields = dict.fromkeys(["uid", "verb", "target_kind", "target_ref", "scope", "at", "agency", "agency_name"], "x")

    written = canonical_event(**fields, person=None, agencies=[], facts={"\ufb33": 1, "😀": 2})

    assert '{"😀":2,"\ufb33":1}'.encode() in written


def test_an_instant_is_utc_to_the_microsecond():
    assert instant(datetime.fromisoformat("2026-11-23T13:38:14+09:00")) == "2026-11-23T04:38:14.000000Z"


@pytest.mark.django_db
def test_events_are_seen_by_the_agencies_they_are_addressed_to_and_nobody_else(happen, jaxa, esa, isro):
    happen(2)
    operator = Actor(person=SimpleNamespace(uid=uuid.uuid4(), is_staff=True, zone="UTC"))

    assert Event.objects.visible_to(jaxa).count() == Event.objects.visible_to(esa).count() == 2
    for nobody in (isro, operator, Actor.anonymous(), Actor.system(), actor_for("ESA", is_live=False)):
        assert not Event.objects.visible_to(nobody).exists()


@pytest.mark.django_db
def test_a_record_has_its_own_events_and_those_in_its_scope(happen):
    happen(1, ref="P-2026-0001")
    happen(1, ref="A-2026-0001", scope="P-2026-0001")
    happen(1, ref="P-2026-0002")

    assert {event.target_ref for event in Event.objects.of("P-2026-0001")} == {"P-2026-0001", "A-2026-0001"}
    assert {event.target_ref for event in Event.objects.of("A-2026-0001")} == {"A-2026-0001"}
