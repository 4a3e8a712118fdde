"""Access: what ESA asks JAXA for, what it was granted, and who may ask whether something may be used."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from unittest.mock import patch

from projects.ip import actions
from projects.ip.models import AccessRequest, Asset
from projects.models import Project
from tests.authorization.rows import Row, jaxa, members, open_call, parties, public
from tests.projects.ip.access import Agreed

if TYPE_CHECKING:
    from tests.authorization.world import World

JAXA, ESA = {"mika", "kenji"}, {"lucien"}
BOTH = JAXA | ESA


def esa(cell: str) -> str:
    """What ESA keeps to itself: Lucien. For others there is nothing."""
    return f"in 404 404 404 404 404 {cell} 404 404 404"


def known(here: str, elsewhere: str) -> str:
    """A question about an asset that the two share; to others it is as if it were not there."""
    return members(" ".join([*[elsewhere] * 5, *[here] * 3, elsewhere]))


ASKED = "asset={asset}&agency=ESA&purpose=exploitation"
# fmt: off
ROWS = [
    Row("ip:access", "secret", GET=parties("200 200 200")),
    Row("ip:access", "draft", GET=jaxa("200 200")),
    Row("ip:access", "open", GET=open_call("200 200 200")),
    Row("ip:access", "public", GET=public("200 200 200")),
    Row("ip:may-use", GET=members("200")),
    Row("ip:may-use", query=ASKED, GET=known("200", "422")),
    Row("ip:request-access", "asset", GET=parties("200 200 200"), POST=parties("409 403 403")),
    Row("ip:request-access", "asset of ESA", GET=parties("200 200 200"), POST=parties("403 409 403")),
    Row("ip:access-requests", GET=members("200")),
    Row("ip:access-requests", query="project={secret}", GET=members("200")),
    Row("ip:access-request", "draft access", GET=esa("200")),
    Row("ip:access-request", "asked access", GET=parties("200 200 200")),
    Row("ip:access-request", "offered access", GET=parties("200 200 200")),
    Row("ip:edit-access-request", "draft access", GET=esa("200"), POST=esa("422")),
    Row("ip:edit-access-request", "asked access", GET=parties("409 403 403"), POST=parties("409 403 403")),
    Row("ip:submit-access-request", "draft access", POST=esa("409")),
    Row("ip:submit-access-request", "asked access", POST=parties("409 403 403")),
    Row("ip:withdraw-access-request", "draft access", POST=esa("302")),
    Row("ip:withdraw-access-request", "asked access", POST=parties("302 403 403")),
    Row("ip:acknowledge-access-request", "asked access", POST=parties("403 302 403")),
    Row("ip:acknowledge-access-request", "draft access", POST=esa("403")),
    Row("ip:ask-requester", "asked access", POST=parties("403 422 403")),
    Row("ip:answer-owner", "asked access", POST=parties("409 403 403")),
    Row("ip:accept-need", "asked access", POST=parties("403 302 403")),
    Row("ip:grant-access", "asked access", POST=parties("403 302 403")),
    Row("ip:grant-access", "offered access", POST=parties("403 409 403")),
    Row("ip:offer-terms", "asked access", POST=parties("403 422 403")),
    Row("ip:accept-terms", "asked access", POST=parties("409 403 403")),
    Row("ip:accept-terms", "offered access", POST=parties("422 403 403")),
    Row("ip:counter-terms", "asked access", POST=parties("409 403 403")),
    Row("ip:counter-terms", "offered access", POST=parties("422 403 403")),
    Row("ip:refuse-access", "asked access", POST=parties("403 422 403")),
    Row("ip:refuse-access", "draft access", POST=esa("403")),
    Row("ip:access-rights", GET=members("200")),
    Row("ip:access-rights", query="project={secret}", GET=members("200")),
    Row("ip:access-right", "right", GET=parties("200 200 200")),
    Row("ip:revoke-right", "right", POST=parties("403 422 403")),
    Row("ip:use-up-right", "right", POST=parties("422 403 403")),
    Row("api:may-use", GET=members("400")),
    Row("api:may-use", query=ASKED, GET=known("200", "400")),
    Row("api:access-request-list", GET=members("200"), POST=members("400")),
    Row("api:access-request-list", query="project={secret}", GET=members("200"), POST=members("400")),
    Row("api:access-request-detail", "draft access", GET=esa("200"), PATCH=esa("200")),
    Row("api:access-request-detail", "asked access", GET=parties("200 200 200"), PATCH=parties("409 403 403")),
    Row("api:access-request-submit", "draft access", POST=esa("409")),
    Row("api:access-request-submit", "asked access", POST=parties("409 403 403")),
    Row("api:access-request-withdraw", "asked access", POST=parties("200 403 403")),
    Row("api:access-request-acknowledge", "asked access", POST=parties("403 200 403")),
    Row("api:access-request-ask", "asked access", POST=parties("403 400 403")),
    Row("api:access-request-answer", "asked access", POST=parties("409 403 403")),
    Row("api:access-request-accept-need", "asked access", POST=parties("403 200 403")),
    Row("api:access-request-grant", "asked access", POST=parties("403 200 403")),
    Row("api:access-request-offer", "asked access", POST=parties("403 400 403")),
    Row("api:access-request-accept", "offered access", POST=parties("400 403 403")),
    Row("api:access-request-counter", "offered access", POST=parties("400 403 403")),
    Row("api:access-request-refuse", "asked access", POST=parties("403 400 403")),
    Row("api:access-right-list", GET=members("200")),
    Row("api:access-right-detail", "right", GET=parties("200 200 200")),
    Row("api:access-right-revoke", "right", POST=parties("403 400 403")),
    Row("api:access-right-use-up", "right", POST=parties("400 403 403")),
]
# fmt: on


def build(world: World, secret: Project) -> None:
    """A draft that ESA has shown to nobody, a request, one with terms on the table, and a right."""
    cast = world.cast
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)
    agreed = Agreed()
    agreed.say()
    asset = Asset.objects.get(ref=world.objects["asset"]["ref"])
    from_on = date(2026, 1, 1)

    def drafted(label: str, readers: set[str], purpose: str) -> AccessRequest:
        words = {name: world.secret(f"{label}{name}", readers) for name in ("need", "field", "territory", "affiliates")}
        request = actions.draft_request(asset, actor=lucien, purpose=purpose, wanted_from=from_on, **words)
        world.name(f"{label} access", request, readers)
        return request

    with patch("projects.agreements.coverage.terms_of", agreed):
        drafted("draft", ESA, "evaluation")
        actions.submit_request(drafted("asked", BOTH, "exploitation"), actor=lucien)
        offered = actions.submit_request(drafted("offered", BOTH, "internal_research"), actor=lucien)
        actions.ask_requester(offered, actor=mika, body=world.secret("accessquestion", BOTH))
        actions.answer_owner(offered, actor=lucien, body=world.secret("accessanswer", BOTH))
        words = {
            name: world.secret(f"terms{name.replace('_', '')}", BOTH) for name in ("royalty_words", "reporting", "note")
        }
        actions.offer_terms(offered, actor=mika, starts_on=from_on, royalty="sum", **words)
        granted = actions.submit_request(drafted("granted", BOTH, "implementation"), actor=lucien)
        right = actions.grant_request(granted, actor=mika).right
    world.name("right", right, BOTH)
