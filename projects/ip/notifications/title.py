"""Transfers of shares: the other owners are asked to consent, and every other party may object."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop

from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import settle
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.ip.models import Asset, TitleTransfer
from projects.ip.notifications.told import ask_keepers, others, tell_keepers, tell_others

register("asset.transfer_noticed", _("gave notice of a transfer of its share of %(target)s"), icon="flag")
register("asset.transfer_objected", _("objected to a transfer of a share of %(target)s"), icon="alert")
register("asset.transfer_consented", _("consented to a transfer of a share of %(target)s"), icon="handshake")
register("asset.transferred", _("transferred a share of %(target)s"), icon="swap")
register("asset.transfer_withdrawn", _("withdrew the transfer of a share of %(target)s"), icon="undo")


@hears("asset.transfer_noticed")
def ask_the_other_owners(event: Any, asset: Asset, actor: Actor) -> None:
    transfer = _found(event)
    owners = {share.agency_id for share in asset.owners()}
    title = Text(_noop("%(agency)s transfers a share of %(title)s"), agency=actor.agency.acronym, title=asset.title)
    for agency in others(asset, actor):
        if agency.pk in owners and agency.pk != transfer.to_agency_id:
            ask_keepers(
                event,
                asset,
                agency,
                title,
                key=f"{_key(transfer)}:{agency.ref}",
                url=transfer.get_absolute_url(),
                due_at=transfer.ends_at,
            )
        else:
            tell_keepers(event, asset, agency, title, url=transfer.get_absolute_url())


@hears("asset.transfer_objected", "asset.transfer_consented")
def tell_who_transfers(event: Any, asset: Asset, actor: Actor) -> None:
    transfer = _found(event)
    settle(f"{_key(transfer)}:{actor.agency.ref}")
    said = {
        "asset.transfer_objected": _noop("%(agency)s objects to your transfer of %(title)s"),
        "asset.transfer_consented": _noop("%(agency)s consents to your transfer of %(title)s"),
    }[event.verb]
    title = Text(said, agency=actor.agency.acronym, title=asset.title)
    tell_keepers(event, asset, transfer.from_agency, title, url=transfer.get_absolute_url())


@hears("asset.transferred", "asset.transfer_withdrawn")
def tell_how_it_ended(event: Any, asset: Asset, actor: Actor) -> None:
    transfer = _found(event)
    settle(_key(transfer))
    said = {
        "asset.transferred": _noop("%(agency)s has transferred a share of %(title)s"),
        "asset.transfer_withdrawn": _noop("%(agency)s keeps its share of %(title)s"),
    }[event.verb]
    title = Text(said, agency=actor.agency.acronym, title=asset.title)
    tell_others(event, asset, title, actor, url=transfer.get_absolute_url())


def _found(event: Any) -> TitleTransfer:
    return TitleTransfer.objects.select_related("from_agency", "to_agency").get(ref=event.facts["transfer"])


def _key(transfer: TitleTransfer) -> str:
    return f"transfer:{transfer.ref}"
