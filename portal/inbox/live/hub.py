"""The open streams of this process, and what is delivered to them."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from portal.inbox.live import OPERATORS_ADDRESS, TOPIC

PENDING_AT_MOST = 200
RECONNECTED = b'data: {"topic":"reconnected"}\n\n'


@dataclass(frozen=True)
class Identity:
    """Whom a stream belongs to: the person, the agency they act for, and the session or token that says so."""

    person: str
    agency: str
    is_operator: bool
    session: str

    @property
    def addresses(self) -> tuple[tuple[str, str], ...]:
        operators = OPERATORS_ADDRESS if self.is_operator else ""
        named = (("p", self.person), ("s", self.session), ("a", self.agency), ("a", operators))
        return tuple((kind, name) for kind, name in named if name)


class Stream:
    """One open page. What is put here leaves in order; who falls too far behind is dropped and connects again."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.is_closed = False
        self.must_prove = False
        self.overflowed = asyncio.Event()
        self._pending: list[bytes] = []
        self._sleeper: asyncio.Future[None] | None = None

    def put(self, chunk: bytes) -> None:
        if self.is_closed:
            return
        if len(self._pending) >= PENDING_AT_MOST:
            self.overflowed.set()
            self.close()
            return
        self._pending.append(chunk)
        self._wake()

    def prove(self) -> None:
        """Have the rights looked at again before anything else is sent."""
        self.must_prove = True
        self._wake()

    def close(self) -> None:
        self.is_closed = True
        self._pending.clear()
        self._wake()

    async def wait(self, seconds: float) -> None:
        """Until there is something to do, or for so many seconds."""
        if self._pending or self.is_closed or self.must_prove:
            return
        # A bare future and a timer: a task for each wait would triple what a message to thousands of streams costs.
        loop = asyncio.get_running_loop()
        self._sleeper = loop.create_future()
        timer = loop.call_later(seconds, self._wake)
        try:
            await self._sleeper
        finally:
            timer.cancel()
            self._sleeper = None

    def take(self) -> bytes:
        """Everything that waits to be sent."""
        chunks, self._pending = self._pending, []
        return b"".join(chunks)

    def _wake(self) -> None:
        if self._sleeper is not None and not self._sleeper.done():
            self._sleeper.set_result(None)


class Hub:
    """Streams by the addresses they hear."""

    def __init__(self) -> None:
        self._at: defaultdict[tuple[str, str], set[Stream]] = defaultdict(set)
        self._streams: set[Stream] = set()
        self.endings = 0

    def __len__(self) -> int:
        return len(self._streams)

    def of_person(self, uid: str) -> int:
        return len(self._at.get(("p", uid), ()))

    def add(self, stream: Stream) -> None:
        self._streams.add(stream)
        for address in stream.identity.addresses:
            self._at[address].add(stream)

    def remove(self, stream: Stream) -> None:
        self._streams.discard(stream)
        for address in stream.identity.addresses:
            self._at[address].discard(stream)
            if not self._at[address]:
                del self._at[address]

    def deliver(self, payload: str) -> None:
        """Hand a notification to those it is addressed to; what cannot be read is dropped."""
        try:
            message = json.loads(payload)
            control = message.get("c", "")
            found = self._addressed(message)
        except (ValueError, AttributeError, TypeError):
            return
        if control:
            self.endings += 1
        if control == "bye":
            for stream in found:
                stream.close()
        elif control == "check":
            for stream in found:
                stream.prove()
        elif TOPIC.fullmatch(str(message.get("t", ""))):
            chunk = _chunk(message)
            for stream in found:
                stream.put(chunk)

    def everybody_missed_something(self) -> None:
        """The connection to the database was away: pages fetch again what they show."""
        for stream in self._streams:
            stream.prove()
            stream.put(RECONNECTED)

    def close(self) -> None:
        for stream in list(self._streams):
            stream.close()

    def _addressed(self, message: dict[str, Any]) -> set[Stream]:
        named = [("a", ref) for ref in message.get("a", ())] + [("p", uid) for uid in message.get("p", ())]
        if "s" in message:
            named.append(("s", message["s"]))
        return set().union(*(self._at.get(address, ()) for address in named))


def _chunk(message: dict[str, Any]) -> bytes:
    shown = {"topic": message["t"], "kind": message.get("k", ""), "ref": message.get("r", "")}
    return f"data: {json.dumps(shown, separators=(',', ':'))}\n\n".encode()
