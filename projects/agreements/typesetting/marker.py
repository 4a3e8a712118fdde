"""The marker in the metadata of a frozen text's PDF: which text it claims to be, readable even where the file was changed."""

from __future__ import annotations

import re
from dataclasses import dataclass

MARKER = re.compile(rb"concord (A-[0-9]{4}-[0-9]{4,9}) v([0-9]{1,6}) ([0-9a-f]{64})")


@dataclass(frozen=True)
class Marker:
    """The text that a file says it holds. Anybody can write that into a file: it is a question, never an answer."""

    agreement: str
    number: int
    sha256: str


def mark(agreement: str, number: int, sha256: str) -> str:
    return f"concord {agreement} v{number} {sha256}"


def read_marker(content: bytes) -> Marker | None:
    """The marker in the bytes of a file, or None when there is none, or several that differ."""
    found = {match.groups() for match in MARKER.finditer(content)}
    if len(found) != 1:
        return None
    ((agreement, number, sha256),) = found
    return Marker(agreement.decode(), int(number), sha256.decode())
