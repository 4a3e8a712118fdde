"""Walking every address of the site as every kind of person, and saying what was not as the table has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from django.core.cache import cache as counts
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.authorization.rows import PEOPLE, Row
from tests.authorization.world import World
from tests.kept import writes

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SIGN_IN = "/account/login/"
# Answers after which nothing may have been written.
REFUSED = {"in", "400", "401", "403", "404", "405", "409", "422", "429"}
# Who compares an answer with that for what does not exist.
COMPARING = ("anonymous", "tara", "sora")
# What a browser sends of a form in which nobody has typed.
EMPTY_FORM = {"csrfmiddlewaretoken": "x"}
# What nothing has, of the same shape as what there is.
NOTHING = {
    "ref": "P-2020-9999",
    "agency": "NOBODY",
    "code": "no-such-clause",
    "chapter": "nothing",
    "alternate": "nothing",
    "language": "xx",
    "kind": "nothing",
    "uid": "00000000-0000-4000-8000-000000000000",
    "pk": "999999999",
    "bracket": 999999999,
    "comment": 999999999,
    "position": 9999,
    "number": 9999,
    "index": 999999999,
    "sha256": "0" * 64,
    "rest": "nothing",
    "token": "TK-2020-9999",
    "invitation": "IN-2020-9999",
    "mandate": "MD-2020-9999",
    "membership": "MS-2020-9999",
    "key_id": "00000000",
    "evidence": "0" * 64,
}
# What differs between two answers that say the same: one-time values, and the time of the answer.
ONE_TIME = re.compile(
    rb'(?<=name="csrfmiddlewaretoken" value=")[^"]*|(?<=name="once" value=")[^"]*'
    rb"|^(?:X-Request-ID|Content-Length|Expires): .*$",
    re.I | re.M,
)


@dataclass(frozen=True)
class Answer:
    """What came back, and how many rows were written meanwhile, by table."""

    status: str
    content: bytes
    headers: bytes
    writes: dict[str, int]


def addresses() -> Iterator[tuple[str, str, URLPattern]]:
    """Every pattern of the site: its full name (`namespace:name`, or its route when it has none), its route, and itself."""
    yield from _inside(get_resolver(), (), "")


def names() -> set[str]:
    return {name for name, _route, _pattern in addresses()}


def _inside(resolver: URLResolver, spaces: tuple[str, ...], prefix: str) -> Iterator[tuple[str, str, URLPattern]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            space = (pattern.namespace,) if pattern.namespace else ()
            yield from _inside(pattern, spaces + space, route)
        else:
            yield ":".join((*spaces, pattern.name or route)), route, pattern


def address_of(row: Row, world: World, *, nothing: bool = False) -> str:
    """The address of a row's record, or of one of the same shape that does not exist."""
    query, arguments = row.query, dict(world.objects[row.of]) if row.of else {}
    for label, named in world.objects.items():
        query = query.replace(f"{{{label}}}", NOTHING["ref"] if nothing else str(named.get("ref", "")))
    if nothing:
        arguments = {name: NOTHING[name] for name in arguments}
    return reverse(row.name, kwargs=arguments) + (f"?{query}" if query else "")


def ask(world: World, person: str, method: str, address: str) -> Answer:
    """Send a request in which nothing is filled in, take back everything that it wrote, and return the answer."""
    counts.clear()  # limits of requests per minute have tests of their own
    client = world.clients[person]
    send, cookies = getattr(client, method.lower()), dict(client.cookies)
    before = world.writes or writes()
    with transaction.atomic():
        if address.startswith("/api/") and method != "GET":
            response = send(address, content_type="application/json")
        else:
            response = send(address, EMPTY_FORM if method == "POST" else None)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        after = world.writes = writes()
        transaction.set_rollback(True)
    # Whoever has asked to be signed out is here for the next question.
    client.cookies.clear()
    client.cookies.update(cookies)
    written = {table: number - before.get(table, 0) for table, number in after.items()}
    return Answer(status_of(response), content, headers_of(response), {t: n for t, n in written.items() if n})


def status_of(response: HttpResponse) -> str:
    """The status in the words of the table."""
    to_sign_in = response.status_code == 302 and response["Location"].startswith(SIGN_IN)
    return "in" if to_sign_in else str(response.status_code)


def headers_of(response: HttpResponse) -> bytes:
    cookies = [str(morsel) for morsel in response.cookies.values()]
    return "\n".join([f"{name}: {value}" for name, value in response.items()] + cookies).encode()


def check(row: Row, world: World, people: tuple[str, ...] = PEOPLE) -> list[str]:
    """Everything about a row that is not as the table has it: statuses, writing, secrets, signs of existence."""
    wrong: list[str] = []
    address = address_of(row, world)
    for method in row.methods:
        for person in people:
            answer = ask(world, person, method, address)
            expected = row.expected(method, person)
            found = [] if answer.status == expected else [f"{answer.status}, not {expected}"]
            leaked = set(world.leaks(answer.headers + answer.content, person, asked=address)) - set(row.gives)
            found += [f"shows {label}" for label in sorted(leaked)]
            if answer.writes and (method == "GET" or answer.status in REFUSED):
                found.append(f"wrote {answer.writes}")
            if person in COMPARING and answer.status in {"404", "in", "401"} and ("{" in row.query or row.of):
                found += _signs_of_existence(row, world, person, method, answer, address)
            wrong += [f"{method} {address} as {person}: {words}" for words in found]
    return wrong


def refused_methods(row: Row, world: World) -> list[str]:
    """What a manager is answered by the methods that no row of this name has, unless it is that there is no such method."""
    address = address_of(row, world)
    answers = {method: ask(world, "mika", method, address) for method in METHODS if method not in row.methods}
    return [f"{method} {address}: {answer.status}" for method, answer in answers.items() if answer.status != "405"]


def _signs_of_existence(row: Row, world: World, person: str, method: str, answer: Answer, address: str) -> list[str]:
    """What tells somebody who may not know that there is something."""
    elsewhere = address_of(row, world, nothing=True)
    key = (person, method, elsewhere)
    if key not in world.answers:
        world.answers[key] = ask(world, person, method, elsewhere)
    other = world.answers[key]
    if other.status != answer.status:
        return [f"{answer.status}, but {other.status} where there is nothing"]
    return (
        ["says something else than where there is nothing"] if _bare(answer, address) != _bare(other, elsewhere) else []
    )


def _bare(answer: Answer, address: str) -> bytes:
    """An answer without the address that was asked for and without one-time values."""
    content = answer.headers.partition(b"Set-Cookie")[0] + b"\n" + answer.content
    for asked in (address, address.partition("?")[0]):
        for shown in (quote(asked, safe=""), quote(asked), asked):
            content = content.replace(shown.encode(), b"")
    return ONE_TIME.sub(b"", content)
