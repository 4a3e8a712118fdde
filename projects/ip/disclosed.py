"""What a disclosure says as one document: what pages draw, what is sealed, and the commitment to it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import rfc8785
from django.utils.translation import gettext as _

from portal.files.models import StoredFile
from projects.ip.models import Asset, Disclosure, DisclosureContributor, DisclosureVersion

FORMAT, ALGORITHM = "concord/disclosure/1", "SHA-256"
SALT_BYTES = 32
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Sealing:
    """The exact bytes of a version, their salt, and the commitment to both."""

    number: int
    canonical: bytes
    salt: bytes
    previous: str

    @property
    def commitment(self) -> str:
        return commitment_of(self.salt, self.canonical)


def commitment_of(salt: bytes, canonical: bytes) -> str:
    """SHA-256 of the salt followed by the canonical bytes, as docs/disclosures.md says."""
    return hashlib.sha256(salt + canonical).hexdigest()


def sealing_of(disclosure: Disclosure) -> Sealing:
    """The next version as it stands now, chained to the one before; call it on a locked row."""
    before = disclosure.versions.order_by("-number").first()
    number, previous = (before.number + 1, before.commitment) if before is not None else (1, "")
    document = document_of(disclosure) | {"number": number, "previous": previous}
    return Sealing(number, rfc8785.dumps(document), secrets.token_bytes(SALT_BYTES), previous)


def document_of(disclosure: Disclosure) -> dict[str, Any]:
    """Everything it says now: strings, whole numbers and lists only, so that it has exactly one canonical form."""
    return {
        "format": FORMAT,
        "algorithm": ALGORITHM,
        "ref": disclosure.ref,
        "project": disclosure.project.ref,
        "agency": {"ref": disclosure.agency.ref, "name": disclosure.agency_name},
        "filer": {"uid": str(disclosure.filer.uid), "name": disclosure.filer.name},
        "title": disclosure.title,
        "abstract": disclosure.abstract,
        "problem": disclosure.problem,
        "novelty": disclosure.novelty,
        "description": disclosure.description,
        "effort": disclosure.effort,
        "conceived_on": _day(disclosure.conceived_on),
        "reduced_on": _day(disclosure.reduced_on),
        "place": {
            "country": disclosure.made_in,
            "element": disclosure.made_element,
            "registry": disclosure.made_registry,
        },
        "funding": disclosure.funding,
        "agreement": disclosure.agreement_ref,
        "background": _assets(disclosure.background.all()),
        "results": _assets(disclosure.results.all()),
        "public": [{"on": _day(row.on), "where": row.where} for row in disclosure.public_dates.all()],
        "marking": disclosure.marking,
        "export_class": disclosure.export_class,
        "revision_reason": disclosure.revision_reason,
        "contributors": [_part(row) for row in disclosure.contributors.all()],
        "files": [
            {"name": row.file.name, "sha256": row.file.sha256, "size": row.file.size, "note": row.note}
            for row in disclosure.files.all()
        ],
    }


def shown_version(disclosure: Disclosure, number: int | None = None) -> DisclosureVersion | None:
    """The sealed version of this number, the newest without one; None while nothing is sealed."""
    versions = disclosure.versions.order_by("-number")
    return (versions.filter(number=number) if number is not None else versions).first()


def file_of(document: dict[str, Any], sha256: str) -> StoredFile | None:
    """The stored file that the document names by this hash; None when it names none."""
    named = next((row for row in document["files"] if row["sha256"] == sha256), None)
    stored = StoredFile.objects.filter(sha256=sha256).order_by("pk") if named is not None else None
    return stored.filter(name=named["name"]).first() if stored is not None and named is not None else None


def missing(disclosure: Disclosure) -> list[str]:
    """What is still to be said before the contributors are asked, in words."""
    needed = {
        "abstract": _("Write the abstract."),
        "problem": _("Say which problem it solves."),
        "novelty": _("Say what is new."),
        "description": _("Describe it in full."),
        "effort": _("Say whether it is a joint or a multiple effort."),
    }
    found = [words for name, words in needed.items() if not getattr(disclosure, name)]
    parts = list(disclosure.contributors.all())
    if not parts:
        found.append(_("Name the contributors."))
    elif sum((row.percent for row in parts), Decimal(0)) != HUNDRED:
        found.append(sum_hint(row.percent for row in parts))
    return found


def sum_hint(percents: Iterable[Decimal]) -> str:
    """What the shares sum to and what to do about it; empty when they sum to exactly 100."""
    total = sum(percents, Decimal(0))
    if total == HUNDRED:
        return ""
    said = _("The shares sum to %(total)s. They must sum to 100.") % {"total": f"{total.normalize():f}"}
    if abs(total - HUNDRED) < Decimal("0.01"):
        return f"{said} {_('Give the rest to one contributor, for example 33.3334.')}"
    return said


def _part(row: DisclosureContributor) -> dict[str, Any]:
    return {
        "name": row.name,
        "agency": row.agency_name,
        "uid": str(row.person.uid) if row.person is not None else "",
        "role": row.role,
        "employer": row.employer,
        "percent": row.words,
        "part": row.part,
        "answer": row.state,
        "answered_at": row.answered_at.isoformat() if row.answered_at else "",
        "unreachable_reason": row.unreachable_reason,
        "disputed": row.dispute_reason,
    }


def _assets(assets: Iterable[Asset]) -> list[dict[str, str]]:
    return sorted(({"ref": asset.ref, "title": asset.title} for asset in assets), key=lambda row: row["ref"])


def _day(day: Any) -> str:
    return day.isoformat() if day else ""
