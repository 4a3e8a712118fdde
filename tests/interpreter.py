"""What spares the interpreter work in every test: room for its frames, and no search for garbage in what stays."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from _pytest import runner

# Places of eight bytes on the call stack: the frame of `with_room` takes a little more than half of a piece of 1 MB.
PLACES = 2**16
# After how many new containers the youngest are searched, and after how many such searches the older ones.
THRESHOLDS = (50_000, 20, 50)


def with_room(function: Any, *arguments: Any) -> Any:
    """Call the function where 512 KB of the interpreter's call stack are free.

    Python 3.11 takes its call stack from the system in pieces of 16 KB and gives each back as soon as it is empty: a loop
    that calls across the edge of a piece pays two system calls every time, a hundred times the price of the call. A frame
    too large for a small piece gets a large one, and whatever it calls stands in the rest of that.
    """
    return function(*arguments)


with_room.__code__ = with_room.__code__.replace(co_stacksize=PLACES)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> object:
    return with_room(runner.pytest_runtest_protocol, item, nextitem)


def pytest_collection_finish() -> None:
    """Leave the modules and the thousands of collected tests out of the search for garbage: they stay to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
