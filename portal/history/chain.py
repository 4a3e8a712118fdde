"""The chain of keys: which keys signed this ledger, over which entries, proved from the key in use and never from the database."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from django.conf import settings

from portal.history import statements
from portal.history.keys import PublicKey, signer
from portal.history.statements import BadStatement, Statement

log = logging.getLogger(__name__)

ENDING = ".statement"


@dataclass(frozen=True)
class Link:
    """A key, and the entries of its time: from `start` up to, not including, `end`; the key in use has no end."""

    key: PublicKey
    start: int = 0
    end: int | None = None
    statement: Statement | None = None

    def covers(self, index: int | None) -> bool:
        """Whether it signs records whose event is this entry; one that has no entry yet is signed by the key in use."""
        if index is None:
            return self.end is None
        return self.start <= index and (self.end is None or index < self.end)

    def signs(self, size: int) -> bool:
        """Whether checkpoints over so many entries are its own."""
        return self.start < size and (self.end is None or size <= self.end)


@dataclass(frozen=True)
class Chain:
    """The keys that are proved, the oldest first."""

    links: tuple[Link, ...]

    @cached_property
    def keys(self) -> dict[str, PublicKey]:
        return {link.key.key_id: link.key for link in self.links}

    @property
    def statements(self) -> list[Statement]:
        return [link.statement for link in self.links if link.statement is not None]

    def link_of(self, key_id: str) -> Link | None:
        return next((link for link in self.links if link.key.key_id == key_id), None)

    def covers(self, key_id: str, index: int | None) -> bool:
        """Whether a record signed by this key is of its time, its event being this entry."""
        link = self.link_of(key_id)
        return link is not None and link.covers(index)


def known_chain() -> Chain:
    """The chain that ends with the key in use, from the statements beside its file.

    SECURITY: who writes into the database can neither make a statement nor put one beside the key file.
    """
    present = signer().public
    return _linked(present, tuple(sorted(_read())))


def path_of(new: PublicKey) -> Path:
    """Where the statement that introduces a key is kept: beside the key file, one file for each."""
    file = Path(settings.SIGNING_KEY_FILE)
    return file.with_name(f"{file.stem}-{new.key_id}{ENDING}")


def _read() -> Iterable[str]:
    file = Path(settings.SIGNING_KEY_FILE)
    for path in file.parent.glob(f"{file.stem}-*{ENDING}"):
        try:
            yield path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            log.warning("%s cannot be read as a statement: %s", path, error)


@lru_cache(maxsize=8)
def _linked(present: PublicKey, texts: tuple[str, ...]) -> Chain:
    """Go back from the present key as far as right statements lead, over fewer and fewer entries."""
    by_new: dict[PublicKey, Statement] = {}
    for text in texts:
        try:
            statement = statements.parse(text)
        except BadStatement as error:
            log.warning("a statement of a key cannot be read: %s", error)
            continue
        if statement.is_right:
            by_new.setdefault(statement.new, statement)
        else:
            log.warning("a signature of the statement that introduces the key %s is not right", statement.new.key_id)
    links: list[Link] = []
    key, end, seen = present, None, {present.key_id}
    while (told := by_new.get(key)) is not None and told.former.key_id not in seen:
        if end is not None and told.size > end:
            log.warning("the time of the key %s ends before it begins", key.key_id)
            break
        links.append(Link(key, told.size, end, told))
        key, end = told.former, told.size
        seen.add(key.key_id)
    return Chain((Link(key, 0, end), *reversed(links)))
