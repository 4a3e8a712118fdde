"""The matrix of access as its page shows it: assets down, parties across, and in each cell what every purpose answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.zones import today
from portal.kit.actors import Actor, Request
from portal.kit.pagination import Page, page
from projects.ip.answers import Answer
from projects.ip.forms.access import parse_on
from projects.ip.may_use import may_use_many
from projects.ip.models import Asset, Purpose
from projects.models import Project

SIZE = 12


@dataclass(frozen=True)
class Cell:
    """One answer and where it is said in full."""

    answer: Answer
    purpose: str | Promise
    url: str


@dataclass(frozen=True)
class Group:
    """The purposes of one cell that are answered by the same word."""

    icon: str
    tone: str
    word: str | Promise
    cells: list[Cell]


@dataclass(frozen=True)
class Column:
    """What stands above: a party, or a purpose where one party was chosen."""

    label: str | Promise
    agency: Agency | None


@dataclass(frozen=True)
class Row:
    """An asset with one list of grouped answers for every column."""

    asset: Asset
    cells: list[tuple[Column, list[Group]]]


@dataclass(frozen=True)
class Matrix:
    """One page of the matrix, with the filters that its address carries."""

    page: Page
    rows: list[Row]
    columns: list[Column]
    parties: list[Agency]
    purposes: list[tuple[str, str | Promise]]
    party: str
    purpose: str
    asset: str
    on: str
    wrong_on: list[str]
    is_filtered: bool


def read_matrix(project: Project, *, actor: Actor, request: Request) -> Matrix:
    """Read one page of assets and answer every cell of it, in a number of queries that the assets do not change."""
    parties = [row.agency for row in project.parties()]
    sought = {
        name: request.GET.get(name, "").replace("\x00", "").strip() for name in ("party", "purpose", "asset", "on")
    }
    chosen = [agency for agency in parties if agency.ref == sought["party"]]
    purposes = [one for one in Purpose if one == sought["purpose"]]
    on, wrong = _on(sought["on"], actor)
    assets = Asset.objects.visible_to(actor).filter(project=project).standing().with_owners().select_related("party")
    if words := sought["asset"][:200]:
        assets = assets.filter(Q(ref__iexact=words) | Q(title__icontains=words))
    cut = page(assets, request, order=("origin", "party_id", "pk"), size=SIZE)
    for asset in cut:
        asset.project = project
    asked = chosen or parties
    shown = purposes or list(Purpose)
    answers = may_use_many(cut.rows, asked, shown, on, reader=actor)
    by_purpose = [Column(one.label, None) for one in shown]
    columns = by_purpose if len(asked) == 1 else [Column(agency.acronym, agency) for agency in asked]

    def cell(asset: Asset, agency: Agency, purpose: Purpose) -> Cell:
        query = {"asset": asset.ref, "agency": agency.ref, "purpose": purpose.value, "on": on.isoformat()}
        url = f"{reverse('ip:may-use')}?{urlencode(query)}"
        return Cell(answers[asset.pk, agency.pk, purpose], purpose.label, url)

    def cells(asset: Asset) -> list[tuple[Column, list[Group]]]:
        if len(asked) == 1:
            return [
                (column, _grouped([cell(asset, asked[0], one)])) for column, one in zip(columns, shown, strict=True)
            ]
        return [
            (column, _grouped([cell(asset, agency, one) for one in shown]))
            for column, agency in zip(columns, asked, strict=True)
        ]

    return Matrix(
        page=cut,
        rows=[Row(asset, cells(asset)) for asset in cut],
        columns=columns,
        parties=parties,
        purposes=[(one.value, one.label) for one in Purpose],
        party=chosen[0].ref if chosen else "",
        purpose=purposes[0].value if purposes else "",
        asset=words,
        on=on.isoformat(),
        wrong_on=wrong,
        is_filtered=bool(chosen or purposes or words),
    )


def _grouped(cells: list[Cell]) -> list[Group]:
    groups: dict[str, Group] = {}
    for cell in cells:
        icon, tone, word = cell.answer.look
        if cell.answer.code == "owner":
            word = _("Yes, as owner")
        groups.setdefault(str(word), Group(icon, tone, word, [])).cells.append(cell)
    return list(groups.values())


def _on(text: str, actor: Actor) -> tuple[date | datetime, list[str]]:
    """The day asked about, today at the reader's agency where none or nonsense was given; and what is wrong with it."""
    now = today(actor.agency.zone)
    if not text:
        return now, []
    try:
        return parse_on(text), []
    except ValidationError as error:
        return now, error.messages
