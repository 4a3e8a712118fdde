"""What the agreements in force on a project say about its intellectual property, as plain data.

Agreements stand above this app, so what they say comes through two dotted settings: IP_TERMS and IP_USUAL_ANSWERS.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kit.composition import load
from projects.models import Project


@dataclass(frozen=True)
class Terms:
    """What one agreement says for a time: whom it binds, from when to when, what its profile answers and its annex lists.

    `ends_on` is the first day on which it no longer counts. A party that left stays among the `parties`, because it goes
    on granting; `left_at` says from which instant it is owed nothing new.
    `clauses` gives number and heading by the code of the clause; `background` and `results` the signed rows of the
    annexes by reference of the asset. `background` is the list of what is included, or of what is excluded when
    `lists_what_is_excluded`.
    """

    agreement: str
    title: str
    url: str
    starts_on: date
    ends_on: date
    parties: frozenset[str]
    answers: Mapping[str, Any]
    clauses: Mapping[str, tuple[int, str]]
    background: Mapping[str, Mapping[str, str]]
    results: Mapping[str, Mapping[str, str]]
    left_at: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def lists_what_is_excluded(self) -> bool:
        return bool(self.answers.get("background_mode") == "negative")

    def binds(self, agencies: Iterable[str]) -> bool:
        """Whether all these agencies, by reference, are parties."""
        return self.parties.issuperset(agencies)

    def is_over(self, at: datetime | None = None) -> bool:
        """Whether it has ended by an instant, now by default; moments are determined in UTC."""
        return (at or timezone.now()) >= datetime.combine(self.ends_on, time.min, tzinfo=UTC)

    def has_left(self, agency: str, at: datetime | None = None) -> bool:
        """Whether a party, by reference, has left by an instant."""
        left_at = self.left_at.get(agency)
        return left_at is not None and left_at <= (at or timezone.now())

    def source(self, code: str) -> str:
        """Where something stands, to be quoted: the agreement with the clause of this code."""
        number, heading = self.clauses.get(code, (0, ""))
        if not number:
            return self.agreement
        return _("%(agreement)s, clause %(number)s (%(heading)s)") % {
            "agreement": self.agreement,
            "number": number,
            "heading": heading,
        }


def terms_of(project: Project) -> list[Terms]:
    """Every agreement in force on the project, the newest first."""
    return [terms for terms in all_terms(project) if not terms.is_over()]


def all_terms(project: Project) -> list[Terms]:
    """With those that have ended, whose access rights may have a tail, behind those in force: kept with the project."""
    known: list[Terms] | None = getattr(project, "_terms", None)
    if known is None:
        known = sorted(load(settings.IP_TERMS)(project), key=Terms.is_over)
        keep_terms(project, known)
    return known


def keep_terms(project: Project, known: list[Terms]) -> None:
    """Let `all_terms` of this object say what is known already; for pages, where nothing changes meanwhile."""
    project._terms = known  # type: ignore[attr-defined]


def terms_between(project: Project, agencies: Iterable[str]) -> Terms | None:
    """The newest agreement in force on the project that binds all these agencies, by reference."""
    wanted = set(agencies)
    return next((terms for terms in terms_of(project) if terms.binds(wanted)), None)


def answer_to(project: Project, key: str, agencies: Iterable[str] = ()) -> tuple[Any, Terms | None]:
    """What the profile answers to a question, and whose it is: usual practice with None while nothing is in force."""
    terms = terms_between(project, agencies)
    if terms is not None and key in terms.answers:
        return terms.answers[key], terms
    return load(settings.IP_USUAL_ANSWERS)()[key], None
