"""The register as its page shows it: each party's lists side by side, results by owner, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from portal.kit.actors import Actor, Request
from portal.kit.pagination import Page, page
from projects.ip.annexed import Coverage, annexed_refs, coverage_of, gone_from
from projects.ip.models import Asset, Origin, OwnershipShare, Status
from projects.ip.terms import keep_terms
from projects.models import Participation, Project

SIZE = 100


@dataclass(frozen=True)
class Listed:
    """An entry, and what it says otherwise than the annex that was signed."""

    asset: Asset
    difference: str


@dataclass
class Lists:
    """The background of one agency: what it includes, what it excludes, and what an agreement says of both."""

    participation: Participation
    coverage: Coverage
    included: list[Listed] = field(default_factory=list)
    excluded: list[Listed] = field(default_factory=list)
    gone: list[tuple[str, str]] = field(default_factory=list)
    total: int = 0
    excluded_total: int = 0

    @property
    def is_silent(self) -> bool:
        """Whether nothing is on the list that counts: nothing can be used then, or everything that is needed can."""
        return not (self.excluded_total if self.coverage.is_negative else self.total)

    @property
    def is_elsewhere(self) -> bool:
        """Whether everything listed is on another page of the register."""
        return bool(self.total) and not self.included and not self.excluded


@dataclass(frozen=True)
class Row:
    """A result with one cell for every party: its share, or None."""

    asset: Asset
    cells: list[tuple[Participation, OwnershipShare | None]]
    outside: list[OwnershipShare]


@dataclass(frozen=True)
class Register:
    """One page of the register of a project, as one actor may see it."""

    page: Page
    sees_others: bool
    lists: list[Lists]
    silent: list[Lists]
    results: list[Row]
    parties: list[Participation]
    sideground: list[Asset]
    result_count: int
    sideground_count: int
    withdrawn_count: int
    shows_withdrawn: bool
    coverage: Coverage


def read_register(project: Project, *, actor: Actor, request: Request) -> Register:
    """Read one page, in one query whatever the number of assets."""
    if project.nothing_in_force:  # the head of the page has asked already
        keep_terms(project, [])
    shows_withdrawn = request.GET.get("show") == "withdrawn"
    visible = Asset.objects.visible_to(actor).filter(project=project)
    shown = visible.filter(status=Status.WITHDRAWN) if shows_withdrawn else visible.standing()
    annexed = annexed_refs(project, project.parties())
    rows = shown.with_owner_rows().with_tallies_of(visible).with_narrowing()
    rows = rows.with_gone(annexed, visible) if annexed else rows
    rows = rows.select_related("party", "contested_by")
    cut = page(rows, request, order=("origin", "party_id", "pk"), size=SIZE)
    total: dict[tuple[str, int], int] = {}
    excluded: dict[int, int] = {}
    withdrawn = 0
    for tally in cut.rows[0].tallies if cut.rows else visible.tallies():
        is_withdrawn = tally["status"] == Status.WITHDRAWN
        withdrawn += tally["number"] if is_withdrawn else 0
        if is_withdrawn == shows_withdrawn:
            of = tally["origin"], tally["party_id"]
            total[of] = total.get(of, 0) + tally["number"]
            if tally["is_excluded"]:
                excluded[of[1]] = tally["number"] + excluded.get(of[1], 0)
    gone: list[dict[str, Any]] = []
    if annexed:
        gone = (
            cut.rows[0].gone_rows if cut.rows else [{**row} for row in visible.gone(annexed).values("ref", "party_id")]
        )
    own = project.participation_of(actor.agency_id)
    sees_others = own is not None and own.is_party
    parties = project.parties()
    lists = _lists(project, own, parties if sees_others else [], cut, total)
    for column in lists:
        column.excluded_total = excluded.get(column.participation.agency_id, 0)
        column.gone = gone_from(column.coverage, column.participation, gone)
    return Register(
        page=cut,
        sees_others=sees_others,
        lists=lists,
        silent=[] if shows_withdrawn else [row for row in lists if row.is_silent],
        results=[_row(asset, parties) for asset in cut if asset.origin == Origin.RESULT],
        parties=parties,
        sideground=[asset for asset in cut if asset.origin == Origin.SIDEGROUND],
        result_count=_sum(total, Origin.RESULT),
        sideground_count=_sum(total, Origin.SIDEGROUND),
        withdrawn_count=withdrawn,
        shows_withdrawn=shows_withdrawn,
        coverage=lists[0].coverage if lists else Coverage(None),
    )


def _lists(
    project: Project,
    own: Participation | None,
    parties: list[Participation],
    cut: Page,
    total: dict[tuple[str, int], int],
) -> list[Lists]:
    """The acting agency's first, then the others in the project's order; also one that has left but lists something."""
    others = [
        row
        for row in project.participations.all()
        if row in parties or (parties and (Origin.BACKGROUND, row.agency_id) in total)
    ]
    shown = ([own] if own else []) + [row for row in others if row != own]
    columns = {row.agency_id: Lists(row, coverage_of(project, row)) for row in shown}
    for agency_id, column in columns.items():
        column.total = total.get((Origin.BACKGROUND, agency_id), 0)
    for asset in cut:
        if asset.origin == Origin.BACKGROUND:
            column = columns[asset.party_id]
            listed = Listed(asset, column.coverage.difference(asset))
            (column.excluded if asset.is_excluded else column.included).append(listed)
    return list(columns.values())


def _row(asset: Asset, parties: list[Participation]) -> Row:
    by_owner = {share.agency_id: share for share in asset.owners()}
    among = {party.agency_id for party in parties}
    outside = [share for share in asset.owners() if share.agency_id not in among]
    return Row(asset, [(party, by_owner.get(party.agency_id)) for party in parties], outside)


def _sum(total: dict[tuple[str, int], int], origin: str) -> int:
    return sum(number for (of, _party), number in total.items() if of == origin)
