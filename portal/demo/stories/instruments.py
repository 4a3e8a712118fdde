"""What becomes of agreements: an amendment in force, an umbrella with a child, a rest, and a party that leaves."""

from portal.demo.facts import collaboration
from portal.demo.world import World, flowing
from projects.agreements import actions as agreeing
from projects.agreements.models import Agreement, Part
from projects.ip import actions as register
from projects.models import Project

RELEASE = flowing("""A Party that intends to publish Results of the Project sends the other Parties the text at least
{{publication_notice_days}} before. Software that was made with the archive is published with its source code, unless an owner
objects within {{publication_objection_days}} and says which right of its own would be lost.

A joint release to the press needs the consent of all.""")

DEVIATION = "Responsibilities at the ground station"


def tell(world: World) -> None:
    _amended(world, _project("hubble"))
    _umbrella(world, _project("hubble"))
    _resting(world, _project("jwst"))
    _leaving(world, _project("jwst"))


def _amended(world: World, project: Project) -> None:
    """The answer time becomes shorter, and one clause gets other words."""
    agreement = Agreement.objects.get(project=project, title__startswith="IP-sharing")
    stella = world.actor("stella")
    amendment = agreeing.draft_amendment(agreement, actor=stella)
    agreeing.answer_profile(amendment, actor=stella, answers={"access_answer_days": 20}, part=Part.AMENDED)
    agreeing.word_clause(amendment, "publication", actor=stella, text=RELEASE)
    amendment = agreeing.share(amendment, actor=stella)
    amendment = world.sign(world.freeze(amendment, "stella", "lucien"), "orson", "ingrid")
    agreeing.enter_into_force(amendment, actor=stella)
    # A record that the signed annexes do not have yet.
    register.list_background(
        project, actor=world.actor("chiara"), nature="data", title="Calibration lamp spectra",
        description="Demonstration entry. Listed after the agreement was signed.",
    )  # fmt: skip


def _umbrella(world: World, project: Project) -> None:
    """A memorandum in force, and an arrangement under it that is being negotiated in two languages."""
    umbrella = world.conclude(
        project,
        kind="memorandum",
        title="Memorandum of understanding on space observatories (demonstration)",
        managers=["stella", "lucien"],
        signatories=["orson", "ingrid"],
        answers={"term_years": 12},
    )
    stella = world.actor("stella")
    child = agreeing.draft_agreement(
        project, actor=stella, kind="implementing", parent=umbrella, answers={"term_years": 3},
        title="Implementing arrangement for the ground station (demonstration)",
    )  # fmt: skip
    agreeing.set_languages(child, actor=stella, languages=["fr"])
    agreeing.add_clause(
        child, actor=stella, heading=DEVIATION, after="purpose",
        text="NASA operates the antenna from 06:00 to 18:00 UTC, ESA from 18:00 to 06:00 UTC.",
    )  # fmt: skip
    agreeing.share(child, actor=stella)


def _resting(world: World, project: Project) -> None:
    """Data exchange rests while the archive moves."""
    agreement = world.conclude(
        project,
        kind="data_exchange",
        title="Data exchange for calibration (demonstration)",
        managers=["stella", "lucien", "isabeau"],
        signatories=["orson", "ingrid", "owen"],
    )
    step = agreeing.propose_suspension(
        agreement, actor=world.actor("stella"), reason="The archive moves to another data centre until summer."
    )
    for key in ("lucien", "isabeau"):
        agreeing.consent_to_step(agreement, step.number, actor=world.actor(key))


def _leaving(world: World, project: Project) -> None:
    """Three are bound to secrecy; one has given notice, and its clock runs."""
    agreement = world.conclude(
        project,
        kind="nda",
        title="Non-disclosure agreement for detector tests (demonstration)",
        managers=["stella", "lucien", "isabeau"],
        signatories=["orson", "ingrid", "owen"],
    )
    agreeing.withdraw(
        agreement, actor=world.actor("owen"), reason="Our part of the detector tests is complete.",
        tasks=["Return the two test detectors to the clean room"],
    )  # fmt: skip


def _project(slug: str) -> Project:
    return Project.objects.with_agencies().get(title=collaboration(slug).name)
