"""The rows of agreements beyond drafting, agreeing and signing, and the records that they are about, one module per noun.

Each module has `ROWS`; those that need records of their own have `build(world, project)` too.
"""

from __future__ import annotations

from types import ModuleType

from tests.authorization.agreements import (
    changes,
    drafting,
    force,
    life,
    outside,
    parties,
    places,
    signatures,
    tree,
    versions,
)
from tests.authorization.rows import Row

NOUNS: tuple[ModuleType, ...] = (changes, drafting, force, life, outside, parties, places, signatures, tree, versions)
ROWS: list[Row] = [row for noun in NOUNS for row in noun.ROWS]
