"""What one reader is shown of a disclosure: the live document, a sealed version, or nothing of its words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise

from portal.history.models import Event
from portal.kit.actors import Actor
from portal.kit.refusals import Refusal
from projects.ip.disclosed import document_of, shown_version
from projects.ip.markings import refusal_to_read
from projects.ip.models import Disclosure, DisclosureVersion, Effort, Reach
from projects.ip.places import Place


@dataclass(frozen=True)
class Reading:
    """`version` is what the document was sealed as, None for the live one; `withheld` says why there is no document."""

    document: dict[str, Any] | None
    version: DisclosureVersion | None = None
    withheld: Refusal | None = None

    @property
    def said(self) -> dict[str, Any]:
        return self.document or {}

    @property
    def effort(self) -> str | Promise:
        """In words; empty when nobody has said."""
        effort = self.said.get("effort", "")
        return Effort(effort).label if effort else ""

    @property
    def place(self) -> str:
        """Where it was made, in words."""
        return Place(**self.said["place"]).words if "place" in self.said else ""

    @property
    def conceived_on(self) -> date | None:
        return _day(self.said.get("conceived_on", ""))

    @property
    def reduced_on(self) -> date | None:
        return _day(self.said.get("reduced_on", ""))

    @property
    def public(self) -> list[tuple[date | None, str]]:
        """Each day on which it was or will be public, and where."""
        return [(_day(row["on"]), row["where"]) for row in self.said.get("public", [])]


def read(disclosure: Disclosure, actor: Actor) -> Reading:
    """Read it for an actor; the disclosure comes from `known_to(actor)`.

    SECURITY: to another agency it is given only as it was shared, and only while export control lets it cross: an
    authorisation that ends, or a hold, closes it at that instant.
    """
    if disclosure.reach == Reach.WHOLE:
        return Reading(document_of(disclosure))
    if disclosure.reach != Reach.SEALED:
        return Reading(None)
    is_own = disclosure.agency_id == actor.agency_id
    if not is_own and (withheld := refusal_to_read(disclosure, actor)) is not None:
        return Reading(None, withheld=withheld)
    version = shown_version(disclosure, None if is_own else disclosure.shared_number)
    if version is None:
        return Reading(None)
    # Who reads it as a contributor or a witness need not know of the project.
    return Reading({name: said for name, said in version.document.items() if name != "project"}, version)


def title_of(disclosure: Disclosure, actor: Actor) -> str:
    """Its title as far as the actor may know it, empty otherwise; the disclosure comes from `known_to(actor)`.

    SECURITY: a title can give an invention away, so it crosses to another agency only as the rest does: what was shared,
    and for a contributor named there, once export control lets it.
    """
    if disclosure.agency_id == actor.agency_id:
        return disclosure.title if disclosure.reach in (Reach.WHOLE, Reach.SEALED, Reach.PART) else ""
    if disclosure.reach == Reach.PART:
        return disclosure.title if refusal_to_read(disclosure, actor) is None else ""
    return str(read(disclosure, actor).said.get("title", ""))


def opening_of(disclosure: Disclosure, number: int) -> dict[str, Any] | None:
    """What opens the commitment of a version: the exact bytes, the salt, and where the ledger holds the commitment."""
    version = shown_version(disclosure, number)
    if version is None:
        return None
    event = Event.objects.select_related("leaf").filter(uid=version.event_uid).first()
    return {
        "format": "concord/disclosure-opening/1",
        "ref": disclosure.ref,
        "number": version.number,
        "algorithm": version.algorithm,
        "commitment": version.commitment,
        "previous": version.previous,
        "salt": bytes(version.salt).hex(),
        "canonical": bytes(version.canonical).decode(),
        "event": str(version.event_uid),
        "sealed_at": version.sealed_at.isoformat(),
        "ledger_index": event.ledger_index if event is not None else None,
    }


def _day(said: str) -> date | None:
    return date.fromisoformat(said) if said else None
