"""Who is asking: by session, by token, under which membership, in which language."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone

from agencies.middleware import SESSION_KEY, resolve
from agencies.models import Membership, Person, Role, Token
from portal.kit.actors import Actor
from tests.cast import LONG_AGO, Cast
from tests.factories import agencies as make

ME = "/api/v1/me/"


@pytest.fixture
def both(cast: Cast) -> Membership:
    """Mika also observes for ESA."""
    return Membership.objects.create(person=cast.mika, agency=cast.esa, roles=[Role.OBSERVER], starts_on=LONG_AGO)


def asking(person: Person | None, *, chosen: str = "", **headers: str) -> HttpRequest:
    request = RequestFactory().get(ME, headers=headers)
    request.user = person or AnonymousUser()
    request.session = {SESSION_KEY: chosen} if chosen else {}  # type: ignore[assignment]
    return request


def test_a_stranger_is_nobody(cast: Cast) -> None:
    assert resolve(asking(None)) == Actor.anonymous()


def test_a_person_acts_under_their_first_membership(cast: Cast, both: Membership) -> None:
    actor = resolve(asking(cast.mika))

    assert (actor.agency, len(actor.memberships)) == (cast.jaxa, 2)


def test_a_person_acts_under_the_chosen_membership(cast: Cast, both: Membership) -> None:
    actor = resolve(asking(cast.mika, chosen=both.ref))

    assert (actor.agency, actor.roles) == (cast.esa, {"observer"})


def test_a_choice_that_ended_falls_back(cast: Cast, both: Membership) -> None:
    Membership.objects.filter(pk=both.pk).update(over_at=both.begins_at)

    assert resolve(asking(cast.mika, chosen=both.ref)).agency == cast.jaxa


def test_nobody_chooses_the_membership_of_another(cast: Cast) -> None:
    theirs = Membership.objects.get(person=cast.lucien)

    assert resolve(asking(cast.mika, chosen=theirs.ref)).agency == cast.jaxa


def test_an_operator_without_membership_acts_for_no_agency(cast: Cast) -> None:
    actor = resolve(asking(cast.olga))

    assert (actor.is_operator, actor.agency, actor.roles) == (True, None, frozenset())


def test_a_token_wins_over_the_session(cast: Cast) -> None:
    _token, secret = make.token(cast, cast.kenji)

    actor = resolve(asking(cast.lucien, authorization=f"Bearer {secret}"))

    assert (actor.person, actor.agency) == (cast.kenji, cast.jaxa)


def test_a_bad_token_does_not_fall_back_to_the_session(cast: Cast) -> None:
    assert resolve(asking(cast.lucien, authorization="bearer concord_wrong")) == Actor.anonymous()


def test_a_token_opens_no_page(cast: Cast) -> None:
    """Pages do not ask for scopes, so that there a token would carry more rights than it was given."""
    _token, secret = make.token(cast, cast.mika)
    headers = {"authorization": f"Bearer {secret}"}

    assert Client().get("/agencies/JAXA/people/", headers=headers).status_code == 302
    assert cast.client(cast.lucien).get("/agencies/JAXA/people/", headers=headers).status_code == 403


@pytest.mark.parametrize("credential", ["Bearer concord_wrong", "Bearer ", "Bearer \x80\xff"])
def test_a_bad_token_is_told_so(cast: Cast, credential: str) -> None:
    response = cast.client(cast.lucien).get(ME, headers={"authorization": credential})

    assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json")
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_reading_with_a_token_writes_nothing(cast: Cast) -> None:
    token, secret = make.token(cast, cast.kenji)
    headers = {"authorization": f"Bearer {secret}"}

    assert Client().get(ME, headers=headers).json()["acting"]["agency"] == "JAXA"
    token.refresh_from_db()
    assert token.last_used_at is None

    Client().post(f"/api/v1/tokens/{token.ref}/revoke/", headers=headers)
    token.refresh_from_db()
    assert token.last_used_at is not None


def test_a_deactivated_person_is_nobody(cast: Cast) -> None:
    _token, secret = make.token(cast, cast.kenji)
    client = cast.client(cast.kenji)
    Person.objects.filter(pk=cast.kenji.pk).update(is_active=False)

    assert client.get(ME).status_code == 401
    assert Client().get(ME, headers={"authorization": f"Bearer {secret}"}).status_code == 401


def test_the_actor_costs_nothing_until_it_is_read(cast: Cast, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        Client().get("/healthz")


def test_pages_speak_the_language_of_the_person_once_the_portal_does(cast: Cast, settings: Any) -> None:
    Person.objects.filter(pk=cast.mika.pk).update(language="ja")

    before = cast.client(cast.mika).get("/agencies/")
    settings.LANGUAGES = [("en", "English"), ("ja", "Japanese")]
    page = cast.client(cast.mika).get("/agencies/")

    assert 'lang="en"' in before.content.decode()
    assert page["Content-Language"] == "ja"
    assert 'lang="ja"' in page.content.decode()


def test_a_token_outlives_no_membership(cast: Cast) -> None:
    _token, secret = make.token(cast, cast.kenji)
    Membership.objects.filter(person=cast.kenji).update(over_at=timezone.now())

    assert Client().get(ME, headers={"authorization": f"Bearer {secret}"}).status_code == 401
    assert Token.objects.get().revoked_at is None
