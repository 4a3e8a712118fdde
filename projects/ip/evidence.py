"""Evidence in a dispute: what may be put before the other side, and both sides' exhibits merged by time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.history.models import Event
from portal.history.timelines import timeline
from portal.kit.actors import Actor
from projects.ip.models import Asset, Commitment, Deposit, Dispute, Exhibit, ExhibitKind

SIGNED = ("agreement.frozen", "agreement.signed", "agreement.fully_signed", "agreement.entered_into_force")
MOST = 200


@dataclass(frozen=True)
class Source:
    """Something in the portal that can be exhibited: its reference, its hash where it has one, the events that date it."""

    kind: str
    ref: str
    sha256: str
    events: list[Event]


@dataclass(frozen=True)
class Entry:
    """One line of the timeline: an instant that the ledger proves, and the exhibit that brings it."""

    at: datetime
    exhibit: Exhibit
    event: Event
    sha256: str

    @property
    def proves(self) -> str:
        """What follows from it, and no more."""
        words = {
            ExhibitKind.DEPOSIT: _("What was committed to existed by this time. It does not say who invented it."),
            ExhibitKind.AGREEMENT: _("The text with this hash existed, and this was done with it, by this time."),
            ExhibitKind.FILE: _("The file with this hash existed by this time, when it was put here. It may be older."),
        }
        default = _("This was recorded by this time. It does not say who invented anything.")
        return words.get(ExhibitKind(self.exhibit.kind), default)


def find_source(dispute: Dispute, kind: str, ref: str, *, actor: Actor) -> Source:
    """What the actor names, as far as it may be exhibited; ValidationError for "source" when not.

    SECURITY: only what the actor itself sees; and what is addressed to others too, who are no side of the dispute, only
    where the other side sees it already: one may show what is one's own, not what one shares with a third party.
    """
    source = _found(dispute, ExhibitKind(kind), ref.strip(), actor) if ref.isprintable() else None
    if source is None or not source.events:
        raise ValidationError({"source": [_("There is nothing of this kind and name that you may see.")]})
    sides = {party.agency.ref for party in dispute.at_odds()}
    for event in source.events:
        addressed = set(event.agencies)
        if sides - addressed and addressed - sides:
            others = ", ".join(sorted(addressed - sides))
            raise ValidationError(
                {"source": [_("It also belongs to %(others)s, who are no party of this dispute.") % {"others": others}]}
            )
    return source


def offered(dispute: Dispute, *, actor: Actor) -> dict[str, list[tuple[str, str]]]:
    """What a form can offer: (value, words) by kind, newest first, of this project and of one's own deposits."""
    sides = {party.agency.ref for party in dispute.at_odds()}
    seen = Event.objects.visible_to(actor).of(dispute.project.ref).newest_first()[:MOST]
    events = [event for event in timeline(seen) if not (sides - set(event.agencies) and set(event.agencies) - sides)]
    assets = Asset.objects.visible_to(actor).filter(project=dispute.project).order_by("-pk")[:MOST]
    commitments = Commitment.objects.visible_to(actor).select_related("deposit").order_by("-pk")[:MOST]
    deposits = dict.fromkeys((row.deposit.ref, _name(row.deposit, actor)) for row in commitments)
    agreements = dict.fromkeys(event.target_ref for event in events if event.verb in SIGNED)
    return {
        ExhibitKind.EVENT: [(str(event.uid), f"{event.at:%Y-%m-%d %H:%M} UTC, {event.sentence}") for event in events],
        ExhibitKind.HISTORY: [(asset.ref, f"{asset.ref} {asset.title}") for asset in assets],
        ExhibitKind.DEPOSIT: [(ref, f"{ref} {name}".strip()) for ref, name in deposits],
        ExhibitKind.AGREEMENT: [(ref, ref) for ref in agreements],
    }


def entries_of(exhibits: Iterable[Exhibit], dispute: Dispute) -> list[Entry]:
    """Both sides' exhibits by time: three queries, whatever their number. The caller has decided who reads them."""
    rows = list(exhibits)
    added = {
        event.facts["number"]: event
        for event in Event.objects.filter(target_ref=dispute.ref, verb="dispute.exhibit_added")
    }
    wanted = {uid for row in rows for uid in row.events} | {event.uid for event in added.values()}
    # SECURITY: the other side reads these through the exhibit; the side that added it was asked what it may see.
    known = {event.uid: event for event in timeline(Event.objects.filter(uid__in=wanted))}
    entries: list[Entry] = []
    for row in rows:
        dated: list[UUID] = row.events or [added[row.number].uid]
        for uid in dated:
            event = known[uid]
            entries.append(Entry(event.at, row, event, _hash_in(event)))
    return sorted(entries, key=lambda entry: (entry.at, entry.exhibit.number))


def _name(deposit: Deposit, actor: Actor) -> str:
    """SECURITY: what an agency calls its deposit is its own, also where the content was revealed."""
    return deposit.label if deposit.agency_id == actor.agency_id else ""


def _found(dispute: Dispute, kind: ExhibitKind, ref: str, actor: Actor) -> Source | None:
    events = Event.objects.visible_to(actor)
    if kind == ExhibitKind.EVENT:
        uid = _uid(ref)
        found = list(events.of(dispute.project.ref).filter(uid=uid)) if uid else []
        return Source(kind, ref, "", found)
    if kind == ExhibitKind.HISTORY:
        asset = Asset.objects.visible_to(actor).filter(project=dispute.project, ref=ref).first()
        return Source(kind, ref, asset.content_hash(), list(events.of(ref).order_by("pk")[:MOST])) if asset else None
    if kind == ExhibitKind.DEPOSIT:
        rows = list(
            Commitment.objects.visible_to(actor).filter(deposit__ref=ref).select_related("event").order_by("number")
        )
        return Source(kind, ref, rows[-1].value, [row.event for row in rows]) if rows else None
    if kind == ExhibitKind.AGREEMENT:
        signed = list(events.filter(target_ref=ref, scope=dispute.project.ref, verb__in=SIGNED).order_by("pk"))
        frozen = [event.facts["sha256"] for event in signed if event.verb == "agreement.frozen"]
        return Source(kind, ref, frozen[-1], signed) if frozen else None
    return None


def _uid(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None


def _hash_in(event: Event) -> str:
    """The hash that an event itself records, of whatever it is about."""
    names = ("commitment", "sha256", "content")
    return next((event.facts[name] for name in names if isinstance(event.facts.get(name), str)), "")
