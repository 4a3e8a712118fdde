"""Disclosures in the states that the tests need, reached by their verbs, and the people whom they need."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from agencies.models import Person, Role
from projects.ip import actions
from projects.ip.models import Disclosure
from projects.models import Project
from tests import cast as casting
from tests.cast import Cast
from tests.kept import kept

WORDS = {
    "title": "Cold gas valve without a seat",
    "abstract": "A valve that closes by freezing.",
    "problem": "Seats wear in dust.",
    "novelty": "Nothing slides.",
    "description": "A plug of ice closes the bore; a heater opens it.",
    "effort": "joint",
}
TRIAGE = {
    "agreement": "none", "background": "none", "joint": "no", "place": "yes", "export": "no", "publication": "no",
}  # fmt: skip


def ip_manager(cast: Cast, agency: Any, name: str = "Riku Tokkyo") -> Person:
    """Somebody who judges disclosures of the agency."""
    person = casting._person(f"{name.split()[0].lower()}@{agency.domain}", name, zone=agency.zone)
    casting._member(person, agency, Role.IP_MANAGER)
    return person


def export_officer(cast: Cast, agency: Any, name: str = "Aoi Kanri") -> Person:
    person = casting._person(f"{name.split()[0].lower()}@{agency.domain}", name, zone=agency.zone)
    casting._member(person, agency, Role.EXPORT_OFFICER)
    return person


def part(who: str, percent: str, **more: str) -> dict[str, Any]:
    row = {"who": who, "percent": Decimal(percent), "role": "inventor", "employer": "employee", "part": "The idea."}
    return row | more


@kept
def drafted(cast: Cast, project: Project, **words: Any) -> Disclosure:
    """Mika's draft; Sora, on no team, and Lucien of ESA made it."""
    mika = cast.actor(cast.mika)
    disclosure = actions.draft_disclosure(project, actor=mika, **(WORDS | words))
    parts = [part("sora@jaxa.example", "60"), part("lucien@esa.example", "40")]
    return actions.name_contributors(disclosure, actor=mika, version=None, contributors=parts)


@kept
def confirming(cast: Cast, project: Project, **words: Any) -> Disclosure:
    return actions.ask_contributors(drafted(cast, project, **words), actor=cast.actor(cast.mika))


@kept
def confirmed(cast: Cast, project: Project, **words: Any) -> Disclosure:
    disclosure = confirming(cast, project, **words)
    for person in (cast.sora, cast.lucien):
        disclosure = actions.confirm_own_part(disclosure, actor=cast.actor(person))
    return disclosure


@kept
def sealed(cast: Cast, project: Project, **words: Any) -> Disclosure:
    return actions.seal_disclosure(confirmed(cast, project, **words), actor=cast.actor(cast.mika))


@kept
def sealed_again(cast: Cast, disclosure: Disclosure) -> Disclosure:
    """The draft of a new version, sealed: the parts that were confirmed have not changed."""
    disclosure = actions.ask_contributors(disclosure, actor=cast.actor(cast.mika))
    return actions.seal_disclosure(disclosure, actor=cast.actor(cast.mika))


@kept
def evaluated(cast: Cast, disclosure: Disclosure, judge: Person) -> Disclosure:
    riku = cast.actor(judge)
    actions.triage_disclosure(disclosure, actor=riku, **TRIAGE)
    return actions.evaluate_disclosure(disclosure, actor=riku, evaluation="Worth a filing.")


@kept
def decided(cast: Cast, disclosure: Disclosure, judge: Person, decision: str = "file") -> Disclosure:
    evaluated(cast, disclosure, judge)
    return actions.decide_disclosure(disclosure, actor=cast.actor(judge), decision=decision, reason="It pays.")


def classified(disclosure: Disclosure, export_class: str = "not_controlled") -> Disclosure:
    """As an export officer has determined."""
    Disclosure.objects.filter(pk=disclosure.pk).update(export_class=export_class)
    return Disclosure.objects.get(pk=disclosure.pk)


def tomorrow_and(days: int, today: date) -> date:
    return date.fromordinal(today.toordinal() + 1 + days)
