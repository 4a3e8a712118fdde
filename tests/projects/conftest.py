"""What the tests of joint work share."""

import pytest

from tests.kept import tell
from tests.projects.life import Covering


@pytest.fixture
def covering(monkeypatch: pytest.MonkeyPatch) -> Covering:
    """Stands in for the agreements: set its reference, and every project is covered."""
    answer = Covering()
    monkeypatch.setattr("projects.agreements.coverage.covering_agreement", answer)
    tell(lambda: answer)
    return answer
