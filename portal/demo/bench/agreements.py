"""How long a large negotiation takes: its page, the PDF of its text, and freezing it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from portal.demo.world import World, this_year
from projects.agreements import actions
from projects.agreements.document import draft_document
from projects.agreements.models import Agreement
from projects.agreements.policies import AgreementPolicy
from projects.agreements.typesetting import render_pdf

LEAD = "mika"
MANAGERS = (
    LEAD, "lucien", "stella", "isabeau", "tara", "celeste", "lorenz", "fiorenza", "haneul", "xinghe", "mingyue", "zvezdana",
)  # fmt: skip
CLAUSES, COMMENTS, CHANGES = 80, 300, 30
ASKED = 15
WORDS = (
    "Each Party gives the others what they need for the work that this clause is about, in the form in which it has it, "
    "and tells them at once when it cannot. What one Party has given the others use for this work alone.\n\n"
    "(a) It is asked for in writing;\n(b) it is answered within the time of this text;\n(c) it is returned at the end."
)


@dataclass(frozen=True)
class NegotiationFigures:
    """What was measured, in milliseconds; `queries` are those of the page."""

    clauses: int
    parties: int
    comments: int
    changes: int
    page_ms: float
    queries: int
    pdf_ms: float
    freeze_ms: float


def measure(*, settle: Callable[[], None]) -> NegotiationFigures:
    """Write a text of 80 clauses between 12 parties, talk about it, and measure what its readers wait for."""
    world = World()
    agreement = _negotiation(world)
    settle()
    page_ms, queries = _page(world, agreement)
    comments, changes = agreement.comments.count(), agreement.changes.filter(status="open").count()
    agreement = _text_agreed(world, agreement)
    document = draft_document(agreement)
    render_pdf(document)
    pdf_ms = median(_milliseconds(lambda: render_pdf(document)) for _time in range(5))
    freeze_ms = _milliseconds(lambda: actions.freeze(agreement, actor=world.actor(LEAD)))
    return NegotiationFigures(
        clauses=len(document["clauses"]), parties=len(document["parties"]), comments=comments, changes=changes,
        page_ms=page_ms, queries=queries, pdf_ms=pdf_ms, freeze_ms=freeze_ms,
    )  # fmt: skip


def _negotiation(world: World) -> Agreement:
    partners = [world.actor(key).agency.acronym for key in MANAGERS[1:]]
    project = world.draft(
        LEAD, *partners, title="A negotiation to be measured", summary="Large.", objective="Large.",
        planned_start=this_year(1, 1), planned_end=this_year(12, 31, years=3),
    )  # fmt: skip
    project = world.propose(project, LEAD, *MANAGERS[1:])
    lead = world.actor(LEAD)
    agreement = actions.draft_agreement(project, actor=lead, title="An agreement to be measured")
    for number in range(agreement.clauses.count() + 1, CLAUSES + 1):
        actions.add_clause(agreement, actor=lead, heading=f"Further duties, part {number}", text=WORDS, after="purpose")
    actions.share(agreement, actor=lead)
    codes = list(agreement.clauses.order_by("position").values_list("code", flat=True))
    for number in range(CHANGES):
        who = MANAGERS[number % len(MANAGERS)]
        actions.propose_change(
            agreement, actor=world.actor(who), operation="reword", code=codes[number],
            text=f"{WORDS}\n\nPart {number} is looked at again after a year.",
        )  # fmt: skip
    for number in range(COMMENTS):
        actions.comment(
            agreement, actor=world.actor(MANAGERS[number % len(MANAGERS)]), code=codes[number % len(codes)],
            audience="shared" if number % 2 else "internal", words=f"Point {number}: we would rather say it shorter.",
        )  # fmt: skip
    return agreement


def _page(world: World, agreement: Agreement) -> tuple[float, int]:
    """The page as the lead's manager asks for it, with the talk about one clause beside it."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(world.people[LEAD], backend="allauth.account.auth_backends.AuthenticationBackend")
    url = f"{reverse('agreements:agreement', args=[agreement.ref])}?clause=confidentiality"

    def ask() -> None:
        if client.get(url).status_code != 200:
            raise RuntimeError(f"{url} was refused")

    ask()
    took = median(_milliseconds(ask) for _time in range(ASKED))
    asked: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        ask()
    return took, len(asked)


def _text_agreed(world: World, agreement: Agreement) -> Agreement:
    """Every change is withdrawn, and all parties agree to the text as it stands."""
    for change in list(agreement.changes.filter(status="open").select_related("agency")):
        who = next(key for key in MANAGERS if world.actor(key).agency_id == change.agency_id)
        actions.withdraw_change(agreement, change.number, actor=world.actor(who))
    for key in MANAGERS:
        shown = AgreementPolicy(world.actor(key), Agreement.objects.get(pk=agreement.pk)).current_hash
        actions.agree_to_text(agreement, actor=world.actor(key), sha256=shown)
    return Agreement.objects.for_pages().get(pk=agreement.pk)


def _milliseconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return (time.perf_counter() - began) * 1000
