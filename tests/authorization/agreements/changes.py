"""Who gets what at the addresses of a negotiation: changes, brackets, comments, internal approvals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projects.agreements import actions
from projects.models import Project
from tests.authorization.rows import Row, jaxa, parties

if TYPE_CHECKING:
    from tests.authorization.world import World

BOTH, JAXA = {"lucien", "mika", "kenji"}, {"mika", "kenji"}

# fmt: off
ROWS = [
    # Of the negotiated agreement: ESA proposed the change and shared a comment; the rest is JAXA's.
    Row("agreements:agreement", "negotiated agreement", GET=parties("200 200 200")),
    Row("agreements:clause", "clause of the negotiated agreement", GET=parties("200 200 200"), POST=parties("422 422 403")),
    Row("agreements:changes", "negotiated agreement", GET=parties("200 200 200")),
    Row("agreements:changes", "signing agreement", GET=parties("200 200 200")),
    Row("agreements:changes", "drafted agreement", GET=jaxa("200 200")),
    Row("agreements:propose", "negotiated agreement", GET=parties("200 200 200"), POST=parties("422 422 403")),
    Row("agreements:propose", "signing agreement", GET=parties("200 200 200"), POST=parties("409 409 403")),
    Row("agreements:propose", "drafted agreement", GET=jaxa("200 200"), POST=jaxa("409 403")),
    Row("agreements:change", "change of the negotiated agreement", GET=parties("200 200 200")),
    Row("agreements:refuse-change", "change of the negotiated agreement", GET=parties("200 200 200"), POST=parties("409 422 403")),
    Row("agreements:counter-change", "change of the negotiated agreement", GET=parties("200 200 200"), POST=parties("409 422 403")),
    Row("agreements:accept-change", "change of the negotiated agreement", POST=parties("409 302 403")),
    Row("agreements:withdraw-change", "change of the negotiated agreement", POST=parties("302 403 403")),
    Row("agreements:place-bracket", "clause of the negotiated agreement", GET=parties("200 200 200"), POST=parties("302 302 403")),
    Row("agreements:place-bracket", "clause of the signing agreement", GET=parties("200 200 200"), POST=parties("409 409 403")),
    Row("agreements:lift-bracket", "bracket of the negotiated agreement", POST=parties("403 302 403")),
    Row("agreements:comment", "negotiated agreement", POST=parties("422 422 422")),
    Row("agreements:comment", "signing agreement", POST=parties("422 422 422")),
    Row("agreements:comment", "drafted agreement", POST=jaxa("422 422")),
    Row("agreements:widen-comment", "shared comment of the negotiated agreement", GET=parties("200 200 200"), POST=parties("409 403 403")),
    Row("agreements:widen-comment", "internal comment of the negotiated agreement", GET=jaxa("200 200"), POST=jaxa("302 403")),
    Row("agreements:resolve-comment", "shared comment of the negotiated agreement", POST=parties("302 403 403")),
    Row("agreements:resolve-comment", "internal comment of the negotiated agreement", POST=jaxa("302 403")),
    Row("agreements:reopen-comment", "shared comment of the negotiated agreement", POST=parties("409 403 403")),
    Row("agreements:reopen-comment", "internal comment of the negotiated agreement", POST=jaxa("409 403")),
    Row("agreements:approvals", "negotiated agreement", GET=parties("200 200 200"), POST=parties("302 302 403")),
    Row("agreements:approvals", "signing agreement", GET=parties("200 200 200"), POST=parties("409 409 403")),
    Row("agreements:approvals", "drafted agreement", GET=jaxa("200 200"), POST=jaxa("302 403")),
    Row("agreements:approve", "approval of the negotiated agreement", POST=jaxa("422 403")),
    Row("agreements:take-back-approval", "approval of the negotiated agreement", POST=jaxa("409 403")),
    # The API.
    Row("api:agreement-changes", "negotiated agreement", GET=parties("200 200 200")),
    Row("api:agreement-changes", "drafted agreement", GET=jaxa("200 200")),
    Row("api:agreement-comments", "negotiated agreement", GET=parties("200 200 200")),
    Row("api:agreement-comments", "drafted agreement", GET=jaxa("200 200")),
    Row("api:agreement-approvals", "negotiated agreement", GET=parties("200 200 200")),
    Row("api:agreement-approvals", "drafted agreement", GET=jaxa("200 200")),
    Row("api:agreement-propose-change", "negotiated agreement", POST=parties("400 400 403")),
    Row("api:agreement-propose-change", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-propose-change", "drafted agreement", POST=jaxa("409 403")),
    Row("api:agreement-accept-change", "negotiated agreement", POST=parties("409 400 403")),
    Row("api:agreement-accept-change", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-refuse-change", "negotiated agreement", POST=parties("409 400 403")),
    Row("api:agreement-refuse-change", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-counter-change", "negotiated agreement", POST=parties("409 400 403")),
    Row("api:agreement-counter-change", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-withdraw-change", "negotiated agreement", POST=parties("400 409 403")),
    Row("api:agreement-withdraw-change", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-place-bracket", "negotiated agreement", POST=parties("400 400 403")),
    Row("api:agreement-place-bracket", "drafted agreement", POST=jaxa("409 403")),
    Row("api:agreement-lift-bracket", "negotiated agreement", POST=parties("409 400 403")),
    Row("api:agreement-lift-bracket", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-comment", "negotiated agreement", POST=parties("400 400 400")),
    Row("api:agreement-comment", "drafted agreement", POST=jaxa("400 400")),
    Row("api:agreement-widen-comment", "negotiated agreement", POST=parties("400 400 400")),
    Row("api:agreement-widen-comment", "drafted agreement", POST=jaxa("409 409")),
    Row("api:agreement-resolve-comment", "negotiated agreement", POST=parties("400 400 400")),
    Row("api:agreement-reopen-comment", "negotiated agreement", POST=parties("400 400 400")),
    Row("api:agreement-ask-approvals", "negotiated agreement", POST=parties("400 400 403")),
    Row("api:agreement-ask-approvals", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-approve", "negotiated agreement", POST=parties("409 400 403")),
    Row("api:agreement-approve", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-take-back-approval", "negotiated agreement", POST=parties("409 400 403")),
    Row("api:agreement-take-back-approval", "signing agreement", POST=parties("409 409 403")),
]
# fmt: on


def build(world: World, project: Project) -> None:
    """A shared text to which ESA proposes a change; what the agencies say to all about it, and what JAXA keeps inside."""
    cast = world.cast
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)
    drafted = actions.draft_agreement(project, actor=mika, title=world.secret("negotiatedagreement", BOTH))
    agreement = actions.share(drafted, actor=mika)
    code = "confidentiality"
    change = actions.propose_change(
        agreement, actor=lucien, operation="reword", code=code, text=world.secret("proposedwords", BOTH),
        note=world.secret("changenote", BOTH),
    )  # fmt: skip
    shared = actions.comment(
        agreement, actor=lucien, code=code, audience="shared", words=world.secret("sharedcomment", BOTH)
    )
    internal = actions.comment(agreement, actor=mika, code=code, words=world.secret("internalcomment", JAXA))
    bracket = actions.place_bracket(agreement, "disputes", actor=mika, note=world.secret("bracketnote", BOTH))
    words = world.secret("approval", JAXA)
    (line,) = actions.ask_approvals(agreement, actor=mika, lines=[{"kind": "legal", "words": words}])
    world.name("negotiated agreement", agreement, BOTH)
    world.name("clause of the negotiated agreement", agreement, ref=agreement.ref, code=code)
    world.name("change of the negotiated agreement", agreement, ref=agreement.ref, number=change.number)
    world.name("bracket of the negotiated agreement", agreement, ref=agreement.ref, bracket=bracket.pk)
    world.name("shared comment of the negotiated agreement", agreement, ref=agreement.ref, comment=shared.pk)
    world.name("internal comment of the negotiated agreement", agreement, ref=agreement.ref, comment=internal.pk)
    world.name("approval of the negotiated agreement", agreement, ref=agreement.ref, position=line.position)
