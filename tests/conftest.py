"""What every test may ask for: the databases, and the cast."""

import pytest

from tests import cast as casting

pytest_plugins = ["tests.database"]


@pytest.fixture
def cast(db: None) -> casting.Cast:
    """Two agencies that work together, a stranger, and their people."""
    return casting.build()
