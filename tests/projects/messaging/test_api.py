"""The JSON door of threads does what the pages do."""

import pytest

from projects.messaging.models import Audience, Message, Thread
from tests.projects import life
from tests.projects.messaging import talk


@pytest.fixture
def project(cast):
    return life.accepted(cast)


@pytest.fixture
def thread(cast, project):
    return talk.on_project(cast, project)


def post(client, address, body, **headers):
    return client.post(f"/api/v1/{address}", body, content_type="application/json", headers=headers)


def test_a_thread_is_opened_with_its_first_message(cast, project):
    words = {"project": project.ref, "agencies": ["ESA"], "title": "Valves", "body": "Which?", "audience": "shared"}

    created = post(cast.client(cast.mika), "threads/", words)

    assert created.status_code == 201
    body = created.json()
    assert [seat["agency"] for seat in body["agencies"]] == ["JAXA", "ESA"]
    assert {verb["verb"] for verb in body["verbs"]} == {"post", "share", "add-agency", "close", "reopen"}
    assert "Which?" not in created.content.decode()
    assert Message.objects.get().audience == Audience.SHARED


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"body": ""}, "body"),
        ({"body": "x" * 20_001}, "body"),
        ({"agencies": ["NASA"]}, "agencies"),
        ({"agencies": []}, "agencies"),
        ({"audience": "all"}, "audience"),
        ({"language": "not a tag"}, "language"),
        ({"mood": "good"}, "mood"),
    ],
)
def test_bad_input_names_the_field(cast, change, field):
    words = {"agencies": ["ESA"], "title": "Hello", "body": "Hello"} | change

    response = post(cast.client(cast.mika), "threads/", words)

    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]
    assert not Thread.objects.exists()


def test_internal_messages_never_reach_the_partner(cast, thread):
    secret = talk.say(cast, thread, cast.kenji, "Our battery is weak.", Audience.INTERNAL)
    lucien = cast.client(cast.lucien)

    listed = lucien.get(f"/api/v1/messages/?thread={thread.ref}")

    assert [row["body"] for row in listed.json()["results"]] == ["Will 18 W do?"]
    assert lucien.get(f"/api/v1/messages/{secret.uid}/").status_code == 404
    assert (
        lucien.patch(f"/api/v1/messages/{secret.uid}/", {"body": "x"}, content_type="application/json").status_code
        == 404
    )
    assert post(lucien, f"messages/{secret.uid}/withdraw/", {}).status_code == 404


@pytest.mark.parametrize("who", ["tara", "sora", "olga", "nils"])
def test_strangers_get_404_and_empty_lists(cast, thread, who):
    client = cast.client(getattr(cast, who))
    message = Message.objects.get()

    assert client.get("/api/v1/threads/").json()["results"] == []
    assert client.get("/api/v1/messages/").json()["results"] == []
    assert client.get(f"/api/v1/threads/{thread.ref}/").status_code == 404
    assert client.get(f"/api/v1/messages/{message.uid}/").status_code == 404
    assert post(client, "messages/", {"thread": thread.ref, "body": "Hi"}).status_code == 404
    assert post(client, f"threads/{thread.ref}/close/", {}).status_code == 404


def test_a_message_is_written_internally_unless_it_says_otherwise(cast, thread):
    created = post(cast.client(cast.lucien), "messages/", {"thread": thread.ref, "body": "Hm."})

    assert created.status_code == 201
    assert (created.json()["audience"], created["ETag"]) == ("internal", '"1"')


def test_a_repeat_with_the_same_key_is_one_message(cast, thread):
    client = cast.client(cast.mika)
    words = {"thread": thread.ref, "body": "Once", "audience": "shared"}

    first = post(client, "messages/", words, **{"Idempotency-Key": "k-1"})
    second = post(client, "messages/", words, **{"Idempotency-Key": "k-1"})

    assert first.json()["uid"] == second.json()["uid"]
    assert Message.objects.filter(body="Once").count() == 1


def test_corrections_and_withdrawal(cast, thread):
    mika = cast.client(cast.mika)
    address = f"/api/v1/messages/{Message.objects.get().uid}/"

    def patch(body, etag):
        return mika.patch(address, {"body": body}, content_type="application/json", headers={"If-Match": etag})

    assert patch("17 W", '"1"').json()["version"] == 2
    assert patch("16 W", '"1"').status_code == 409
    verbs = {verb["verb"]: verb["code"] for verb in cast.client(cast.lucien).get(address).json()["verbs"]}
    assert verbs == {"edit": "not-the-author", "withdraw": "not-the-author"}
    withdrawn = mika.post(f"{address}withdraw/", {}, content_type="application/json").json()
    assert (withdrawn["body"], bool(withdrawn["withdrawn_at"])) == ("", True)


def test_verbs_of_a_thread(cast):
    thread = talk.between(cast)
    mika = cast.client(cast.mika)

    assert post(mika, f"threads/{thread.ref}/add-agency/", {"agency": "ISRO"}).json()["agencies"][2]["agency"] == "ISRO"
    assert post(mika, f"threads/{thread.ref}/add-agency/", {"agency": "NOVA"}).status_code == 400
    assert post(mika, f"threads/{thread.ref}/close/", {}).json()["closed_at"]
    closed = post(cast.client(cast.lucien), "messages/", {"thread": thread.ref, "body": "Hi"})
    assert (closed.status_code, closed.json()["code"]) == (409, "thread-closed")
    assert post(mika, f"threads/{thread.ref}/reopen/", {}).json()["closed_at"] is None


def test_lists_cost_the_same_however_long(cast, project, thread, django_assert_max_num_queries):
    for number in range(10):
        talk.say(cast, thread, cast.mika, f"Message {number}")
        talk.on_project(cast, project, title=f"Thread {number}")
    client = cast.client(cast.lucien)

    for address in ("/api/v1/threads/", f"/api/v1/messages/?thread={thread.ref}"):
        with django_assert_max_num_queries(8):
            assert len(client.get(address).json()["results"]) == 11
