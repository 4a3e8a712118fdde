"""Who is told what: asking once, settling, and seeing only what is one's own."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from agencies.models import Membership
from portal.inbox import ask, settle, tell
from portal.inbox.actions import mark_read
from portal.inbox.models import Item, Reach, Read
from portal.inbox.texts import Text
from portal.kit.actors import Actor

EVENT = SimpleNamespace(uid=uuid4(), target_ref="P-2026-0007", person_uid=None, icon="flag")


def answer(agency: Any, **changes: Any) -> None:
    facts = {
        "verb": "answer",
        "title": "Invitation",
        "url": "/projects/P-2026-0007/",
        "key": f"answer:P-2026-0007:{agency.ref}",
    }
    ask(EVENT, agency=agency, **{**facts, **changes})


def test_asking_twice_under_one_key_makes_one_item_with_the_newer_words(cast):
    answer(cast.jaxa, title="Invitation")
    answer(cast.jaxa, title="Invitation, terms changed")

    (item,) = Item.objects.waiting()
    assert item.title == "Invitation, terms changed"


def test_what_was_settled_can_be_asked_again(cast):
    answer(cast.jaxa)
    settle(f"answer:P-2026-0007:{cast.jaxa.ref}")

    answer(cast.jaxa)

    assert Item.objects.count() == 2
    assert Item.objects.waiting().count() == 1


def test_settling_a_stem_closes_what_is_under_it_and_nothing_that_only_looks_like_it(cast):
    answer(cast.jaxa, key="answer:P-2026-0001:JAXA")
    answer(cast.esa, key="answer:P-2026-0001:ESA")
    answer(cast.jaxa, key="answer:P-2026-00010:JAXA")

    assert settle("answer:P-2026-0001") == 2
    assert [item.key for item in Item.objects.waiting()] == ["answer:P-2026-00010:JAXA"]
    assert settle("answer:P-2026-0001") == 0


def test_settling_takes_wildcards_for_letters(cast):
    answer(cast.jaxa, key="answer:anything")

    assert settle("answer%") == 0
    assert settle("") == 0


def test_asking_for_something_nobody_named_is_refused(cast):
    with pytest.raises(LookupError):
        answer(cast.jaxa, verb="dance")
    with pytest.raises(ValueError, match="key"):
        answer(cast.jaxa, key="")
    with pytest.raises(ValueError, match="for a person"):
        ask(EVENT, verb="answer", title="x", url="/", key="x")


def test_the_database_refuses_an_item_for_nobody(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.create(kind="to_know", title_id="x", url="/", roles=["manager"])


def test_an_item_of_roles_reaches_those_who_hold_them_and_those_who_lead_the_agency(cast):
    answer(cast.jaxa, roles=["signatory"], verb="sign")

    assert titles(cast.actor(cast.kenji)) == ["Invitation"]
    assert titles(cast.actor(cast.mika)) == []
    assert titles(cast.actor(cast.mika), Reach.ALL) == ["Invitation"]
    assert Item.objects.visible_to(cast.actor(cast.mika)).count() == 1
    assert titles(cast.actor(cast.sora)) == []
    assert Item.objects.visible_to(cast.actor(cast.sora)).count() == 0


def test_an_item_without_roles_waits_for_those_who_lead_the_agency(cast):
    answer(cast.jaxa)

    assert titles(cast.actor(cast.mika)) == ["Invitation"]
    assert titles(cast.actor(cast.sora)) == []


def test_an_item_of_a_person_is_theirs_alone_below_those_who_lead(cast):
    answer(cast.jaxa, person=cast.sora)

    assert titles(cast.actor(cast.sora)) == ["Invitation"]
    assert titles(cast.actor(cast.sora), Reach.ROLE) == []
    assert titles(cast.actor(cast.kenji)) == []
    assert titles(cast.actor(cast.mika)) == []


def test_all_of_the_agency_is_for_those_who_lead_it(cast):
    answer(cast.jaxa, roles=["manager"])

    assert titles(cast.actor(cast.kenji), Reach.ALL) == []
    assert titles(cast.actor(cast.sora), Reach.ALL) == []


def test_another_agency_sees_nothing_in_any_reach(cast):
    answer(cast.jaxa)
    tell(EVENT, agency=cast.jaxa, title="Signed", url="/")

    for reach in Reach.values:
        assert not Item.objects.for_actor(cast.actor(cast.lucien), reach).exists()
    assert not Item.objects.visible_to(cast.actor(cast.lucien)).exists()
    assert not Item.objects.visible_to(Actor.anonymous()).exists()
    assert not Item.objects.visible_to(Actor.system()).exists()
    assert not Item.objects.for_actor(cast.actor(cast.mika), "everything").exists()


def test_a_membership_that_is_over_sees_nothing_of_the_agency(cast):
    answer(cast.jaxa)
    answer(cast.jaxa, person=cast.mika, key="person")
    actor = cast.actor(cast.mika)
    actor.membership.ended_at = timezone.now() - timedelta(seconds=1)
    actor.membership.save()

    for reach in Reach.values:
        assert not Item.objects.for_actor(actor, reach).exists()
    assert not Item.objects.visible_to(actor).exists()


def test_an_item_of_a_person_in_one_agency_stays_there_when_they_act_for_another(cast):
    answer(cast.jaxa, person=cast.mika)
    tell(None, person=cast.mika, title="Welcome", url="/")
    elsewhere = Membership.objects.create(
        agency=cast.esa, person=cast.mika, roles=["manager"], starts_on=date(2020, 1, 1)
    )
    actor = Actor(person=cast.mika, membership=elsewhere)

    assert [item.title for item in Item.objects.for_actor(actor)] == ["Welcome"]


def test_operators_see_what_waits_for_operators_and_no_agency_does(cast):
    ask(EVENT, verb="verify", roles=["operator"], title="Application", url="/admin/", key="verify:JAXA")
    olga = Actor(person=cast.olga)

    assert titles(olga) == ["Application"]
    assert titles(cast.actor(cast.mika)) == []
    assert titles(cast.actor(cast.mika), Reach.ALL) == []


def test_words_are_those_of_the_reader(cast, monkeypatch):
    from portal.inbox import texts

    french = {"Invitation of %(agency)s": "Invitation de %(agency)s", "Manager": "Responsable"}
    monkeypatch.setattr(
        texts, "gettext", lambda words: french.get(words, words) if translation.get_language() == "fr" else words
    )
    answer(
        cast.esa, title=Text("Invitation of %(agency)s", agency="100% JAXA"), why=Text("%(role)s", role=Text("Manager"))
    )
    item = Item.objects.get()

    assert (item.title, item.why) == ("Invitation of 100% JAXA", "Manager")
    with translation.override("fr"):
        assert (item.title, item.why) == ("Invitation de 100% JAXA", "Responsable")


def test_names_keep_their_direction_in_right_to_left_languages():
    with translation.override("ar"):
        assert str(Text("%(agency)s: signed", agency="JAXA")) == "\u2068JAXA\u2069: signed"


def test_plain_words_with_a_percent_sign_are_not_a_pattern(cast):
    tell(None, person=cast.mika, title="25 % of %(nothing)s", url="/")

    assert Item.objects.get().title == "25 % of %(nothing)s"


def test_words_with_a_missing_parameter_still_read():
    assert str(Text("%(agency)s and %(other)s", agency="ESA")) == "ESA and …"


def test_reading_is_each_persons_own_and_counts_once(cast):
    tell(EVENT, agency=cast.jaxa, roles=["manager", "signatory"], title="Signed", url="/")
    mine = Item.objects.for_actor(cast.actor(cast.mika)).to_know()

    assert mark_read(mine, actor=cast.actor(cast.mika)) == 1
    assert mark_read(mine, actor=cast.actor(cast.mika)) == 0
    assert not mine.unread(cast.actor(cast.mika)).exists()
    assert Item.objects.for_actor(cast.actor(cast.kenji)).to_know().unread(cast.actor(cast.kenji)).exists()
    assert Read.objects.count() == 1


def test_an_item_that_was_asked_in_a_transaction_that_fails_does_not_exist(cast):
    with pytest.raises(RuntimeError), transaction.atomic():
        answer(cast.jaxa)
        raise RuntimeError

    assert not Item.objects.exists()


def test_the_most_urgent_comes_first_and_what_has_no_date_last(cast):
    now = timezone.now()
    for key, due in {
        "none": None,
        "later": now + timedelta(days=9),
        "over": now - timedelta(days=1),
        "soon": now,
    }.items():
        answer(cast.jaxa, key=key, title=key, due_at=due)

    assert titles(cast.actor(cast.mika)) == ["over", "soon", "later", "none"]


def test_a_list_and_a_count_are_one_query_each(cast, django_assert_num_queries):
    for number in range(30):
        answer(cast.jaxa, key=str(number))
    actor = cast.actor(cast.mika)
    waiting = Item.objects.for_actor(actor).waiting().with_read(actor)

    with django_assert_num_queries(1):
        assert len(list(waiting)) == 30
    with django_assert_num_queries(1):
        assert waiting.all().count() == 30


def test_asking_costs_three_statements_and_telling_two(cast, django_assert_max_num_queries):
    with transaction.atomic():
        with django_assert_max_num_queries(5):
            answer(cast.jaxa)
        with django_assert_max_num_queries(4):
            tell(EVENT, agency=cast.jaxa, title="Signed", url="/")


def titles(actor: Actor, reach: str = Reach.ME) -> list[str]:
    return [item.title for item in Item.objects.for_actor(actor, reach).waiting()]
