"""How often one address may ask."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from projects.agreements.views import verifying

ASKED = f"/verify/?sha256={'0' * 64}"


@pytest.fixture
def clock(monkeypatch):
    cache.clear()
    moment = [timezone.now().replace(second=0)]

    class Clock:
        @staticmethod
        def now() -> datetime:
            return moment[0]

    monkeypatch.setattr(verifying, "timezone", Clock)
    monkeypatch.setattr(verifying, "TRIES_A_MINUTE", 3)
    return moment


def test_one_address_asks_so_many_times_a_minute(client, db, clock):
    assert [client.get(ASKED).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_whoever_asks_now_and_then_is_never_shut_out(client, db, clock):
    for _ in range(6):
        assert client.get(ASKED).status_code == 200
        clock[0] += timedelta(minutes=1)
