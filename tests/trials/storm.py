"""Several people sign at the same time, again and again until they have their answer, while the portal's processes are killed."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import median

from portal.demo.bench.signatory import Answer, Fields, Signatory, Unreachable
from tests.cast import PASSWORD
from tests.trials.installation import DATABASE, SEALER, WEB, WORKER, Processes
from tests.trials.world import Signer

# Of twenty kills so many hit each sort of process (trust.md C1).
SHARES = {WEB: 7, WORKER: 5, DATABASE: 5, SEALER: 3}
DOUBLE_CLICKS, SENT_AGAIN = 0.3, 0.5
PAUSE, SHORTLY = 0.2, 0.5
PATIENCE = 900


@dataclass
class Storm:
    """What happened: who was told that they had signed what, what was killed when, and what answers were seen."""

    acknowledged: Counter[tuple[str, str]] = field(default_factory=Counter)
    found_signed: set[tuple[str, str]] = field(default_factory=set)
    answers: Counter[str] = field(default_factory=Counter)
    killed: list[tuple[str, float]] = field(default_factory=list)
    good: list[tuple[float, float]] = field(default_factory=list)
    errors: list[tuple[float, float]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, answer: Answer) -> None:
        with self._lock:
            self.answers[str(answer.status)] += 1
            if answer.status < 400:
                self.good.append((answer.began, answer.ended))
            elif answer.status >= 500:
                self.errors.append((answer.began, answer.ended))

    def note_silence(self) -> None:
        with self._lock:
            self.answers["no answer"] += 1

    def acknowledge(self, ref: str, email: str) -> None:
        with self._lock:
            self.acknowledged[ref, email] += 1

    def find(self, ref: str, email: str) -> None:
        with self._lock:
            self.found_signed.add((ref, email))

    @property
    def settled(self) -> int:
        with self._lock:
            return len(set(self.acknowledged) | self.found_signed)

    def recovery(self, what: str) -> dict[str, float]:
        """Seconds from a kill to the end of the first good answer to a question asked after it."""
        waits = [again - at for at, again in self._outages(what)]
        return {"median": round(median(waits), 1), "longest": round(max(waits), 1)} if waits else {}

    def unexplained(self) -> int:
        """How many answers were errors of the portal though PostgreSQL was there."""
        outages = self._outages(DATABASE)
        return sum(not any(began < again and ended > at for at, again in outages) for began, ended in self.errors)

    def _outages(self, what: str) -> list[tuple[float, float]]:
        asked_after = [
            (at, [ended for began, ended in self.good if began > at]) for sort, at in self.killed if sort == what
        ]
        return [(at, min(ends, default=float("inf"))) for at, ends in asked_after if ends or what == DATABASE]


def rage(processes: Processes, duties: Sequence[tuple[str, Sequence[Signer]]], *, kills: int, seed: int) -> Storm:
    """Have every duty done, a browser for each person, with so many kills spread over all of it."""
    storm, wanted = Storm(), sum(len(people) for _ref, people in duties)
    by_person: dict[Signer, list[str]] = {}
    for ref, people in duties:
        for person in people:
            by_person.setdefault(person, []).append(ref)
    over = threading.Event()
    killer = threading.Thread(target=_kill, args=(processes, storm, wanted, kills, seed, over))
    killer.start()
    try:
        with ThreadPoolExecutor(len(by_person)) as pool:
            list(pool.map(lambda item: _work(processes, storm, *item, seed=seed), by_person.items()))
    finally:
        over.set()
        killer.join()
    return storm


def victims(kills: int, lots: random.Random) -> list[str]:
    """What is killed, one after another: every sort, and the others by their shares."""
    total = sum(SHARES.values()) - len(SHARES)
    others = [what for what, share in SHARES.items() for _ in range((share - 1) * (kills - len(SHARES)) // total + 1)]
    chosen = [*SHARES, *lots.sample(others, len(others))][:kills]
    lots.shuffle(chosen)
    return chosen


def _kill(processes: Processes, storm: Storm, wanted: int, kills: int, seed: int, over: threading.Event) -> None:
    """The n-th kill comes shortly after the n-th part of the signatures, whatever is under way then."""
    lots = random.Random(seed)
    for number, what in enumerate(victims(kills, lots)):
        moment, lot = SHORTLY * lots.random(), lots.random()
        while storm.settled < wanted * number // (kills + 1) and not over.wait(0.01):
            pass
        if over.wait(moment):
            return
        while not processes.kill(what, lot):
            if over.wait(0.05):
                return
        storm.killed.append((what, time.monotonic()))


def _work(processes: Processes, storm: Storm, who: Signer, refs: Sequence[str], *, seed: int) -> None:
    lots = random.Random(f"{seed} {who.email}")
    signatory = Signatory(processes.port, who.email, who.name, PASSWORD, seen=storm.note)
    own = sorted(refs)
    # Neighbours are at the same agreement most of the time, and not always in the same order.
    for place in range(0, len(own) - 1, 2):
        if lots.random() < 0.5:
            own[place], own[place + 1] = own[place + 1], own[place]
    deadline = time.monotonic() + PATIENCE
    for ref in own:
        while not _signs(signatory, storm, ref, lots):
            assert time.monotonic() < deadline, f"{who.email} does not come to sign {ref}: {storm.answers}"
            time.sleep(PAUSE)


def _signs(signatory: Signatory, storm: Storm, ref: str, lots: random.Random) -> bool:
    """Try once, as far as one comes; True when there is nothing left to do."""
    try:
        page = signatory.open(ref)
        if page.asks_to_sign_in:
            signatory.sign_in()
            return False
        form = signatory.filled(page)
        if page.status == 200 and not form:
            storm.find(ref, signatory.email)
            return True
        return page.status == 200 and _is_signed(signatory, storm, ref, form, lots)
    except Unreachable:
        storm.note_silence()
        return False


def _is_signed(signatory: Signatory, storm: Storm, ref: str, form: Fields, lots: random.Random) -> bool:
    """Send the form, sometimes twice at once; without an answer sometimes once more."""
    clicks = 2 if lots.random() < DOUBLE_CLICKS else 1
    sends_again = lots.random() < SENT_AGAIN
    with ThreadPoolExecutor(clicks) as pool:
        results = list(pool.map(lambda _: _sent(signatory, storm, ref, form), range(clicks)))
    if results == [None] * clicks and sends_again:
        time.sleep(PAUSE)
        results.append(_sent(signatory, storm, ref, form))
    told = [answer for answer in results if answer is not None and answer.is_signed]
    for _answer in told:
        storm.acknowledge(ref, signatory.email)
    return bool(told)


def _sent(signatory: Signatory, storm: Storm, ref: str, form: Fields) -> Answer | None:
    try:
        return signatory.send(ref, form)
    except Unreachable:
        storm.note_silence()
        return None
