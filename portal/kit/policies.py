"""One rule per verb: the button, the gate and the API read the same one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypedDict

from portal.kit.refusals import Refusal

RULE_PREFIX = "can_"


class Verb(TypedDict):
    """What a reader may do to a record, as the API lists it."""

    verb: str
    allowed: bool
    reason: str
    code: str
    unblock: str


class rule:  # noqa: N801 - reads as a decorator
    """Declare a verb: the function returns None for yes, or the Refusal to raise.

    The class gains `can_<verb>`, a real boolean. Ask permission first and state second, so that a stranger learns nothing.
    """

    def __init__(self, function: Callable[[Any], Refusal | None]) -> None:
        self.function = function
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type[Policy], name: str) -> None:
        owner.rules = {**owner.rules, name: self.function}
        setattr(owner, RULE_PREFIX + name, property(lambda policy: policy.refusal(name) is None))

    def __get__(self, policy: Any, owner: type | None = None) -> Any:
        return self if policy is None else self.function.__get__(policy, owner)


class Reasons:
    """`policy.why_not.sign` in a template: the reason for the no, or an empty string."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def __getattr__(self, verb: str) -> str:
        if verb not in self._policy.rules:
            raise AttributeError(verb)
        refusal = self._policy.refusal(verb)
        return str(refusal.reason) if refusal else ""


class Policy:
    """Base of the policies; a subclass is a frozen dataclass of an actor and a record with one @rule per verb."""

    rules: dict[str, Callable[[Any], Refusal | None]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """A policy that is put together from several has the verbs of all of them, in their order."""
        super().__init_subclass__(**kwargs)
        cls.rules = {name: why for of in (*cls.__bases__, cls) for name, why in getattr(of, "rules", {}).items()}

    def refusal(self, verb: str) -> Refusal | None:
        """Why not: the Refusal that `require(verb)` would raise, or None."""
        return self.rules[verb](self)

    def require(self, verb: str) -> None:
        """Raise Forbidden or NotNow unless the verb is allowed now."""
        refusal = self.refusal(verb)
        if refusal is not None:
            raise refusal

    @property
    def why_not(self) -> Reasons:
        return Reasons(self)

    def verbs(self) -> list[Verb]:
        """Every verb of this record with whether its reader may use it now, and why not."""
        return list(self._verbs())

    def _verbs(self) -> Iterator[Verb]:
        for name in self.rules:
            refusal = self.refusal(name)
            yield Verb(
                verb=name.replace("_", "-"),
                allowed=refusal is None,
                reason=str(refusal.reason) if refusal else "",
                code=refusal.code if refusal else "",
                unblock=str(refusal.unblock) if refusal else "",
            )
