"""Beginnings and early ends: drafts, open questions, an open call, and what came to nothing."""

from portal.demo.world import INVENTED, World, this_year
from projects import actions as joint
from projects.models import Project


def tell(world: World) -> None:
    _radar(world)
    _magnetosphere(world)
    _laser(world)
    _curation(world)
    _flood_watch(world)
    _dust(world)
    _aurora(world)
    _calendar(world)


def _radar(world: World) -> None:
    """Proposed, and ISRO has not answered."""
    project = world.mission(
        "nisar", "stella", "ISRO", planned_start=this_year(7, 30), planned_end=this_year(7, 29, years=3)
    )
    world.propose(project, "stella")


def _magnetosphere(world: World) -> None:
    """A draft of ESA: CAS is on its list and has heard nothing."""
    world.mission("smile", "lucien", "CAS", planned_start=this_year(5, 19), planned_end=this_year(5, 18, years=3))


def _laser(world: World) -> None:
    """Waits for the answer of JAXA; ASA has accepted."""
    project = world.draft(
        "tara",
        *("JAXA", "ASA"),
        title="Joint laser ranging campaign",
        summary="Three stations range the same reflectors on the Moon for one year and compare what they find.",
        objective=f"Improve the lunar ephemeris by a factor of two, with stations in three countries.\n\n{INVENTED}",
        destination="moon",
        taxonomy=["TX05", "TX17"],
        planned_start=this_year(3, 1, years=1),
        planned_end=this_year(2, 28, years=2),
        mode="study",
    )
    project = world.propose(project, "tara", "skye")
    world.thread(
        "Which nights are ours",
        ["ISRO", "JAXA", "ASA"],
        ("tara", "hi", "हम सप्ताह में तीन रातें माप सकते हैं; मानसून में एक भी नहीं।"),
        ("skye", "en", "We have clear skies exactly then: June to September, four nights a week."),
        project=project,
    )


def _curation(world: World) -> None:
    """Drafted by a contributor, for her manager to propose."""
    joint.draft_project(
        actor=world.actor("sora"),
        title="Asteroid sample curation standard",
        summary="One way of storing, labelling and lending grains from small bodies, so that laboratories can compare.",
        objective=f"Agree on containers, atmosphere, labels and loan rules for samples below one gram.\n\n{INVENTED}",
        destination="small-bodies",
        taxonomy=["TX07", "TX13"],
        audience="verified",
        mode="study",
    )


def _flood_watch(world: World) -> None:
    """An open call: everybody reads the overview, two have accepted, one says no, one is silent."""
    project = world.draft(
        "amani",
        *("EgSA", "SANSA", "EUMETSAT", "CNES"),
        title="Continental flood watch",
        summary="Satellites that exist already are read together, so that towns on six rivers have one more day.",
        objective=f"Combine radar and weather satellites into one free warning a day.\n\n{INVENTED}",
        destination="earth",
        taxonomy=["TX08", "TX11", "TX13"],
        planned_start=this_year(2, 1, years=1),
        planned_end=this_year(1, 31, years=4),
        audience="public",
    )
    project = world.propose(project, "amani", "najma", "naledi")
    world.answer(
        project, "marina", "decline", note="Our mandate has no room for it this year. Please ask again next year."
    )


def _dust(world: World) -> None:
    """Taken back by its lead."""
    project = world.draft(
        "manabu",
        *("Leicester",),
        title="Dust counter for a student satellite",
        summary="A counter the size of a coin, built by students of two universities.",
        objective=f"Count grains above one micrometre for two years.\n\n{INVENTED}",
        destination="earth",
        taxonomy=["TX08"],
    )
    project = world.propose(project, "manabu")
    joint.withdraw_proposal(project, actor=world.actor("manabu"), reason="The satellite was moved to another orbit.")


def _aurora(world: World) -> None:
    """Declined by everybody who was asked."""
    project = world.draft(
        "liv",
        *("CSA", "ISA"),
        title="Aurora camera for the night side",
        summary="One camera on a satellite that flies anyway.",
        objective=f"Film the auroral oval for one winter.\n\n{INVENTED}",
        destination="earth",
        taxonomy=["TX08"],
    )
    project = world.propose(project, "liv")
    world.answer(project, "isabeau", "decline", note="We fly one of our own.")
    world.answer(project, "kochava", "decline", note="Outside our programme.")


def _calendar(world: World) -> None:
    """Begun as a study, and cancelled."""
    project = world.draft(
        "dalnim",
        *("KASA",),
        title="Shared calendar of clean rooms",
        summary="Two organisations lend each other free weeks in their clean rooms.",
        objective=f"Use at least ten free weeks a year.\n\n{INVENTED}",
        destination="ground",
        taxonomy=["TX13"],
        mode="study",
    )
    project = world.propose(project, "dalnim", "haneul")
    joint.activate(project, actor=world.actor("dalnim"))
    joint.cancel_project(
        Project.objects.get(pk=project.pk), actor=world.actor("dalnim"), reason="There are no free weeks."
    )
