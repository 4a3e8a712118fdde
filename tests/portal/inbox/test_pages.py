"""Home, the bell, reading and preferences, as people see them."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.inbox import ask, tell
from portal.inbox.models import Item, Preference, Read


def wait_for(agency, count=1, **facts):
    for number in range(count):
        given = {"verb": "answer", "title": f"Invitation {number}", "url": "/", "key": f"answer:{number}:{agency.ref}"}
        ask(None, agency=agency, **{**given, **facts})


def test_home_says_how_many_things_wait_and_where_the_reader_is(cast):
    wait_for(cast.jaxa, 2)

    page = cast.client(cast.mika).get("/")

    assert page.status_code == 200
    assert "2 things wait for you" in page.text
    assert f"{timezone.now().astimezone(ZoneInfo('Asia/Tokyo')):%H:}" in page.text
    assert "in Tokyo" in page.text
    assert "Invitation 1" in page.text
    assert "All of JAXA" in page.text


def test_home_shows_groups_by_urgency(cast):
    wait_for(cast.jaxa, due_at=timezone.now() - timedelta(days=1))

    page = cast.client(cast.mika).get("/")

    assert "Overdue" in page.text
    assert "Since yesterday" in page.text
    assert "JST" in page.text


def test_home_of_a_contributor_offers_no_view_of_the_agency_and_ignores_the_wish(cast):
    wait_for(cast.jaxa)

    page = cast.client(cast.sora).get("/?for=all")

    assert "Nothing waits for you" in page.text
    assert "All of JAXA" not in page.text
    assert "Invitation" not in page.text


def test_home_of_the_agency_shows_what_waits_for_others(cast):
    wait_for(cast.jaxa, roles=["signatory"], title="Memorandum", verb="sign")

    assert "Memorandum" not in cast.client(cast.mika).get("/").text
    assert "1 thing waits for JAXA" in cast.client(cast.mika).get("/?for=all").text
    assert "1 thing waits for your roles" in cast.client(cast.kenji).get("/?for=role").text


def test_home_leads_to_all_that_waits_for_ones_signature_once_it_is_more_than_one(cast):
    for number in range(3):
        wait_for(cast.jaxa, roles=["signatory"], verb="sign", key=f"sign:A-2026-000{number}:JP")
        if number == 0:
            assert "wait for your signature" not in cast.client(cast.kenji).get("/").text
    wait_for(cast.jaxa, roles=["signatory"], verb="sign", key="witness:ID-2026-0001")
    wait_for(cast.jaxa, roles=["signatory"], verb="approve", key="sign:A-2026-0009:JP:approver1")

    page = cast.client(cast.kenji).get("/")

    assert "3 texts wait for your signature" in page.text
    assert 'href="/agreements/to-sign/"' in page.text
    assert "wait for your signature" not in cast.client(cast.mika).get("/?for=all").text


def test_home_counts_all_that_can_be_signed_though_it_shows_fewer(cast):
    wait_for(cast.jaxa, 60, roles=["signatory"])
    for number in range(2):
        wait_for(cast.jaxa, roles=["signatory"], verb="sign", key=f"sign:A-2026-000{number}:JP")

    assert "2 texts wait for your signature" in cast.client(cast.kenji).get("/").text


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("noor", "You do not act for an agency yet"),
        ("nils", "is being checked"),
        ("mika", "All done"),
        ("olga", "Applications to check"),
    ],
)
def test_an_empty_home_says_what_to_do_first(cast, who, words):
    assert words in cast.client(getattr(cast, who)).get("/").text


def test_home_costs_at_most_fourteen_queries_whatever_waits(cast, django_assert_max_num_queries):
    wait_for(cast.jaxa, 60)
    for number in range(30):
        tell(None, agency=cast.jaxa, roles=["manager"], title=f"News {number}", url="/")
    client = cast.client(cast.mika)

    with django_assert_max_num_queries(14):
        page = client.get("/")

    assert "60 things wait for you" in page.text
    assert "60 wait in all" in page.text
    assert client.get("/?all=1").text.count('class="inbox-item') == 60


def test_reading_writes_nothing_until_it_is_posted(cast):
    wait_for(cast.jaxa)
    client = cast.client(cast.mika)

    with CaptureQueriesContext(connection) as queries:
        client.get("/")
        client.get("/inbox/count/")

    assert not [query["sql"] for query in queries if not query["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]


def test_the_bell_counts_what_waits_for_me(cast):
    wait_for(cast.jaxa, 3)

    assert "Inbox: 3 wait for you" in cast.client(cast.mika).get("/inbox/count/").text
    assert "Inbox: 0 wait for you" in cast.client(cast.lucien).get("/inbox/count/").text


def test_marking_all_as_read_stops_at_what_was_on_the_page(cast):
    tell(None, agency=cast.jaxa, title="Seen", url="/")
    until = timezone.now()
    tell(None, agency=cast.jaxa, title="Came later", url="/")

    answer = cast.client(cast.mika).post("/inbox/read/", {"until": until.isoformat(), "reach": "me"})

    assert answer.status_code == 302
    assert [read.item.title for read in Read.objects.all()] == ["Seen"]


def test_what_is_another_agencys_cannot_be_marked(cast):
    tell(None, agency=cast.jaxa, title="Signed", url="/")

    answer = cast.client(cast.lucien).post("/inbox/read/", {"item": str(Item.objects.get().uid)})

    assert answer.status_code == 404
    assert not Read.objects.exists()


@pytest.mark.parametrize(
    "sent", [{}, {"item": "x"}, {"until": "soon"}, {"until": "2026-11-24", "reach": "world"}, {"item": "\x00"}]
)
def test_marking_nothing_sensible_is_refused_in_words(cast, sent):
    answer = cast.client(cast.mika).post("/inbox/read/", sent)

    assert answer.status_code == 400
    assert "Say which items" in answer.text


def test_mail_can_be_switched_off_and_on(cast):
    client = cast.client(cast.mika)
    assert client.get("/inbox/preferences/").status_code == 200

    assert client.post("/inbox/preferences/", {"mail": "never"}).status_code == 302
    assert Preference.objects.get(person=cast.mika).mail == "never"
    assert client.post("/inbox/preferences/", {"mail": "weekly"}).status_code == 422
    assert client.post("/inbox/preferences/", {"mail": "at_once"}).status_code == 302
    assert Preference.objects.get(person=cast.mika).mail == "at_once"


def test_operators_see_that_something_waits_and_not_what_it_is_about(cast):
    wait_for(cast.jaxa, title="Canary of the secret lander", why="Canary")
    client = cast.client(cast.olga)
    item = Item.objects.get()

    for address in ("/admin/inbox/item/", f"/admin/inbox/item/{item.pk}/change/"):
        page = client.get(address)
        assert page.status_code == 200
        assert "JAXA" in page.text
        assert "Canary" not in page.text
    assert client.post(f"/admin/inbox/item/{item.pk}/delete/", {"post": "yes"}).status_code == 403
