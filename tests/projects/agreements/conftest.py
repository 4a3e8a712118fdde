"""What the tests of agreements may ask for beside the cast: a clock that they set."""

from __future__ import annotations

import pytest

from tests.projects.agreements.lives import BEGAN, Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time of the test, at the beginning a Monday morning."""
    clock = Clock(monkeypatch)
    clock.moment = BEGAN
    return clock
