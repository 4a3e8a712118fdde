"""How fast the ledger seals and is verified, and how long a proof takes when it is large."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles

from django.db import connection

from agencies.models import Agency
from portal.demo.bench.clock import cpu_of
from portal.history import merkle, proofs
from portal.history.audit import audit
from portal.history.models import Event, Leaf
from portal.history.rows import StoredLedger
from portal.history.sealer import seal

PROOFS = 300
CHUNK = 2_000


@dataclass(frozen=True)
class LedgerFigures:
    """What was measured on a ledger of `size` entries."""

    size: int
    written_per_second: float
    sealed_per_second: float
    verified_per_second: float
    proof_cpu_ms: float
    proof_ms: float
    proof_ms_p99: float


def measure(events: int, *, settle: Callable[[], None]) -> LedgerFigures:
    """Write so many events, seal them, and prove entries picked at random; each proof is checked.

    `settle` does what the database's own upkeep would have done by the time anybody asks for a proof.
    """
    agency = Agency.objects.verified().order_by("pk")[0]
    began = time.perf_counter()
    for start in range(0, events, CHUNK):
        Event.objects.bulk_create(_event(agency, number) for number in range(start, min(start + CHUNK, events)))
    written = time.perf_counter()
    checkpoint = seal()
    sealed = time.perf_counter()
    assert checkpoint is not None
    settle()
    asked = time.perf_counter()
    found = list(audit(StoredLedger()))
    verified = time.perf_counter() - asked
    assert not found
    times = []
    spent = _spent()
    for index in random.Random(7).sample(range(checkpoint.size), min(PROOFS, checkpoint.size)):  # noqa: S311
        asked = time.perf_counter()
        proof = proofs.inclusion(Leaf.objects.get(index=index))
        times.append((time.perf_counter() - asked) * 1000)
        root = bytes(proof.checkpoint.root)
        assert merkle.verify_inclusion(proof.leaf_hash, index, proof.checkpoint.size, proof.path, root)
    spent = _spent() - spent
    return LedgerFigures(
        size=checkpoint.size,
        written_per_second=events / (written - began),
        sealed_per_second=events / (sealed - written),
        verified_per_second=checkpoint.size / verified,
        proof_cpu_ms=spent / len(times) / 1e6,
        proof_ms=median(times),
        proof_ms_p99=quantiles(times, n=100)[98],
    )


def _event(agency: Agency, number: int) -> Event:
    return Event(
        verb="project.edited",
        target_kind="projects.project",
        target_ref=f"P-2026-{number}",
        scope=f"P-2026-{number}",
        agency_ref=agency.ref,
        agency_name=agency.legal_name,
        agencies=[agency.ref],
        facts={"terms_changed": ["summary"], "number": number},
    )


def _spent() -> int:
    """Nanoseconds that this process and its backend have run."""
    return sum(cpu_of(os.getpid()).values()) + sum(cpu_of(connection.connection.info.backend_pid).values())
