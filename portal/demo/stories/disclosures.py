"""Inventions on the station, at every step from the draft to the filing; all of it invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from portal.demo.world import World, flowing, this_year
from projects.ip import actions
from projects.ip.models import Disclosure
from projects.models import Project

NEEDLE = flowing("""A needle of glass seeds the crystal from a film of solution one tenth of a millimetre thick. It is
withdrawn while the film freezes, so that nothing foreign stays in the cell.

The heater, the film and the guide are in the attached sheet of the laboratory notebook.""")
TRIAGE = {
    "agreement_note": "The IP-sharing agreement of the station.",
    "background_note": "Racks of the laboratory Columbus.",
    "place_note": "On orbit, on the register of Japan.",
    "export_note": "Aoi Hoshizora determines it this month.",
}


def tell(world: World) -> None:
    project = Project.objects.get(title="International Space Station")
    _draft(world, project)
    _asked(world, project)
    _pressing(world, project)
    _reported(world, project)
    _filed(world, project)


def _draft(world: World, project: Project) -> None:
    actions.draft_disclosure(
        project, actor=world.actor("ren"), title="Quiet latch for glove boxes",
        abstract="Demonstration entry. A latch that closes without a click, so that samples are not shaken.",
    )  # fmt: skip


def _asked(world: World, project: Project) -> None:
    made = _write(world, project, "sora", "Dust seal of woven carbon", [("sora", "JAXA", "70"), ("maren", "ESA", "30")])
    made = actions.ask_contributors(made, actor=world.actor("sora"))
    actions.confirm_own_part(made, actor=world.actor("sora"))


def _pressing(world: World, project: Project) -> None:
    """A talk is planned before anything is decided: the alarm rings."""
    soon = timezone.now().date() + timedelta(days=24)
    made = _seal(
        world, project, "mika", "Freezing crystals out of a film", [("mika", "JAXA", "60"), ("sora", "JAXA", "40")],
        description=NEEDLE, public_dates=[(soon, "Talk at a congress in Kyoto (demonstration)")],
    )  # fmt: skip
    actions.triage_disclosure(made, actor=world.actor("ren"), joint="no", place="yes", place_note=TRIAGE["place_note"])
    actions.ring_publication_alarms()


def _reported(world: World, project: Project) -> None:
    made = _seal(world, project, "lucien", "Bearing that heals its own scratches", [("lucien", "ESA", "100")])
    actions.report_disclosure(made, actor=world.actor("chiara"))
    actions.triage_disclosure(made, actor=world.actor("chiara"), **_answers())
    actions.evaluate_disclosure(
        made,
        actor=world.actor("chiara"),
        evaluation="Demonstration. Two suppliers ask for it; nothing like it was found.",
    )


def _filed(world: World, project: Project) -> None:
    ren = world.actor("ren")
    made = _seal(
        world, project, "mika", "Pump without a shaft", [("mika", "JAXA", "33.3334"), ("sora", "JAXA", "66.6666")]
    )
    actions.name_witness(made, actor=world.actor("mika"), email=world.people["kenji"].email)
    actions.countersign(made, actor=world.actor("kenji"), competence="Pumps for 15 years.", understood=True)
    actions.triage_disclosure(made, actor=ren, **_answers())
    actions.evaluate_disclosure(
        made, actor=ren, evaluation="Demonstration. New, useful on every station, cheap to file."
    )
    actions.decide_disclosure(made, actor=ren, decision="file", reason="It will be seen by everybody who flies it.")
    actions.record_filing(
        made, actor=ren, office="Japan Patent Office", number="Demonstration 2026-000002", filed_on=this_year(2, 2)
    )


def _seal(
    world: World, project: Project, who: str, title: str, people: list[tuple[str, str, str]], **words: Any
) -> Disclosure:
    made = actions.ask_contributors(_write(world, project, who, title, people, **words), actor=world.actor(who))
    for key, _agency, _percent in people:
        made = actions.confirm_own_part(made, actor=world.actor(key))
    return actions.seal_disclosure(made, actor=world.actor(who))


def _write(
    world: World, project: Project, who: str, title: str, people: list[tuple[str, str, str]], **words: Any
) -> Disclosure:
    told = {
        "abstract": "Demonstration entry. It does what its title says, with nothing that moves.",
        "problem": "What is flown today wears, and cannot be exchanged on orbit.",
        "novelty": "The nearest thing that is known needs a seal; this one does not.",
        "description": "Demonstration. The whole description is invented.",
        "effort": "single" if len(people) == 1 else "joint",
        "conceived_on": this_year(1, 8, years=-1),
        "made_element": "Kibo",
        "made_registry": "JP",
    }
    made = actions.draft_disclosure(project, actor=world.actor(who), title=title, **(told | words))
    rows: list[Mapping[str, Any]] = [
        {
            "who": world.people[key].email,
            "role": "inventor",
            "employer": "employee",
            "percent": Decimal(percent),
            "part": "The idea and the first model.",
        }
        for key, _agency, percent in people
    ]
    return actions.name_contributors(made, actor=world.actor(who), version=None, contributors=rows)


def _answers() -> dict[str, str]:
    answers = {
        "agreement": "yes",
        "background": "yes",
        "joint": "no",
        "place": "yes",
        "export": "no",
        "publication": "no",
    }
    return answers | TRIAGE
