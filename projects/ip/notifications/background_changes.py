"""Narrowing of background: the other parties are asked for their consent, or have notice."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop

from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import settle
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.ip.models import Asset, BackgroundChange, ChangeRule
from projects.ip.notifications.told import ask_keepers, others, tell_keepers, tell_others

register("asset.narrowing_proposed", _("proposed to narrow the access to %(target)s"), icon="flag")
register("asset.narrowing_answered", _("answered the proposal to narrow the access to %(target)s"), icon="swap")
register("asset.narrowing_withdrawn", _("withdrew the proposal to narrow the access to %(target)s"), icon="undo")
register("asset.narrowed", _("narrowed the access to %(target)s"), icon="lock")


@hears("asset.narrowing_proposed")
def ask_the_others(event: Any, asset: Asset, actor: Actor) -> None:
    change = _found(event)
    title = Text(
        _noop("%(agency)s wants to narrow the access to %(title)s"), agency=actor.agency.acronym, title=asset.title
    )
    for agency in others(asset, actor):
        if change.rule == ChangeRule.NOTICE:
            tell_keepers(event, asset, agency, title, url=change.get_absolute_url())
            continue
        ask_keepers(
            event,
            asset,
            agency,
            title,
            key=f"{_key(change)}:{agency.ref}",
            url=change.get_absolute_url(),
            due_at=change.ends_at,
        )


@hears("asset.narrowing_answered")
def tell_who_proposed(event: Any, asset: Asset, actor: Actor) -> None:
    change = _found(event)
    settle(f"{_key(change)}:{actor.agency.ref}" if event.facts["consents"] else _key(change))
    said = (
        _noop("%(agency)s agrees to narrow the access to %(title)s")
        if event.facts["consents"]
        else _noop("%(agency)s refuses to narrow the access to %(title)s")
    )
    title = Text(said, agency=actor.agency.acronym, title=asset.title)
    tell_keepers(event, asset, change.agency, title, url=change.get_absolute_url())


@hears("asset.narrowed", "asset.narrowing_withdrawn")
def tell_how_it_ended(event: Any, asset: Asset, actor: Actor) -> None:
    change = _found(event)
    settle(_key(change))
    if event.verb == "asset.narrowed":
        title = Text(_noop("The access to %(title)s is narrower now"), title=asset.title)
        tell_others(event, asset, title, actor, url=change.get_absolute_url())


def _found(event: Any) -> BackgroundChange:
    return BackgroundChange.objects.select_related("agency").get(ref=event.facts["change"])


def _key(change: BackgroundChange) -> str:
    return f"narrowing:{change.ref}"
