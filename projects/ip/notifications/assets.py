"""What can happen to assets, in words, and who hears of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop

from agencies.models import Agency, Role
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import ask, settle, tell
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.ip.keepers import keepers_of
from projects.ip.models import Asset

KEEPERS = (Role.IP_MANAGER, Role.MANAGER)

register("asset.declared", _("entered %(target)s into the IP register"), icon="book")
register("asset.edited", _("changed what the register says of %(target)s"), icon="pen")
register("asset.shares_set", _("set the owners' shares of %(target)s"), icon="scale")
register("asset.contested", _("contested %(target)s"), icon="alert")
register("asset.settled", _("settled the contest of %(target)s"), icon="handshake")
register("asset.agreed", _("put %(target)s into force with %(agreement)s"), icon="ok")
register("asset.withdrawn", _("withdrew %(target)s from the IP register"), icon="no")

DECLARED: dict[str, str] = {
    Asset.Origin.BACKGROUND: _noop("%(agency)s lists background: %(title)s"),
    Asset.Origin.RESULT: _noop("%(agency)s claims a result: %(title)s"),
    Asset.Origin.SIDEGROUND: _noop("%(agency)s declares sideground: %(title)s"),
}
WHY = _noop("In %(project)s")


@hears("asset.declared")
def tell_the_parties(event: Any, asset: Asset, actor: Actor) -> None:
    _tell_others(event, asset, Text(DECLARED[asset.origin], agency=asset.party.acronym, title=asset.title), actor)


@hears("asset.withdrawn")
def tell_that_it_is_gone(event: Any, asset: Asset, actor: Actor) -> None:
    settle(_key(asset))
    _tell_others(
        event, asset, Text(_noop("%(agency)s withdrew %(title)s"), agency=asset.party.acronym, title=asset.title), actor
    )


@hears("asset.contested")
def ask_who_keeps_it(event: Any, asset: Asset, actor: Actor) -> None:
    """Whoever keeps the entry answers: corrects it, withdraws it, or convinces the other one."""
    _ask(event, asset, actor.agency)


@hears("asset.transferred", "asset.shares_set")
def ask_who_keeps_it_now(event: Any, asset: Asset, actor: Actor) -> None:
    """Whoever gave up its last part answers no more; what waited for it waits for the owners."""
    if asset.contested_by is not None and actor.agency not in keepers_of(asset):
        settle(_key(asset))
        _ask(event, asset, asset.contested_by)


@hears("asset.edited", "asset.shares_set")
def tell_who_contests(event: Any, asset: Asset, actor: Actor) -> None:
    """Whoever contests the entry looks at it again."""
    if asset.contested_by is not None:
        title = Text(
            _noop("%(agency)s corrected %(title)s, which you contest"), agency=actor.agency.acronym, title=asset.title
        )
        tell(
            event, agency=asset.contested_by, roles=KEEPERS, title=title, why=_why(asset), url=asset.get_absolute_url()
        )


@hears("asset.settled")
def tell_that_it_is_settled(event: Any, asset: Asset, actor: Actor) -> None:
    settle(_key(asset))
    title = Text(_noop("%(agency)s no longer contests %(title)s"), agency=actor.agency.acronym, title=asset.title)
    for agency in keepers_of(asset):
        tell(event, agency=agency, roles=KEEPERS, title=title, why=_why(asset), url=asset.get_absolute_url())


def _ask(event: Any, asset: Asset, contester: Agency) -> None:
    for agency in keepers_of(asset):
        ask(
            event,
            verb="answer",
            agency=agency,
            roles=KEEPERS,
            title=Text(_noop("%(agency)s contests %(title)s"), agency=contester.acronym, title=asset.title),
            why=_why(asset),
            url=asset.get_absolute_url(),
            key=f"{_key(asset)}:{agency.ref}",
        )


def _tell_others(event: Any, asset: Asset, title: Text, actor: Actor) -> None:
    for row in asset.project.parties():
        if row.agency_id != actor.agency_id:
            tell(event, agency=row.agency, roles=KEEPERS, title=title, why=_why(asset), url=asset.get_absolute_url())


def _why(asset: Asset) -> Text:
    return Text(WHY, ref=asset.ref, project=asset.project.title)


def _key(asset: Asset) -> str:
    return f"contest:{asset.ref}"
