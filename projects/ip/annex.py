"""The register as plain rows, in one fixed order and one language, for the annexes that agreements freeze."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone, translation

from projects.ip.models import AccessRight, Asset, Nature, Purpose, Royalty
from projects.models import Project


def annex_rows(
    project: Project,
    origin: str,
    *,
    parties: Collection[str] | None = None,
    excluded: bool = False,
    language: str = "en",
) -> list[dict[str, str]]:
    """The standing assets of one origin, ordered by party and reference; the same register gives the same rows.

    `parties` are the references of the agencies whose entries count, all of them by default. `excluded` asks for the
    negative list of background instead of the positive one. Every cell is text: `ref`, `party` (its acronym),
    `party_ref`, `party_name`, `title`, `nature` in the language named, `implementation`, `exploitation`, `limits`,
    `owners`, `content` (SHA-256 of all that the register says).
    """
    assets = Asset.objects.standing().filter(project=project, origin=origin, is_excluded=excluded).with_owners()
    if parties is not None:
        assets = assets.filter(party__ref__in=list(parties))
    with translation.override(language):
        return [_row(asset) for asset in assets.order_by("party__ref", "pk")]


def right_rows(project: Project, *, parties: Collection[str], language: str = "en") -> list[dict[str, str]]:
    """The access rights that hold or will hold, by reference, between parties named by their references.

    SECURITY: a right is known to its holder, its grantor and the owners of the asset. It stands in an annex that all
    the parties read only when every one of them knows of it already.
    """
    now = timezone.now()
    rights = (
        AccessRight.objects.filter(asset__project=project, holder__ref__in=parties, grantor__ref__in=parties)
        .filter(Q(ends_at=None) | Q(ends_at__gt=now), cut_at=None)
        .with_parties()
        .prefetch_related("asset__shares__agency")
        .order_by("ref")
    )
    with translation.override(language):
        return [_right(right) for right in rights if set(parties) <= _who_know(right)]


def _who_know(right: AccessRight) -> set[str]:
    return {
        right.holder.ref,
        right.grantor.ref,
        *(share.agency.ref for share in right.asset.shares.all() if share.agency),
    }


def _right(right: AccessRight) -> dict[str, str]:
    said = (right.field, right.territory, right.royalty_words)
    return {
        "ref": right.ref,
        "asset": right.asset.ref,
        "title": right.asset.title,
        "grantor": right.grantor.acronym,
        "holder": right.holder.acronym,
        "purpose": str(Purpose(right.purpose).label),
        "from": right.starts_on.isoformat(),
        "until": right.ends_on.isoformat() if right.ends_on else "",
        "terms": "; ".join([str(Royalty(right.royalty).label), *(words for words in said if words)]),
    }


def _row(asset: Asset) -> dict[str, str]:
    limits = [text for text in (asset.limits_implementation, asset.limits_exploitation) if text]
    return {
        "ref": asset.ref,
        "party": asset.party.acronym,
        "party_ref": asset.party.ref,
        "party_name": asset.party_name,
        "title": asset.title,
        "nature": str(Nature(asset.nature).label),
        "implementation": asset.limits_implementation,
        "exploitation": asset.limits_exploitation,
        "limits": "\n".join(limits),
        "owners": ", ".join(f"{share.shown} {share.words} %" for share in asset.owners()),
        "content": asset.content_hash(),
    }


def says_the_same(asset: Asset, signed: Mapping[str, Any], *, language: str = "en") -> bool:
    """Whether an asset still says what a signed row of the annex says, in every column that the row has."""
    with translation.override(language):
        now = _row(asset)
    return all(now.get(column) == cell for column, cell in signed.items())
