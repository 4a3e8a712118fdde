"""One result of the station from its makers to its licences, and background of which one party wants to give less."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from portal.demo.facts import collaboration
from portal.demo.world import World, this_year
from projects.ip import actions as register
from projects.ip.models import Asset
from projects.models import Project

PANELS, ROBOT = "Closure panels of the logistics modules", "Force control of the two-armed robot"
OFFICES = (
    ("Japan Patent Office", "Demonstration 2026-000002", "Japan"),
    ("European Patent Office", "Demonstration 26 000 003", "France, Germany, Italy"),
)


def tell(world: World) -> None:
    project = Project.objects.get(title=collaboration("iss").name)
    window = _claimed(world, project)
    _made_by(world, window)
    _protected(world, window)
    _passed_on(world, window)
    _narrowed(world, project)


def _claimed(world: World, project: Project) -> Asset:
    window = register.claim_result(
        project,
        actor=world.actor("mika"),
        nature="patent",
        title="Window that finds its own micrometeoroid scratches",
        description="Demonstration entry. A grid of light guides between two panes; each scratch changes what arrives.",
        shares={"JAXA": Decimal(60), "ESA": Decimal(40)},
        generated_on=this_year(3, 20),
        made_element="Kibo",
        made_registry="JP",
    )
    register.assert_contribution(
        window,
        actor=world.actor("isabeau"),
        percent=Decimal(10),
        reason="The camera that reads the grid is the one of our arm, and its calibration was done by our team in spring.",
    )
    return window


def _made_by(world: World, window: Asset) -> None:
    """One has confirmed, one is asked, one cannot be asked."""
    people = [
        register.Named("inventor", Decimal("50"), person=str(world.people["yui"].uid)),
        register.Named("inventor", Decimal("33.3333"), person=str(world.people["sora"].uid)),
        register.Named("contributor", Decimal("16.6667"), name="A glazier of the demonstration"),
    ]
    yui, _sora, glazier = register.set_contributors(
        window, actor=world.actor("mika"), version=None, contributors=people
    )
    register.confirm_part(yui, actor=world.actor("yui"))
    register.mark_unreachable(
        glazier, actor=world.actor("mika"), reason="Retired; the last address is not valid any more."
    )


def _protected(world: World, window: Asset) -> None:
    """Filed at two offices, granted at one; the other right is offered before it is given up."""
    mika = world.actor("mika")
    for office, number, territory in OFFICES:
        told = {"office": office, "number": number, "territory": territory}
        register.record_step(window, actor=mika, kind="filed", on=this_year(4, 2), **told)
    office, number, territory = OFFICES[0]
    register.record_step(
        window, actor=mika, kind="granted", on=this_year(9, 14), office=office, number=number, territory=territory
    )
    office, number, territory = OFFICES[1]
    register.offer_abandonment(
        window,
        actor=mika,
        office=office,
        number=number,
        territory=territory,
        reason="The fees of three countries are more than we can carry for a window that only flies on the station.",
    )


def _passed_on(world: World, window: Asset) -> None:
    """ESA's share is about to pass to a company, to which NASA objects; JAXA has given notice of a licence."""
    transfer = register.notify_transfer(
        window,
        actor=world.actor("lucien"),
        percent=Decimal(40),
        to_name="Demonstration Optics GmbH",
        reason="The company builds the panes. It accepts the access rights of all parties in writing.",
    )
    register.object_to_transfer(
        transfer,
        actor=world.actor("stella"),
        reason="We need the windows for the implementation of the next module until its launch, whoever builds them.",
    )
    register.license_asset(
        window,
        actor=world.actor("mika"),
        licensee_name="Demonstration Submarine Works",
        field="Windows of vessels under water",
        territory="Japan",
        starts_on=timezone.now().date() + timedelta(days=90),
    )


def _narrowed(world: World, project: Project) -> None:
    """ASI asks the others to agree to a limit; two have. CSA has made more available than it had signed."""
    found: dict[str, Any] = {one.title: one for one in Asset.objects.filter(project=project, title__in=[PANELS, ROBOT])}
    change = register.propose_narrowing(
        found[PANELS],
        actor=world.actor("fiorenza"),
        kind="limit",
        limits_exploitation="Not for modules that are sold.",
        reason="The licence of our supplier for the honeycomb does not cover sales.",
    )
    for key in ("isabeau", "mika"):
        register.consent_to_narrowing(change, actor=world.actor(key))
    register.edit_asset(found[ROBOT], actor=world.actor("isabeau"), version=None, limits_exploitation="")
