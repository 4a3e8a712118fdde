"""Changing one byte of a bundle, and asking both verifiers what they say."""

from __future__ import annotations

import random
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from projects.agreements.bundle.joining import script
from tests.verifiers import checking, spelling, writing

# What the list alone protects: words for people.
WORDS = ("README.txt",)
NAMES = ("verify.py", "independent verifier")


def as_module() -> ModuleType:
    """verify.py, the one file, as it travels."""
    module = ModuleType("verify")
    exec(compile(script(), "verify.py", "exec"), module.__dict__)
    return module


def places(members: dict[str, bytes]) -> list[tuple[str, int]]:
    """Every byte of every member."""
    return [(name, place) for name, content in members.items() for place in range(len(content))]


def changed(members: dict[str, bytes], name: str, place: int, *, relisted: bool, bits: int = 1) -> dict[str, bytes]:
    """One byte is another. Relisted, whoever did it holds the portal's key and signs the list of the bundle anew."""
    content = bytearray(members[name])
    content[place] ^= bits
    parts = members | {name: bytes(content)}
    if not relisted:
        return parts
    del parts["bundle.json"], parts["bundle.sig"]
    return writing.with_list(parts, spelling.strict(members["bundle.json"])["text"]["sha256"])


def accepted(module: ModuleType, members: dict[str, bytes]) -> tuple[bool, bool]:
    """Whether verify.py, and the independent verifier, find nothing wrong."""
    try:
        first = module.outcome_of_bundle(module.check_bundle(members)) in (module.PROVED, module.INCOMPLETE)
    except module.Unreadable:
        first = False
    try:
        second = bool(checking.verify(members, seal=False))
    except spelling.Wrong:
        second = False
    return first, second


def changes(
    members: dict[str, bytes], *, relisted: bool, count: int | None = None, seed: int = 20261123
) -> Iterator[tuple[str, int, int]]:
    """Which byte, and which of its bits, in the order of a fixed seed; all bytes when no count is given."""
    chance = random.Random(seed)
    left_out = (*WORDS, "bundle.json", "bundle.sig", "keys.json") if relisted else ()
    found = [(name, place) for name, place in places(members) if name not in left_out]
    for name, place in found if count is None else chance.sample(found, min(count, len(found))):
        yield name, place, 1 << chance.randrange(8)


def codes_of(module: ModuleType, members: dict[str, bytes], **given: Any) -> set[str]:
    """What verify.py finds wrong, by its codes."""
    return {one.code for one in module.check_bundle(members, **given) if one.outcome == module.FAILED}
