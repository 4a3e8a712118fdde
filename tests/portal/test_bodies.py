"""Bodies: a thread serves only what has arrived whole; what is too large, too slow or cut off reaches no view."""

from __future__ import annotations

import asyncio
import json

import pytest

from portal import asgi, bodies

CHUNKS = [b"one=", b"1&two", b"=2"]


def scope(length=None, path="/verify/"):
    headers = [] if length is None else [(b"content-length", str(length).encode())]
    return {"type": "http", "method": "POST", "path": path, "headers": headers}


def arriving(*chunks, then=None):
    """A connection that brings these pieces, and after them says `then` or nothing for ever."""
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    if then is None:
        messages[-1]["more_body"] = False

    async def receive():
        if messages:
            return messages.pop(0)
        if then == "http.disconnect":
            return {"type": then}
        return await asyncio.Event().wait()

    return receive


def serve(application, given, receive):
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(application(given, receive, send))
    return sent


class Page:
    """A view's server that remembers what reached it."""

    def __init__(self):
        self.body = None

    async def __call__(self, given, receive, send):
        self.body, more = b"", True
        while more:
            message = await receive()
            self.body += message["body"]
            more = message["more_body"]

    def behind(self):
        return lambda given, receive, send: bodies.whole(self, given, receive, send)


@pytest.mark.parametrize("in_memory", [1, 1000])
def test_a_body_arrives_as_it_was_sent(monkeypatch, in_memory):
    monkeypatch.setattr(bodies, "IN_MEMORY", in_memory)
    monkeypatch.setattr(bodies, "PIECE", 4)
    page = Page()

    serve(page.behind(), scope(length=11), arriving(*CHUNKS))

    assert page.body == b"one=1&two=2"


def test_what_is_announced_too_large_is_refused_unread():
    page = Page()

    sent = serve(page.behind(), scope(length=bodies.LARGEST + 1), None)

    assert sent[0]["status"] == 413
    assert (b"connection", b"close") in sent[0]["headers"]
    assert page.body is None


def test_what_turns_out_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(bodies, "LARGEST", 8)
    page = Page()

    sent = serve(page.behind(), scope(length=8), arriving(*CHUNKS))

    assert sent[0]["status"] == 413
    assert page.body is None


@pytest.mark.parametrize("limit", ["SILENCE", "PATIENCE"])
def test_a_body_that_does_not_come_holds_no_thread(monkeypatch, limit):
    monkeypatch.setattr(bodies, limit, 0.05)
    page = Page()

    sent = serve(page.behind(), scope(length=500), arriving(b"login=a", then="silence"))

    assert sent[0]["status"] == 408
    assert page.body is None


def test_half_a_request_is_never_acted_on():
    page = Page()

    sent = serve(page.behind(), scope(length=500), arriving(b"body=half", then="http.disconnect"))

    assert sent == []
    assert page.body is None


def test_the_api_is_refused_with_a_problem():
    sent = serve(Page().behind(), scope(length=bodies.LARGEST + 1, path="/api/v1/projects/"), None)

    assert (b"content-type", b"application/problem+json") in sent[0]["headers"]
    assert json.loads(sent[1]["body"])["code"] == "request-too-large"


def test_the_portal_reads_bodies_before_it_takes_a_thread():
    sent = serve(asgi.application, scope(length=bodies.LARGEST + 1), None)

    assert sent[0]["status"] == 413
