"""The life of an agreement in force: who leaves, suspends, ends and prolongs it, who answers, and who computes an exit."""

from __future__ import annotations

from typing import Any

from projects.agreements import actions
from projects.models import Project
from tests import stage
from tests.authorization.rows import Row, jaxa, parties

BOTH = {"lucien", "mika", "kenji"}
# What commits an agency is for Kenji, who signs; the rest is for managers: Lucien of ESA, Mika of JAXA.
VERBS = {
    "withdraw": "403 403 {sent}",
    "propose-termination": "403 403 {sent}",
    "propose-renewal": "403 403 {sent}",
    "give-breach-notice": "{sent} {sent} 403",
    "propose-suspension": "409 409 403",
    "propose-resumption": "409 409 403",
    "object-to-renewal": "409 409 403",
}
COMMITTING = ("withdraw", "propose-termination", "propose-renewal")

# fmt: off
PAGES = [
    Row("agreements:life", "living agreement", GET=parties("200 200 200")),
    Row("agreements:life", "signing agreement", GET=parties("200 200 200")),
    Row("agreements:life", "drafted agreement", GET=jaxa("200 200")),
    Row("agreements:exit", "living agreement", GET=parties("200 200 200")),
    Row("agreements:exit", "signing agreement", GET=parties("404 404 404")),
    Row("agreements:exit", "drafted agreement", GET=jaxa("404 404")),
    # Proposed by ESA: JAXA's manager answers.
    Row("agreements:consent-to-step", "suspension", POST=parties("403 302 403")),
    Row("agreements:refuse-step", "suspension", POST=parties("403 422 403")),
    Row("agreements:take-back-step", "suspension", POST=parties("302 403 403")),
    # Given by ESA, whose signatory is Ingrid.
    Row("agreements:take-back-step", "notice of ESA", POST=parties("403 403 403")),
    Row("agreements:settle-handover", "handover", POST=parties("403 302 403")),
    # Given by JAXA about ESA; its time runs.
    Row("agreements:declare-cured", "notice of breach", POST=parties("403 302 403")),
    Row("agreements:terminate-for-breach", "notice of breach", POST=parties("403 403 409")),
]
API = [
    Row("api:agreement-life", "living agreement", GET=parties("200 200 200")),
    Row("api:agreement-life", "signing agreement", GET=parties("404 404 404")),
    Row("api:agreement-exit", "living agreement", GET=parties("400 400 400")),
    Row("api:agreement-exit", "signing agreement", GET=parties("404 404 404")),
    Row("api:agreement-take-back-withdrawal", "living agreement", POST=parties("403 403 409")),
    Row("api:agreement-take-back-withdrawal", "signing agreement", POST=parties("403 403 409")),
    # Without a step there is nobody whose it would be.
    *(
        Row(f"api:agreement-{verb}", "living agreement", POST=parties("400 400 400"))
        for verb in (
            "consent-to-step", "refuse-step", "take-back-step", "declare-cured", "terminate-for-breach", "settle-handover",
        )
    ),
]
ROWS = [
    *PAGES,
    *API,
    *(Row(f"agreements:{verb}", "living agreement", POST=parties(cells.format(sent="422"))) for verb, cells in VERBS.items()),
    *(Row(f"api:agreement-{verb}", "living agreement", POST=parties(cells.format(sent="400"))) for verb, cells in VERBS.items()),
    *(
        Row(f"{door}{verb}", "signing agreement", POST=parties("403 403 409" if verb in COMMITTING else "409 409 403"))
        for door in ("agreements:", "api:agreement-")
        for verb in VERBS
    ),
    *(
        Row(f"{door}{verb}", "drafted agreement", POST=jaxa("403 409" if verb in COMMITTING else "409 403"))
        for door in ("agreements:", "api:agreement-")
        for verb in VERBS
    ),
]
# fmt: on


def build(world: Any, project: Project) -> None:
    """An agreement in force on a project of its own, with a proposal, a notice of withdrawal and one of breach that run."""
    cast = world.cast
    title = world.secret("livingproject", BOTH)
    agreement = stage.agreement_in_force(cast, project=stage.accepted_project(cast, title=title))
    world.name("living agreement", agreement, BOTH)
    actions.propose_suspension(agreement, actor=cast.actor(cast.lucien), reason=world.secret("suspending", BOTH))
    notice = actions.withdraw(
        agreement,
        actor=cast.actor(cast.ingrid),
        reason=world.secret("leaving", BOTH),
        tasks=[world.secret("task", BOTH)],
    )
    actions.give_breach_notice(
        agreement, actor=cast.actor(cast.mika), about=cast.esa, reason=world.secret("breach", BOTH)
    )
    for number, label in ((1, "suspension"), (2, "notice of ESA"), (3, "notice of breach")):
        world.name(label, agreement, ref=agreement.ref, number=number)
    world.name("handover", agreement, ref=agreement.ref, pk=notice.handovers.order_by("pk").first().pk)
