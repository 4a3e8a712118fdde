"""Asserted contributions: whoever keeps the entry is asked to answer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop

from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import settle
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.ip.keepers import keepers_of
from projects.ip.models import Asset, Contribution
from projects.ip.notifications.told import ask_keepers, tell_keepers

register("asset.contribution_asserted", _("asserted a contribution to %(target)s"), icon="users")
register("asset.contribution_accepted", _("accepted a contribution to %(target)s"), icon="handshake")
register("asset.contribution_refused", _("refused a contribution to %(target)s, which is contested now"), icon="alert")
register("asset.contribution_withdrawn", _("withdrew its contribution to %(target)s"), icon="undo")


@hears("asset.contribution_asserted")
def ask_who_keeps_it(event: Any, asset: Asset, actor: Actor) -> None:
    _ask(event, asset, _found(event))


@hears("asset.transferred", "asset.shares_set")
def ask_who_keeps_it_now(event: Any, asset: Asset, actor: Actor) -> None:
    """Whoever gave up its last part answers no more; what waited for it waits for the owners."""
    if actor.agency not in keepers_of(asset):
        for found in asset.contributions.open().select_related("agency"):
            settle(_key(found))
            _ask(event, asset, found)


@hears("asset.contribution_accepted", "asset.contribution_refused")
def tell_who_asserted(event: Any, asset: Asset, actor: Actor) -> None:
    found = _found(event)
    settle(_key(found))
    said = {
        "asset.contribution_accepted": _noop("%(agency)s accepts your contribution to %(title)s"),
        "asset.contribution_refused": _noop("%(agency)s refuses your contribution to %(title)s"),
    }[event.verb]
    title = Text(said, agency=actor.agency.acronym, title=asset.title)
    tell_keepers(event, asset, found.agency, title, url=found.get_absolute_url())


@hears("asset.contribution_withdrawn")
def stop_asking(event: Any, asset: Asset, actor: Actor) -> None:
    settle(_key(_found(event)))


def _ask(event: Any, asset: Asset, found: Contribution) -> None:
    said = _noop("%(agency)s says that it made a part of %(title)s")
    title = Text(said, agency=found.agency.acronym, title=asset.title)
    for agency in keepers_of(asset):
        key = f"{_key(found)}:{agency.ref}"
        ask_keepers(event, asset, agency, title, key=key, url=found.get_absolute_url())


def _found(event: Any) -> Contribution:
    return Contribution.objects.select_related("agency").get(ref=event.facts["contribution"])


def _key(contribution: Contribution) -> str:
    return f"contribution:{contribution.ref}"
