"""The figures as a table for people and as JSON for machines."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.utils import timezone

from portal.demo.bench.ledger import LedgerFigures
from portal.demo.bench.measuring import Figures, Target

COLUMNS = ("page", "CPU ms", "web", "database", "× F", "at most", "queries", "at most", "kB", "ms", "")


def table(floor: Figures, targets: Sequence[Target], figures: Mapping[str, Figures]) -> str:
    """One line a page, in Markdown; what misses its goal says so."""
    lines = [_line(COLUMNS), _line(["---"] + ["---:"] * (len(COLUMNS) - 2) + ["---"])]
    size, wall = f"{floor.size / 1000:.1f}", _wall(floor)
    lines.append(_line(["F, a bare page", *_costs(floor), "1.00", "", "5", "", size, wall, ""]))
    for one in targets:
        found, goal = figures[one.name], one.goal
        cells = [one.name, *_costs(found), f"{found.ratio:.2f}", f"{goal.ratio if goal else ''}", str(one.queries)]
        cells += [f"{goal.queries if goal else ''}", f"{found.size / 1000:.1f}", _wall(found), _misses(one, found)]
        lines.append(_line(cells))
    return "\n".join(lines)


def write(
    path: Path,
    floor: Figures,
    targets: Sequence[Target],
    figures: Mapping[str, Figures],
    *,
    ledger: LedgerFigures | None,
    start: tuple[float, float] | None,
    world: Mapping[str, Any],
) -> None:
    """Everything that was measured, where and when."""
    content = {
        "at": timezone.now().isoformat(timespec="seconds"),
        "machine": {"processor": _processor(), "system": platform.platform(), "python": platform.python_version()},
        "world": dict(world),
        "floor": _numbers(floor),
        "pages": [
            {"page": one.name, "path": one.path, "ratio": round(row.ratio, 3), "queries": one.queries}
            | {"at_most": asdict(one.goal) if one.goal else None}
            | _numbers(row)
            for one, row in ((one, figures[one.name]) for one in targets)
        ],
        "ledger": asdict(ledger) if ledger else None,
        "first_page_seconds": {"empty": round(start[0], 1), "again": round(start[1], 1)} if start else None,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _misses(target: Target, figures: Figures) -> str:
    if target.goal is None:
        return ""
    dear, talkative = figures.ratio > target.goal.ratio, target.queries > target.goal.queries
    return "over" if dear or talkative else "met"


def _numbers(figures: Figures) -> dict[str, Any]:
    web, database, wall = _medians(figures)
    return {
        "cpu_ms": round(figures.cpu_ms, 3),
        "web_ms": round(web, 3),
        "database_ms": round(database, 3),
        "wall_ms": round(wall, 3),
        "kilobytes": round(figures.size / 1000, 1),
        "blocks": len(figures.web_ms),
    }


def _costs(figures: Figures) -> Iterator[str]:
    web, database, _wall = _medians(figures)
    yield from (f"{figures.cpu_ms:.2f}", f"{web:.2f}", f"{database:.2f}")


def _wall(figures: Figures) -> str:
    return f"{_medians(figures)[2]:.1f}"


def _medians(figures: Figures) -> tuple[float, float, float]:
    return tuple(sorted(row)[len(row) // 2] for row in (figures.web_ms, figures.database_ms, figures.wall_ms))  # type: ignore[return-value]


def _line(cells: Sequence[str]) -> str:
    first, *others = cells
    return f"| {first:<22} | " + " | ".join(f"{cell:>7}" for cell in others) + " |"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
