"""What holds on every page: headers, CSRF, the way back, hosts, cookies and signing in."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from agencies.models import Membership, Person
from projects.ip import actions as ip_actions
from projects.messaging import actions as talk
from tests import stage
from tests.authorization import walk
from tests.authorization.table import ROWS, Row
from tests.authorization.world import World, lent
from tests.cast import PASSWORD, Cast

SIGN_IN = "/account/login/"


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """The world of the authorization matrix; whatever a request writes is taken back at once."""
    with lent(django_db_blocker) as world:
        yield world


@pytest.fixture(autouse=True)
def uncounted() -> None:
    """Limits of requests per minute have tests of their own."""
    cache.clear()


pytestmark = pytest.mark.xdist_group("security")


# --- headers ----------------------------------------------------------------------------------------------------------

PAGES = [
    ("anonymous", "/", 200),
    ("anonymous", SIGN_IN, 200),
    ("anonymous", "/account/signup/", 200),
    ("anonymous", "/account/password/reset/", 200),
    ("anonymous", "/verify/", 200),
    ("anonymous", "/ledger/", 200),
    ("anonymous", "/ledger/checkpoint", 200),
    ("anonymous", "{public}", 200),
    ("anonymous", "/nothing/", 404),
    ("anonymous", "/healthz", 200),
    ("anonymous", "/api/v1/docs/", 200),
    ("anonymous", "/api/v1/projects/", 401),
    ("anonymous", "/projects/", 302),
    ("mika", "/", 200),
    ("mika", "/projects/", 200),
    ("mika", "/projects/new/", 200),
    ("mika", "{secret}", 200),
    ("mika", "{secret}history/", 200),
    ("mika", "/agencies/", 200),
    ("mika", "/agencies/JAXA/tokens/", 200),
    ("mika", "/agreements/{signing agreement}/", 200),
    ("kenji", "/agreements/{signing agreement}/sign/", 200),
    ("mika", "/agreements/{drafted agreement}/pdf/", 200),
    ("mika", "/agreements/{drafted agreement}/text/", 200),
    ("mika", "/agencies/JAXA/mandates/{mandate}/document/", 200),
    ("mika", "/threads/{project thread}/", 200),
    ("mika", "/account/2fa/", 200),
    ("mika", "/account/email/", 200),
    ("mika", "/nothing/", 404),
    ("mika", "/api/v1/projects/", 200),
    ("mika", "/api/v1/nothing/", 404),
    ("mika", "/inbox/count/", 200),
    ("kenji", "{secret}edit/", 403),
    ("mika", "{secret}edit/", 409),
    ("tara", "{secret}", 404),
    ("olga", "/admin/", 200),
    ("olga", "/admin/agencies/agency/", 200),
]


def fetched(world: World, person: str, path: str) -> HttpResponse:
    for label, named in world.objects.items():
        ref = str(named.get("ref", ""))
        path = path.replace(f"/{{{label}}}", f"/{ref}").replace(f"{{{label}}}", f"/projects/{ref}/")
    with transaction.atomic():
        response = world.clients[person].get(path)
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize(("person", "path", "status"), PAGES, ids=lambda value: str(value))
def test_headers_of_every_kind_of_page(world: World, person: str, path: str, status: int):
    response = fetched(world, person, path)

    assert response.status_code == status
    policy = dict(one.strip().partition(" ")[::2] for one in response["Content-Security-Policy"].split(";"))
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "*" not in response["Content-Security-Policy"]
    if "sandbox" not in policy:
        assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")
        assert (policy["frame-ancestors"], policy["base-uri"], policy["object-src"]) == ("'none'", "'none'", "'none'")
        assert policy["form-action"] == "'self'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    if person != "anonymous":
        assert "no-store" in response["Cache-Control"]
    if response["Content-Type"].startswith("text/html"):
        check_markup(response.content.decode())


def check_markup(markup: str) -> None:
    """Nothing that the policy of the page would refuse."""
    for script in re.findall(r"<script\b[^>]*>", markup):
        assert "src=" in script or 'type="application/json"' in script, script
    assert not re.search(r"\son\w+=\"", markup)
    assert not re.search(r"\sstyle=\"", markup)
    assert not re.search(r"<style\b", markup)
    assert not re.search(r"(?:src|action)=\"(?:https?:)?//", markup)
    assert not re.search(r"<link\b[^>]*href=\"(?:https?:)?//", markup)


def test_what_people_write_is_never_markup(world: World):
    cast, evil = world.cast, '<img src=x onerror="alert(1)"><script>alert(1)</script>"\'>'
    words = f"{evil}\n\n[link](javascript:alert(1)) ![i](x)<iframe src=//x></iframe> **bold**"
    mika = cast.actor(cast.mika)
    with transaction.atomic():
        project = stage.drafted_project(cast, title=evil[:160], summary=evil, objective=words)
        asset = ip_actions.list_background(project, actor=mika, title=evil, nature="software", description=words)
        thread = talk.open_thread(actor=mika, project=project, agencies=[], title=evil, body=words)
        pages = [
            project.get_absolute_url(),
            f"{project.get_absolute_url()}ip/",
            asset.get_absolute_url(),
            "/",
            "/projects/",
        ]
        pages += [thread.get_absolute_url(), f"{project.get_absolute_url()}edit/", f"/projects/?q={quote(evil)}"]
        for address in pages:
            shown = world.clients["mika"].get(address).content.decode()
            assert "<img src=x" not in shown, address
            assert "<script>alert" not in shown, address
            assert "<iframe" not in shown, address
            assert 'href="javascript:' not in shown, address
            assert evil not in shown, address
        transaction.set_rollback(True)


# --- CSRF -------------------------------------------------------------------------------------------------------------

POSTS = list({row.name: row for row in reversed(ROWS) if row.POST or row.PATCH}.values())


@pytest.mark.parametrize("row", POSTS, ids=str)
def test_request_of_a_session_without_its_csrf_token_is_refused(world: World, row: Row):
    if row.name in {"api:not-found", "api:verify"}:  # neither looks at who asks
        return
    client = world.cast.client(world.cast.mika, enforce_csrf_checks=True)
    address, method = walk.address_of(row, world), "POST" if row.POST else "PATCH"
    before = walk.writes()
    with transaction.atomic():
        response = getattr(client, method.lower())(address, {}, content_type="application/json")
        transaction.set_rollback(True)

    assert response.status_code == 403
    assert b"CSRF" in response.content or b"form" in response.content
    assert set(walk.writes().items()) - set(before.items()) == set()


def test_token_of_another_page_or_site_is_refused(world: World):
    client = world.cast.client(world.cast.mika, enforce_csrf_checks=True)
    client.get("/projects/new/")
    foreign = {"csrfmiddlewaretoken": "a" * 64, "title": "T"}

    assert client.post("/projects/new/", foreign).status_code == 403
    own = client.cookies[settings.CSRF_COOKIE_NAME].value
    elsewhere = client.post(
        "/projects/new/", {"csrfmiddlewaretoken": own, "title": ""}, headers={"Origin": "https://evil.example"}
    )
    assert elsewhere.status_code == 403
    assert client.post("/projects/new/", {"csrfmiddlewaretoken": own, "title": ""}).status_code == 422


# --- the way back -----------------------------------------------------------------------------------------------------

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    " https://evil.example/",
    "\thttps://evil.example/",
    "/\t/evil.example/",
    "https://testserver@evil.example/",
    "http://testserver.evil.example/",
    "%2F%2Fevil.example",
]


def leads_here(response: HttpResponse) -> bool:
    location = response.get("Location", "/")
    target = urlsplit(location.replace("\\", "/").strip())
    return (
        target.scheme in {"", "http", "https"} and target.netloc in {"", "testserver"} and not location.startswith("//")
    )


@pytest.mark.parametrize("evil", ELSEWHERE)
def test_way_back_never_leads_elsewhere(world: World, evil: str):
    nobody, mika = Client(), world.clients["mika"]
    with transaction.atomic():
        typed = {"login": world.cast.noor.email, "password": PASSWORD, "next": evil}
        answers = [
            nobody.post(f"{SIGN_IN}?next={quote(evil)}", typed),
            mika.get(f"{SIGN_IN}?next={quote(evil)}"),
            mika.post("/agencies/act-for/", {"membership": "", "next": evil}),
            mika.get(f"/account/signup/?next={quote(evil)}"),
            world.clients["olga"].get(f"/admin/login/?next={quote(evil)}"),
            Client().get(f"/admin/login/?next={quote(evil)}"),
            mika.post(f"/account/reauthenticate/?next={quote(evil)}", {"password": PASSWORD, "next": evil}),
            Client().get(f"/agencies/register/?next={quote(evil)}"),
        ]
        other = world.cast.client(world.cast.lucien)
        answers.append(other.post(f"/account/logout/?next={quote(evil)}", {"next": evil}))
        transaction.set_rollback(True)

    assert answers[0].status_code == 302
    for answer in answers:
        assert answer.status_code < 500
        assert leads_here(answer), (answer.request["PATH_INFO"], answer["Location"])


def test_path_that_looks_like_another_host_leads_nowhere(world: World):
    for path in ("//evil.example/projects", "/%2Fevil.example", "//evil.example/%2e%2e"):
        for person in ("anonymous", "mika"):
            assert leads_here(world.clients[person].get(path)), (path, person)


# --- hosts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "a b", ""])
def test_foreign_host_is_refused(world: World, host: str):
    assert world.clients["anonymous"].get("/", headers={"Host": host}).status_code == 400


def test_mail_names_the_host_that_was_asked_and_no_forwarded_one(world: World, mailoutbox: list[Any]):
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}
    with transaction.atomic():
        Client().post("/account/password/reset/", {"email": world.cast.mika.email}, headers=headers)
        transaction.set_rollback(True)

    (sent,) = mailoutbox
    assert "evil.example" not in sent.body
    assert "http://testserver/" in sent.body


# --- signing in -------------------------------------------------------------------------------------------------------


def sign_in(client: Client, person: Person, password: str = PASSWORD) -> HttpResponse:
    return client.post(SIGN_IN, {"login": person.email, "password": password})


def test_cookies_are_closed_to_scripts_and_other_sites(cast: Cast):
    client = Client()
    client.get(SIGN_IN)
    sign_in(client, cast.mika)

    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        cookie = client.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert not cookie["domain"]
        assert cookie["path"] == "/"


def test_cookies_under_https_are_secure_and_of_this_host_alone():
    names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
    names += ["SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "LANGUAGE_COOKIE_SECURE"]
    code = f"import json; from portal import settings as s; print(json.dumps([getattr(s, name) for name in {names}]))"
    environment = {**os.environ, "CONCORD_HTTPS": "1"}
    shown = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, text=True)

    session, csrf, *flags = json.loads(shown.stdout)

    assert session.startswith("__Host-")
    assert csrf.startswith("__Host-")
    assert all(flags)


def test_session_gets_a_new_key_at_sign_in_and_is_gone_at_sign_out(cast: Cast):
    client = Client()
    client.get("/account/signup/")
    planted = client.session
    planted["x"] = 1
    planted.save()
    before = planted.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = before

    assert sign_in(client, cast.mika).status_code == 302

    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert key != before
    assert not Session.objects.filter(session_key=before).exists()
    client.post("/account/logout/")
    assert not Session.objects.filter(session_key=key).exists()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert client.get("/projects/").status_code == 302


def test_unknown_address_and_wrong_password_get_the_same_answer(cast: Cast):
    known = sign_in(Client(), cast.mika, "not the password at all")
    unknown = Client().post(SIGN_IN, {"login": "nobody@jaxa.example", "password": "not the password at all"})

    assert known.status_code == unknown.status_code
    said = [re.findall(r'class="[^"]*error[^"]*"[^>]*>([^<]*)', answer.content.decode()) for answer in (known, unknown)]
    assert said[0] == said[1]


def test_forgotten_password_and_new_account_tell_nobody_who_has_one(cast: Cast):
    resets = [
        Client().post("/account/password/reset/", {"email": email}) for email in (cast.mika.email, "nobody@x.example")
    ]
    new = {
        "name": "Somebody New",
        "zone": "UTC",
        "password1": "a-long-enough-password-26",
        "password2": "a-long-enough-password-26",
    }
    signups = [
        Client().post("/account/signup/", {"email": email, **new}) for email in (cast.mika.email, "new@x.example")
    ]

    for pair in (resets, signups):
        assert pair[0].status_code == pair[1].status_code == 302
        assert pair[0]["Location"] == pair[1]["Location"]
    assert Person.objects.filter(email=cast.mika.email).count() == 1


def test_guesses_at_a_password_are_limited(cast: Cast):
    mail.outbox.clear()
    answers = [sign_in(Client(), cast.mika, f"guess number {number}") for number in range(12)]
    refused = sign_in(Client(), cast.mika)

    assert refused.status_code != 302, "the right password after too many wrong ones"
    assert any("Too many" in answer.content.decode() or answer.status_code == 429 for answer in [*answers, refused])


def test_guesses_at_a_password_before_signing_are_limited(cast: Cast):
    agreement = stage.frozen_agreement(cast)
    kenji = cast.client(cast.kenji)
    consent = stage.given_consent(agreement, cast.kenji)
    body = {"sha256": consent.sha256, "challenge": consent.challenge, "consent": True, "read": consent.read}
    body["typed_name"] = consent.typed_name
    address = f"/api/v1/agreements/{agreement.ref}/sign/"

    for number in range(12):
        kenji.post(address, {**body, "password": f"guess number {number}"}, content_type="application/json")
    answer = kenji.post(address, {**body, "password": PASSWORD}, content_type="application/json")

    assert answer.status_code == 400
    assert "Too many" in answer.content.decode()


def test_person_who_is_shut_out_is_out_at_once(cast: Cast):
    mika = cast.client(cast.mika)
    assert mika.get("/projects/").status_code == 200

    Person.objects.filter(pk=cast.mika.pk).update(is_active=False)

    assert mika.get("/projects/").status_code == 302
    assert sign_in(Client(), cast.mika).status_code != 302 or "inactive" in sign_in(Client(), cast.mika)["Location"]


def test_membership_that_ends_closes_its_pages_at_once(cast: Cast):
    project, lucien = stage.accepted_project(cast), cast.client(cast.lucien)
    assert lucien.get(project.get_absolute_url()).status_code == 200

    membership = Membership.objects.get(person=cast.lucien)
    membership.ended_at = membership.begins_at
    membership.save()

    assert lucien.get(project.get_absolute_url()).status_code == 404


def test_changed_password_ends_the_other_sessions(cast: Cast):
    here, there = Client(), cast.client(cast.mika)
    sign_in(here, cast.mika)
    new = "another-long-password-26"
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert Person.objects.get(pk=cast.mika.pk).check_password(new)
    assert there.get("/projects/").status_code == 302
