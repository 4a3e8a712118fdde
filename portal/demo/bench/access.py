"""How long one answer on access takes when the register is large."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median, quantiles

from django.db import connection, reset_queries, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.models import Agency
from portal.demo.bench.clock import cpu_of
from portal.demo.facts import collaboration
from projects.ip.may_use import may_use, may_use_many
from projects.ip.models import AccessRight, Asset, OwnershipShare, Purpose
from projects.models import Project

QUESTIONS = 400
CHUNK = 5_000
PAGE = 12


@dataclass(frozen=True)
class AccessFigures:
    """What was measured on a register of `assets` entries; times in milliseconds."""

    assets: int
    rights: int
    fetch_ms: float
    answer_ms: float
    answer_ms_p99: float
    answer_cpu_ms: float
    queries: int
    page_ms: float
    page_queries: int


def measure(assets: int, *, settle: Callable[[], None]) -> AccessFigures:
    """Enter so many assets of the agencies on the station, grant a right on every fifth, and ask at random.

    A question is asked as the page asks it: the asset is fetched with its project, then answered.
    """
    project = Project.objects.get(title=collaboration("iss").name)
    agencies = [row.agency for row in project.parties()]
    rights = 0
    for at in range(0, assets, CHUNK):
        rights += _enter(project, agencies, range(at, min(at + CHUNK, assets)))
        # The checks of the shares at each commit need the planner to know how many rows there are by now.
        settle()
    refs = list(Asset.objects.filter(project=project).order_by("pk").values_list("ref", flat=True))
    chance = random.Random(11)  # noqa: S311
    _ask(refs[-1], agencies[0], Purpose.IMPLEMENTATION)
    fetched, answered = [], []
    spent = _spent()
    for ref in chance.sample(refs, min(QUESTIONS, len(refs))):
        took = _ask(ref, chance.choice(agencies), chance.choice(Purpose.values))
        fetched.append(took[0])
        answered.append(took[1])
    spent = _spent() - spent
    with CaptureQueriesContext(connection) as captured:
        asset = _fetch(refs[-1])
        alone = len(captured)
        may_use(asset, agencies[1], Purpose.EXPLOITATION, _today())
        queries = len(captured) - alone
    reset_queries()
    rows = list(Asset.objects.with_owners().with_project().filter(project=project).order_by("pk")[:PAGE])
    began = time.perf_counter()
    with CaptureQueriesContext(connection) as captured:
        may_use_many(rows, agencies, Purpose.values, _today())
    return AccessFigures(
        assets=Asset.objects.count(),
        rights=rights,
        fetch_ms=median(fetched),
        answer_ms=median(answered),
        answer_ms_p99=quantiles(answered, n=100)[98],
        answer_cpu_ms=spent / len(answered) / 1e6,
        queries=queries,
        page_ms=(time.perf_counter() - began) * 1000,
        page_queries=len(captured),
    )


def _ask(ref: str, agency: Agency, purpose: str) -> tuple[float, float]:
    """Milliseconds to fetch the asset with its project, and to answer, the agreement included."""
    start = time.perf_counter()
    asset = _fetch(ref)
    found = time.perf_counter()
    may_use(asset, agency, purpose, _today())
    return (found - start) * 1000, (time.perf_counter() - found) * 1000


def _fetch(ref: str) -> Asset:
    return Asset.objects.with_owners().with_project().get(ref=ref)


@transaction.atomic
def _enter(project: Project, agencies: Sequence[Agency], numbers: range) -> int:
    year = timezone.now().year
    rows = Asset.objects.bulk_create(
        Asset(
            ref=f"IP-{year}-{100_000 + number}",
            project=project,
            party=agencies[number % len(agencies)],
            party_name=agencies[number % len(agencies)].legal_name,
            origin="result" if number % 3 else "background",
            nature="data",
            title=f"Series {number}",
            export_class="not_controlled",
        )
        for number in numbers
    )
    OwnershipShare.objects.bulk_create(
        OwnershipShare(asset=row, agency=row.party, agency_name=row.party_name, percent=Decimal(100)) for row in rows
    )
    granted = [
        _right(row, agencies[(number + 1) % len(agencies)], number) for row, number in zip(rows, numbers, strict=True)
    ]
    return len(AccessRight.objects.bulk_create(granted[::5]))


def _right(asset: Asset, holder: Agency, number: int) -> AccessRight:
    day: date = timezone.now().date() - timedelta(days=90)
    right = AccessRight(
        ref=f"RG-{timezone.now().year}-{100_000 + number}",
        asset=asset,
        holder=holder,
        holder_name=holder.legal_name,
        grantor=asset.party,
        grantor_name=asset.party_name,
        purpose=Purpose.values[number % len(Purpose.values)],
        starts_on=day,
    )
    return right.date()


def _today() -> date:
    return timezone.now().date()


def _spent() -> int:
    """Nanoseconds that this process and its backend have run."""
    return sum(cpu_of(os.getpid()).values()) + sum(cpu_of(connection.connection.info.backend_pid).values())
