"""What the partners could not settle at once: a contest in consultation, one settled, one with the heads, one of silence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone

from portal.demo.facts import collaboration
from portal.demo.world import World
from projects.agreements.models import Agreement, Status
from projects.ip import actions as register
from projects.ip.actions.dispute_clock import keep_time
from projects.ip.models import AccessRequest, Asset
from projects.models import Project

CELL, HEAD = "Cell for growing protein crystals without convection", "Percussive drill head for asteroids"
NEEDLE = b"Demonstration. Seeding needle, drawing 4, revision B. Diameter 0.2 mm, hollow, platinum tip.\n"


def tell(world: World) -> None:
    _cell(world)
    _head(world)
    _software(world)
    _silence(world)


def _cell(world: World) -> None:
    """ESA takes its contest to JAXA: both have put their evidence down, and they are talking apart from it."""
    mika, lucien, ren = world.actor("mika"), world.actor("lucien"), world.actor("ren")
    cell = Asset.objects.with_project().get(title=CELL)
    dispute = register.open_from_contest(
        cell,
        actor=lucien,
        claim="The seeding needle of the cell is from our background of last year. A drawing of it was with the team in "
        "Kibo before the cell was built.",
        sought="A share of 20 percent for ESA, or the needle named as background of ESA in the annex.",
    )
    register.add_file(
        dispute, actor=lucien, content=NEEDLE, name="seeding-needle-4B.txt", is_cleared=True,
        shows="Our drawing of the needle, with the hollow tip that the cell uses.",
    )  # fmt: skip
    register.add_exhibit(
        dispute, actor=ren, kind="history", source=cell.ref, shows="When JAXA entered the cell, and in which words."
    )
    register.answer_dispute(
        dispute,
        actor=mika,
        answer="The needle was shown to us as a sketch. The hollow tip, which matters, was made in Tsukuba.",
    )
    register.name_representative(dispute, actor=mika, level="consultation", membership=ren.membership)
    register.write_without_prejudice(
        dispute, actor=lucien, body="We could live with 15 percent if the needle is named in the patent application."
    )
    register.write_without_prejudice(
        dispute, actor=ren, body="Naming it is no problem. Let us look at the share together on Tuesday."
    )
    register.offer_settlement(
        dispute,
        actor=lucien,
        terms="1. ESA holds 15 percent of the cell.\n2. The application names the seeding needle as made by ESA.\n"
        "3. JAXA sets the shares in the register within ten days.",
    )


def _head(world: World) -> None:
    """JAXA and ESA settled it; what follows is done by an act of its own."""
    mika, lucien = world.actor("mika"), world.actor("lucien")
    head = Asset.objects.with_project().get(title=HEAD)
    dispute = register.open_from_contest(
        head,
        actor=mika,
        claim="The hammer was tried in the chamber of this project in spring. That makes it a result.",
        sought="The head entered as a result, or access to it for the project free of charge.",
    )
    register.add_exhibit(
        dispute, actor=lucien, kind="history", source=head.ref, shows="It was declared before the chamber test."
    )
    offer = register.offer_settlement(
        dispute,
        actor=lucien,
        terms="The head stays sideground of ESA. ESA lets JAXA use it for this project free of charge.",
    )
    register.agree_to_settlement(dispute, actor=mika, sha256=offer.sha256)
    register.settle_contest(head, actor=world.actor("ren"))


def _software(world: World) -> None:
    """What "object code with its interfaces" means has come to the heads of both agencies."""
    agreement = Agreement.objects.get(project__title=collaboration("iss").name, status=Status.IN_FORCE)
    project = Project.objects.with_agencies().get(pk=agreement.project_id)
    with _days_ago(75):
        dispute = register.open_dispute(
            project,
            actor=world.actor("isabeau"),
            against=["NASA"],
            subject_kind="clause",
            subject_ref=agreement.ref,
            clause="software",
            claim="The agreement gives source code where it is needed. We need that of the berthing planner to certify it.",
            sought="The source code of the berthing planner, for the work in this project only.",
        )
    register.answer_dispute(
        dispute,
        actor=world.actor("stella"),
        answer="Needed is what cannot be certified otherwise. Test reports suffice.",
    )
    register.name_representative(
        dispute, actor=world.actor("stella"), level="heads_of_agency", membership=world.actor("orson").membership
    )
    keep_time()


def _silence(world: World) -> None:
    """NASA takes a request that ASI has not answered to the heads of project at once."""
    silent = next(row for row in AccessRequest.objects.order_by("pk") if row.stands() == AccessRequest.Status.ESCALATED)
    project = Project.objects.with_agencies().get(pk=silent.asset.project_id)
    register.open_dispute(
        project,
        actor=world.actor("stella"),
        against=[silent.owner.ref],
        subject_kind="request",
        subject_ref=silent.ref,
        claim="The request was not answered in the time that the agreement gives.",
        sought="An answer: a grant, terms, or one of the reasons that the agreement knows.",
        start_level=2,
    )


@contextmanager
def _days_ago(days: int) -> Iterator[None]:
    """Tell a scene as if it had begun so many days ago; the ledger, whose clock nobody sets, has the true time."""
    real = timezone.now
    timezone.now = lambda: real() - timedelta(days=days)  # type: ignore[assignment]
    try:
        yield
    finally:
        timezone.now = real
