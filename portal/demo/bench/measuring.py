"""Requests in blocks, floor and pages taking turns, so that whatever the machine does meanwhile happens to both."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from portal.demo.bench.clock import Meter
from portal.demo.bench.servers import Server

WARM_UP = 8


@dataclass(frozen=True)
class Goal:
    """How dear a page may be: CPU time as a ratio to the floor, and queries."""

    ratio: float
    queries: int


@dataclass(frozen=True)
class Target:
    """Something to request: `headers` say who asks; `body` makes it a POST."""

    name: str
    path: str
    headers: dict[str, str]
    goal: Goal | None = None
    queries: int = 0
    body: bytes | None = None
    expected: int = 200


@dataclass
class Figures:
    """What blocks of requests cost, each figure per request."""

    web_ms: list[float] = field(default_factory=list)
    database_ms: list[float] = field(default_factory=list)
    wall_ms: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    size: int = 0

    @property
    def cpu_ms(self) -> float:
        return median(web + database for web, database in zip(self.web_ms, self.database_ms, strict=True))

    @property
    def ratio(self) -> float:
        return median(self.ratios)


class Bench:
    """Measures targets of one server against the floor's page, cycle by cycle."""

    def __init__(self, portal: tuple[Server, Meter], floor: tuple[Server, Meter], floor_page: Target) -> None:
        self.portal, self.floor, self.floor_page = portal, floor, floor_page

    def run(self, targets: Sequence[Target], *, cycles: int, block: int) -> tuple[Figures, dict[str, Figures]]:
        """Figures of the floor and of each target. Every block of a target stands between two blocks of the floor."""
        base, found = Figures(), {target.name: Figures() for target in targets}
        for target in targets:
            self._block(self.portal, target, WARM_UP, Figures())
        self._block(self.floor, self.floor_page, WARM_UP, Figures())
        for _ in range(cycles):
            before = self._block(self.floor, self.floor_page, block, base)
            for target in targets:
                spent = self._block(self.portal, target, block, found[target.name])
                after = self._block(self.floor, self.floor_page, block, base)
                found[target.name].ratios.append(2 * spent / (before + after))
                before = after
        return base, found

    def _block(self, side: tuple[Server, Meter], target: Target, count: int, figures: Figures) -> float:
        """CPU milliseconds per request, web and database together."""
        server, meter = side
        client = server.client()
        client.connect()
        before, began = meter.read(), time.perf_counter()
        for _ in range(count):
            figures.size = _request(client, target)
        wall = time.perf_counter() - began
        web, database = (nanoseconds / count / 1e6 for nanoseconds in meter.since(before))
        client.close()
        figures.web_ms.append(web)
        figures.database_ms.append(database)
        figures.wall_ms.append(wall / count * 1000)
        return web + database


def _request(client: Any, target: Target) -> int:
    client.request("POST" if target.body is not None else "GET", target.path, target.body, target.headers)
    response = client.getresponse()
    size = len(response.read())
    if response.status != target.expected:
        raise RuntimeError(f"{target.name} answered {response.status} instead of {target.expected}: {target.path}")
    return size
