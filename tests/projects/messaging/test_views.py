"""The pages of threads: reading, writing, what arrives, what never does, and how many queries it takes."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.messaging import actions
from projects.messaging.models import Audience, Message, Thread
from tests.projects import life
from tests.projects.messaging import talk

HTMX = {"HX-Request": "true"}


@pytest.fixture
def project(cast):
    return life.accepted(cast)


@pytest.fixture
def thread(cast, project):
    return talk.on_project(cast, project)


def typed(**words):
    return {"audience": "internal", "body": "Hello", "language": "", "once": str(uuid.uuid4())} | words


def messages_url(thread):
    return f"/threads/{thread.ref}/messages/"


@pytest.mark.parametrize("who", ["sora", "tara", "nils", "noor", "olga", "emil"])
@pytest.mark.parametrize("page", ["", "messages/", "agencies/"])
def test_strangers_find_no_thread(cast, thread, who, page):
    assert cast.client(getattr(cast, who)).get(f"/threads/{thread.ref}/{page}").status_code == 404


@pytest.mark.parametrize("who", ["tara", "sora", "olga"])
@pytest.mark.parametrize("verb", ["messages/", "read/", "close/", "reopen/"])
def test_strangers_do_nothing_to_it(cast, thread, who, verb):
    assert cast.client(getattr(cast, who)).post(f"/threads/{thread.ref}/{verb}", typed()).status_code == 404
    assert Message.objects.count() == 1


def test_internal_messages_never_reach_the_partner(cast, thread):
    secret = talk.say(cast, thread, cast.kenji, "Our battery is weak.", Audience.INTERNAL)
    lucien = cast.client(cast.lucien)
    pages = [
        "/threads/",
        f"/threads/{thread.ref}/",
        messages_url(thread),
        f"{messages_url(thread)}?after=0",
        f"{messages_url(thread)}?before=99999",
    ]

    for page in [*pages, f"/projects/{thread.project.ref}/threads/"]:
        body = lucien.get(page, headers=HTMX).content.decode()
        assert "battery" not in body
        assert str(secret.uid) not in body
    assert lucien.get(f"{messages_url(thread)}{secret.uid}/").status_code == 404
    assert lucien.post(f"{messages_url(thread)}{secret.uid}/withdraw/", typed()).status_code == 404
    assert "battery" in cast.client(cast.mika).get(f"/threads/{thread.ref}/").content.decode()


def test_composer_comes_with_internal_chosen(cast, thread):
    page = cast.client(cast.mika).get(f"/threads/{thread.ref}/").content.decode()

    assert re.search(r'value="internal" checked', page)
    assert not re.search(r'value="shared" checked', page)
    assert "Send inside JAXA" in page
    assert "Send to JAXA and ESA" in page


def test_without_scripts_a_message_is_posted_and_the_page_loaded_again(cast, thread):
    response = cast.client(cast.lucien).post(messages_url(thread), typed(audience="shared", body="Yes.", language="en"))

    posted = Message.objects.latest("pk")
    assert response.status_code == 302
    assert response["Location"] == f"/threads/{thread.ref}/#m{posted.pk}"
    assert (posted.body, posted.agency, posted.language) == ("Yes.", cast.esa, "en")


def test_with_scripts_the_message_is_added_and_the_composer_emptied(cast, thread):
    last = Message.objects.latest("pk")
    first_key = typed()

    response = cast.client(cast.mika).post(
        messages_url(thread), first_key | {"after": last.pk, "body": "Inside"}, headers=HTMX
    )

    page = response.content.decode()
    posted = Message.objects.latest("pk")
    assert response.status_code == 201
    assert f'id="m{posted.pk}"' in page
    assert f'id="m{last.pk}"' not in page
    assert f'name="after" value="{posted.pk}"' in page
    assert re.search(r"<textarea[^>]*>\s*</textarea>", page)
    key = re.search(r'id="composer-once" hx-swap-oob="true"><input type="hidden" name="once" value="([^"]+)"', page)
    assert key
    assert key[1] != first_key["once"]


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (" ", "Write something first."),
        ("ab" * 10_001, "A message has at most 20\u202f000 characters; this has 20\u202f002."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_the_text_kept(cast, thread, headers, body, said):
    response = cast.client(cast.mika).post(messages_url(thread), typed(audience="shared", body=body), headers=headers)

    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert 'aria-describedby="body-error"' in page
    assert body in page
    if headers:
        assert response["HX-Retarget"] == "#composer-fields"
    else:
        assert 'value="shared" checked' in page
    assert Message.objects.count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_two_clicks_make_one_message(cast, thread, headers):
    mika = cast.client(cast.mika)
    words = typed(body="Once only")

    first = mika.post(messages_url(thread), words, headers=headers)
    second = mika.post(messages_url(thread), words, headers=headers)

    assert first.status_code == second.status_code
    assert Message.objects.filter(body="Once only").count() == 1


def test_what_arrives_is_fetched_after_the_last_one_seen(cast, thread):
    first = Message.objects.get()
    second = talk.say(cast, thread, cast.lucien, "Yes.")

    page = cast.client(cast.mika).get(f"{messages_url(thread)}?after={first.pk}", headers=HTMX).content.decode()

    assert f'id="m{second.pk}"' in page
    assert f'id="m{first.pk}"' not in page
    assert f'name="after" value="{second.pk}"' in page
    assert 'id="read"' in page


def test_edits_and_withdrawals_arrive_too(cast, thread):
    first = Message.objects.get()
    mika = cast.client(cast.mika)
    page = cast.client(cast.lucien).get(f"/threads/{thread.ref}/").content.decode()
    since = re.search(r'name="since" value="([^"]+)"', page)[1]
    actions.edit_message(first, actor=cast.actor(cast.mika), body="Will 17 W do?")

    arrived = cast.client(cast.lucien).get(messages_url(thread), {"after": first.pk, "since": since}).content.decode()
    assert f'id="m{first.pk}"' in arrived
    assert 'hx-swap-oob="true"' in arrived
    assert "17 W" in arrived

    mika.post(f"{messages_url(thread)}{first.uid}/withdraw/", typed())
    arrived = cast.client(cast.lucien).get(messages_url(thread), {"after": first.pk, "since": since}).content.decode()
    assert "17 W" not in arrived
    assert "Message withdrawn by its author" in arrived


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=-1",
        "after=99999999999999999999",
        "after=1&since=yesterday",
        "before=",
        "before=²",
        "since=2026-13-45T00:00:00Z",
    ],
)
def test_nonsense_in_the_address_is_harmless(cast, thread, query):
    assert cast.client(cast.mika).get(f"{messages_url(thread)}?{query}").status_code == 200
    assert cast.client(cast.mika).get(f"/threads/{thread.ref}/?{query}").status_code == 200


def test_a_long_thread_is_read_in_stretches(cast, thread):
    for number in range(120):
        talk.say(cast, thread, cast.mika, f"Message {number:03}")
    client = cast.client(cast.lucien)

    page = client.get(f"/threads/{thread.ref}/").content.decode()
    before = re.search(r"\?before=(\d+)", page)[1]
    earlier = client.get(f"{messages_url(thread)}?before={before}", headers=HTMX).content.decode()
    plain = client.get(f"/threads/{thread.ref}/?before={before}").content.decode()

    assert page.count("<article") == earlier.count("<article") == plain.count("<article") == 50
    assert "Message 119" in page
    assert "Message 069" in earlier
    assert "Message 069" in plain
    assert "Back to the latest messages" in plain
    assert 'id="composer"' not in plain


def test_new_messages_begin_with_a_line(cast, thread):
    page = cast.client(cast.lucien).get(f"/threads/{thread.ref}/").content.decode()
    assert page.count('id="new"') == 1

    actions.mark_read(thread, actor=cast.actor(cast.lucien), up_to=Message.objects.latest("pk").pk)
    assert 'id="new"' not in cast.client(cast.lucien).get(f"/threads/{thread.ref}/").content.decode()


def test_reading_is_a_post_and_a_get_writes_nothing(cast, thread):
    lucien = cast.client(cast.lucien)
    lucien.get("/threads/")
    with CaptureQueriesContext(connection) as queries:
        lucien.get(f"/threads/{thread.ref}/")
    assert not [query for query in queries if not query["sql"].lstrip().upper().startswith("SELECT")]
    assert "New for you" in lucien.get("/threads/").content.decode()

    last = Message.objects.latest("pk").pk
    assert lucien.post(f"/threads/{thread.ref}/read/", {"up_to": last, "once": "k1"}, headers=HTMX).status_code == 201
    assert "New for you" not in lucien.get("/threads/").content.decode()
    assert lucien.post(f"/threads/{thread.ref}/read/", {"up_to": "x"}).status_code == 302


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://evil.example/p.png)",
        "<img src=x onerror=alert(1)>",
    ],
)
def test_hostile_words_are_text(cast, thread, body):
    talk.say(cast, thread, cast.lucien, body)

    page = cast.client(cast.mika).get(f"/threads/{thread.ref}/").content.decode()

    thread_part = page[page.index('class="thread"') : page.index('id="seen"')]
    assert "<script" not in thread_part
    assert 'href="javascript' not in thread_part
    assert "<img" not in thread_part


def test_direction_of_words_stays_their_own(cast, project):
    thread = talk.on_project(cast, project, title="\u202eevil", body="\u202eevil", language="ar")

    page = cast.client(cast.lucien).get(f"/threads/{thread.ref}/").content.decode()

    assert "<h1><bdi>\u202eevil</bdi></h1>" in page
    assert '<div class="message-body" dir="auto" lang="ar">' in page


def test_opening_a_thread_on_a_project(cast, project):
    mika = cast.client(cast.mika)
    address = f"/threads/new/?project={project.ref}"

    assert mika.get(address).status_code == 200
    refused = mika.post(address, typed(title="", agencies=["ESA"], body="Typed with care"))
    assert refused.status_code == 422
    assert "Typed with care" in refused.content.decode()
    assert mika.post(address, typed(title="Valves", agencies=["ESA"], audience="shared")).status_code == 302
    assert [agency.ref for agency in Thread.objects.get().readers()] == ["JAXA", "ESA"]


def test_opening_a_thread_with_an_agency(cast):
    mika = cast.client(cast.mika)

    assert mika.get("/threads/new/").status_code == 200
    assert mika.get("/threads/new/?agency=ESA").status_code == 200
    assert mika.post("/threads/new/?agency=ESA", typed(title="Hello", agencies=["ESA"])).status_code == 302
    assert Thread.objects.get().project is None
    assert mika.get("/threads/new/?agency=NOVA").status_code == 404
    assert mika.get("/threads/new/?agency=%00").status_code == 200


def test_an_unverified_agency_is_told_why(cast):
    nils = cast.client(cast.nils)

    assert "Until your agency is verified" in nils.get("/threads/new/").content.decode()
    assert nils.get("/threads/new/?agency=ESA").status_code == 404


def test_closing_shows_why_nobody_writes(cast, thread):
    mika = cast.client(cast.mika)

    assert mika.post(f"/threads/{thread.ref}/close/", typed()).status_code == 302
    page = cast.client(cast.lucien).get(f"/threads/{thread.ref}/").content.decode()

    assert "The thread is closed" in page
    assert 'id="composer"' not in page
    assert cast.client(cast.lucien).post(messages_url(thread), typed()).status_code == 409
    assert mika.post(f"/threads/{thread.ref}/reopen/", typed()).status_code == 302


def test_adding_an_agency(cast):
    thread = talk.between(cast)
    mika = cast.client(cast.mika)

    assert (
        "No verified agency"
        in mika.post(f"/threads/{thread.ref}/agencies/", {"agency": "NASA", "once": "a"}).content.decode()
    )
    assert (
        "on the list already"
        in mika.post(f"/threads/{thread.ref}/agencies/", {"agency": "esa", "once": "b"}).content.decode()
    )
    assert mika.post(f"/threads/{thread.ref}/agencies/", {"agency": "isro", "once": "c"}).status_code == 302
    assert cast.client(cast.lucien).get(f"/threads/{thread.ref}/agencies/").status_code == 403


def test_a_message_s_page_shows_the_earlier_words(cast, thread):
    first = Message.objects.get()
    mika = cast.client(cast.mika)
    address = f"{messages_url(thread)}{first.uid}/"

    assert mika.post(address, {"body": " ", "version": 1, "once": "a"}).status_code == 422
    assert mika.post(address, {"body": "Will 17 W do?", "version": 1, "once": "b"}).status_code == 302
    stale = mika.post(address, {"body": "Will 16 W do?", "version": 1, "once": "c"})
    assert (stale.status_code, "Will 16 W do?" in stale.content.decode()) == (409, True)
    page = cast.client(cast.lucien).get(address).content.decode()
    assert "Will 18 W do?" in page
    assert "Will 17 W do?" in page
    assert cast.client(cast.lucien).post(address, {"body": "No", "version": 2, "once": "d"}).status_code == 403
    mika.post(f"{address}withdraw/", typed())
    gone = mika.get(address).content.decode()
    assert "18 W" not in gone
    assert "17 W" not in gone


def test_list_filters_by_project_and_pages(cast, project):
    other = life.accepted(cast, title="Other")
    for number in range(30):
        talk.on_project(cast, project, title=f"Thread {number:02}")
    talk.on_project(cast, other, title="Elsewhere")
    mika = cast.client(cast.mika)

    first = mika.get("/threads/")
    second = mika.get(f"/threads/{first.context['list'].page.next_url}")
    assert first.content.decode().count("record-title") == 25
    assert second.content.decode().count("record-title") == 6
    assert "Elsewhere" not in mika.get(f"/threads/?project={project.ref}").content.decode()
    assert mika.get("/threads/?project=P-1999-0001").status_code == 404
    lucien = cast.client(cast.lucien).get("/threads/")
    assert "Everything that is new" in lucien.content.decode()
    assert cast.client(cast.lucien).get("/threads/?unread=1").content.decode().count("record-title") == 25


def test_the_tab_counts_what_is_unread(cast, project, thread):
    talk.on_project(cast, project, title="Second")

    page = cast.client(cast.lucien).get(f"/projects/{project.ref}/").content.decode()

    assert re.search(r"Threads <span class=\"count[^\"]*\">2</span>", page)


@pytest.mark.parametrize(
    ("address", "most"), [("/threads/", 10), ("/threads/{thread}/", 14), ("/threads/{thread}/messages/?after=0", 14)]
)
def test_pages_cost_the_same_however_much_was_written(cast, project, thread, address, most):
    lucien = cast.client(cast.lucien)
    address = address.format(thread=thread.ref)
    with CaptureQueriesContext(connection) as few:
        lucien.get(address)
    for number in range(20):
        talk.say(cast, thread, cast.mika, f"Message {number}")
        talk.on_project(cast, project, title=f"Thread {number}")

    with CaptureQueriesContext(connection) as many:
        lucien.get(address)

    assert len(many) <= len(few) <= most, [query["sql"][:150] for query in many]
