"""Who gets what at every address: the table that a lawyer can read."""

from __future__ import annotations

from dataclasses import dataclass, field
from tests.authorization.world import PEOPLE

@dataclass(frozen=True)
class Row:
    name: str
    of: str = ""
    GET: str = ""
    POST: str = ""
    PUT: str = ""
    PATCH: str = ""
    DELETE: str = ""
    query: str = ""

    def expected(self, method, person):
        cells = getattr(self, method)
        return cells.split()[PEOPLE.index(person)] if cells else "?"
ROWS=[]
