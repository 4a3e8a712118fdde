"""Which agreements cover a project: whether all its parties are bound, and what the texts in force say about IP."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from projects.agreements.models import Agreement
from projects.ip.terms import Terms
from projects.models import Project


def covering_agreement(project: Project) -> Agreement | None:
    """An agreement in force on this project whose parties include every accepted party, or None."""
    accepted = {participation.agency_id for participation in project.parties()}
    for agreement in Agreement.objects.in_force().filter(project=project).prefetch_related("parties"):
        if accepted <= {party.agency_id for party in agreement.parties.all()}:
            return agreement
    return None


def terms_of(project: Project) -> list[Terms]:
    """What the agreements in force on a project say, the newest first: two queries."""
    found = Agreement.objects.in_force().filter(project=project).select_related("text").order_by("-in_force_on", "-pk")
    return [_terms(agreement) for agreement in found]


def _terms(agreement: Agreement) -> Terms:
    """Read from the text that was signed, never from rows that may have changed since."""
    assert agreement.text is not None
    assert agreement.in_force_on is not None
    document = agreement.text.document
    annexes = {
        annex["letter"]: {row["ref"]: row for row in annex["rows"] if "ref" in row} for annex in document["annexes"]
    }
    return Terms(
        agreement=agreement.ref,
        title=agreement.title,
        url=reverse("agreements:agreement", args=[agreement.ref]),
        starts_on=agreement.in_force_on,
        ends_on=_years_later(agreement.in_force_on, int(document["profile"]["term_years"])),
        parties=frozenset(party["ref"] for party in document["parties"]),
        answers=document["profile"],
        clauses={clause["code"]: (clause["number"], clause["heading"]) for clause in document["clauses"]},
        background=annexes.get("A", {}),
        results=annexes.get("B", {}),
    )


def _years_later(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 28 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
