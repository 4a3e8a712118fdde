"""Whom an open change waits for."""

from __future__ import annotations

from datetime import date

import pytest

from projects.agreements.models import Party
from projects.agreements.negotiation import must_answer

OURS, THEIRS, THIRD = 1, 2, 3


@pytest.mark.parametrize(
    ("proposer", "given", "left_on", "waits"),
    [
        (THEIRS, set(), None, True),
        (THEIRS, {THIRD}, None, True),
        (THEIRS, {OURS}, None, False),
        (OURS, set(), None, False),
        (OURS, {THEIRS, THIRD}, None, False),
        (THEIRS, set(), date(2026, 1, 1), False),
    ],
)
def test_a_change_waits_for_every_party_that_takes_part_and_has_not_spoken(proposer, given, left_on, waits):
    assert must_answer(Party(agency_id=OURS, left_on=left_on), proposer, given) is waits
