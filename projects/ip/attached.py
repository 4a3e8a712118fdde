"""The files of one asset as its page shows them: every version to whom it may cross to, their number to others."""

from __future__ import annotations

from dataclasses import dataclass

from portal.kit.actors import Actor
from portal.kit.refusals import Refusal
from projects.ip.models import Asset, AssetFile
from projects.ip.policies.asset_files import FilesPolicy

SHOWN = 100


@dataclass(frozen=True)
class Attached:
    """`refusal` also says why the description is withheld."""

    policy: FilesPolicy
    refusal: Refusal | None
    rows: list[AssetFile]


def attached_to(asset: Asset, *, actor: Actor) -> Attached:
    """Read them, the newest first; each says whether a newer version follows it."""
    policy = FilesPolicy(actor, asset)
    rows = list(AssetFile.objects.filter(asset=asset).select_related("file").order_by("-pk")[:SHOWN])
    followed = {row.follows_id for row in rows}
    for row in rows:
        row.asset = asset
        row.is_newest = row.pk not in followed
    return Attached(policy, policy.refusal("read"), rows)
