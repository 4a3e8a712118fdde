"""What the clock does to many agreements: one after another, so that one that fails keeps no other waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def one_by_one(refs: Iterable[str], tend: Callable[[str], bool]) -> int:
    """Tend each agreement; returns how many changed. Raises ExceptionGroup of what failed, after all the others."""
    changed = 0
    failed: list[Exception] = []
    for ref in refs:
        try:
            changed += tend(ref)
        except Exception as error:
            error.add_note(f"while tending {ref}")
            failed.append(error)
    if failed:
        raise ExceptionGroup("Some agreements could not be tended", failed)
    return changed
