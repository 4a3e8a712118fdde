"""BepiColombo: the agreement has one of its two signatures and waits for the other."""

from decimal import Decimal

from portal.demo.world import World, this_year
from projects.ip import actions as register
from projects.models import Project


def tell(world: World) -> None:
    project = world.mission(
        "bepicolombo",
        "lucien",
        "JAXA",
        planned_start=this_year(4, 1),
        planned_end=this_year(3, 31, years=6),
        audience="verified",
    )
    project = world.propose(project, "lucien", "mika")
    world.team(project, "mika", "mika", "kenji", "sora", "yui")
    world.team(project, "lucien", "lucien", "ingrid", "chiara")
    _register(world, project)
    agreement = world.negotiate(
        project,
        "lucien",
        title="IP-sharing agreement for BepiColombo (demonstration)",
        answers={"joint_results": "equal", "access_exploitation": "royalty_free", "final_step": "mediation"},
    )
    world.freeze(agreement, "lucien", "mika")
    world.sign(agreement, "ingrid")
    _talk(world, project)


def _register(world: World, project: Project) -> None:
    mika, lucien = world.actor("mika"), world.actor("lucien")
    register.list_background(
        project,
        actor=mika,
        nature="design",
        title="Plasma wave receiver of Mio",
        description="Demonstration entry. Receiver and search coil as flown; interface drawings 3 to 7.",
        limits_implementation="Interface drawings only.",
        limits_exploitation="On request, on fair and reasonable terms.",
        marking="JAXA proprietary",
    )
    register.list_background(
        project,
        actor=lucien,
        nature="software",
        title="Thruster performance model of the transfer module",
        description="Demonstration entry. Model of four ion thrusters, release 4.2.",
        limits_implementation="Object code with its interfaces.",
        limits_exploitation="Not outside the exploration of Mercury.",
    )
    register.list_background(
        project,
        actor=lucien,
        nature="hardware",
        title="Radiation-hardened processor board",
        description="Demonstration entry. Listed so that nobody takes it for included.",
        is_excluded=True,
    )
    register.claim_result(
        project,
        actor=lucien,
        nature="data",
        title="Joint map of the exosphere of Mercury",
        description="Demonstration entry. Both orbiters measure at once; neither part can be used alone.",
        shares={"ESA": Decimal(50), "JAXA": Decimal(50)},
        generated_on=this_year(2, 12),
        made_element="Mio",
        made_registry="JP",
    )
    register.claim_result(
        project,
        actor=mika,
        nature="know_how",
        title="Calibration of two magnetometers in different orbits",
        description="Demonstration entry.",
        shares={"JAXA": Decimal("66.6667"), "ESA": Decimal("33.3333")},
        generated_on=this_year(3, 3),
        made_in="JP",
    )


def _talk(world: World, project: Project) -> None:
    world.thread(
        "Antenna time during orbit insertion",
        ["ESA", "JAXA"],
        (
            "lucien",
            "en",
            "We have **three passes a day** over Cebreros. Could Usuda cover the gap from 02:10 to 05:40 UTC?",
        ),
        ("-sora", "ja", "臼田は保守のため、その時間帯は 64 m が使えません。美笹なら 03:00 から空いています。"),
        ("-mika", "ja", "了解。美笹で提案します。保守の理由はまだ外に書かないでください。"),
        (
            "mika",
            "en",
            "Misasa can take 03:00 to 05:40 UTC on all seven days. Would 50 minutes without contact be acceptable?",
        ),
        ("lucien", "en", "Yes: the orbiter is safe without contact for two hours. I will put it in the timeline."),
        project=project,
    )
    world.thread(
        "Who may publish the first joint map",
        ["ESA", "JAXA"],
        ("ingrid", "en", "Clause “Publication” gives 45 days’ notice. The conference closes its call in six weeks."),
        ("kenji", "ja", "共同発表に賛成です。著者の順番は両機関の研究者で決めてください。"),
        (
            "ingrid",
            "fr",
            "D’accord pour une présentation commune; le texte vous parvient avant vendredi, heure de Tokyo.",
        ),
        project=project,
    )
