"""The typefaces of the PDF, taken from installed font packs only, so that every machine sets the same pages."""

from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

PACKS = "justmytype.packs"


@cache
def fonts() -> typst.Fonts:
    """Return the typefaces of the installed packs, read once per process; the machine's own fonts are left out."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=sorted(str(folder) for folder in _folders()),
    )


@cache
def covered() -> frozenset[int]:
    """Return every code point that some typeface can draw; PDF/A refuses a page with one that none can."""
    points: set[int] = set()
    for path in sorted({font.path for font in fonts().fonts() if font.path}):
        with TTFont(path, lazy=True) as font:
            points.update(font.getBestCmap())
    return frozenset(points)


def _folders() -> Iterator[Path]:
    for pack in entry_points(group=PACKS):
        yield from pack.load()().get_font_directories()
