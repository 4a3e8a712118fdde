"""What commits an agency needs a token that may sign, and notices are read by the parties alone."""

from __future__ import annotations

import pytest
from django.test import Client

from agencies.actions import issue_token
from projects.agreements import actions
from projects.agreements.models import Reader, Standing
from tests import stage
from tests.projects.agreements.lives import two

pytestmark = pytest.mark.django_db

REASON = "The budget is gone."


def robot(cast, person, *scopes):
    _token, secret = issue_token(actor=cast.actor(person), proof=stage.proof(), name="robot", scopes=scopes)
    return Client(headers={"authorization": f"Bearer {secret}"})


@pytest.mark.parametrize("verb", ["withdraw", "propose-termination", "propose-renewal"])
def test_a_token_that_may_only_write_does_not_commit_its_agency(cast, verb):
    agreement = two(cast)
    client = robot(cast, cast.kenji, "read", "write")

    answer = client.post(
        f"/api/v1/agreements/{agreement.ref}/{verb}/", {"reason": REASON}, content_type="application/json"
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "scope-needed")
    assert not agreement.life.exists()


def test_consent_to_an_end_needs_a_token_that_may_sign(cast):
    agreement = two(cast)
    step = actions.propose_termination(agreement, actor=cast.actor(cast.kenji), reason=REASON)

    refused = robot(cast, cast.ingrid, "read", "write").post(
        f"/api/v1/agreements/{agreement.ref}/consent-to-step/", {"step": step.number}, content_type="application/json"
    )
    done = robot(cast, cast.ingrid, "read", "write", "sign").post(
        f"/api/v1/agreements/{agreement.ref}/consent-to-step/", {"step": step.number}, content_type="application/json"
    )

    assert refused.json()["code"] == "scope-needed"
    assert done.status_code == 200


def test_who_only_reads_the_text_reads_no_notice(cast):
    agreement = two(cast)
    actions.propose_suspension(agreement, actor=cast.actor(cast.mika), reason=REASON)
    Reader.objects.create(agreement=agreement, agency=cast.isro, standing=Standing.NEWCOMER)

    tara = cast.client(cast.tara)

    assert tara.get(f"/agreements/{agreement.ref}/life/").status_code == 200
    assert REASON not in tara.get(f"/agreements/{agreement.ref}/life/").text
    assert tara.get(f"/api/v1/agreements/{agreement.ref}/life/").json()["steps"] == []
    assert REASON in cast.client(cast.lucien).get(f"/agreements/{agreement.ref}/life/").text
