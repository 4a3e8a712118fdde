"""Who may use what on the station: asked, answered with terms, granted, refused, left unanswered, and one that ended."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from portal.demo.facts import collaboration
from portal.demo.world import World, this_year
from projects.ip import actions as access
from projects.ip.actions.access_silence import watch
from projects.ip.models import AccessRequest, Asset
from projects.models import Project

ARM, RACKS = "Airlock and small arm of Kibo", "Racks of the laboratory Columbus"
ROBOT, GRAVITY = "Force control of the two-armed robot", "Microgravity environment since assembly"
CARE, PANELS = "Long-duration countermeasures, protocols 1 to 14", "Closure panels of the logistics modules"


def tell(world: World) -> None:
    project = Project.objects.get(title=collaboration("iss").name)
    _asked(world, project)
    _terms(world, project)
    _granted(world, project)
    _turned_down(world, project)
    _silent(world, project)


def _asked(world: World, project: Project) -> None:
    """A draft of JAXA, one that waits for JAXA, and one about which JAXA has asked back."""
    _draft(
        world, project, "mika", RACKS, "evaluation",
        need="We compare two carriers for the second crystal cell and have to fit it into a rack before we choose.",
        wanted_to=this_year(12, 31),
    )  # fmt: skip
    _submit(
        world, project, "stella", ARM, "exploitation",
        need="Our small satellites are released from the same airlock next year. Without the interface of the arm each "
        "release needs an adapter of its own, eight months and a second safety review.",
        field="Release of satellites of up to 50 kg",
    )  # fmt: skip
    asked = _submit(
        world, project, "isabeau", ARM, "evaluation",
        need="Nous voulons savoir si notre robot peut saisir les charges du sas sans adaptateur.",
        wanted_to=this_year(12, 31),
    )  # fmt: skip
    access.acknowledge_request(asked, actor=world.actor("mika"))
    access.ask_requester(asked, actor=world.actor("mika"), body="Which end effector is it, and is it flown or planned?")


def _terms(world: World, project: Project) -> None:
    """CSA lets JAXA use its force control for a price, after JAXA put other terms: JAXA has to accept."""
    request = _submit(
        world, project, "mika", ROBOT, "exploitation",
        need="Our free-flyer is to hold on to a handrail without pushing itself away; our own control has no such mode.",
        field="Free-flying robots inside pressurised modules", software_form="object",
    )  # fmt: skip
    isabeau, mika = world.actor("isabeau"), world.actor("mika")
    terms: dict[str, Any] = {
        "starts_on": this_year(1, 1, years=1),
        "ends_on": this_year(12, 31, years=5),
        "field": "Free-flying robots inside pressurised modules",
        "royalty": "sum",
        "software_form": "object",
        "reporting": "Flight hours and anomalies once a year.",
    }
    access.accept_need(request, actor=isabeau)
    access.offer_terms(request, actor=isabeau, **terms, royalty_words="90 000 CAD on acceptance.")
    counter = {**terms, "royalty": "in_kind", "royalty_words": "Forty hours of test time on our air-bearing table."}
    access.counter_terms(request, actor=mika, **counter, note="We would rather give test time than money.")
    access.offer_terms(
        request, actor=isabeau, **{**counter, "royalty_words": "Sixty hours of test time on your air-bearing table."},
        note="Sixty hours, of which twenty in the first year.",
    )  # fmt: skip


def _granted(world: World, project: Project) -> None:
    """A right of ESA that runs, one of JAXA that ended, and one of ASI that is used up."""
    running = _submit(
        world, project, "lucien", GRAVITY, "exploitation",
        need="Our commercial users design for the disturbances that were measured; without the data they design blindly.",
        wanted_to=this_year(6, 30, years=4),
    )  # fmt: skip
    access.grant_request(running, actor=world.actor("stella"))
    ended = _submit(
        world, project, "mika", RACKS, "internal_research",
        need="Ground tests of two drawers.", wanted_from=this_year(1, 1, years=-1), wanted_to=this_year(12, 31, years=-1),
    )  # fmt: skip
    access.grant_request(ended, actor=world.actor("lucien"))
    used = _submit(world, project, "fiorenza", GRAVITY, "evaluation", need="One run of our vibration model.")
    access.grant_request(used, actor=world.actor("stella"))
    right = AccessRequest.objects.select_related("right").get(pk=used.pk).right
    access.use_up_right(right, actor=world.actor("fiorenza"), reason="The run is done; the data are deleted.")


def _turned_down(world: World, project: Project) -> None:
    """One refused by its owner, one by the agreement itself."""
    request = _submit(
        world, project, "lucien", CARE, "exploitation", need="Training plans for patients after long bed rest."
    )
    access.refuse_request(
        request, actor=world.actor("zvezdana"), ground="third_party",
        words="Protocols 9 to 14 belong to an institute that has licensed their medical use to another.",
    )  # fmt: skip
    aside = access.declare_sideground(
        project, actor=world.actor("stella"), nature="software", title="Scheduler for crew time",
        description="Demonstration entry. Written for another programme at the same time.",
    )  # fmt: skip
    _submit(world, project, "lucien", aside.title, "implementation", need="Our planners use the same calendar.")


def _silent(world: World, project: Project) -> None:
    """ASI has not answered NASA in time: the request is with the managers of both."""
    request = _submit(
        world,
        project,
        "stella",
        PANELS,
        "exploitation",
        need="The panels are the only ones certified for the new module.",
    )
    asked_at = timezone.now() - timedelta(days=36)
    AccessRequest.objects.filter(pk=request.pk).update(submitted_at=asked_at, due_at=asked_at + timedelta(days=34))
    watch()


def _draft(world: World, project: Project, who: str, title: str, purpose: str, **asked: object) -> AccessRequest:
    asset = Asset.objects.get(project=project, title=title)
    words: dict[str, object] = {"wanted_from": _today(), **asked}
    return access.draft_request(asset, actor=world.actor(who), purpose=purpose, **words)


def _submit(world: World, project: Project, who: str, title: str, purpose: str, **asked: object) -> AccessRequest:
    return access.submit_request(_draft(world, project, who, title, purpose, **asked), actor=world.actor(who))


def _today() -> date:
    return timezone.now().date()
