"""What every action on an entry of the register begins and ends with: the lock, and the event."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agencies.models import Agency
from portal.history import record
from portal.history.models import Event
from portal.kit.actors import Actor
from projects.ip.models import Asset


def locked_asset(asset: Asset) -> Asset:
    """The row as it is now, locked until the transaction ends, with what policies ask."""
    return Asset.objects.with_project().select_for_update(of=("self",)).get(pk=asset.pk)


def note(
    verb: str, asset: Asset, *, actor: Actor, facts: dict[str, Any] | None = None, also: Iterable[Agency] = ()
) -> Event:
    """Record one event about an asset for the parties, whoever made the entry, and `also` others concerned."""
    audience = {row.agency for row in asset.project.parties()} | {asset.party, *also}
    return record(verb, asset, actor=actor, agencies=audience, facts=facts, scope=asset.project.ref)
