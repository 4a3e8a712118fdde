"""Mars and its moons: a partner that left and a signature refused, three kinds of answer, and a first draft."""

from django.utils import timezone

from agencies.reauthentication import Proof
from portal.demo.world import World, this_year
from projects import actions as joint
from projects.agreements import actions as agreeing
from projects.ip import actions as register


def tell(world: World) -> None:
    _exomars(world)
    _perseverance(world)
    _moons(world)


def _exomars(world: World) -> None:
    project = world.mission(
        "exomars", "lucien", "Roscosmos", "NASA", planned_start=this_year(5, 16), planned_end=this_year(12, 31, years=5)
    )
    project = world.propose(project, "lucien", "zvezdana", "stella")
    joint.leave_project(
        project, actor=world.actor("zvezdana"), reason="The co-operation on this mission ended in 2022 (demonstration)."
    )
    register.list_background(
        project,
        actor=world.actor("stella"),
        nature="hardware",
        title="Throttleable braking engine",
        description="Demonstration entry.",
        limits_implementation="Integration data only; no manufacturing data.",
        limits_exploitation="None outside this mission.",
        marking="Export controlled by its owner",
    )
    agreement = world.negotiate(project, "lucien", title="IP-sharing agreement for the rover (demonstration)")
    agreement = world.freeze(agreement, "lucien", "stella")
    assert agreement.text is not None
    agreeing.decline(
        agreement,
        actor=world.actor("orson"),
        sha256=agreement.text.sha256,
        proof=Proof(("password",), timezone.now()),
        reason="Annex A names the braking engine without the limit on manufacturing data that we asked for in writing. "
        "We will sign as soon as the annex says so.",
    )
    world.thread(
        "What the annex has to say about the engine",
        ["ESA", "NASA"],
        ("stella", "en", "We need the words “no manufacturing data” in the annex itself, not only in the register."),
        ("-maren", "en", "The register has had them since this morning; the frozen text is older."),
        ("lucien", "en", "Then a new text with today’s register solves it. I reopen the text and send it to you."),
        project=project,
    )


def _perseverance(world: World) -> None:
    project = world.mission(
        "mars2020",
        "stella",
        "CNES",
        "INTA",
        "FFI",
        planned_start=this_year(2, 18),
        planned_end=this_year(2, 17, years=4),
    )
    project = world.propose(project, "stella", "celeste")
    world.answer(
        project,
        "lucia",
        "condition",
        condition="The weather station may be used by our own scientists for six months before the data are public.",
    )
    world.answer(
        project, "liv", "clearance", note="The ministry has to clear the export of the radar’s calibration files."
    )


def _moons(world: World) -> None:
    project = world.mission(
        "mmx",
        "mika",
        *("CNES", "DLR", "NASA", "ESA"),
        planned_start=this_year(10, 1),
        planned_end=this_year(3, 31, years=7),
        audience="verified",
    )
    project = world.propose(project, "mika", "celeste", "lorenz", "stella", "lucien")
    world.team(project, "mika", "mika", "kenji", "ren", "sora")
    for who, nature, title, limit in (
        ("ren", "design", "Sampling corer of the spacecraft", "Interface drawings only."),
        ("celeste", "software", "Wheel and locomotion model of the rover", "Object code only."),
        ("lorenz", "hardware", "Carbon-fibre body of the rover", ""),
        ("juno", "hardware", "Pneumatic sampler", "No manufacturing data."),
    ):
        register.list_background(
            project,
            actor=world.actor(who),
            nature=nature,
            title=title,
            description="Demonstration entry.",
            limits_implementation=limit,
        )
    agreeing.draft_agreement(
        project,
        actor=world.actor("mika"),
        title="IP-sharing agreement for samples and rover (demonstration)",
        answers={"publication_notice_days": 60, "confidentiality_years": 7},
    )
    world.thread(
        "Curation of the first grams",
        ["JAXA", "CNES", "DLR", "NASA", "ESA"],
        (
            "mika",
            "en",
            "We propose that every party receives the same mass, by lot, after one year of joint description.",
        ),
        ("celeste", "fr", "La répartition par tirage au sort nous convient; un an nous paraît long pour les volatils."),
        ("lorenz", "de", "Für flüchtige Stoffe schlagen wir drei Monate vor, für alles andere ein Jahr."),
        ("-sora", "ja", "三か月だと脱ガス試験が終わりません。最短でも五か月必要です。"),
        ("mika", "en", "Five months for volatiles is the shortest we can do. Shall we write five and twelve?"),
        project=project,
    )
