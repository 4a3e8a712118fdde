"""What every test may ask for: the databases, and the cast."""

from collections.abc import Generator, Iterator

import pytest

from portal.history.models import tree as ledger
from tests import cast as casting
from tests import kept

pytest_plugins = ["tests.database", "tests.interpreter"]

# What stays with one worker and takes minutes, in the order in which it is begun: what is small fills the end evenly.
LONG = ("browser", "authorization 0", "authorization 1", "api", "processes", "demo", "growth")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Leave the tests of a file that start from the cast with one worker: the states that they begin in are kept there."""
    for item in items:
        starts_from_cast = "cast" in getattr(item, "fixturenames", ())
        if starts_from_cast and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(f"{item.path.parent.name}/{item.path.stem}"))
    yield
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    group = item.get_closest_marker("xdist_group")
    return LONG.index(group.args[0]) if group is not None and group.args[0] in LONG else len(LONG)


@pytest.fixture(autouse=True)
def _newest_checkpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the foot of every page read the newest checkpoint, so that pages cost the same whenever they are asked for."""
    kept.now.begin(monkeypatch)
    monkeypatch.setattr(ledger, "LATELY_SECONDS", -1)
    kept.tell()
    yield
    kept.now.begin(None)


@pytest.fixture
def cast(db: None) -> casting.Cast:
    """Two agencies that work together, a stranger, and their people."""
    return casting.build()
