"""Protection: the others are asked whether they take a right over before it is given up."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop

from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import settle
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.ip.models import AbandonmentOffer, Asset
from projects.ip.notifications.told import ask_keepers, others, tell_keepers, tell_others

register("asset.protection_recorded", _("recorded a protection step of %(target)s"), icon="seal")
register("asset.abandonment_offered", _("offered a right in %(target)s before giving it up"), icon="flag")
register("asset.protection_taken_over", _("took over a right in %(target)s"), icon="handshake")
register("asset.protection_kept", _("keeps the right in %(target)s that it had offered"), icon="undo")
register("asset.protection_abandoned", _("gave up a right in %(target)s that nobody took over"), icon="no")


@hears("asset.abandonment_offered")
def ask_the_others(event: Any, asset: Asset, actor: Actor) -> None:
    offer = _found(event)
    for agency in others(asset, actor):
        title = Text(
            _noop("%(agency)s gives up a right in %(title)s: take it over?"),
            agency=actor.agency.acronym,
            title=asset.title,
        )
        ask_keepers(
            event,
            asset,
            agency,
            title,
            verb="decide",
            key=f"{_key(offer)}:{agency.ref}",
            url=offer.get_absolute_url(),
            due_at=offer.ends_at,
        )


@hears("asset.protection_taken_over")
def tell_the_owner(event: Any, asset: Asset, actor: Actor) -> None:
    offer = _found(event)
    settle(_key(offer))
    title = Text(_noop("%(agency)s takes over a right in %(title)s"), agency=actor.agency.acronym, title=asset.title)
    tell_keepers(event, asset, offer.agency, title, url=offer.get_absolute_url())


@hears("asset.protection_kept")
def stop_asking(event: Any, asset: Asset, actor: Actor) -> None:
    settle(_key(_found(event)))


@hears("asset.protection_abandoned")
def tell_that_it_is_gone(event: Any, asset: Asset, actor: Actor) -> None:
    for offer in asset.abandonment_offers.filter(status=AbandonmentOffer.Status.ABANDONED):
        settle(_key(offer))
    title = Text(_noop("%(agency)s gave up a right in %(title)s"), agency=actor.agency.acronym, title=asset.title)
    tell_others(event, asset, title, actor)


def _found(event: Any) -> AbandonmentOffer:
    return AbandonmentOffer.objects.select_related("agency").get(ref=event.facts["offer"])


def _key(offer: AbandonmentOffer) -> str:
    return f"abandonment:{offer.ref}"
