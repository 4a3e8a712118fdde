"""One-time keys: a repeat returns the first result, other words are another request, a refusal leaves no key."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.actions import issue_token
from agencies.models import Membership, Role
from portal.kit.actors import Actor
from portal.kit.models import OnceKey
from portal.kit.once import KEPT_FOR, forget_old_keys
from projects.models import Project
from tests import stage
from tests.cast import LONG_AGO

DRAFT = {
    "title": "Twice",
    "summary": "",
    "objective": "",
    "audience": "partners",
    "mode": "agreement",
    "marking": "partners",
}


def post(client, **changes):
    return client.post(reverse("projects:new"), {**DRAFT, "once": "key-1", **changes})


def test_a_repeat_returns_the_first_result(cast):
    client = cast.client(cast.mika)

    first, second = post(client), post(client)

    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert second["Idempotency-Replayed"] == "true"
    assert Project.objects.count() == 1


def test_other_words_under_the_same_key_are_another_request(cast):
    client = cast.client(cast.mika)

    post(client)
    post(client, title="After going back")

    assert set(Project.objects.values_list("title", flat=True)) == {"Twice", "After going back"}


def test_two_people_may_have_the_same_key(cast):
    post(cast.client(cast.mika))
    post(cast.client(cast.lucien))

    assert Project.objects.count() == 2


def test_a_form_that_comes_back_with_errors_leaves_no_key(cast):
    client = cast.client(cast.mika)

    assert post(client, title="").status_code == 422

    assert not OnceKey.objects.exists()
    assert not Project.objects.exists()


def api(client, body, key):
    return client.post("/api/v1/projects/", body, content_type="application/json", headers={"Idempotency-Key": key})


def test_the_api_replays_the_first_result(cast):
    client = cast.client(cast.mika)
    key = str(uuid.uuid4())

    first, second = api(client, {"title": "Twice"}, key), api(client, {"title": "Twice"}, key)

    assert first.status_code == second.status_code == 201
    assert first.json()["ref"] == second.json()["ref"]
    assert Project.objects.count() == 1


def test_a_key_used_for_another_body_is_refused(cast):
    client = cast.client(cast.mika)
    api(client, {"title": "One"}, "k")

    refused = api(client, {"title": "Two"}, "k")

    assert refused.status_code == 422
    assert refused["Content-Type"] == "application/problem+json"
    assert Project.objects.count() == 1


def test_a_secret_is_no_part_of_what_is_kept(cast, rf):
    from portal.kit.once import _fingerprint

    def fingerprint(password):
        request = rf.post("/x", {"password": password, "title": "t"}, content_type="application/json")
        request.actor = Actor.anonymous()
        return _fingerprint(request)

    assert fingerprint("one") == fingerprint("two")


@pytest.mark.parametrize("key", ["x" * 81, "line\nbreak"])
def test_a_key_that_is_none_is_ignored(cast, key):
    assert post(cast.client(cast.mika), once=key).status_code == 302
    assert not OnceKey.objects.exists()


def test_keys_are_forgotten_after_a_day(cast):
    post(cast.client(cast.mika))
    assert forget_old_keys() == 0

    OnceKey.objects.update(created_at=timezone.now() - KEPT_FOR * 2)

    assert forget_old_keys() == 1


def test_the_same_words_for_another_agency_are_no_repeat(cast):
    second = Membership.objects.create(
        person=cast.mika, agency=cast.esa, roles=[Role.MANAGER.value], starts_on=LONG_AGO
    )
    client = cast.client(cast.mika)

    assert api(client, {"title": "Twice"}, "k").json()["lead"] == "JAXA"
    client.post(reverse("agencies:act-for"), {"membership": second.ref})

    assert api(client, {"title": "Twice"}, "k").status_code == 422


def test_a_token_reads_no_result_of_the_session(cast):
    api(cast.client(cast.mika), {"title": "Twice"}, "k")
    _token, secret = issue_token(
        actor=cast.actor(cast.mika), proof=stage.proof(), name="Reader", scopes=["read"], days=1
    )

    refused = cast.client(None).post(
        "/api/v1/projects/",
        {"title": "Twice"},
        content_type="application/json",
        headers={"Idempotency-Key": "k", "Authorization": f"Bearer {secret}"},
    )

    assert refused.status_code == 422
    assert "Twice" not in refused.content.decode()
