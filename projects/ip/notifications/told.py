"""What the messages about assets share: who keeps the register of an agency, and in which words they are told."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop as _noop

from agencies.models import Agency, Role
from portal.inbox import ask, tell
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.ip.models import Asset

KEEPERS = (Role.IP_MANAGER, Role.MANAGER)
WHY = _noop("In %(project)s")


def why(asset: Asset) -> Text:
    return Text(WHY, ref=asset.ref, project=asset.project.title)


def others(asset: Asset, actor: Actor) -> list[Agency]:
    """The other parties of the project."""
    return [row.agency for row in asset.project.parties() if row.agency_id != actor.agency_id]


def tell_others(event: Any, asset: Asset, title: Text, actor: Actor, *, url: str = "") -> None:
    """Let whoever keeps the register of every other party know."""
    for agency in others(asset, actor):
        tell_keepers(event, asset, agency, title, url=url)


def tell_keepers(event: Any, asset: Asset, agency: Agency, title: Text, *, url: str = "") -> None:
    tell(event, agency=agency, roles=KEEPERS, title=title, why=why(asset), url=url or asset.get_absolute_url())


def ask_keepers(
    event: Any, asset: Asset, agency: Agency, title: Text, *, key: str, verb: str = "answer", **rest: Any
) -> None:
    """Let something wait for whoever keeps the register of an agency."""
    ask(
        event,
        verb=verb,
        agency=agency,
        roles=KEEPERS,
        title=title,
        why=why(asset),
        key=key,
        **{"url": asset.get_absolute_url(), **rest},
    )
