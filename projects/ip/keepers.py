"""Who keeps an entry of the register: changes it, answers for it, and is asked about it."""

from __future__ import annotations

from agencies.models import Agency
from projects.ip.access_rules import owners_of
from projects.ip.models import Asset
from projects.missing import and_list


def keepers_of(asset: Asset) -> list[Agency]:
    """The party that made the entry while it owns a part, or no agency does; afterwards every agency that owns one."""
    owners = owners_of(asset)
    return [asset.party] if asset.party in owners else owners


def keeper_names(asset: Asset) -> str:
    return and_list([agency.acronym for agency in keepers_of(asset)])
