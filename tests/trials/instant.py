"""Fifty people sign one agreement at the same instant, each of them with a double click."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from agencies.models import Person
from portal.demo.bench.signatory import Fields, Signatory, Unreachable
from portal.demo.bench.signing import browser
from tests.trials.installation import Processes
from tests.trials.reckoning import Duties
from tests.trials.world import Signer, World

NEEDED = (20, 20, 10)
CLICKS = 2


@dataclass
class Instants:
    """What was answered, who was told that they signed, and the seconds from the first click to the last answer."""

    answers: Counter[str] = field(default_factory=Counter)
    acknowledged: set[tuple[str, str]] = field(default_factory=set)
    seconds: list[float] = field(default_factory=list)


def strike(processes: Processes, world: World, *, rounds: int) -> tuple[Instants, Duties]:
    """So many rounds of it; every round is another agreement."""
    found, duties = Instants(), []
    for _round in range(rounds):
        agreement, people = world.open_for_signature(*NEEDED)
        duties.append((agreement.ref, people))
        _round_of(processes, found, agreement.ref, people)
    return found, duties


def _round_of(processes: Processes, found: Instants, ref: str, people: Sequence[Signer]) -> None:
    signatories = [browser(processes.port, Person.objects.get(email=person.email)) for person in people]
    with ThreadPoolExecutor(len(signatories)) as pool:
        forms = list(pool.map(lambda one: one.filled(one.open(ref)), signatories))
    clicks = [pair for pair in zip(signatories, forms, strict=True) for _ in range(CLICKS)]
    start = threading.Barrier(len(clicks) + 1)

    def click(pair: tuple[Signatory, Fields]) -> None:
        signatory, form = pair
        start.wait()
        try:
            answer = signatory.send(ref, form)
        except Unreachable:
            found.answers["no answer"] += 1
            return
        found.answers[str(answer.status)] += 1
        if answer.is_signed:
            found.acknowledged.add((ref, signatory.email))

    with ThreadPoolExecutor(len(clicks)) as pool:
        waiting = [pool.submit(click, pair) for pair in clicks]
        start.wait()
        began = time.monotonic()
        for one in waiting:
            one.result()
    found.seconds.append(time.monotonic() - began)
