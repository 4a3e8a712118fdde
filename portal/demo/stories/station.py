"""The space station works under an agreement of six; the lunar one began as a study and rests."""

from decimal import Decimal

from portal.demo.world import World, this_year
from projects import actions as joint
from projects.ip import actions as register
from projects.models import Project

MANAGERS = ["stella", "lucien", "mika", "isabeau", "fiorenza", "zvezdana"]
SIGNATORIES = ["orson", "mir", "ingrid", "kenji", "owen", "elio"]


def tell(world: World) -> None:
    _station(world)
    _gateway(world)


def _station(world: World) -> None:
    project = world.mission(
        "iss",
        "stella",
        *("Roscosmos", "ESA", "JAXA", "CSA", "ASI"),
        planned_start=this_year(1, 1),
        planned_end=this_year(12, 31, years=4),
        audience="public",
    )
    project = world.propose(project, "stella", "zvezdana", "lucien", "mika", "isabeau", "fiorenza")
    world.team(project, "mika", "mika", "ren", "yui")
    _register(world, project)
    world.conclude(
        project,
        title="IP-sharing agreement for research on the station (demonstration)",
        managers=MANAGERS,
        signatories=SIGNATORIES,
        answers={"liability": "cross_waiver", "term_years": 10, "software_form": "source"},
    )
    cell = register.claim_result(
        project,
        actor=world.actor("mika"),
        nature="hardware",
        title="Cell for growing protein crystals without convection",
        description="Demonstration entry. Built for the laboratory Kibo, first used there.",
        shares={"JAXA": Decimal(70), "NASA": Decimal(30)},
        protection_office="Japan Patent Office",
        protection_number="Demonstration 2026-000001",
        protected_on=this_year(1, 30),
        generated_on=this_year(1, 12),
        made_element="Kibo",
        made_registry="JP",
    )
    register.contest(
        cell,
        actor=world.actor("lucien"),
        reason="The seeding needle is from our background of last year and is a part of this cell. "
        "We ask for a share of 20 percent, or for the needle to be named as background of ESA.",
    )
    world.thread(
        "Seeding needle of the crystal cell",
        ["NASA", "ESA", "JAXA"],
        ("lucien", "en", "We have contested the entry so that the question is on record; let us settle it by talking."),
        ("-ren", "ja", "針の図面は先方の方が早い。20 %は妥当だと思いますが、特許の出願人は変えたくありません。"),
        (
            "mika",
            "en",
            "Thank you for writing the reason down. We are comparing the drawings and answer by Friday, Tokyo time.",
        ),
        ("stella", "en", "NASA keeps 30 percent in either case and has no objection to either solution."),
        project=project,
    )
    world.thread(
        "Freezer space on the next cargo flight",
        ["NASA", "Roscosmos", "ESA", "JAXA", "CSA", "ASI"],
        ("isabeau", "fr", "Nous demandons 40 litres à −80 °C pour les échantillons de sang; est-ce encore possible?"),
        ("zvezdana", "ru", "На «Прогрессе» есть место только при +4 °C, зато целых 60 литров."),
        ("stella", "en", "There are 55 litres at −80 °C on ours. CSA can have 40, ASI the other 15."),
        ("fiorenza", "it", "Per noi 15 litri bastano. Grazie!"),
        project=project,
    )


def _register(world: World, project: Project) -> None:
    brought = [
        ("mika", "hardware", "Airlock and small arm of Kibo", "Use on the station only.", ""),
        ("lucien", "hardware", "Racks of the laboratory Columbus", "", "On request, on fair and reasonable terms."),
        (
            "isabeau",
            "software",
            "Force control of the two-armed robot",
            "Object code only.",
            "Not outside human spaceflight.",
        ),
        ("fiorenza", "design", "Closure panels of the logistics modules", "", ""),
        ("stella", "data", "Microgravity environment since assembly", "", "Free of charge, with attribution."),
        ("zvezdana", "know_how", "Long-duration countermeasures, protocols 1 to 14", "Medical teams only.", ""),
    ]
    for who, nature, title, implementation, exploitation in brought:
        register.list_background(
            project,
            actor=world.actor(who),
            nature=nature,
            title=title,
            description="Demonstration entry.",
            limits_implementation=implementation,
            limits_exploitation=exploitation,
        )


def _gateway(world: World) -> None:
    project = world.mission(
        "gateway",
        "stella",
        *("ESA", "JAXA", "CSA", "MBRSC"),
        mode="study",
        planned_start=this_year(1, 15),
        planned_end=this_year(6, 30, years=3),
    )
    project = world.propose(project, "stella", "lucien", "mika", "isabeau", "badr")
    project = joint.activate(project, actor=world.actor("stella"))
    world.thread(
        "Airlock interface, before the pause",
        ["NASA", "MBRSC", "JAXA"],
        ("badr", "ar", "نقترح تثبيت واجهة غرفة معادلة الضغط قبل نهاية الشهر حتى لا يتأخر اختبار الأبواب."),
        ("mika", "en", "JAXA agrees to freeze the interface; the life-support lines stay as in sheet 1.4."),
        ("stella", "en", "Agreed. Nothing beyond the interface is decided until the programme goes on."),
        project=project,
    )
    joint.suspend(
        project,
        actor=world.actor("stella"),
        cause="The lead paused the programme in March 2026 in favour of a base on the surface. Interfaces are kept.",
    )
