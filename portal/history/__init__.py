"""What happened, written once: events, the Merkle ledger over them, its checkpoints and proofs.

`record` is offered here, so that an action reads `from portal.history import record`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.history.events import record

__all__ = ["record"]


def __getattr__(name: str) -> Any:
    """Import `record` when it is first asked for: Django imports this package before the models may be."""
    if name == "record":
        from portal.history.events import record

        return record
    raise AttributeError(name)
