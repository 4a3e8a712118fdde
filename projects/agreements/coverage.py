"""Which agreements cover a project: whether all its parties are bound, and what the texts in force say about IP."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Prefetch
from django.db.models.functions import JSONObject
from django.urls import reverse

from agencies.models import InstrumentKind
from agencies.zones import start_of
from projects.agreements.bound import bound_parties
from projects.agreements.models import Agreement, Party, Status, Step, StepKind, StepStatus, TextVersion
from projects.agreements.term import last_day_of
from projects.ip.terms import Terms
from projects.models import Project

ONE_DAY = timedelta(days=1)
# What was said by these texts counts for the time in which they were in force, and for their tails.
SAID = (Status.IN_FORCE, Status.EXPIRED, Status.TERMINATED)
# Texts in force that a process keeps in mind.
KEPT = 64
ABOUT_ANOTHER = (InstrumentKind.AMENDMENT, InstrumentKind.ACCESSION)
# What binds the parties of a project to its joint work; the others settle one matter beside it.
COVERING = (InstrumentKind.MEMORANDUM, InstrumentKind.IP_SHARING, InstrumentKind.IMPLEMENTING)


def covering_agreement(project: Project) -> Agreement | None:
    """An agreement in force on this project that binds every accepted party today, or None."""
    accepted = {participation.agency_id for participation in project.parties()}
    in_force = Agreement.objects.in_force().filter(project=project, kind__in=COVERING)
    parties = Prefetch("parties", Party.objects.select_related("agency"))
    found = list(in_force.select_related("depositary").prefetch_related(parties))
    project.nothing_in_force = not found
    for agreement in found:
        bound = {party.agency_id for party in bound_parties(agreement)}
        if accepted <= bound:
            return agreement
    return None


def terms_of(project: Project) -> list[Terms]:
    """What the agreements on a project say that are or were in force, the newest first: one query, and one for each new text.

    An amendment or an accession begins a span of its own, so that a question about an earlier day is answered by what
    counted then. Who leaves goes on granting (R13): its leaving is said with every span, also when it is only announced.
    While an agreement is suspended it says nothing.
    """
    leaving = Step.objects.filter(agreement=OuterRef("pk"), kind=StepKind.WITHDRAWAL, status=StepStatus.RUNNING)
    moving = Party.objects.filter(agreement=OuterRef("pk"))
    found = list(
        Agreement.objects.filter(project=project, kind__in=[InstrumentKind.IP_SHARING, *ABOUT_ANOTHER], status__in=SAID)
        .order_by("in_force_on", "pk")
        .annotate(
            sha256=F("text__sha256"),
            moving=ArraySubquery(
                moving.values(
                    move=JSONObject(
                        ref="agency__ref",
                        zone="agency__zone",
                        joined="in_force_on",
                        left="left_on",
                    )
                )
            ),
            leaving=ArraySubquery(leaving.values(move=JSONObject(ref="agency__ref", at="due_at"))),
        )
        .only("ref", "title", "kind", "status", "parent", "in_force_on", "ends_on", "ended_on")
    )
    spans = [
        span
        for agreement in found
        if agreement.kind == InstrumentKind.IP_SHARING
        for span in _spans(agreement, [other for other in found if other.parent_id == agreement.pk])
    ]
    return sorted(spans, key=lambda terms: terms.starts_on, reverse=True)


def _spans(agreement: Any, changes: list[Any]) -> list[Terms]:
    """The agreement from its first day to its last, one span between any two days on which it changed."""
    said = _said(agreement.sha256)
    said = {**said, "parties": _first_bound(agreement)}
    moves = _joinings(agreement)
    begin, end = agreement.in_force_on, _over_on(agreement, said)
    spans = []
    days = {change.in_force_on for change in changes} | {day for day, _ref in moves}
    for day in sorted(day for day in days if day < end):
        if day > begin:
            spans.append(_terms(agreement, begin, day, said))
            begin = day
        said = _as_of(day, said, changes, moves)
    return [*spans, _terms(agreement, begin, end, said)]


def _over_on(agreement: Any, said: dict[str, Any]) -> date:
    """The first day on which it no longer counts; a text without a term lasts as long as there are days."""
    last = last_day_of(agreement, said["answers"]).on
    return last + ONE_DAY if last is not None else date.max


def _as_of(day: date, said: dict[str, Any], changes: list[Any], moves: list[tuple[date, str]]) -> dict[str, Any]:
    """What is said after the changes of a day."""
    for change in changes:
        if change.in_force_on == day:
            other = _said(change.sha256)
            if change.kind == InstrumentKind.AMENDMENT:
                said = {**other, "parties": said["parties"]}
            else:
                said = {**said, "background": {**said["background"], **other["background"]}}
    return {**said, "parties": said["parties"] | {ref for at, ref in moves if at == day}}


def _joinings(agreement: Any) -> list[tuple[date, str]]:
    return [
        (date.fromisoformat(move["joined"]), move["ref"])
        for move in agreement.moving
        if move["joined"] and date.fromisoformat(move["joined"]) > agreement.in_force_on
    ]


def _first_bound(agreement: Any) -> frozenset[str]:
    """The parties that the text binds from its first day: where two of three suffice, the third joins on its own day."""
    return frozenset(
        move["ref"]
        for move in agreement.moving
        if move["joined"] and date.fromisoformat(move["joined"]) <= agreement.in_force_on
    )


def _left_at(agreement: Any) -> dict[str, datetime]:
    """From which instant each party that has left, or gave notice, is no longer bound; the day is over at its seat."""
    announced = {move["ref"]: datetime.fromisoformat(move["at"]) for move in agreement.leaving}
    left = {
        move["ref"]: start_of(date.fromisoformat(move["left"]), move["zone"])
        for move in agreement.moving
        if move["left"]
    }
    return {**announced, **left}


def _terms(agreement: Any, starts_on: date, ends_on: date, said: dict[str, Any]) -> Terms:
    """Read from the text that was signed, never from rows that may have changed since."""
    return Terms(
        agreement=agreement.ref,
        title=agreement.title,
        url=reverse("agreements:agreement", args=[agreement.ref]),
        starts_on=starts_on,
        ends_on=ends_on,
        left_at=_left_at(agreement),
        **said,
    )


@lru_cache(maxsize=KEPT)
def _said(sha256: str) -> dict[str, Any]:
    """What a frozen text says. It can be kept: another text has another hash, and nothing changes a text that is frozen."""
    text = TextVersion.objects.filter(sha256=sha256).order_by("pk")[:1].get()
    document = text.document
    amended = next(iter(document.get("amended", ())), None)
    annexes = {
        annex["letter"]: {row["ref"]: row for row in annex["rows"] if "ref" in row} for annex in document["annexes"]
    }
    clauses = amended["clauses"] if amended else document["clauses"]
    return {
        "parties": frozenset(party["ref"] for party in document["parties"]),
        "answers": amended["profile"] if amended else document["profile"],
        "clauses": {clause["code"]: (clause["number"], clause["heading"]) for clause in clauses},
        "background": annexes.get("A", {}),
        "results": annexes.get("B", {}),
    }
