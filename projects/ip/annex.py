"""The register as plain rows, in one fixed order and one language, for the annexes that agreements freeze."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.utils import timezone, translation

from agencies.models import Agency
from projects.ip.models import AccessRight, Asset, Nature, OwnershipShare, Purpose, Royalty
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
    return rows_by_origin(project, {origin: excluded}, parties=parties, language=language)[origin]


def rows_by_origin(
    project: Project,
    wanted: Mapping[str, bool],
    *,
    parties: Collection[str] | None = None,
    known: Iterable[Agency] = (),
    language: str = "en",
) -> dict[str, list[dict[str, str]]]:
    """The rows of several origins, each with whether its negative list is asked for, in one query for all of them.

    `known` are agencies that were read already: only owners who are none of them are read in another query.
    """
    if not wanted:
        return {}
    any_of = [Q(origin=origin, is_excluded=excluded) for origin, excluded in wanted.items()]
    found = Asset.objects.standing().filter(reduce(or_, any_of), project=project)
    if parties is not None:
        found = found.filter(party__ref__in=list(parties))
    assets: list[Any] = list(found.with_owner_rows().select_related("party").order_by("party__ref", "pk"))
    _with_agencies(assets, known)
    with translation.override(language):
        return {origin: [_row(asset) for asset in assets if asset.origin == origin] for origin in wanted}


def right_rows(project: Project, *, parties: Collection[str], language: str = "en") -> list[dict[str, str]]:
    """The access rights that hold or will hold, by reference, between parties named by their references: one query.

    SECURITY: a right is known to its holder, its grantor and the owners of the asset. It stands in an annex that all
    the parties read only when every one of them knows of it already.
    """
    now = timezone.now()
    owners = OwnershipShare.objects.filter(asset=OuterRef("asset"), agency__isnull=False)
    rights = (
        AccessRight.objects.filter(asset__project=project, holder__ref__in=parties, grantor__ref__in=parties)
        .filter(Q(ends_at=None) | Q(ends_at__gt=now), cut_at=None)
        .with_parties()
        .annotate(owner_refs=ArraySubquery(owners.values("agency__ref")))
        .order_by("ref")
    )
    with translation.override(language):
        return [
            _right(right)
            for right in rights
            if set(parties) <= {right.holder.ref, right.grantor.ref, *right.owner_refs}
        ]


def _with_agencies(assets: Iterable[Any], known: Iterable[Agency]) -> None:
    """Give every owner's part its agency, from those that were read already as far as they are among them."""
    parts = [part for asset in assets for part in asset.owner_rows]
    agencies = {agency.pk: agency for agency in (*known, *(asset.party for asset in assets))}
    if unknown := {part["agency_id"] for part in parts} - {None} - set(agencies):
        agencies |= Agency.objects.in_bulk(unknown)
    for part in parts:
        part["agency"] = agencies.get(part.pop("agency_id"))


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
