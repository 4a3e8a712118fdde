"""How the live lists of background stand to the agreement in force: what not listing means, and what differs from the annex."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from projects.ip.models import Asset, Status
from projects.ip.terms import Terms, terms_between
from projects.models import Participation, Project

CLAUSE = "background"


@dataclass(frozen=True)
class Coverage:
    """What the newest agreement in force that binds a party says of its background; no terms while none does."""

    terms: Terms | None

    @property
    def is_negative(self) -> bool:
        """Whether everything that is needed is open, except what is listed."""
        return self.terms is not None and self.terms.lists_what_is_excluded

    @property
    def source(self) -> str:
        return self.terms.source(CLAUSE) if self.terms is not None else ""

    def difference(self, asset: Asset) -> str:
        """What an entry says otherwise than the annex that was signed, in words; empty when there is no difference."""
        if self.terms is None:
            return ""
        is_annexed = asset.ref in self.terms.background
        since = {"day": date_format(asset.created_at, "j F Y"), "agreement": self.terms.agreement}
        if asset.is_excluded == self.is_negative:
            if not is_annexed:
                return (
                    _("Not in the annex of %(agreement)s; excluded since it was signed.") % since
                    if asset.is_excluded
                    else _("Not in the annex of %(agreement)s; added by notice, valid from %(day)s.") % since
                )
            return self._changed(asset)
        if is_annexed:
            return (
                _("In the annex of %(agreement)s as included; excluded since it was signed.") % since
                if asset.is_excluded
                else _("In the annex of %(agreement)s as excluded; opened by notice since.") % since
            )
        return ""

    def _changed(self, asset: Asset) -> str:
        assert self.terms is not None
        if asset.agreed_in == self.terms.agreement and asset.status == Status.DECLARED:
            return _("Says something else than the annex of %(agreement)s.") % {"agreement": asset.agreed_in}
        return ""


def coverage_of(project: Project, party: Participation) -> Coverage:
    """What binds this party; the agreements are read once for the project."""
    return Coverage(terms_between(project, [party.agency.ref]))


def gone_from(coverage: Coverage, party: Participation, gone: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Reference and title, as signed, of the annex's entries of a party that have left the register since."""
    if coverage.terms is None:
        return []
    rows = coverage.terms.background
    own = [row["ref"] for row in gone if row["party_id"] == party.agency_id and row["ref"] in rows]
    return [(ref, rows[ref].get("title", "")) for ref in own]


def annexed_refs(project: Project, parties: list[Participation]) -> list[str]:
    """Every reference in the annexes of background that count for these parties."""
    found: set[str] = set()
    for party in parties:
        terms = coverage_of(project, party).terms
        found |= set(terms.background) if terms is not None else set()
    return sorted(found)
