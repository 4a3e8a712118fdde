"""How long the proof of a deposit takes in a large ledger."""

from __future__ import annotations

import hashlib
import random
import time
from dataclasses import dataclass
from statistics import median, quantiles

from agencies.middleware import actor_of_person
from portal.demo import loading
from portal.history.sealer import seal
from projects.ip import actions
from projects.ip.models import Commitment
from projects.ip.receipts import verify
from projects.ip.receipts.building import build_receipt

DEPOSITS = 50
RECEIPTS = 200


@dataclass(frozen=True)
class DepositFigures:
    """What was measured in a ledger of `size` entries; milliseconds."""

    size: int
    receipt_ms: float
    receipt_ms_p99: float
    checked_ms: float


def deposit() -> None:
    """Make some deposits, to be called while the ledger is still small: their proofs are the longest."""
    actor = actor_of_person(loading.reader())
    for number in range(DEPOSITS):
        actions.deposit(actor=actor, commitment=hashlib.sha256(f"bench {number}".encode()).hexdigest())
    seal()


def measure() -> DepositFigures:
    """Build and check receipts of deposits picked at random, each with the proof of inclusion and both of consistency."""
    values = [hashlib.sha256(f"bench {number}".encode()).hexdigest() for number in range(DEPOSITS)]
    chosen = random.Random(7)  # noqa: S311
    times, checks = [], []
    size = 0
    for _turn in range(RECEIPTS):
        row = Commitment.objects.with_state().get(value=chosen.choice(values))
        start = time.perf_counter()
        receipt = build_receipt(row)
        built = time.perf_counter()
        findings = verify.check(verify.read_receipt(receipt))
        checks.append((time.perf_counter() - built) * 1000)
        times.append((built - start) * 1000)
        assert verify.outcome_of(findings) == 0
        size = verify.read_receipt(receipt).note.size
    return DepositFigures(size, median(times), quantiles(times, n=100)[98], median(checks))
