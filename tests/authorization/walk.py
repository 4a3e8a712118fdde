"""Walking every address of the site as every kind of person, and saying what was not as the table has it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.cache import cache as counts
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.authorization.table import Row
from tests.authorization.world import PEOPLE, World

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
UNSAFE = METHODS[1:]
SIGN_IN = "/account/login/"
# What a browser sends of a form in which nobody has typed.
EMPTY_FORM = {"csrfmiddlewaretoken": "x"}
REFUSED = {"in", "401", "403", "404", "405", "409", "429"}
# What nothing has: of the same shape as what there is.
NOTHING = {
    "ref": "P-2020-9999",
    "agency": "NOBODY",
    "code": "no-such-clause",
    "uid": "0" * 8 + "-0000-4000-8000-" + "0" * 12,
    "pk": 999999999,
    "index": 999999999,
    "token": "TK-2020-9999",
    "invitation": "IN-2020-9999",
    "mandate": "MD-2020-9999",
    "membership": "MS-2020-9999",
}
# What differs between two answers that say the same: one-time values, times, and the address that was asked for.
ONE_TIME = re.compile(
    rb'(?:name="(?:csrfmiddlewaretoken|once)" value="[^"]*")|(?:"X-CSRFToken": ?"[^"]*")'
    rb"|(?:datetime=\"[^\"]*\">[^<]*<)|(?:csrf=[A-Za-z0-9]+)"
)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: str
    content: bytes
    headers: bytes
    writes: dict[str, int]

    @property
    def everything(self) -> bytes:
        return self.headers + b"\n" + self.content


def addresses() -> Iterator[tuple[str, str, URLPattern]]:
    """Every pattern of the site: its full name (`namespace:name`), its route, and itself."""
    yield from _inside(get_resolver(), (), "")


def _inside(resolver: URLResolver, spaces: tuple[str, ...], prefix: str) -> Iterator[tuple[str, str, URLPattern]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            space = (pattern.namespace,) if pattern.namespace else ()
            yield from _inside(pattern, spaces + space, route)
        else:
            yield ":".join((*spaces, pattern.name or route)), route, pattern


def address_of(row: Row, world: World, *, nothing: bool = False) -> str:
    """The address of a row's object, or of one of the same shape that does not exist."""
    arguments = world.objects[row.of] if row.of else {}
    if nothing:
        arguments = {name: NOTHING[name] for name in arguments}
    query = row.query.format(**{label.replace(" ", "_"): at.get("ref", "") for label, at in world.objects.items()})
    return reverse(row.name, kwargs=arguments) + (f"?{query}" if query else "")


def ask(world: World, person: str, method: str, address: str) -> Answer:
    """Send a request without content, take everything back that it wrote, and return the answer."""
    counts.clear()  # limits of requests per minute have tests of their own
    client = world.clients[person]
    is_api = address.startswith("/api/")
    options: dict[str, Any] = {"content_type": "application/json"} if is_api else {"data": EMPTY_FORM}
    before = writes()
    with transaction.atomic():
        response = getattr(client, method.lower())(address, **(options if method == "POST" or is_api else {}))
        content = b"".join(response.streaming_content) if response.streaming else response.content
        after = writes()
        transaction.set_rollback(True)
    written = {table: number - before.get(table, 0) for table, number in after.items() if number != before.get(table)}
    return Answer(status_of(response), content, headers_of(response), written)


def status_of(response: HttpResponse) -> str:
    """The status in the words of the table: `in` for being sent to the sign-in page."""
    if response.status_code == 302 and response["Location"].startswith(SIGN_IN):
        return "in"
    return str(response.status_code)


def headers_of(response: HttpResponse) -> bytes:
    cookies = "\n".join(str(morsel) for morsel in response.cookies.values())
    return ("\n".join(f"{name}: {value}" for name, value in response.items()) + cookies).encode()


def writes() -> dict[str, int]:
    """Rows written so far in this transaction, by table; also those that were taken back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return dict(cursor.fetchall())


def check(row: Row, world: World, people: tuple[str, ...] = PEOPLE) -> list[str]:
    """Everything about a row that is not as the table has it: statuses, what was written, secrets, signs of existence."""
    wrong: list[str] = []
    address = address_of(row, world)
    for person in people:
        for method in METHODS:
            answer = ask(world, person, method, address)
            expected = row.expected(method, person)
            where = f"{row.name} {row.of} {method} as {person}"
            if answer.status != expected:
                wrong.append(f"{where}: {answer.status}, not {expected}")
            wrong += [f"{where}: leaks {label}" for label in world.leaks(answer.everything, person, asked=address)]
            if answer.writes and (method == "GET" or expected in REFUSED):
                wrong.append(f"{where}: wrote {answer.writes}")
            if row.of and answer.status in {"404", "in", "401"}:
                wrong += _signs_of_existence(row, world, person, method, answer, address)
    return wrong


def _signs_of_existence(
    row: Row, world: World, person: str, method: str, answer: Answer, address: str
) -> list[str]:
    """What tells somebody who may not know that there is something."""
    other_address = address_of(row, world, nothing=True)
    other = ask(world, person, method, other_address)
    if other.status != answer.status:
        return [f"{row.name} {row.of} {method} as {person}: {answer.status}, but {other.status} where nothing is"]
    if masked(answer, address) != masked(other, other_address):
        return [f"{row.name} {row.of} {method} as {person}: differs from what nothing answers"]
    return []


def masked(answer: Answer, address: str) -> bytes:
    """An answer without the address that was asked for and without what is different every time."""
    from urllib.parse import quote

    path = address.partition("?")[0]
    content = answer.content
    for shown in (quote(address, safe=""), quote(address), quote(path, safe=""), address, path):
        content = content.replace(shown.encode(), b"...")
    return ONE_TIME.sub(b"", content)


@cache
def names() -> frozenset[str]:
    return frozenset(name for name, _route, _pattern in addresses())
