"""The register of a project as one document, as far as the reader may see it: lists of rows, every value text.

The form is described in docs/register-export.md; a change that a reader of the old form would stumble over is a new version.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from portal.kit.actors import Actor
from projects.ip.markings import withheld
from projects.ip.models import (
    AbandonmentOffer,
    Asset,
    BackgroundChange,
    Contribution,
    Contributor,
    Licence,
    Origin,
    ProtectionStep,
    Status,
    TitleEntry,
    TitleTransfer,
)
from projects.ip.terms import terms_of
from projects.models import Project

FORMAT, VERSION = "concord.ip-register", 1
Rows = list[dict[str, str]]


def register_document(project: Project, *, actor: Actor) -> dict[str, Any]:
    """Everything that the actor may see of the register of a project, in a fixed number of queries."""
    visible = Asset.objects.visible_to(actor).filter(project=project)
    assets = list(visible.with_owners().select_related("contested_by").order_by("pk"))
    kept = withheld(assets, actor)
    shown = [_asset(asset, str(kept[asset.ref].reason) if asset.ref in kept else "") for asset in assets]
    refs = {asset.pk: asset.ref for asset in assets}
    return {
        "format": FORMAT,
        "version": VERSION,
        "project": {"ref": project.ref, "title": project.title, "lead": project.lead.ref},
        "exported_at": _text(timezone.now()),
        "exported_for": actor.agency.ref,
        "agreements": [
            {
                "ref": terms.agreement,
                "from": _text(terms.starts_on),
                "until": _text(terms.ends_on),
                "parties": sorted(terms.parties),
                "background_mode": "negative" if terms.lists_what_is_excluded else "positive",
            }
            for terms in terms_of(project)
        ],
        "background_included": [row for row in shown if _is(row, Origin.BACKGROUND) and row["excluded"] == "no"],
        "background_excluded": [row for row in shown if _is(row, Origin.BACKGROUND) and row["excluded"] == "yes"],
        "results": [row for row in shown if _is(row, Origin.RESULT)],
        "sideground": [row for row in shown if _is(row, Origin.SIDEGROUND)],
        "withdrawn": [row for row in shown if row["status"] == Status.WITHDRAWN],
        "owners": [
            {"asset": asset.ref, "owner": share.holder, "name": share.agency_name, "percent": share.words}
            for asset in assets
            for share in asset.owners()
        ],
        **_belongings(refs),
    }


LISTS = (
    "background_included",
    "background_excluded",
    "results",
    "sideground",
    "withdrawn",
    "owners",
    "contributors",
    "contributions",
    "protection",
    "abandonments",
    "title",
    "transfers",
    "licences",
    "changes",
)


def _belongings(refs: dict[int, str]) -> dict[str, Rows]:
    """What belongs to these assets; SECURITY: the assets were read through what the actor may see."""

    def rows(of: QuerySet, *names: str, joined: Iterable[str] = ()) -> Rows:
        found = of.filter(asset__in=list(refs)).select_related(*joined).order_by("asset_id", "pk")
        return [{"asset": refs[row.asset_id], **{name: _text(_read(row, name)) for name in names}} for row in found]

    said = ("ref", "status", "created_at")
    return {
        "contributors": rows(
            Contributor.objects.all(), "ref", "name", "agency", "role", "words", "status", joined=["agency"]
        ),
        "contributions": rows(Contribution.objects.all(), *said, "agency", "words", joined=["agency"]),
        "protection": rows(
            ProtectionStep.objects.all(),
            "ref",
            "kind",
            "office",
            "number",
            "on",
            "territory",
            "remark",
            "agency",
            joined=["agency"],
        ),
        "abandonments": rows(
            AbandonmentOffer.objects.all(),
            *said,
            "office",
            "number",
            "territory",
            "ends_at",
            "agency",
            "taken_by",
            joined=["agency", "taken_by"],
        ),
        "title": rows(
            TitleEntry.objects.all(),
            "kind",
            "on",
            "from_name",
            "from_ref",
            "to_name",
            "to_ref",
            "words",
            "document_hash",
        ),
        "transfers": rows(
            TitleTransfer.objects.all(),
            *said,
            "from_agency",
            "to_agency",
            "to_name",
            "words",
            "ends_at",
            "document_hash",
            joined=["from_agency", "to_agency"],
        ),
        "licences": rows(
            Licence.objects.all(),
            *said,
            "licensor",
            "licensee_name",
            "is_exclusive",
            "field",
            "territory",
            "starts_on",
            "ends_on",
            "first_day",
            "notice_ends_at",
            joined=["licensor"],
        ),
        "changes": rows(
            BackgroundChange.objects.all(), *said, "kind", "rule", "agreement", "ends_at", "agency", joined=["agency"]
        ),
    }


def _asset(asset: Asset, withheld_because: str) -> dict[str, str]:
    return {
        "ref": asset.ref,
        "party": asset.party.ref,
        "party_name": asset.party_name,
        "origin": str(asset.origin),
        "status": str(asset.status),
        "nature": str(asset.nature),
        "title": asset.title,
        "description": "" if withheld_because else asset.description,
        "withheld": withheld_because,
        "excluded": "yes" if asset.is_excluded else "no",
        "limits_implementation": asset.limits_implementation,
        "limits_exploitation": asset.limits_exploitation,
        "made_on": _text(asset.generated_on),
        "place_of_making": asset.place.words,
        "marking": asset.marking,
        "export_class": str(asset.export_class),
        "embargo_until": _text(asset.embargo_until),
        "published_under": asset.artefact_licence,
        "agreed_in": asset.agreed_in,
        "contested_by": asset.contested_by.ref if asset.contested_by else "",
        "content": asset.content_hash(),
        "entered_at": _text(asset.created_at),
    }


def _is(row: dict[str, str], origin: str) -> bool:
    return row["origin"] == origin and row["status"] != Status.WITHDRAWN


def _read(row: Any, name: str) -> Any:
    value = getattr(row, name)
    return getattr(value, "ref", value)


def _text(value: Any) -> str:
    """Instants in UTC and days in ISO 8601; yes and no; nothing as an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return value.isoformat() if isinstance(value, date) else str(value)
