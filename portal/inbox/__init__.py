"""Being told: what waits for me, what is to know, mail, the live stream, and jobs.

`ask`, `tell` and `settle` are offered here, so that a notification reads `from portal.inbox import ask`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.inbox.actions import ask, settle, tell

__all__ = ["ask", "settle", "tell"]


def __getattr__(name: str) -> Any:
    """Import the verbs when they are first asked for: Django imports this package before the models may be."""
    if name in __all__:
        from portal.inbox import actions

        return getattr(actions, name)
    raise AttributeError(name)
