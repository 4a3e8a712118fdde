"""Writing who owns which part: the shares, the chain of title, and the event, always together."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.zones import today
from portal.kit.actors import Actor
from projects.ip.actions.entries import note
from projects.ip.models import Asset, OwnershipShare, Status, TitleEntry, TitleKind
from projects.ip.shares import secured_owners

# An owner: an agency, or the name of somebody outside to whom a share was transferred.
Owner = Agency | str
Owners = Mapping[Owner, Decimal]


def owners_of(asset: Asset) -> dict[Owner, Decimal]:
    """Percent by owner, as the database has it now."""
    return {row.agency or row.agency_name: row.percent for row in asset.shares.select_related("agency")}


def outside_of(asset: Asset, owners: Owners) -> dict[Owner, Decimal]:
    """The shares of whoever is no party of the project, or not any more."""
    parties = {row.agency for row in asset.project.parties()}
    return {owner: percent for owner, percent in owners.items() if owner not in parties}


def check_secured(asset: Asset, owners: Owners, *, actor: Actor) -> None:
    """Raise ValidationError for "shares" where they take from another agency what passed to it (decision 13)."""
    secured = secured_owners(asset) - {actor.agency_id}
    for owner, percent in owners_of(asset).items():
        if isinstance(owner, Agency) and owner.pk in secured and owners.get(owner, Decimal(0)) < percent:
            said = _(
                "%(agency)s has %(percent)s percent by a transfer or an accepted contribution. "
                "Only %(agency)s gives a part of it up, by a transfer."
            ) % {"agency": owner.acronym, "percent": f"{percent.normalize():f}"}
            raise ValidationError({"shares": [said]})


def first_owners(asset: Asset, owners: Owners) -> None:
    """Write the shares with which an asset enters the register, and the beginning of its chain of title."""
    _write(asset, owners)
    on = today(asset.party.zone)
    TitleEntry.objects.bulk_create(
        TitleEntry(asset=asset, kind=TitleKind.ENTERED, percent=percent, on=on, **_to(owner))
        for owner, percent in owners.items()
    )


def replace_owners(asset: Asset, owners: Owners, *, actor: Actor, facts: dict[str, Any] | None = None) -> bool:
    """Set the shares anew; returns whether anything has changed."""
    before = owners_of(asset)
    if before == dict(owners):
        return False
    change_owners(asset, owners)
    on = today(actor.agency.zone)
    TitleEntry.objects.bulk_create(
        TitleEntry(asset=asset, kind=TitleKind.SHARES_SET, percent=owners.get(owner, Decimal(0)), on=on, **_to(owner))
        for owner in {**before, **owners}
        if before.get(owner) != owners.get(owner)
    )
    said = {"shares": share_facts(asset), "content": asset.content_hash()}
    note("asset.shares_set", asset, actor=actor, facts={**said, **(facts or {})})
    return True


def change_owners(asset: Asset, owners: Owners) -> None:
    """Write other shares of a locked asset; what was agreed in an agreement differs from now on."""
    asset.shares.all().delete()
    _write(asset, owners)
    asset.bump().save()
    leave_agreement(asset)


def share_facts(asset: Asset) -> dict[str, str]:
    """Who owns which part, for an event: references, and for somebody outside no name."""
    rows = asset.shares.select_related("agency").order_by("pk")
    outside = (number for number, _row in enumerate(rows, start=1))
    return {row.agency.ref if row.agency else f"outside-{next(outside)}": row.words for row in rows}


def leave_agreement(asset: Asset) -> None:
    """What was agreed stays frozen in the agreement; the live entry says that it differs."""
    if asset.status == Status.AGREED and asset.differs_from_agreed:
        asset.move_to(Status.DECLARED).save()


def _write(asset: Asset, owners: Owners) -> None:
    OwnershipShare.objects.bulk_create(
        OwnershipShare(
            asset=asset,
            agency=owner if isinstance(owner, Agency) else None,
            agency_name=owner.legal_name if isinstance(owner, Agency) else owner,
            percent=percent,
        )
        for owner, percent in owners.items()
    )
    # What was read with the asset before would still show the old owners.
    getattr(asset, "_prefetched_objects_cache", {}).pop("shares", None)


def _to(owner: Owner) -> dict[str, str]:
    if isinstance(owner, Agency):
        return {"to_name": owner.legal_name, "to_ref": owner.ref}
    return {"to_name": owner}
