"""The live stream: what was committed arrives at once, only where it belongs, and only while the right lasts."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import timedelta

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import RequestFactory
from django.utils import timezone

from agencies.models import Membership, Token
from portal.inbox import ask
from portal.inbox.live import announce, check_again, door, hub
from tests.portal.inbox.streams import Reader, Server, connections_of_the_portal, cookie, reading

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(cast):
    with Server() as running:
        yield running


def test_what_is_announced_arrives_within_a_second_of_the_commit(cast, server):
    with reading(server, cookie(cast.client(cast.mika))) as stream:
        stream.opened()
        started = time.monotonic()
        with transaction.atomic():
            announce("thread-t-2026-0001", agencies=[cast.jaxa.ref], kind="message", ref="T-2026-0001")
            assert stream.next(0.3) is None

        assert stream.next() == {"topic": "thread-t-2026-0001", "kind": "message", "ref": "T-2026-0001"}
        assert time.monotonic() - started < 1.3


def test_what_is_rolled_back_is_never_told(cast, server):
    with reading(server, cookie(cast.client(cast.mika))) as stream:
        stream.opened()
        with pytest.raises(RuntimeError), transaction.atomic():
            announce("inbox", agencies=[cast.jaxa.ref])
            raise RuntimeError

        assert stream.next() is None


def test_it_reaches_only_those_it_is_for(cast, server):
    with (
        reading(server, cookie(cast.client(cast.mika))) as mika,
        reading(server, cookie(cast.client(cast.kenji))) as kenji,
        reading(server, cookie(cast.client(cast.tara))) as stranger,
        reading(server, cookie(cast.client(cast.noor))) as nobody,
    ):
        for stream in (mika, kenji, stranger, nobody):
            stream.opened()
        announce("to-jaxa", agencies=[cast.jaxa.ref])
        announce("to-mika", people=[cast.mika.uid])

        assert [mika.next()["topic"], mika.next()["topic"]] == ["to-jaxa", "to-mika"]
        assert kenji.next()["topic"] == "to-jaxa"
        assert [kenji.next(0.3), stranger.next(0.3), nobody.next(0.3)] == [None, None, None]


def test_asking_moves_the_bell_of_those_who_are_asked(cast, server):
    with (
        reading(server, cookie(cast.client(cast.mika))) as mika,
        reading(server, cookie(cast.client(cast.olga))) as operator,
    ):
        mika.opened()
        operator.opened()
        ask(None, verb="answer", agency=cast.jaxa, title="Secret title", url="/", key="a")
        ask(None, verb="verify", roles=["operator"], title="Application", url="/", key="b")

        assert mika.next() == {"topic": "inbox", "kind": "ask", "ref": ""}
        assert operator.next()["topic"] == "inbox"
        assert mika.next(0.3) is None


def test_signing_out_ends_the_stream_within_a_second(cast, server):
    client, elsewhere = cast.client(cast.mika), cast.client(cast.mika)
    with reading(server, cookie(client)) as stream, reading(server, cookie(elsewhere)) as other:
        stream.opened()
        other.opened()

        client.logout()

        assert stream.is_ended(within=1)
        announce("inbox", agencies=[cast.jaxa.ref])
        assert other.next()["topic"] == "inbox"


def test_a_membership_that_ends_ends_the_stream_within_a_second(cast, server):
    with reading(server, cookie(cast.client(cast.sora))) as stream:
        stream.opened()
        membership = Membership.objects.get(person=cast.sora)
        with transaction.atomic():
            membership.ended_at = timezone.now()
            membership.save()
            announce("secret", agencies=[cast.jaxa.ref])

        assert stream.is_ended(within=1)


def test_nothing_is_sent_between_the_end_of_a_right_and_the_end_of_the_stream(cast, server):
    with reading(server, cookie(cast.client(cast.sora))) as stream:
        stream.opened()
        Membership.objects.filter(person=cast.sora).update(over_at=timezone.now() - timedelta(seconds=1))
        with transaction.atomic():
            check_again(people=[cast.sora.uid])
            for number in range(50):
                announce(f"secret-{number}", agencies=[cast.jaxa.ref])

        with pytest.raises(EOFError):
            stream.next()


def test_a_changed_password_and_a_closed_account_end_the_stream(cast, server):
    with (
        reading(server, cookie(cast.client(cast.mika))) as mika,
        reading(server, cookie(cast.client(cast.kenji))) as kenji,
    ):
        mika.opened()
        kenji.opened()
        person = get_user_model().objects.get(pk=cast.mika.pk)
        person.set_password("another-password-2026")
        person.save(update_fields=["password"])
        other = get_user_model().objects.get(pk=cast.kenji.pk)
        other.is_active = False
        other.save()

        assert mika.is_ended(within=1)
        assert kenji.is_ended(within=1)


def test_a_program_streams_with_its_token_until_it_is_revoked(cast, server):
    token = Token.objects.create(
        membership=Membership.objects.get(person=cast.mika),
        name="archive",
        prefix="concord_x",
        digest=hashlib.sha256(b"concord_secret").hexdigest(),
        scopes=["read"],
    )
    with reading(server, {"Authorization": "Bearer concord_secret", "Sec-Fetch-Site": "cross-site"}) as stream:
        stream.opened()
        announce("inbox", agencies=[cast.jaxa.ref])
        assert stream.next()["topic"] == "inbox"

        token.revoked_at = timezone.now()
        token.save()

        assert stream.is_ended(within=1)


def test_a_right_that_ends_without_a_word_is_noticed_by_the_streams_own_check(cast, server, monkeypatch):
    monkeypatch.setattr(door, "PROVE_EVERY", 0.5)
    with reading(server, cookie(cast.client(cast.sora))) as stream:
        stream.opened()
        Membership.objects.filter(person=cast.sora).update(over_at=timezone.now() - timedelta(seconds=1))

        assert stream.is_ended(within=1.5)


def test_a_session_whose_rights_stay_keeps_its_stream(cast, server):
    with reading(server, cookie(cast.client(cast.mika))) as stream:
        stream.opened()
        check_again(people=[cast.mika.uid], agencies=[cast.jaxa.ref])
        announce("inbox", people=[cast.mika.uid])

        assert stream.next()["topic"] == "inbox"


def test_a_quiet_stream_has_a_heartbeat(cast, server, monkeypatch):
    monkeypatch.setattr(door, "HEARTBEAT", 0.6)
    with reading(server, cookie(cast.client(cast.mika))) as stream:
        stream.opened()

        assert stream.line(2) == b":\n"


def test_streams_hold_no_database_connection_but_the_one_that_listens(cast, server):
    streams = [Reader(server.port, cookie(cast.client(cast.mika))).opened() for _number in range(10)]
    announce("inbox", people=[cast.mika.uid])
    for stream in streams:
        assert stream.next()["topic"] == "inbox"

    until = time.monotonic() + 2
    while (found := connections_of_the_portal()) != ["concord-live"] and time.monotonic() < until:
        time.sleep(0.05)

    for stream in streams:
        stream.close()
    assert found == ["concord-live"]


def test_when_the_database_goes_away_the_listener_returns_and_pages_fetch_again(cast, server):
    with reading(server, cookie(cast.client(cast.mika))) as stream:
        stream.opened()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'concord-live' AND datname = current_database()"
            )

        assert stream.next(3) == {"topic": "reconnected"}
        announce("inbox", people=[cast.mika.uid])
        assert stream.next()["topic"] == "inbox"


@pytest.mark.parametrize(
    ("extra", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "elsewhere.example"}, 400),
    ],
)
def test_only_our_own_pages_open_a_stream(cast, server, extra, status):
    with reading(server, {**cookie(cast.client(cast.mika)), **extra}) as stream:
        assert stream.status == status
        assert stream.response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nothing"}, {"Cookie": "x=\xff"}])
def test_a_stranger_gets_no_stream(cast, server, headers):
    with reading(server, headers) as stream:
        assert stream.status == 401


def test_a_forged_session_gets_no_stream(cast, server):
    with reading(server, {"Cookie": f"{settings.SESSION_COOKIE_NAME}=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) as stream:
        assert stream.status == 401


def test_headers_keep_proxies_and_caches_out_of_the_way(cast, server):
    with reading(server, cookie(cast.client(cast.mika))) as stream:
        assert stream.response.headers["Content-Type"].startswith("text/event-stream")
        assert stream.response.headers["X-Accel-Buffering"] == "no"


def test_a_person_has_a_limited_number_of_streams(cast, server, monkeypatch):
    monkeypatch.setattr(door, "STREAMS_OF_A_PERSON", 2)
    headers = cookie(cast.client(cast.mika))
    with reading(server, headers) as first, reading(server, headers) as second, reading(server, headers) as third:
        first.opened()
        second.opened()

        assert third.status == 429
        assert third.response.headers["Retry-After"] == "60"


def test_a_reader_who_falls_behind_is_dropped():
    import asyncio

    async def fall_behind() -> hub.Stream:
        stream = hub.Stream(hub.Identity(person="1", agency="JAXA", is_operator=False, session="s"))
        for _number in range(hub.PENDING_AT_MOST + 1):
            stream.put(b"data: {}\n\n")
        return stream

    stream = asyncio.run(fall_behind())
    assert stream.is_closed
    assert stream.overflowed.is_set()


@pytest.mark.parametrize(
    "payload", ["", "null", "[]", "{", '{"t":1}', '{"t":"A B","a":["JAXA"]}', '{"t":"x","a":3}', '{"t":"x","a":[[]]}']
)
def test_what_cannot_be_read_is_dropped(payload):
    hub.Hub().deliver(payload)


def test_topics_and_addresses_are_checked_where_they_are_written(cast):
    with pytest.raises(ValueError, match="topic"):
        announce("Thread T-1", agencies=["JAXA"])

    announce("inbox", agencies=[f"AGENCY-{number:020}" for number in range(500)])


def test_a_logout_without_a_session_says_nothing(cast):
    from django.contrib.auth import logout

    request = RequestFactory().get("/")
    request.session = cast.client(None).session
    logout(request)


@pytest.mark.slow
def test_ctrl_c_ends_a_server_with_open_streams_within_two_seconds(cast, database_environment):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**database_environment, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "portal.asgi:application",
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    with subprocess.Popen(
        command, env=environment, cwd=settings.BASE_DIR, stderr=subprocess.PIPE, text=True
    ) as process:
        headers = cookie(cast.client(cast.mika))
        try:
            streams = [_when_up(port, headers) for _number in range(3)]
            started = time.monotonic()
            process.send_signal(signal.SIGINT)
            process.wait(5)
        finally:
            process.kill()
        took = time.monotonic() - started
        said = process.stderr.read()

    assert all(stream.is_ended() for stream in streams)
    for stream in streams:
        stream.close()
    assert took < 2
    assert "Traceback" not in said


def _when_up(port: int, headers: dict[str, str]) -> Reader:
    until = time.monotonic() + 20
    while True:
        try:
            return Reader(port, headers).opened()
        except ConnectionError:
            assert time.monotonic() < until, "the server does not start"
            time.sleep(0.1)


def test_the_listening_connection_is_not_one_of_the_pool():
    from portal.inbox.live.listener import connection_params

    with psycopg.connect(**connection_params()) as own:
        assert own.execute("SELECT 1").fetchone() == (1,)
