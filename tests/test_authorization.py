"""The authorization matrix: every address of the site, every kind of person, and what each may know.

The expectations are in tests/authorization/table.py, the people and their secrets in tests/authorization/world.py. The live
streams, which do not pass through the URLconf, are tested in tests/portal/inbox/.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.http import Http404
from django.urls import NoReverseMatch, reverse

from portal import asgi
from portal.kit.refusals import Forbidden
from projects.models.project import ProjectQuerySet
from tests.authorization import walk
from tests.authorization.table import PEOPLE, PUBLIC, PUBLIC_ACCOUNT, ROWS, Row
from tests.authorization.world import World, lent

ACCOUNT = ("account_", "mfa_", "socialaccount_", "account/")
ADMIN = "admin:"
# Arguments of allauth's addresses that nobody was sent.
UNSENT = {"key": "x", "uidb36": "1", "pk": 1}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Built once; whatever a request writes is taken back at once."""
    with lent(django_db_blocker) as world:
        yield world


def is_third_party(name: str) -> bool:
    return name.startswith((ADMIN, *ACCOUNT))


def unlisted(names: set[str], rows: list[Row]) -> tuple[set[str], set[str]]:
    """Addresses without a row, and rows without an address."""
    ours, listed = {name for name in names if not is_third_party(name)}, {row.name for row in rows}
    return ours - listed, listed - ours


def test_every_address_has_a_row_and_every_row_an_address():
    assert unlisted(walk.names(), ROWS) == (set(), set())


def test_an_address_without_a_row_is_noticed():
    assert unlisted(walk.names() | {"projects:new-verb"}, ROWS)[0] == {"projects:new-verb"}
    assert unlisted(walk.names(), [row for row in ROWS if row.name != "verify"])[0] == {"verify"}


def test_live_streams_have_the_addresses_that_are_tested_apart():
    assert asgi.LIVE == ("/live/", "/api/v1/stream")


def test_public_addresses_are_exactly_those_listed():
    public, public_account = set(), set()
    for name, _route, pattern in walk.addresses():
        view = pattern.callback
        permissions = {one.__name__ for one in getattr(getattr(view, "cls", None), "permission_classes", [])}
        is_public = "AllowAny" in permissions if permissions else not getattr(view, "login_required", True)
        if is_public and not name.startswith(ADMIN):
            (public_account if is_third_party(name) else public).add(name)

    assert public == PUBLIC
    assert public_account == PUBLIC_ACCOUNT


def shared_out(rows: list[Row]) -> list[object]:
    """The rows as parameters of a test, those of every second address for another worker with a world of its own."""
    places = {name: place for place, name in enumerate(dict.fromkeys(row.name for row in rows))}
    return [
        pytest.param(row, marks=pytest.mark.xdist_group(f"authorization {places[row.name] % 2}"), id=str(row))
        for row in rows
    ]


@pytest.mark.parametrize("row", shared_out(ROWS))
def test_row(world: World, row: Row):
    assert walk.check(row, world) == []


@pytest.mark.parametrize("row", shared_out(list({row.name: row for row in reversed(ROWS)}.values())))
def test_method_that_no_row_names_is_refused(world: World, row: Row):
    named = {method for other in ROWS if other.name == row.name for method in other.methods}

    assert walk.refused_methods(replace(row, **dict.fromkeys(named, "x")), world) == []


@pytest.mark.xdist_group("authorization 0")
@pytest.mark.parametrize("name", sorted(name for name in walk.names() if name.startswith(ACCOUNT)))
def test_account_pages_ask_for_an_account_and_show_only_the_readers_own(world: World, name: str):
    route, pattern = next((route, pattern) for other, route, pattern in walk.addresses() if other == name)
    try:
        address = reverse(name, kwargs={key: UNSENT[key] for key in pattern.pattern.regex.groupindex})
    except NoReverseMatch:
        address = f"/{route}"

    for person in ("anonymous", "noor", "mika"):
        for method in ("GET", "POST"):
            answer = walk.ask(world, person, method, address)
            assert int(answer.status.replace("in", "302")) < 500, (method, person)
            assert world.leaks(answer.content + answer.headers, person) == []
            if person == "anonymous" and name not in PUBLIC_ACCOUNT:
                assert answer.status in {"in", "404"}
            if method == "GET":
                assert answer.writes == {}, (method, person)


@pytest.mark.xdist_group("authorization 1")
@pytest.mark.parametrize("name", sorted(name for name in walk.names() if name.startswith(ADMIN)))
def test_administration_is_for_operators_who_read_no_secret(world: World, name: str):
    if name in {"admin:jsi18n", "admin:logout"}:
        return
    _name, route, pattern = next(found for found in walk.addresses() if found[0] == name)
    address = address_in_admin(name, route, pattern)

    for person in ("anonymous", "noor", "mika"):
        for method in ("GET", "POST"):
            answer = walk.ask(world, person, method, address)
            assert answer.status in {"302", "in"} or (name == "admin:login" and answer.status == "403"), (
                method,
                person,
            )
            assert world.leaks(answer.content, person) == []
            assert answer.writes == {}
    shown = walk.ask(world, "olga", "GET", address)
    assert int(shown.status.replace("in", "302")) < 500
    assert world.leaks(shown.content + shown.headers, "olga") == []
    assert shown.writes == {}


def address_in_admin(name: str, route: str, pattern: object) -> str:
    """An address of the administration; of a record, the first there is."""
    from django.contrib import admin

    for model in admin.site._registry:
        start = f"admin/{model._meta.app_label}/{model._meta.model_name}/"
        if route.startswith(start):
            found = model._default_manager.order_by("pk").first()
            return "/" + route.replace("<path:object_id>", str(found.pk) if found else "1")
    kwargs = {"admin:view_on_site": {"content_type_id": 1, "object_id": 1}, "admin:app_list": {"app_label": "projects"}}
    return "/admin/nothing/" if "(?P<url>" in route else reverse(name, kwargs=kwargs.get(name))


def same_address(page: Row) -> str:
    """The name under which the API has the verb of a page."""
    space, _colon, verb = page.name.partition(":")
    noun = {"projects": "project", "agreements": "agreement", "ip": "asset", "messaging": "thread"}.get(space, "")
    return f"api:{noun}-{verb}"


PAIRS = [
    (page, row)
    for page in ROWS
    for row in ROWS
    if page.POST and page.of and row.POST and (row.name, row.of) == (same_address(page), page.of)
]
# What an empty form says on the page and an empty document does not say to the API: an empty team, a text not seen.
SAY_SOMETHING = {"projects:assign-team", "agreements:agree-to-text"}


@pytest.mark.parametrize(("page", "row"), PAIRS, ids=str)
def test_pages_and_api_refuse_alike(page: Row, row: Row):
    """Reads the table, which the other tests hold against the site."""
    in_words_of_the_api = {"302": "200", "422": "400", "in": "401"}
    for person in PEOPLE:
        on_page, by_api = page.expected("POST", person), row.expected("POST", person)
        if by_api != "400" or page.name not in SAY_SOMETHING:
            assert in_words_of_the_api.get(on_page, on_page) == by_api, person


# --- that this test can fail ------------------------------------------------------------------------------------------

GUARDED = [Row("projects:project", "secret", GET="in 404 404 404 404 404 200 200 200 404")]


def wrong_for_tara(world: World, row: Row) -> list[str]:
    world.answers.clear()
    wrong = walk.check(replace(row, POST=""), world, people=("tara",))
    world.answers.clear()
    return wrong


@pytest.mark.xdist_group("authorization 0")
@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.of == "secret" and row.GET and row.name[:8] == "projects"][:4]
)
def test_removed_guard_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch, row: Row):
    monkeypatch.setattr(ProjectQuerySet, "visible_to", lambda projects, actor: projects.all())

    assert wrong_for_tara(world, row)


@pytest.mark.xdist_group("authorization 0")
def test_secret_in_a_refusal_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch):
    title = world.secrets["secrettitle"].words

    def echo(*args: object, **kwargs: object) -> None:
        raise Forbidden(f"You may not see {title}", code="echo")

    monkeypatch.setattr("projects.views.inside.project_page", echo)

    assert any("shows secrettitle" in words for words in wrong_for_tara(world, GUARDED[0]))


@pytest.mark.xdist_group("authorization 0")
def test_refusal_that_tells_that_something_exists_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch):
    def tell(request: object, ref: str, tab: str) -> None:
        raise Http404 if ref == walk.NOTHING["ref"] else Forbidden("Not yours", code="not-yours")

    monkeypatch.setattr("projects.views.inside.project_page", tell)
    allowing = replace(GUARDED[0], GET="in 404 404 403 404 404 200 200 200 404")

    assert wrong_for_tara(world, GUARDED[0])
    assert wrong_for_tara(world, allowing) == []  # the table may say so, and then a reader of the table sees it


@pytest.mark.xdist_group("authorization 0")
def test_writing_on_get_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch):
    from portal.history.models import Event

    def write(request: object, ref: str, tab: str) -> None:
        Event.objects.create(verb="x", target_kind="x", target_ref="x", scope="x", agencies=[])
        raise Http404

    monkeypatch.setattr("projects.views.inside.project_page", write)

    assert any("wrote" in words for words in wrong_for_tara(world, GUARDED[0]))
