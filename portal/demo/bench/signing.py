"""What signatories wait for: the answer to their signature, alone and with fifty at once, the PDF, the bundle and /verify/."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median, quantiles

from allauth.account.models import EmailAddress
from django.db import connection
from django.utils import timezone

from agencies.models import Agency, InstrumentKind, Mandate, Membership, Person, Role
from portal.demo.bench.pages import signed_in
from portal.demo.bench.signatory import Answer, Signatory
from portal.demo.founding import PASSWORD
from portal.demo.world import World, this_year
from portal.history.sealer import seal as seal_ledger
from projects.agreements import actions
from projects.agreements.bundle import build_bundle
from projects.agreements.models import Agreement
from projects.agreements.sealing import seal
from projects.models import Project

PARTIES = (
    ("mika", "kenji"),
    ("lucien", "ingrid"),
    ("stella", "orson"),
    ("isabeau", "owen"),
    ("tara", "dhruv"),
    ("celeste", "aurele"),
)
# With one person of each of the other three parties these are fifty.
MANY = (("mika", 20), ("lucien", 20), ("stella", 7))
AGREEMENTS, ASKED = 8, 15


@dataclass(frozen=True)
class SigningFigures:
    """What was measured; `signed` is the number of signatures one after another."""

    signed: int
    answer_ms: float
    answer_ms_p95: float
    at_once: int
    at_once_seconds: float
    proved_at_once_seconds: float
    refused: int
    sealed_ms: float
    bundle_ms: float
    verify_ms: float


def measure(ports: Sequence[int], *, settle: Callable[[], None]) -> SigningFigures:
    """Have signatures made through these web processes, each with the password given again, unless it says otherwise."""
    world = World()
    project = _project(world)
    agreements = [_opened(world, project, f"Measured agreement {number}") for number in range(AGREEMENTS)]
    crowds = [_crowded(world, project, f"Measured by fifty {number}") for number in range(2)]
    settle()
    answers = [_sign(ports[0], agreement, world.people[key]) for agreement in agreements for _head, key in PARTIES]
    took = [answer.seconds * 1000 for answer in answers]
    (seconds, refused), (proved, refused_then) = (
        _all_at_once(ports, agreement, people, is_proved=is_proved)
        for (agreement, people), is_proved in zip(crowds, (False, True), strict=True)
    )
    seal_ledger()
    sealed = [_milliseconds(lambda ref=row.ref: seal(ref)) for row in agreements]  # type: ignore[misc]
    seal_ledger()
    return SigningFigures(
        signed=len(took), answer_ms=median(took), answer_ms_p95=quantiles(took, n=20)[18],
        at_once=len(crowds[0][1]), at_once_seconds=seconds, proved_at_once_seconds=proved,
        refused=refused + refused_then, sealed_ms=median(sealed), bundle_ms=median(_bundles(agreements)),
        verify_ms=median(_verdicts(ports[0], agreements)),
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
    proofs = [{"method": "password", "at": timezone.now().timestamp(), "reauthenticated": True}]
    headers = signed_in(person, **({"account_authentication_methods": proofs} if is_proved else {}))
    name, _, value = headers["Cookie"].partition("=")
    return Signatory(port, person.email, person.name, PASSWORD, {name: value})


def _project(world: World) -> Project:
    heads = [head for head, _signatory in PARTIES]
    partners = [world.actor(head).agency.acronym for head in heads[1:]]
    project = world.draft(
        heads[0], *partners, title="Signatures to be measured", summary="Six parties.", objective="Measure.",
        planned_start=this_year(1, 1), planned_end=this_year(12, 31, years=3),
    )  # fmt: skip
    return world.propose(project, heads[0], *heads[1:])


def _opened(world: World, project: Project, title: str, plan: Iterable[tuple[str, int]] = ()) -> Agreement:
    """Open for signature: by so many persons of the agencies in the plan, by one of every other."""
    heads = [head for head, _signatory in PARTIES]
    agreement = actions.draft_agreement(project, actor=world.actor(heads[0]), title=title)
    lines = [
        {"agency": world.actor(head).agency.acronym, "role": "signer", "order": 1, "needed": count}
        for head, count in plan
    ]
    actions.share(agreement, actor=world.actor(heads[0]))
    if lines:
        actions.plan_signing(agreement, actor=world.actor(heads[0]), lines=lines)
    return Agreement.objects.get(pk=world.freeze(agreement, *heads).pk)


def _crowded(world: World, project: Project, title: str) -> tuple[Agreement, list[Person]]:
    people = [world.people[key] for head, key in PARTIES if head not in dict(MANY)]
    for head, count in MANY:
        actor = world.actor(head)
        present = list(Person.objects.filter(email__startswith="signatory-", memberships__agency=actor.agency))
        password = world.people[head].password
        people += present or enlist(actor.agency, count, password=password, granted_by=world.people[head])
    return _opened(world, project, title, MANY), people


def _sign(port: int, agreement: Agreement, person: Person) -> Answer:
    signatory = browser(port, person)
    answer = signatory.send(agreement.ref, signatory.filled(signatory.open(agreement.ref)))
    if not answer.is_signed:
        raise RuntimeError(f"A signature was answered with {answer.status}.")
    return answer


def _all_at_once(
    ports: Sequence[int], agreement: Agreement, people: Sequence[Person], *, is_proved: bool
) -> tuple[float, int]:
    """Seconds from the moment all press the button to the last answer, and how many were not told that they signed."""
    signatories = [browser(ports[n % len(ports)], person, is_proved=is_proved) for n, person in enumerate(people)]
    with ThreadPoolExecutor(len(people)) as pool:
        forms = list(pool.map(lambda one: one.filled(one.open(agreement.ref)), signatories))
        start = threading.Barrier(len(people) + 1)

        def press(signatory: Signatory, form: list[tuple[str, str]]) -> Answer:
            start.wait()
            return signatory.send(agreement.ref, form)

        waiting = [pool.submit(press, *pair) for pair in zip(signatories, forms, strict=True)]
        start.wait()
        began = time.monotonic()
        answers = [one.result() for one in waiting]
    return max(answer.ended for answer in answers) - began, sum(not answer.is_signed for answer in answers)


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
