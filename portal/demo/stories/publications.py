"""What is published: planned, in review, objected to, amended, cleared, out, and one that stays at home."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from portal.demo.facts import collaboration
from portal.demo.world import World, flowing
from projects.ip import actions as publishing
from projects.ip.models import PublicationNotice
from projects.models import Project

CRYSTALS = flowing("""Demonstration text. Growing protein crystals without convection: first results of three runs.

We describe a cell in which protein crystals grow without convection, and three runs on the station. Diffraction reached
1.4 ångström in the best run. Figure 3 shows the seal of the cell between the reservoir and the chamber.""")

CROPPED = flowing("""Demonstration text. Growing protein crystals without convection: first results of three runs.

We describe a cell in which protein crystals grow without convection, and three runs on the station. Diffraction reached
1.4 ångström in the best run. Figure 3 shows the chamber only.""")

EXOSPHERE = flowing("""Demonstration text. Sodium in the exosphere of Mercury, seen from two orbits at once.

Two orbiters measured the sodium exosphere at the same time. The density at dawn is higher than models predict by a
factor of two; section 4 gives the calibration of both instruments.""")


def tell(world: World) -> None:
    _station(world)
    _mercury(world)
    _archive(world)


def _station(world: World) -> None:
    """Under the agreement of six: one amended after an objection, one cleared and published, one planned."""
    project = _project("iss")
    paper = _send(
        world,
        project,
        "mika",
        kind="paper",
        title="Protein crystals without convection: first results",
        authors="M. Hoshino, Y. Akatsuki (JAXA); S. Brightwater (NASA)",
        venue="Journal of microgravity research (demonstration)",
        text=CRYSTALS,
    )
    for key in ("stella", "isabeau"):
        publishing.clear_publication(paper, actor=world.actor(key))
    publishing.object_to_publication(
        paper,
        actor=world.actor("chiara"),
        ground="protection",
        passage="Figure 3, the seal between reservoir and chamber",
        harm="We prepare an application for this seal. Shown before the filing, it is no longer new.",
        change="Crop figure 3 to the chamber, and leave out the sentence about the seal.",
        until=_in(60),
    )
    publishing.answer_objection(
        paper, actor=world.actor("mika"), objection=1, body="We can crop figure 3. Does section 2 stay as it is?"
    )
    publishing.answer_objection(
        paper, actor=world.actor("chiara"), objection=1, body="Yes; only the figure and its sentence."
    )
    publishing.amend_publication(
        paper, actor=world.actor("mika"), text=CROPPED, changes="Figure 3 is cropped to the chamber, as ESA asks."
    )
    talk = _send(
        world,
        project,
        "lucien",
        kind="conference",
        title="Six agencies, one laboratory: how experiments are shared",
        authors="L. Demoville (ESA), with the partners of the station",
        venue="Space station research congress (demonstration)",
        text="Demonstration text. How time and racks are shared, with figures that are public already.",
    )
    for key in ("stella", "mika", "isabeau", "fiorenza", "zvezdana"):
        publishing.clear_publication(talk, actor=world.actor(key))
    lucien = world.actor("lucien")
    today = timezone.now().astimezone(lucien.zone).date()
    publishing.publish(talk, actor=lucien, published_on=today)
    publishing.record_release(
        talk, actor=lucien, licence="CC-BY-4.0", address="https://example.org/station-congress/demonstration"
    )
    publishing.plan_publication(
        project,
        actor=world.actor("mika"),
        kind="data",
        title="Temperatures of the growth cell, runs 1 to 3",
        authors="JAXA",
        venue="An open repository",
        planned_on=_in(120),
        text="Demonstration text. One table for each run, one row a second.",
    )


def _mercury(world: World) -> None:
    """Nothing is in force yet, so usual practice counts: one in review, one that needs a consent."""
    project = _project("bepicolombo")
    _send(
        world,
        project,
        "lucien",
        kind="preprint",
        title="Sodium in the exosphere of Mercury, seen from two orbits",
        authors="C. Vialattea (ESA), M. Hoshino (JAXA)",
        venue="A preprint server",
        text=EXOSPHERE,
    )
    thesis = _send(
        world,
        project,
        "mika",
        kind="thesis",
        title="Noise of a plasma wave receiver near the Sun",
        authors="S. Minazuki (JAXA)",
        venue="Doctoral thesis (demonstration)",
        text="Demonstration text. Chapter 5 compares the receiver with the transponder of the transfer module.",
    )
    publishing.object_to_publication(
        thesis,
        actor=world.actor("chiara"),
        ground="confidential",
        passage="Chapter 5, the table of the transponder",
        harm="The table comes from a document that we marked as confidential.",
        change="Give the ratios instead of the values.",
    )


def _archive(world: World) -> None:
    """Cleared by everybody, and not out yet; and one that was given up."""
    project = _project("hubble")
    release = _send(
        world,
        project,
        "stella",
        kind="software",
        title="Removal of satellite trails, release 1",
        authors="NASA and ESA",
        venue="A public code repository",
        text="Demonstration text. The archive trails-1.0.tar.gz with its tests.",
    )
    publishing.clear_publication(release, actor=world.actor("lucien"))
    press = _send(
        world,
        project,
        "lucien",
        kind="press",
        title="New eyes on old exposures",
        authors="ESA",
        text="Demonstration text. A note to the press.",
    )
    publishing.withdraw_publication(press, actor=world.actor("lucien"))


def _send(world: World, project: Project, key: str, **words: Any) -> PublicationNotice:
    """Plan it and send it to the other parties."""
    notice = publishing.plan_publication(project, actor=world.actor(key), **words)
    return publishing.notify_parties(notice, actor=world.actor(key))


def _project(slug: str) -> Project:
    return Project.objects.with_agencies().get(title=collaboration(slug).name)


def _in(days: int) -> date:
    return (timezone.now() + timedelta(days=days)).date()
