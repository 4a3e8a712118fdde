"""Which agreements cover a project: whether all its parties are bound, and what the texts in force say about IP."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from django.urls import reverse

from projects.agreements.models import Agreement, TextVersion
from projects.ip.terms import Terms
from projects.models import Project

# Texts in force that a process keeps in mind.
KEPT = 64


def covering_agreement(project: Project) -> Agreement | None:
    """An agreement in force on this project whose parties include every accepted party, or None."""
    accepted = {participation.agency_id for participation in project.parties()}
    found = list(Agreement.objects.in_force().filter(project=project).prefetch_related("parties"))
    project.nothing_in_force = not found
    for agreement in found:
        if accepted <= {party.agency_id for party in agreement.parties.all()}:
            return agreement
    return None


def terms_of(project: Project) -> list[Terms]:
    """What the agreements in force on a project say, the newest first: one query, and one for each text not read before."""
    found = Agreement.objects.in_force().filter(project=project).order_by("-in_force_on", "-pk")
    rows = found.values_list("ref", "title", "in_force_on", "text__sha256")
    return [_terms(ref, title, starts_on, sha256) for ref, title, starts_on, sha256 in rows]


def _terms(ref: str, title: str, starts_on: date, sha256: str) -> Terms:
    """Read from the text that was signed, never from rows that may have changed since."""
    said = _said(sha256)
    return Terms(
        agreement=ref,
        title=title,
        url=reverse("agreements:agreement", args=[ref]),
        starts_on=starts_on,
        ends_on=_years_later(starts_on, int(said["answers"]["term_years"])),
        **said,
    )


@lru_cache(maxsize=KEPT)
def _said(sha256: str) -> dict[str, Any]:
    """What a frozen text says. It can be kept: another text has another hash, and nothing changes a text that is frozen."""
    text = TextVersion.objects.filter(sha256=sha256).order_by("pk")[:1].get()
    document = text.document
    annexes = {
        annex["letter"]: {row["ref"]: row for row in annex["rows"] if "ref" in row} for annex in document["annexes"]
    }
    return {
        "parties": frozenset(party["ref"] for party in document["parties"]),
        "answers": document["profile"],
        "clauses": {clause["code"]: (clause["number"], clause["heading"]) for clause in document["clauses"]},
        "background": annexes.get("A", {}),
        "results": annexes.get("B", {}),
    }


def _years_later(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 28 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
