"""The JSON door as a whole: its description, its errors, its verbs, its keys and tokens, and what it does with nonsense."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import schemathesis
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.errors import Unsatisfiable
from rest_framework.settings import api_settings
from rest_framework.throttling import SimpleRateThrottle
from schemathesis import GenerationMode

from agencies.models import Agency, Membership, Token, secrets
from agencies.models.tokens import PREFIX, PREFIX_LENGTH
from portal.kit.models import OnceKey
from projects.models import Project
from tests.authorization import walk
from tests.authorization.table import ROWS
from tests.authorization.world import World, lent

API = "/api/v1/"
PROBLEM = "application/problem+json"
# Addresses that describe the API or answer for what it does not have.
APART = {"api:schema", "api:not-found"}
# Lists of what a person may do that have another door than POST /{record}/{verb}/: the method and the address.
OTHER_DOORS = {
    ("project", "edit"): ("PATCH", "projects/{ref}/"),
    ("asset", "edit"): ("PATCH", "assets/{ref}/"),
    ("access-request", "edit"): ("PATCH", "access-requests/{ref}/"),
    ("dispute", "see-evidence"): ("GET", "disputes/{ref}/timeline/"),
    ("dispute", "read-room"): ("GET", "disputes/{ref}/room/"),
    ("disclosure", "edit"): ("PATCH", "disclosures/{ref}/"),
    ("deposit", "edit"): ("PATCH", "deposits/{ref}/"),
    ("deposit", "take-receipt"): ("GET", "deposits/{ref}/receipt/"),
    ("publication", "edit"): ("PATCH", "publications/{ref}/"),
    ("authorisation", "read-document"): ("GET", "authorisations/{ref}/document/"),
    ("message", "edit"): ("PATCH", "messages/{uid}/"),
    ("agency", "edit-profile"): ("PATCH", "agencies/{ref}/"),
    ("agreement", "edit"): ("POST", "agreements/{ref}/answer-profile/"),
    ("agency", "invite"): ("POST", "invitations/"),
    ("agency", "grant-mandate"): ("POST", "mandates/"),
    ("agency", "issue-token"): ("POST", "tokens/"),
}
# Verbs whose door is for the agency one acts for: another cannot even be named there.
FOR_ONES_OWN = {"invite", "grant-mandate", "issue-token"}
# Verbs that are no request by themselves: to read, and to write something else about the record.
NO_DOOR = {
    ("project", "see-inside"),
    ("project", "start-thread"),
    ("agency", "see-people"),
    ("thread", "post"),
    ("thread", "share"),
    ("invitation", "accept"),
    # The operators' verbs are in the administration.
    *(("agency", verb) for verb in ("verify", "refuse", "reconsider", "suspend", "reinstate", "correct")),
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """The world of the authorization matrix; whatever a request writes is taken back at once."""
    with lent(django_db_blocker) as world:
        yield world


@pytest.fixture(autouse=True)
def uncounted() -> None:
    """Limits of requests per minute have a test of their own."""
    cache.clear()


pytestmark = pytest.mark.xdist_group("api")


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def send(client: Client, method: str, address: str, body: Any = None, **options: Any) -> HttpResponse:
    """Send JSON, or bytes as they are, and take back what it wrote."""
    content = body if isinstance(body, bytes | str) else json.dumps(body if body is not None else {})
    options = {"content_type": "application/json"} | options
    with taken_back():
        if method == "GET":
            return client.get(address, headers=options.get("headers"))
        return getattr(client, method.lower())(address, content, **options)


def issued(membership: Membership, *scopes: str, **facts: Any) -> tuple[Token, dict[str, str]]:
    """A token with the header that presents it."""
    secret = PREFIX + secrets.random()
    facts = {"scopes": list(scopes or ("read", "write", "sign")), "name": "A program"} | facts
    token = Token.objects.create(
        membership=membership, prefix=secret[:PREFIX_LENGTH], digest=secrets.digest(secret), **facts
    )
    return token, {"Authorization": f"Bearer {secret}"}


def problem(response: HttpResponse, status: int, code: str) -> dict[str, Any]:
    """The body of an error, after a look at whether it is one as RFC 9457 has it."""
    assert response.status_code == status, response.content[:300]
    assert response["Content-Type"] == PROBLEM
    body = response.json()
    assert {"type", "title", "status", "code"} <= set(body)
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"].endswith(f"#{code}")
    assert str(body["title"]).strip()
    assert "{" not in body["title"]
    return body


# --- the description --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    with GENERATOR_STATS.silence():
        return SchemaGenerator().get_schema(request=None, public=True)


def test_description_is_valid_and_builds_without_a_warning(capsys: pytest.CaptureFixture[str]):
    GENERATOR_STATS.reset()

    described = SchemaGenerator().get_schema(request=None, public=True)

    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache
    validate_schema(described)


def test_description_is_made_once_whatever_language_is_asked_for(world: World, monkeypatch: pytest.MonkeyPatch):
    address = reverse("api:schema")
    first = world.clients["anonymous"].get(address)

    def make(*_arguments: object, **_options: object) -> None:
        raise AssertionError("made again")

    monkeypatch.setattr(SchemaGenerator, "get_schema", make)
    again = [world.clients[person].get(address, {"lang": f"en-{person}"}) for person in ("anonymous", "mika")]

    assert first["Content-Type"].startswith("application/vnd.oai.openapi")
    assert {answer.content for answer in again} == {first.content}


def methods_of(pattern: Any) -> set[str]:
    view = pattern.callback
    actions = getattr(view, "actions", None)
    names = (
        actions if actions else [name for name in ("get", "post", "put", "patch", "delete") if hasattr(view.cls, name)]
    )
    return {name.upper() for name in names} & set(walk.METHODS)


def operations() -> set[tuple[str, str]]:
    """Every name and method of the API."""
    return {
        (name, method)
        for name, _route, pattern in walk.addresses()
        if name.startswith("api:") and name not in APART
        for method in methods_of(pattern)
    }


def test_description_names_every_address_and_method(schema: dict[str, Any]):
    described = set()
    for path, item in schema["paths"].items():
        match = resolve(filled(path))
        described |= {
            (f"{match.namespace}:{match.url_name}", method.upper()) for method in item if method != "parameters"
        }

    assert described - {("api:schema", "GET")} == operations()


def test_table_of_authorization_names_every_method():
    listed = {(row.name, method) for row in ROWS for method in row.methods}

    assert operations() - listed == set()


def filled(path: str) -> str:
    """A path of the description with something in place of its names."""
    path = re.sub(r"\{(id|pk)\}", "1", path)
    for name, value in walk.NOTHING.items():
        path = path.replace(f"{{{name}}}", str(value))
    return path


LISTS = sorted(name for name, method in operations() if name.endswith("-list") and method == "GET")


@pytest.mark.parametrize("name", LISTS)
def test_list_comes_in_pages(world: World, name: str):
    page = world.clients["mika"].get(reverse(name), {"size": 1}).json()

    assert set(page) == {"next", "previous", "results"}
    assert len(page["results"]) <= 1


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    "query", ["cursor=x", "cursor=%00", "size=0", "size=-1", "size=99999999999999999999", "size=x"]
)
def test_nonsense_about_pages_is_no_error_of_ours(world: World, name: str, query: str):
    response = world.clients["mika"].get(f"{reverse(name)}?{query}")

    assert response.status_code in {200, 404}
    assert len(response.content) < 1_000_000


# --- errors -----------------------------------------------------------------------------------------------------------


def test_every_kind_of_error_is_a_problem(world: World):
    mika, tara, nobody = (world.clients[name] for name in ("mika", "tara", "anonymous"))
    secret, draft = (f"{API}projects/{world.objects[name]['ref']}/" for name in ("secret", "draft"))
    projects = f"{API}projects/"

    problem(send(nobody, "GET", projects), 401, "not-authenticated")
    assert "Bearer" in nobody.get(projects)["WWW-Authenticate"]
    problem(send(nobody, "GET", projects, headers={"Authorization": "Bearer nonsense"}), 401, "authentication-failed")
    problem(send(mika, "POST", projects, b"{"), 400, "parse-error")
    assert "title" in problem(send(mika, "POST", projects, {}), 400, "invalid")["errors"]
    refused = problem(send(world.clients["kenji"], "POST", projects, {"title": "T"}), 403, "role-needed")
    assert refused["detail"]
    assert refused["unblock"]
    problem(send(tara, "GET", secret), 404, "not-found")
    problem(send(mika, "GET", f"{API}nothing/"), 404, "not-found")
    problem(send(mika, "DELETE", secret), 405, "method-not-allowed")
    assert problem(send(mika, "POST", f"{secret}suspend/", {"cause": "c"}), 409, "not-active")["state"] == "accepted"
    stale = problem(send(mika, "PATCH", draft, {"title": "T"}, headers={"If-Match": '"99"'}), 409, "stale-version")
    assert stale["current_version"] >= 1
    problem(send(mika, "PATCH", draft, {"title": "T"}, headers={"If-Match": "yesterday"}), 400, "parse-error")
    problem(send(mika, "POST", projects, "title=T", content_type="text/plain"), 415, "unsupported-media-type")
    problem(send(mika, "GET", projects, headers={"Accept": "image/png"}), 406, "not-acceptable")


def test_too_many_requests_are_a_problem_that_says_when_to_come_back(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", api_settings.DEFAULT_THROTTLE_RATES | {"anon": "1/min"})
    nobody = world.clients["anonymous"]
    nobody.get(f"{API}ledger/checkpoint/")

    response = nobody.get(f"{API}ledger/checkpoint/")

    problem(response, 429, "throttled")
    assert int(response["Retry-After"]) > 0


def test_reused_key_is_a_problem(world: World):
    mika, key = world.clients["mika"], {"Idempotency-Key": "first"}
    with taken_back():
        mika.post(f"{API}projects/", {"title": "One"}, content_type="application/json", headers=key)
        response = mika.post(f"{API}projects/", {"title": "Two"}, content_type="application/json", headers=key)

    problem(response, 422, "key-reused")


def test_session_without_its_csrf_token_is_a_problem(world: World):
    client = world.cast.client(world.cast.mika, enforce_csrf_checks=True)

    response = send(client, "POST", f"{API}projects/", {"title": "T"})

    assert problem(response, 403, "permission-denied")["detail"].startswith("CSRF")


# --- verbs ------------------------------------------------------------------------------------------------------------

NOUNS = {
    "project": ("projects", ("secret", "draft", "open", "public")),
    "asset": ("assets", ("asset", "asset of ESA")),
    "marking": ("markings", ("asset", "asset of ESA", "controlled asset")),
    "asset-file": ("asset-files", ("withheld file", "plain file", "marked file")),
    "authorisation": ("authorisations", ("granted authorisation", "applied authorisation")),
    "agreement": ("agreements", ("signing agreement", "open agreement", "declined agreement", "drafted agreement")),
    "publication": (
        "publications",
        ("plan of JAXA", "objected publication", "publication of ESA", "cleared publication", "published publication"),
    ),
    "disclosure": ("disclosures", ("draft disclosure", "asked disclosure", "sealed disclosure", "decided disclosure")),
    "deposit": ("deposits", ("deposit", "deposit of ESA", "deposit of Sora")),
    "dispute": ("disputes", ("dispute", "settled dispute", "decided dispute", "breach")),
    "access-request": ("access-requests", ("draft access", "asked access", "offered access")),
    "access-right": ("access-rights", ("right",)),
    "contributor": ("contributors", ("part",)),
    "contribution-assertion": ("contribution-assertions", ("contribution",)),
    "abandonment-offer": ("abandonment-offers", ("abandonment",)),
    "title-transfer": ("title-transfers", ("transfer",)),
    "licence": ("licences", ("licence",)),
    "background-change": ("background-changes", ("change",)),
    "thread": ("threads", ("project thread", "agency thread", "inner thread")),
    "message": ("messages", ("shared message itself", "internal message itself")),
    "agency": ("agencies", ("JAXA", "NOVA")),
    "membership": ("memberships", ("membership",)),
    "invitation": ("invitations", ("invitation",)),
    "mandate": ("mandates", ("mandate",)),
    "token": ("tokens", ("token",)),
}


def door(noun: str, verb: str, arguments: dict[str, Any]) -> tuple[str, str]:
    """Where a verb of a record is asked for."""
    key = next(iter(arguments))
    method, address = OTHER_DOORS.get((noun, verb), ("POST", f"{NOUNS[noun][0]}/{{{key}}}/{verb}/"))
    return method, API + address.format(**arguments)


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("person", ["lucien", "mika", "kenji", "sora", "nils"])
def test_verb_that_is_listed_as_refused_is_refused_with_the_same_code(world: World, noun: str, person: str):
    client, seen = world.clients[person], 0
    plural, labels = NOUNS[noun]
    for label in labels:
        arguments = world.objects[label]
        shown = client.get(f"{API}{plural}/{next(iter(arguments.values()))}/")
        if shown.status_code == 404:
            continue
        seen += 1
        for verb in shown.json()["verbs"]:
            if (noun, verb["verb"]) in NO_DOOR or (verb["code"] == "other-agency" and verb["verb"] in FOR_ONES_OWN):
                continue
            method, address = door(noun, verb["verb"], arguments)
            assert resolve(address).url_name != "not-found", address
            response = send(client, method, address)
            if verb["allowed"]:
                assert response.status_code not in {403, 404, 405}, (label, verb, response.content)
            else:
                assert verb["reason"], (label, verb)
                assert response.status_code in {403, 409}, (label, verb, response.content)
                assert response.json()["code"] == verb["code"], (label, verb)
                assert response.json()["detail"] == verb["reason"], (label, verb)
    assert seen or (noun, person) in NOT_SEEN


# Who sees no record of these nouns at all.
NOT_SEEN = {
    (noun, person)
    for noun in NOUNS
    for person, nouns in {
        "nils": set(NOUNS) - {"project", "agency"},
        "sora": {
            "access-request",
            "access-right",
            "contribution-assertion",
            "abandonment-offer",
            "title-transfer",
            "licence",
            "background-change",
            "asset",
            "marking",
            "asset-file",
            "authorisation",
            "dispute",
            "publication",
            "agreement",
            "thread",
            "message",
            "token",
        },
        "lucien": {"membership", "invitation", "mandate", "token"},
        "kenji": {"deposit", "disclosure", "token"},
    }.items()
    if noun in nouns
}


# --- repeats ----------------------------------------------------------------------------------------------------------


def test_repeat_with_the_same_key_returns_the_first_result_and_acts_once(world: World):
    mika, key = world.clients["mika"], {"Idempotency-Key": "again"}
    with taken_back():
        before = Project.objects.count()
        first, second = (
            mika.post(f"{API}projects/", {"title": "Once"}, content_type="application/json", headers=key)
            for _time in range(2)
        )

        assert Project.objects.count() == before + 1
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first["ETag"] == second["ETag"]
    assert second["Idempotency-Replayed"] == "true"


def test_key_of_one_person_replays_nothing_to_another(world: World):
    key = {"Idempotency-Key": "mine"}
    with taken_back():
        refs = {
            world.clients[name]
            .post(f"{API}projects/", {"title": "Ours"}, content_type="application/json", headers=key)
            .json()["ref"]
            for name in ("mika", "lucien")
        }

    assert len(refs) == 2


def test_refused_request_leaves_no_key_and_can_be_tried_again(world: World):
    mika, key = world.clients["mika"], {"Idempotency-Key": "retry"}
    with taken_back():
        refused = mika.post(f"{API}projects/", {"title": ""}, content_type="application/json", headers=key)
        done = mika.post(f"{API}projects/", {"title": "Now"}, content_type="application/json", headers=key)

    assert (refused.status_code, done.status_code) == (400, 201)


def test_secret_of_a_token_is_kept_for_no_repeat(world: World):
    body = {"name": "Program", "scopes": ["read"], "password": "orbit-together-2026"}
    with taken_back():
        world.clients["mika"].post(
            f"{API}tokens/", body, content_type="application/json", headers={"Idempotency-Key": "token"}
        )

        assert not any(PREFIX.encode() in bytes(kept.body) for kept in OnceKey.objects.all())


# --- tokens -----------------------------------------------------------------------------------------------------------


def test_token_acts_for_its_membership(world: World):
    membership = Membership.objects.get(person=world.cast.mika)
    with taken_back():
        _token, header = issued(membership)
        me = Client().get(f"{API}me/", headers=header).json()

    assert me["acting"]["ref"] == membership.ref
    assert me["person"]["email"] == world.cast.mika.email


@pytest.mark.parametrize(
    ("scopes", "method", "path", "status"),
    [
        (["read"], "GET", "projects/", 200),
        (["read"], "POST", "projects/", 403),
        (["read"], "PATCH", "projects/{draft}/", 403),
        (["write"], "GET", "projects/", 403),
        (["write"], "POST", "projects/", 400),
        (["read", "write"], "POST", "agreements/{signing agreement}/sign/", 403),
        (["read", "write"], "POST", "agreements/{signing agreement}/decline/", 403),
        (["read", "write", "sign"], "POST", "agreements/{signing agreement}/sign/", 400),
        (["read", "write", "sign"], "POST", "tokens/", 403),
        (["read", "write", "sign"], "POST", "agencies/", 403),
    ],
)
def test_token_does_what_its_scopes_say(world: World, scopes: list[str], method: str, path: str, status: int):
    for label, named in world.objects.items():
        path = path.replace(f"{{{label}}}", str(named.get("ref", "")))
    with taken_back():
        holder = world.cast.kenji if "sign/" in path or "decline" in path else world.cast.mika
        _token, header = issued(Membership.objects.get(person=holder), *scopes)
        response = send(Client(), method, API + path, headers=header)

    assert response.status_code == status, response.content
    if status == 403:
        problem(response, 403, "scope-needed" if "sign" not in scopes else "session-needed")


def _end(membership: Membership) -> None:
    membership.ended_at = timezone.now()
    membership.save()


ENDINGS = {
    "its membership ends": lambda token: _end(token.membership),
    "it is revoked": lambda token: Token.objects.filter(pk=token.pk).update(revoked_at=timezone.now()),
    "it expires": lambda token: Token.objects.filter(pk=token.pk).update(expires_at=timezone.now()),
    "its person is shut out": lambda token: (
        type(token.membership.person).objects.filter(pk=token.membership.person_id).update(is_active=False)
    ),
    "its agency is suspended": lambda token: Agency.objects.filter(pk=token.membership.agency_id).update(
        status="suspended"
    ),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_token_dies_at_once_when(world: World, ending: str):
    with taken_back():
        token, header = issued(Membership.objects.get(person=world.cast.mika))
        alive = Client().get(f"{API}me/", headers=header)
        ENDINGS[ending](token)
        dead = Client().get(f"{API}me/", headers=header)

    assert alive.status_code == 200
    problem(dead, 401, "authentication-failed")


def test_session_beside_a_dead_token_opens_nothing(world: World):
    with taken_back():
        token, header = issued(Membership.objects.get(person=world.cast.mika), expires_at=timezone.now() - timedelta(1))
        response = world.clients["mika"].get(f"{API}projects/", headers=header)

    assert token.pk
    problem(response, 401, "authentication-failed")


# --- nonsense ---------------------------------------------------------------------------------------------------------

WRITING = sorted((name, method) for name, method in operations() if method in {"POST", "PATCH", "PUT"})
# JSON, but no object: every address gets to see it.
NO_OBJECT = [b"null", b"[]", b"1", b'"text"', b'{"title": NaN}']
# No JSON: one parser refuses it before any address looks at it.
NO_JSON = [b"", b"{", b"\xff\xfe", b'{"a":' * 5_000, b"[" * 100_000]
VALUES: list[Any] = ["\x00", "\ud800", "x" * 100_000, 10**30, True, None, [[]], {"a": {"b": 1}}]


# What no request may set, and what does not exist at all.
PROTECTED = ["status", "version", "is_staff", "no_such_field"]


def target(world: World, name: str) -> str:
    """An address of that name with a record that Mika sees."""
    row = next(row for row in ROWS if row.name == name)
    return walk.address_of(row, world)


@pytest.mark.parametrize(("name", "method"), WRITING)
def test_what_is_no_document_is_refused(world: World, name: str, method: str):
    place = WRITING.index((name, method))
    for content in (*NO_OBJECT, NO_JSON[place % len(NO_JSON)]):
        response = send(world.clients["mika"], method, target(world, name), content)

        assert response.status_code < 500, (content[:20], response.content[:300])
        if response.status_code >= 400:
            assert response["Content-Type"] == PROBLEM, (content[:20], response.content[:300])


@pytest.mark.parametrize(("name", "method"), WRITING)
def test_nonsense_in_a_field_is_refused(
    world: World, schema: dict[str, Any], items: dict[tuple[str, str], Any], name: str, method: str
):
    address = target(world, name)
    fields = fields_of(schema, items[name, method])
    for value in VALUES if fields else ():
        # Every field is looked at by itself, so one request tells which of them refuse the value; the others go on alone.
        together = send(world.clients["mika"], method, address, dict.fromkeys(fields, value))
        assert together.status_code < 500, (repr(value)[:30], together.content[:300])
        if together.status_code in {403, 404, 409}:  # refused before anybody looks at what was sent
            continue
        refused = together.json().get("errors", {}) if together.status_code == 400 else {}
        for field in [field for field in fields if field not in refused]:
            response = send(world.clients["mika"], method, address, {**fields, field: value})

            assert response.status_code < 500, (field, repr(value)[:30], response.content[:300])
    unknown = sorted(set(PROTECTED) - set(fields))
    together = send(world.clients["mika"], method, address, {**fields, **dict.fromkeys(unknown, "active")})
    assert 400 <= together.status_code < 500, together.content[:300]
    for field in set(unknown) - set(together.json().get("errors", {})) if together.status_code == 400 else ():
        response = send(world.clients["mika"], method, address, {**fields, field: "active"})

        assert 400 <= response.status_code < 500, (field, response.content[:300])


@pytest.fixture(scope="module")
def items(schema: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """What the description says of every operation, by name and method."""
    return {
        (f"api:{resolve(filled(path)).url_name}", method.upper()): said
        for path, item in reversed(schema["paths"].items())
        for method, said in item.items()
        if method != "parameters"
    }


def fields_of(schema: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    """A body as the description has it, with something plausible in every field."""
    document = item.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return plausible(schema, document) if document else {}


def plausible(schema: dict[str, Any], document: dict[str, Any]) -> Any:
    """The simplest value that fits a schema."""
    if "$ref" in document:
        return plausible(schema, schema["components"]["schemas"][document["$ref"].rpartition("/")[2]])
    for several in ("oneOf", "anyOf", "allOf"):
        if several in document:
            return plausible(schema, document[several][0])
    if "enum" in document:
        return document["enum"][0]
    kind = document.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: plausible(schema, inner) for name, inner in document.get("properties", {}).items()}
    if kind == "array":
        return [plausible(schema, document["items"])]
    by_format = {"date": "2027-01-01", "date-time": "2027-01-01T00:00:00Z", "time": "09:00", "decimal": "1.5"}
    simple = {"integer": 1, "number": 1.5, "boolean": True}
    return simple.get(kind, by_format.get(document.get("format", ""), "text"))


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "large"}], ids=["plain", "with a key"])
def test_body_of_six_megabytes_is_refused(world: World, headers: dict[str, str]):
    body = json.dumps({"title": "x" * 6_000_000})

    response = send(world.clients["mika"], "POST", f"{API}projects/", body, headers=headers)

    assert 400 <= response.status_code < 500
    assert response["Content-Type"] == PROBLEM


@pytest.mark.parametrize(
    "address",
    [
        "projects/P-2026-9999999999999999999999999999999/",
        "projects/%00/",
        "projects/%ED%A0%80/",
        "participations/999999999999999999/",
        "participations/-1/",
        "messages/00000000-0000-0000-0000-000000000000/",
        "events/00000000-0000-0000-0000-000000000000/",
        "ledger/proof/?index=999999999999999999999999",
        "ledger/proof/?leaf=%00",
        "ledger/consistency/?first=-1&second=x",
        "verify/?sha256=%00",
        "projects/?q=%00&status=%00&role=%00&capability=%00",
        "projects/?q=%ED%A0%80",
        "assets/?project=%00&party=%00&origin=%00&status=%00",
        "agreements/?status=%00&kind=%00",
        "threads/?project=%00",
        "messages/?thread=%00",
        "inbox/?for=%00&kind=%00&verb=%00&ref=%00",
        "events/?scope=%00",
        "agencies/?q=%00&kind=%00&country=%00&language=%00&capability=%00",
        "memberships/?role=%00&live=%00",
    ],
)
def test_nonsense_in_an_address_is_no_error_of_ours(world: World, address: str):
    response = world.clients["mika"].get(API + address)

    assert response.status_code < 500
    if response.status_code >= 400:
        assert response["Content-Type"] == PROBLEM


# --- what a program makes up from the description ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def described(schema: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """Every operation of the description, by name and method."""
    whole = schemathesis.openapi.from_dict(json.loads(json.dumps(schema, default=str)))
    found = (result.ok() for result in whole.get_all_operations())
    return {(f"api:{resolve(filled(one.path)).url_name}", one.method.upper()): one for one in found}


@pytest.mark.parametrize(("name", "method"), sorted(operations()))
def test_made_up_requests_are_no_error_of_ours(world: World, described: Any, name: str, method: str):
    """Valid ones and broken ones, the same at every run, with the token of a member who may sign."""
    with taken_back():
        _token, header = issued(Membership.objects.get(person=world.cast.mika))
        operation = described[name, method]

        @seed(20261123)
        @settings(
            max_examples=3, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
        def right(case: Any) -> None:
            answer(case, target(world, name))

        @seed(20261123)
        @settings(
            max_examples=3, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
        def wrong(case: Any) -> None:
            answer(case)

        def answer(case: Any, path: str = "") -> None:
            cache.clear()
            asked = case.as_transport_kwargs(base_url="http://testserver")
            query = urlencode(asked.get("params") or {}, doseq=True)
            address = (path or urlsplit(asked["url"]).path) + (f"?{query}" if query and "?" not in path else "")
            body = json.dumps(asked["json"]) if "json" in asked else asked.get("data") or b""
            response = send(Client(raise_request_exception=False), case.method, address, body, headers=header)
            assert response.status_code < 500, (case.method, address, body)

        right()
        with suppress(Unsatisfiable):  # nothing can be wrong with a request that takes nothing
            wrong()
