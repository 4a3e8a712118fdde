"""What is said of contributors, and who hears of it: each person waits for nobody but themselves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop

from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import ask, settle
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.ip.models import Asset, Contributor
from projects.ip.notifications.told import tell_keepers

register("asset.contributors_set", _("named the contributors of %(target)s"), icon="users")
register("asset.part_confirmed", _("confirmed their part in %(target)s"), icon="ok")
register("asset.part_denied", _("denied their part in %(target)s"), icon="alert")
register("asset.part_unreachable", _("recorded that a contributor of %(target)s cannot be reached"), icon="hold")


@hears("asset.contributors_set")
def ask_each_person(event: Any, asset: Asset, actor: Actor) -> None:
    """Only the person can say; it waits in their own inbox, on a page that shows no more than what they are asked.

    SECURITY: the person need not know of the project, so neither its title nor the asset's is in the item.
    """
    for ref in event.facts["removed"]:
        settle(_key(ref))
    for row in Contributor.objects.filter(ref__in=event.facts["contributors"]).select_related("person", "agency"):
        if row.person is not None:
            ask(
                event,
                verb="confirm",
                agency=row.agency,
                person=row.person,
                title=Text(_noop("%(agency)s names you as a contributor"), agency=actor.agency.acronym),
                url=row.get_absolute_url(),
                key=_key(row.ref),
            )


@hears("asset.part_confirmed", "asset.part_denied", "asset.part_unreachable")
def tell_who_keeps_it(event: Any, asset: Asset, actor: Actor) -> None:
    row = Contributor.objects.select_related("named_for").get(ref=event.facts["contributor"])
    if event.verb != "asset.part_unreachable":
        settle(_key(row.ref))
        said = {
            "asset.part_confirmed": _noop("%(name)s confirms their part in %(title)s"),
            "asset.part_denied": _noop("%(name)s denies their part in %(title)s"),
        }[event.verb]
        tell_keepers(event, asset, row.named_for, Text(said, name=row.name, title=asset.title))


@hears("asset.withdrawn")
def ask_nobody_any_more(event: Any, asset: Asset, actor: Actor) -> None:
    for ref in asset.contributors.values_list("ref", flat=True):
        settle(_key(ref))


def _key(ref: str) -> str:
    return f"part:{ref}"
