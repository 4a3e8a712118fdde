"""The rows of intellectual property beyond the register, and the records that they are about, one module per noun.

Each module has `ROWS` and `build(world, secret)`, which adds its records and secrets to the world of the secret project.
"""

from __future__ import annotations

from types import ModuleType

from tests.authorization.ip import access, belongings, deposits, disclosures, disputes, markings, publications
from tests.authorization.rows import Row

NOUNS: tuple[ModuleType, ...] = (
    access,
    belongings,
    deposits,
    markings,
    disputes,
    publications,
    disclosures,
)
ROWS: list[Row] = [row for noun in NOUNS for row in noun.ROWS]
