"""What belongs to one asset: contributors, contributions, protection, title, licences, changes; read only what there is."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Model, OuterRef, Prefetch, QuerySet, prefetch_related_objects

from projects.ip.models import (
    AbandonmentOffer,
    Asset,
    BackgroundChange,
    Contribution,
    Contributor,
    Licence,
    LicenceAnswer,
    ProtectionStep,
    TitleEntry,
    TitleTransfer,
    TransferAnswer,
)

KINDS: dict[str, type[Model]] = {
    "contributors": Contributor,
    "contributions": Contribution,
    "protection_steps": ProtectionStep,
    "abandonment_offers": AbandonmentOffer,
    "title_entries": TitleEntry,
    "transfers": TitleTransfer,
    "licences": Licence,
    "changes": BackgroundChange,
}


def with_belongings(assets: QuerySet[Asset]) -> QuerySet[Asset]:
    """Say in the same query which kinds of things belong to each asset."""
    return assets.annotate(
        **{f"has_{name}": Exists(model._default_manager.filter(asset=OuterRef("pk"))) for name, model in KINDS.items()}
    )


def read_belongings(asset: Asset) -> Asset:
    """Read what there is, one query for each kind; of kinds that are empty nothing is asked."""
    there = [name for name in KINDS if getattr(asset, f"has_{name}")]
    prefetch_related_objects([asset], *(Prefetch(name, queryset=_rows(name)) for name in there))
    known = asset._prefetched_objects_cache  # type: ignore[attr-defined]
    for name, model in KINDS.items():
        known.setdefault(name, model._default_manager.none())
    return asset


def contributors_of(asset: Asset) -> list[Contributor]:
    """The contributors, each with this same asset, so that nothing is read twice."""
    rows = list(asset.contributors.all())
    for row in rows:
        row.asset = asset
    return rows


def _rows(name: str) -> QuerySet:
    answers = {"transfers": TransferAnswer, "licences": LicenceAnswer}
    joined = {
        "contributors": ("person", "agency"),
        "contributions": ("agency",),
        "protection_steps": ("agency",),
        "abandonment_offers": ("agency", "taken_by"),
        "title_entries": (),
        "transfers": ("from_agency", "to_agency"),
        "licences": ("licensor", "licensee"),
        "changes": ("agency",),
    }[name]
    rows = KINDS[name]._default_manager.select_related(*joined) if joined else KINDS[name]._default_manager.all()
    if name in answers:
        kept: Any = answers[name]._default_manager
        said = kept.select_related("agency").order_by("pk")
        rows = rows.prefetch_related(Prefetch("answers", queryset=said))
    return rows.order_by("-percent", "pk") if name == "contributors" else rows.order_by("pk")
