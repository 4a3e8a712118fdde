"""What the tests of intellectual property share."""

import pytest

from tests.kept import tell
from tests.projects.ip.access import Agreed


@pytest.fixture
def agreed(monkeypatch: pytest.MonkeyPatch) -> Agreed:
    """Stands in for the agreements in force: nothing until it says something."""
    answer = Agreed()
    monkeypatch.setattr("projects.agreements.coverage.terms_of", answer)
    tell(lambda: answer.terms)
    return answer
