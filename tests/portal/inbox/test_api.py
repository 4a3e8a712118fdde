"""The inbox through the API: the same items, the same limits."""

from __future__ import annotations

import pytest
from django.utils import timezone

from portal.inbox import ask, tell
from portal.inbox.models import Item, Read

INBOX = "/api/v1/inbox/"


@pytest.fixture
def items(cast):
    ask(None, verb="answer", agency=cast.jaxa, title="Invitation", url="/x", key="a")
    ask(None, verb="sign", agency=cast.jaxa, roles=["signatory"], title="Memorandum", url="/x", key="b")
    tell(None, agency=cast.jaxa, roles=["manager"], title="Signed", url="/x")


def listed(client, query=""):
    return [item["title"] for item in client.get(f"{INBOX}{query}").json()["results"]]


def test_the_list_shows_what_is_mine_newest_first(cast, items):
    assert listed(cast.client(cast.mika)) == ["Signed", "Invitation"]
    assert listed(cast.client(cast.mika), "?kind=waiting") == ["Invitation"]
    assert listed(cast.client(cast.mika), "?for=all&kind=waiting") == ["Memorandum", "Invitation"]
    assert listed(cast.client(cast.sora), "?for=all") == []
    assert listed(cast.client(cast.lucien), "?for=all") == []


def test_an_item_says_what_it_asks_and_of_whom(cast, items):
    (item,) = cast.client(cast.mika).get(f"{INBOX}?kind=waiting").json()["results"]

    told = {"title", "why", "url", "ref", "agency", "roles", "person"}
    assert set(item) == {"uid", "kind", "verb", *told, "due_at", "created_at", "is_read"}
    assert (item["verb"], item["agency"], item["is_read"]) == ("answer", "JAXA", False)


def test_an_item_is_read_once_and_only_by_those_who_may_see_it(cast, items):
    uid = Item.objects.get(key="a").uid

    assert cast.client(cast.tara).post(f"{INBOX}{uid}/read/").status_code == 404
    assert cast.client(cast.mika).post(f"{INBOX}{uid}/read/").json()["is_read"] is True
    assert cast.client(cast.mika).get(f"{INBOX}{uid}/").json()["is_read"] is True
    assert Read.objects.count() == 1


def test_news_up_to_a_moment_is_read_at_once(cast, items):
    client = cast.client(cast.mika)

    answer = client.post(f"{INBOX}read/", {"until": timezone.now().isoformat()}, content_type="application/json")

    assert answer.json() == {"read": 1}
    assert client.post(f"{INBOX}read/", {"until": "soon"}, content_type="application/json").status_code == 400
    assert client.post(f"{INBOX}read/", {}, content_type="application/json").status_code == 400


@pytest.mark.parametrize("query", ["?for=world", "?kind=other"])
def test_a_filter_that_makes_no_sense_is_refused(cast, query):
    assert cast.client(cast.mika).get(f"{INBOX}{query}").status_code == 400


def test_a_list_costs_at_most_eight_queries(cast, django_assert_max_num_queries):
    for number in range(40):
        ask(None, verb="answer", agency=cast.jaxa, title="Invitation", url="/x", key=str(number))
    client = cast.client(cast.mika)

    with django_assert_max_num_queries(8):
        assert len(client.get(INBOX).json()["results"]) == 25
