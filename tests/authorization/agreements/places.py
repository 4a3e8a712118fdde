"""Places under a text: who sees the plan and the names, plans, names, hands over, approves, confirms and prolongs."""

from __future__ import annotations

from typing import Any

from agencies.models import Membership
from projects.agreements import actions
from tests import stage
from tests.authorization.rows import Row, jaxa, parties

ROWS = [
    *(
        Row(name, f"{of} agreement", GET=parties("200 200 200"))
        for name in ("agreements:signing", "api:agreement-signing")
        for of in ("signing", "open", "declined", "planned")
    ),
    Row("agreements:signing", "drafted agreement", GET=jaxa("200 200")),
    Row("agreements:plan-signing", "signing agreement", POST=parties("403 422 403")),
    Row("agreements:plan-signing", "open agreement", POST=parties("422 422 403")),
    Row("agreements:plan-signing", "drafted agreement", POST=jaxa("422 403")),
    Row("agreements:name-signatories", "signing agreement", POST=parties("422 422 403")),
    Row("agreements:name-signatories", "declined agreement", POST=parties("409 409 403")),
    Row("agreements:name-signatories", "drafted agreement", POST=jaxa("422 403")),
    Row("agreements:hand-over", "signing agreement", POST=parties("403 403 403")),
    Row("agreements:hand-over", "drafted agreement", POST=jaxa("403 403")),
    Row("agreements:hand-over", "planned agreement", POST=parties("403 403 422")),
    Row("agreements:approve-for-signing", "signing agreement", POST=parties("409 409 403")),
    Row("agreements:approve-for-signing", "drafted agreement", POST=jaxa("409 403")),
    Row("agreements:approve-for-signing", "planned agreement", POST=parties("422 409 403")),
    Row("agreements:confirm-seen", "signing agreement", POST=parties("409 409 403")),
    Row("agreements:confirm-seen", "drafted agreement", POST=jaxa("409 403")),
    Row("agreements:extend-signing", "signing agreement", POST=parties("403 422 403")),
    Row("agreements:extend-signing", "open agreement", POST=parties("403 409 403")),
    Row("agreements:extend-signing", "drafted agreement", POST=jaxa("409 403")),
    Row("api:agreement-signing", "drafted agreement", GET=jaxa("200 200")),
    Row("api:agreement-plan-signing", "signing agreement", POST=parties("403 400 403")),
    Row("api:agreement-plan-signing", "open agreement", POST=parties("400 400 403")),
    Row("api:agreement-plan-signing", "drafted agreement", POST=jaxa("400 403")),
    Row("api:agreement-name-signatories", "signing agreement", POST=parties("400 400 403")),
    Row("api:agreement-name-signatories", "drafted agreement", POST=jaxa("400 403")),
    Row("api:agreement-hand-over", "signing agreement", POST=parties("403 403 403")),
    Row("api:agreement-hand-over", "drafted agreement", POST=jaxa("403 403")),
    Row("api:agreement-hand-over", "planned agreement", POST=parties("403 403 400")),
    Row("api:agreement-approve-for-signing", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-approve-for-signing", "drafted agreement", POST=jaxa("409 403")),
    Row("api:agreement-approve-for-signing", "planned agreement", POST=parties("400 409 403")),
    Row("api:agreement-confirm-seen", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-confirm-seen", "drafted agreement", POST=jaxa("409 403")),
    Row("api:agreement-extend-signing", "signing agreement", POST=parties("403 400 403")),
    Row("api:agreement-extend-signing", "drafted agreement", POST=jaxa("409 403")),
]


def build(world: Any, project: Any) -> None:
    """Frozen under a plan in which ESA approves first; JAXA has said who signs, and why."""
    cast, both = world.cast, {"mika", "kenji", "lucien"}
    mika = cast.actor(cast.mika)
    drafted = actions.draft_agreement(project, actor=mika, title=world.secret("plannedagreement", both))
    agreement = actions.share(drafted, actor=mika)
    lines = [
        {"agency": "ESA", "role": "approver"},
        *({"agency": name, "role": "signer", "order": 2} for name in ("JAXA", "ESA")),
    ]
    actions.plan_signing(agreement, actor=mika, lines=lines)
    actions.name_signatories(
        agreement, actor=mika, role="signer", order=2, persons=[Membership.objects.get(person=cast.kenji).ref],
        reason=world.secret("naming", both),
    )  # fmt: skip
    agreement = actions.freeze(stage.agree(cast, agreement), actor=mika)
    world.name("planned agreement", agreement, both)
