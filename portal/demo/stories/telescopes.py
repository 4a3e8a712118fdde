"""Three observatories: one at work, one whose agreement waits for a notification, one mission that is complete."""

from decimal import Decimal

from agencies.zones import today
from portal.demo.world import World, this_year
from projects import actions as joint
from projects.agreements import actions as agreeing
from projects.ip import actions as register


def tell(world: World) -> None:
    _hubble(world)
    _webb(world)
    _cassini(world)


def _hubble(world: World) -> None:
    project = world.mission(
        "hubble",
        "stella",
        "ESA",
        planned_start=this_year(1, 1),
        planned_end=this_year(9, 30, years=5),
        audience="public",
    )
    project = world.propose(project, "stella", "lucien")
    register.list_background(
        project,
        actor=world.actor("stella"),
        nature="software",
        title="Pointing model with one gyroscope",
        description="Demonstration entry.",
        limits_implementation="Source code for the operations teams only.",
    )
    register.list_background(
        project,
        actor=world.actor("chiara"),
        nature="data",
        title="Ageing of solar cells, returned array",
        description="Demonstration entry. Measured on the ground.",
        limits_exploitation="Free of charge, with attribution.",
    )
    register.claim_result(
        project,
        actor=world.actor("juno"),
        nature="software",
        title="Removal of satellite trails from long exposures",
        description="Demonstration entry.",
        shares={"NASA": Decimal(60), "ESA": Decimal(40)},
        generated_on=this_year(2, 2),
        made_in="US",
    )
    world.conclude(
        project,
        title="IP-sharing agreement for the extended mission (demonstration)",
        managers=["stella", "lucien"],
        signatories=["orson", "ingrid"],
        answers={"access_exploitation": "royalty_free"},
    )
    world.thread(
        "Trail removal: release as free software?",
        ["NASA", "ESA"],
        ("juno", "en", "Both owners have to agree. We propose a permissive licence and a joint notice of authors."),
        ("-chiara", "it", "Per me va bene, ma serve prima il parere sull’esportazione."),
        ("chiara", "en", "ESA agrees in principle; the export determination takes 20 working days."),
        project=project,
    )


def _webb(world: World) -> None:
    project = world.mission(
        "jwst", "stella", "ESA", "CSA", planned_start=this_year(1, 1), planned_end=this_year(12, 31, years=8)
    )
    project = world.propose(project, "stella", "lucien", "isabeau")
    register.list_background(
        project,
        actor=world.actor("isabeau"),
        nature="hardware",
        title="Fine guidance sensor",
        description="Demonstration entry.",
        limits_implementation="Operations data only.",
        limits_exploitation="On request.",
    )
    register.claim_result(
        project,
        actor=world.actor("stella"),
        nature="know_how",
        title="Realignment after a micrometeoroid impact",
        description="Demonstration entry.",
        shares={"NASA": Decimal("33.3334"), "ESA": Decimal("33.3333"), "CSA": Decimal("33.3333")},
        generated_on=this_year(1, 20),
    )
    agreement = world.negotiate(
        project,
        "stella",
        title="IP-sharing agreement for the observatory (demonstration)",
        answers={"entry_into_force": "all_notified"},
    )
    world.freeze(agreement, "stella", "lucien", "isabeau")
    world.sign(agreement, "orson", "ingrid", "owen")
    for key in ("stella", "lucien"):
        actor = world.actor(key)
        agreeing.record_act(agreement, actor=actor, kind="completion", done_on=today(actor.agency.zone))
    world.thread(
        "Notification of internal procedures",
        ["NASA", "ESA", "CSA"],
        ("lucien", "en", "ESA and NASA have notified. The agreement enters into force when CSA has."),
        ("isabeau", "fr", "Le ministère examine encore; nous comptons notifier avant la fin du mois."),
        project=project,
    )


def _cassini(world: World) -> None:
    project = world.mission(
        "cassini-huygens",
        "stella",
        *("ESA", "ASI"),
        planned_start=this_year(1, 1),
        planned_end=this_year(12, 31, years=1),
        audience="public",
    )
    project = world.propose(project, "stella", "lucien", "fiorenza")
    register.claim_result(
        project,
        actor=world.actor("fiorenza"),
        nature="data",
        title="Radar mosaic of the lakes of Titan",
        description="Demonstration entry.",
        shares={"ASI": Decimal(45), "NASA": Decimal(45), "ESA": Decimal(10)},
        generated_on=this_year(1, 5),
    )
    world.conclude(
        project,
        title="IP-sharing agreement for the archive (demonstration)",
        managers=["stella", "lucien", "fiorenza"],
        signatories=["orson", "ingrid", "elio"],
        answers={"term_years": 30, "extension": False},
    )
    joint.complete(
        project, actor=world.actor("stella"), note="The archive is complete and open; the agreement goes on."
    )
