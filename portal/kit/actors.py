"""Who is acting: a person, and the membership they act under."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest

UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Actor:
    """A person acting for an agency, an operator, the portal itself, or nobody.

    `person` and `membership` are rows of the apps above; the kit only reads `person.zone`, `person.is_staff`,
    `membership.agency` and `membership.roles`, so that nothing here has to import them.
    """

    person: Any = None
    membership: Any = None
    memberships: tuple[Any, ...] = ()
    scopes: frozenset[str] | None = None
    is_system: bool = False
    roles: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        roles = frozenset(self.membership.roles) if self.membership is not None else frozenset()
        object.__setattr__(self, "roles", roles)

    @classmethod
    def anonymous(cls) -> Actor:
        return cls()

    @classmethod
    def system(cls) -> Actor:
        """The portal itself, in jobs that nobody started by hand."""
        return cls(is_system=True)

    def under(self, membership: Any) -> Actor:
        """The same person acting under this membership, as it was read just now."""
        return replace(self, membership=membership)

    @property
    def agency(self) -> Any:
        return self.membership.agency if self.membership is not None else None

    @property
    def agency_id(self) -> int | None:
        return self.membership.agency_id if self.membership is not None else None

    @property
    def is_authenticated(self) -> bool:
        return self.person is not None

    @property
    def is_operator(self) -> bool:
        return self.person is not None and bool(self.person.is_staff)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.person.zone) if self.person is not None else UTC

    def has_role(self, *roles: str) -> bool:
        """Whether the actor holds any of these roles in the agency they act for."""
        return not self.roles.isdisjoint(roles)

    def may_use_scope(self, scope: str) -> bool:
        """Sessions carry every scope; a token carries those it was given."""
        return self.scopes is None or scope in self.scopes


class Request(HttpRequest):
    """A request after the middleware has set who is acting; what every view of a page is handed."""

    actor: Actor


def actor_of(request: Any) -> Actor:
    """The actor of an HTML or a JSON request."""
    inner: Request = getattr(request, "_request", request)
    return inner.actor
