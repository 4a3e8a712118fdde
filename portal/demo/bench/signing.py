"""What signatories wait for: the answer to their signature, alone and with fifty at once, the PDF, the bundle and /verify/."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from statistics import median, quantiles

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as METHODS
from allauth.account.models import EmailAddress
from django.db import connection
from django.utils import timezone

from agencies.models import Agency, InstrumentKind, Mandate, Membership, Person, Role
from portal.demo.bench.pages import signed_in
from portal.demo.bench.servers import Server
from portal.demo.bench.signatory import Answer, Fields, Signatory
from portal.demo.founding import PASSWORD
from portal.demo.world import World, this_year
from portal.history.sealer import seal as seal_ledger
from projects.agreements import actions
from projects.agreements.bundle import build_bundle
from projects.agreements.models import Agreement
from projects.agreements.sealing import seal
from projects.models import Project

# The manager of each party, and how many of it sign when fifty do.
PARTIES = {"mika": 20, "lucien": 20, "stella": 7, "isabeau": 1, "tara": 1, "celeste": 1}
ASKED = 15


@dataclass(frozen=True)
class SigningFigures:
    """What was measured; `signed` is the number of signatures one after another."""

    signed: int
    answer_ms: float
    answer_ms_p95: float
    answer_cpu_ms: float
    at_once: int
    at_once_seconds: float
    at_once_cpu_seconds: float
    proved_at_once_seconds: float
    proved_at_once_cpu_seconds: float
    refused: int
    sealed_ms: float
    bundle_ms: float
    verify_ms: float


def measure(
    webs: Sequence[Server], spent: Callable[[], float], *, agreements: int, settle: Callable[[], None]
) -> SigningFigures:
    """Have signatures made through these web processes, each with the password given again, unless it says otherwise.

    `spent` tells the CPU seconds that they and their database have used.
    """
    ports = [server.port for server in webs]
    world = World()
    project = _project(world)
    people = _enlisted(world)
    opened = [_opened(world, project, f"Measured agreement {number}") for number in range(agreements)]
    crowds = [_opened(world, project, f"Measured by fifty {number}", PARTIES) for number in range(2)]
    settle()
    answers, cpu = [], 0.0
    for agreement in opened:
        for persons in people:
            signatory, form = _ready(ports[0], agreement, persons[0])
            before = spent()
            answers.append(signatory.send(agreement.ref, form))
            cpu += spent() - before
    took = [answer.seconds * 1000 for answer in answers]
    alone = sum(not answer.is_signed for answer in answers)
    typed, proved = (
        _all_at_once(ports, agreement, [*chain(*people)], spent, is_proved=is_proved)
        for agreement, is_proved in zip(crowds, (False, True), strict=True)
    )
    seal_ledger()
    sealed = [_milliseconds(lambda ref=row.ref: seal(ref)) for row in opened]  # type: ignore[misc]
    seal_ledger()
    return SigningFigures(
        signed=len(took), answer_ms=median(took), answer_ms_p95=quantiles(took, n=20)[18],
        answer_cpu_ms=cpu / len(took) * 1000, at_once=sum(PARTIES.values()),
        at_once_seconds=typed.seconds, at_once_cpu_seconds=typed.cpu_seconds,
        proved_at_once_seconds=proved.seconds, proved_at_once_cpu_seconds=proved.cpu_seconds,
        refused=alone + typed.refused + proved.refused, sealed_ms=median(sealed), bundle_ms=median(_bundles(opened)),
        verify_ms=median(_verdicts(ports[0], opened)),
    )  # fmt: skip


def enlist(agency: Agency, count: int, *, password: str, granted_by: Person) -> list[Person]:
    """So many further signatories of an agency with a mandate for everything; `password` is hashed already."""
    found = []
    for number in range(1, count + 1):
        email = f"signatory-{number}@{agency.domain}"
        person = Person.objects.create(email=email, password=password, name=f"Signatory {number} of {agency.acronym}")
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
        Membership.objects.create(
            person=person, agency=agency, roles=[Role.SIGNATORY], starts_on=this_year(1, 1, years=-1)
        )
        Mandate.objects.create(
            person=person, agency=agency, granted_by=granted_by, kinds=[kind.value for kind in InstrumentKind],
            starts_on=this_year(1, 1, years=-1), source_note="Benchmark",
        )  # fmt: skip
        found.append(person)
    return found


def browser(port: int, person: Person, *, is_proved: bool = False) -> Signatory:
    """A browser in which the person has signed in, and proved again who they are if it says so."""
    proofs = {
        METHODS: [{"method": "password", "at": timezone.now().timestamp(), "reauthenticated": True}],
        f"{METHODS}_user": str(person.pk),
    }
    headers = signed_in(person, **(proofs if is_proved else {}))
    name, _, value = headers["Cookie"].partition("=")
    return Signatory(port, person.email, person.name, PASSWORD, {name: value})


def _project(world: World) -> Project:
    heads = list(PARTIES)
    partners = [world.actor(head).agency.acronym for head in heads[1:]]
    project = world.draft(
        heads[0], *partners, title="Signatures to be measured", summary="Six parties.", objective="Measure.",
        planned_start=this_year(1, 1), planned_end=this_year(12, 31, years=3),
    )  # fmt: skip
    return world.propose(project, heads[0], *heads[1:])


def _enlisted(world: World) -> list[list[Person]]:
    """The signatories of each party."""
    heads = [(world.actor(head).agency, world.people[head], count) for head, count in PARTIES.items()]
    return [enlist(agency, count, password=head.password, granted_by=head) for agency, head, count in heads]


def _opened(world: World, project: Project, title: str, plan: Mapping[str, int] | None = None) -> Agreement:
    """Open for signature: by so many persons of each party, by one where the plan does not say."""
    lead, *others = PARTIES
    agreement = actions.draft_agreement(project, actor=world.actor(lead), title=title)
    actions.share(agreement, actor=world.actor(lead))
    if plan is not None:
        lines = [
            {"agency": world.actor(head).agency.acronym, "role": "signer", "order": 1, "needed": count}
            for head, count in plan.items()
        ]
        actions.plan_signing(agreement, actor=world.actor(lead), lines=lines)
    return Agreement.objects.get(pk=world.freeze(agreement, lead, *others).pk)


def _ready(port: int, agreement: Agreement, person: Person, *, is_proved: bool = False) -> tuple[Signatory, Fields]:
    """A browser with the page open and the form filled."""
    signatory = browser(port, person, is_proved=is_proved)
    return signatory, signatory.filled(signatory.open(agreement.ref))


@dataclass(frozen=True)
class AtOnce:
    """From the moment all pressed the button to the last answer; `refused` were not told that they had signed."""

    seconds: float
    cpu_seconds: float
    refused: int


def _all_at_once(
    ports: Sequence[int], agreement: Agreement, people: Sequence[Person], spent: Callable[[], float], *, is_proved: bool
) -> AtOnce:
    with ThreadPoolExecutor(len(people)) as pool:
        ready = [
            _ready(ports[n % len(ports)], agreement, person, is_proved=is_proved) for n, person in enumerate(people)
        ]
        start = threading.Barrier(len(people) + 1)

        def press(signatory: Signatory, form: Fields) -> Answer:
            start.wait()
            return signatory.send(agreement.ref, form)

        waiting = [pool.submit(press, *pair) for pair in ready]
        before = spent()
        start.wait()
        began = time.monotonic()
        answers = [one.result() for one in waiting]
    return AtOnce(
        seconds=max(answer.ended for answer in answers) - began,
        cpu_seconds=spent() - before,
        refused=sum(not answer.is_signed for answer in answers),
    )


def _bundles(agreements: Sequence[Agreement]) -> list[float]:
    found = []
    for row in agreements:
        agreement = Agreement.objects.select_related("text", "project").get(pk=row.pk)
        assert agreement.text is not None
        found.append(_milliseconds(lambda agreement=agreement: build_bundle(agreement, agreement.text)))  # type: ignore[misc]
    return found


def _verdicts(port: int, agreements: Sequence[Agreement]) -> list[float]:
    stranger = Signatory(port, "", "", "")
    asked = [row.text.pdf.sha256 for row in Agreement.objects.filter(pk__in=[row.pk for row in agreements])]  # type: ignore[union-attr]
    connection.close()
    return [stranger.fetch(f"/verify/?sha256={sha256}").seconds * 1000 for sha256 in (asked * ASKED)[:ASKED]]


def _milliseconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1000
