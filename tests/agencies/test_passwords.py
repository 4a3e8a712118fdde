"""Passwords are kept with Argon2id; what was kept before goes on working and ends no session."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client

from portal import settings as installed

WORDS = "orbit-together-2026"


@pytest.fixture(autouse=True)
def hashers(cast, settings):
    settings.PASSWORD_HASHERS = installed.PASSWORD_HASHERS


@pytest.fixture
def old(cast):
    """Mika, whose password was kept before."""
    cast.mika.password = make_password(WORDS, hasher="pbkdf2_sha256")
    cast.mika.save()
    return cast.mika


def kept_by(person):
    person.refresh_from_db()
    return identify_hasher(person.password).algorithm


def test_a_password_is_kept_with_argon2id_and_its_salt(cast):
    cast.mika.set_password(WORDS)
    first = cast.mika.password
    cast.mika.set_password(WORDS)

    assert first.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert cast.mika.password != first
    assert cast.mika.check_password(WORDS)
    assert not cast.mika.check_password(WORDS.upper())


def test_signing_in_keeps_an_old_password_anew(old):
    browser = Client()

    assert browser.post("/account/login/", {"login": old.email, "password": WORDS}).status_code == 302

    assert kept_by(old) == "argon2"
    assert browser.get("/account/email/").status_code == 200


def test_proving_who_one_is_with_an_old_password_keeps_it_anew_and_the_session(old, cast):
    mika = cast.client(old)

    assert mika.post("/account/reauthenticate/", {"password": WORDS}).status_code == 302

    assert kept_by(old) == "argon2"
    assert mika.get("/account/email/").status_code == 200


def test_a_wrong_password_changes_nothing(old):
    before = old.password

    assert Client().post("/account/login/", {"login": old.email, "password": "not-the-password"}).status_code == 200

    old.refresh_from_db()
    assert old.password == before
