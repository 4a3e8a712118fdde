"""What somebody who is signed in reads is kept by nobody."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests import stage

PRIVATE = "private, no-store"


@pytest.mark.parametrize("address", ["/", "/projects/", "/ledger/", "/api/v1/projects/", "/no/such/page/"])
def test_no_cache_keeps_what_a_person_reads(cast, address):
    stage.proposed_project(cast)

    assert cast.client(cast.mika).get(address)["Cache-Control"] == PRIVATE


def test_a_draft_that_is_downloaded_is_not_kept(cast):
    agreement = stage.drafted_agreement(cast)

    text = cast.client(cast.mika).get(reverse("agreements:text", args=[agreement.ref]))

    assert text["Cache-Control"] == PRIVATE


def test_what_a_token_reads_is_not_kept(cast):
    refused = cast.client(None).get("/api/v1/projects/", headers={"Authorization": "Bearer unknown"})

    assert refused["Cache-Control"] == PRIVATE


def test_public_pages_may_be_kept(cast):
    assert not cast.client(None).get("/ledger/").has_header("Cache-Control")
