"""The live stream: `announce` in a transaction, and whoever it is for hears of it within a second of the commit.

Only references and identifiers travel; the browser fetches the rest with its own rights.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

CHANNEL = "concord_live"
OPERATORS_ADDRESS = "@operators"
TOPIC = re.compile(r"[a-z0-9-]{1,80}")
AT_ONCE = 80


def announce(
    topic: str, *, agencies: Iterable[str] = (), people: Iterable[Any] = (), kind: str = "", ref: str = ""
) -> None:
    """Send `topic` to the open pages of these agencies (by reference) and people (by uid) when the transaction commits.

    A page hears it as the DOM event `live:<topic>` on its body. ValueError when the topic is more than [a-z0-9-].
    """
    if not TOPIC.fullmatch(topic):
        raise ValueError(f"a topic is made of a-z, 0-9 and hyphens: {topic!r}")
    _notify({"t": topic, "k": kind, "r": ref}, agencies, people)


def check_again(*, agencies: Iterable[str] = (), people: Iterable[Any] = ()) -> None:
    """Make their open streams prove their rights again, now: call it where a right ends."""
    _notify({"c": "check"}, agencies, people)


def hang_up(session_key: str) -> None:
    """Close the streams of a session."""
    _send({"c": "bye", "s": session_digest(session_key)})


def session_digest(session_key: str) -> str:
    """What names a session on the channel. SECURITY: the key itself would let whoever listens use the session."""
    return hashlib.sha256(f"live:{session_key}".encode()).hexdigest()[:32]


def _notify(message: dict[str, Any], agencies: Iterable[str], people: Iterable[Any]) -> None:
    addresses = [*(("a", ref) for ref in agencies), *(("p", str(uid)) for uid in people)]
    # PostgreSQL takes at most 8,000 bytes at once.
    for start in range(0, len(addresses), AT_ONCE):
        part = addresses[start : start + AT_ONCE]
        _send({**message, "a": _of("a", part), "p": _of("p", part)})


def _of(kind: str, addresses: Sequence[tuple[str, str]]) -> list[str]:
    return [address for which, address in addresses if which == kind]


def _send(message: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(message, separators=(",", ":"))])


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The ASGI application of the stream, for /live/ and /api/v1/stream."""
    from portal.inbox.live.door import serve

    await serve(scope, receive, send)
