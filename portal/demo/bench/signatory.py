"""A signatory as a program: signs in, opens the signing page, and sends its form back as their browser would."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode

SIGN_IN = "/account/login/"
FORM = "sign-form"
PATIENCE = 60
Fields = list[tuple[str, str]]


class Unreachable(Exception):
    """The portal gave no answer, or said that it cannot give one."""


@dataclass(frozen=True)
class Answer:
    """What came back; `began` and `ended` are of the monotonic clock."""

    status: int
    location: str
    body: str
    began: float
    ended: float

    @property
    def is_signed(self) -> bool:
        """A form that did what it says leads on to another page, and not to that of signing in."""
        return self.status in (302, 303) and not self.asks_to_sign_in

    @property
    def asks_to_sign_in(self) -> bool:
        return self.status == 302 and self.location.startswith(SIGN_IN)

    @property
    def seconds(self) -> float:
        return self.ended - self.began


@dataclass
class Signatory:
    """One person in one browser. Every request has a connection of its own, and `seen` is told of every answer."""

    port: int
    email: str
    name: str
    password: str
    cookies: dict[str, str] = field(default_factory=dict)
    seen: Callable[[Answer], None] = lambda answer: None

    def sign_in(self) -> bool:
        """False when it was refused: too often in a minute, say."""
        self.cookies.clear()
        token = dict(form_of(self._ask("GET", SIGN_IN).body, None))
        answer = self._ask("POST", SIGN_IN, [*token.items(), ("login", self.email), ("password", self.password)])
        return answer.status == 302

    def open(self, ref: str) -> Answer:
        """The signing page of an agreement."""
        return self._ask("GET", path_of(ref))

    def filled(self, page: Answer) -> Fields:
        """What the form of that page holds once everything is read, ticked and typed; nothing where it has no form."""
        sent = []
        for name, value in form_of(page.body, FORM):
            if name != "ad_referendum":
                sent.append((name, {"typed_name": self.name, "password": self.password}.get(name, value)))
        return sent

    def send(self, ref: str, fields: Fields) -> Answer:
        """Press the button."""
        return self._ask("POST", path_of(ref), fields)

    def fetch(self, path: str) -> Answer:
        """Any other page."""
        return self._ask("GET", path)

    def _ask(self, method: str, path: str, fields: Fields | None = None) -> Answer:
        headers = {"Host": "localhost", "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        began = time.monotonic()
        try:
            connection.request(method, path, None if fields is None else urlencode(fields), headers)
            response = connection.getresponse()
            body = response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(str(error)) from error
        finally:
            connection.close()
        for name, morsel in SimpleCookie("; ".join(_set(response))).items():
            self.cookies[name] = morsel.value
        answer = Answer(response.status, response.getheader("Location", ""), body, began, time.monotonic())
        self.seen(answer)
        return answer


def path_of(ref: str) -> str:
    return f"/agreements/{ref}/sign/"


def form_of(page: str, identity: str | None) -> Fields:
    """The fields of the form with this id, wherever on the page they stand; those of the first form for None."""
    reader = _Reader(identity)
    reader.feed(page)
    return reader.fields


class _Reader(HTMLParser):
    def __init__(self, identity: str | None) -> None:
        super().__init__()
        self.identity, self.fields, self.is_inside, self.has_read = identity, list[tuple[str, str]](), False, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_inside = not self.has_read if self.identity is None else given.get("id") == self.identity
        belongs = given["form"] == self.identity if "form" in given else self.is_inside
        if tag in ("input", "textarea") and belongs and "name" in given:
            empty = "on" if given.get("type") == "checkbox" else ""
            self.fields.append((given["name"], given.get("value", empty)))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.has_read, self.is_inside = self.has_read or self.is_inside, False


def _set(response: http.client.HTTPResponse) -> list[str]:
    """Name and value of every cookie that is set, without what is said about it."""
    return [line.partition(";")[0] for line in response.headers.get_all("Set-Cookie", [])]
