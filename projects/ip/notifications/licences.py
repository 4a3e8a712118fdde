"""Licences: the other owners have notice, and are asked for their consent to an exclusive one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop

from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import settle
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.ip.models import Asset, Licence
from projects.ip.notifications.told import ask_keepers, others, tell_keepers

register("asset.licence_noticed", _("gave the other owners notice of a licence on %(target)s"), icon="flag")
register("asset.licence_answered", _("answered an exclusive licence on %(target)s"), icon="swap")
register("asset.licence_recorded", _("recorded a licence on %(target)s"), icon="ok")
register("asset.licence_withdrawn", _("withdrew a licence on %(target)s"), icon="undo")
register("asset.licence_ended", _("ended a licence on %(target)s"), icon="no")


@hears("asset.licence_noticed")
def ask_the_other_owners(event: Any, asset: Asset, actor: Actor) -> None:
    licence = _found(event)
    owners = {share.agency_id for share in asset.owners()}
    title = Text(_noop("%(agency)s is about to license %(title)s"), agency=actor.agency.acronym, title=asset.title)
    for agency in others(asset, actor):
        if agency.pk not in owners:
            continue
        if licence.needs_consent:
            ask_keepers(
                event, asset, agency, title, key=f"{_key(licence)}:{agency.ref}", url=licence.get_absolute_url()
            )
        else:
            tell_keepers(event, asset, agency, title, url=licence.get_absolute_url())


@hears("asset.licence_answered")
def tell_the_licensor(event: Any, asset: Asset, actor: Actor) -> None:
    licence = _found(event)
    settle(f"{_key(licence)}:{actor.agency.ref}")
    said = (
        _noop("%(agency)s consents to your licence on %(title)s")
        if event.facts["consents"]
        else _noop("%(agency)s refuses your licence on %(title)s")
    )
    title = Text(said, agency=actor.agency.acronym, title=asset.title)
    tell_keepers(event, asset, licence.licensor, title, url=licence.get_absolute_url())


@hears("asset.licence_recorded", "asset.licence_withdrawn", "asset.licence_ended")
def stop_asking(event: Any, asset: Asset, actor: Actor) -> None:
    settle(_key(_found(event)))


def _found(event: Any) -> Licence:
    return Licence.objects.select_related("licensor").get(ref=event.facts["licence"])


def _key(licence: Licence) -> str:
    return f"licence:{licence.ref}"
