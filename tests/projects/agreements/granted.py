"""Rights of access under an agreement in force, written as a grant writes them."""

from __future__ import annotations

from datetime import date
from typing import Any

from agencies.models import Agency
from projects.agreements.models import Agreement
from projects.ip import actions
from projects.ip.models import AccessRight, Asset
from tests.cast import Cast
from tests.kept import kept


@kept
def asset(cast: Cast, agreement: Agreement, owner: Agency, **words: Any) -> Asset:
    """Background of one agency, declared by one of its managers."""
    person = {cast.jaxa.pk: cast.mika, cast.esa.pk: cast.lucien, cast.isro.pk: cast.tara}[owner.pk]
    words = {"title": f"Radar of {owner.acronym}", "nature": "hardware"} | words
    return actions.list_background(agreement.project, actor=cast.actor(person), **words)


def right(
    cast: Cast, agreement: Agreement, *, holder: Agency, grantor: Agency, under: str = "", **facts: Any
) -> AccessRight:
    """A right that the owner granted under the agreement, or under another."""
    facts = {"purpose": "exploitation", "starts_on": date(2026, 1, 1), "royalty": "free"} | facts
    row = AccessRight(
        asset=asset(cast, agreement, grantor), holder=holder, holder_name=holder.legal_name, grantor=grantor,
        grantor_name=grantor.legal_name, clause=f"{under or agreement.ref}, clause 11 (Access for exploitation)", **facts,
    )  # fmt: skip
    row.date().save()
    return row
