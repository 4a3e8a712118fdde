"""Instruments above, below and beside an agreement: what is begun from one, what a draft stands under, and third parties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projects.agreements import actions
from projects.agreements.models import Agreement
from projects.models import Project
from tests.authorization.rows import Row, jaxa, parties

if TYPE_CHECKING:
    from tests.authorization.world import World

PAGES = [
    Row("agreements:related", "signing agreement", GET=parties("200 200 200")),
    Row("agreements:related", "open agreement", GET=parties("200 200 200")),
    Row("agreements:related", "drafted agreement", GET=jaxa("200 200")),
    Row("agreements:in-force", "open agreement", GET=parties("404 404 404")),
    Row("agreements:amend", "open agreement", POST=parties("409 409 403")),
    Row("agreements:amend", "drafted agreement", POST=jaxa("409 403")),
    Row("agreements:accede", "open agreement", POST=parties("409 409 403")),
    Row("agreements:place-under", "open agreement", POST=parties("409 409 403")),
    Row("agreements:place-under", "drafted agreement", POST=jaxa("422 403")),
    Row("agreements:name-beneficiary", "signing agreement", POST=parties("409 409 403")),
    Row("agreements:name-beneficiary", "open agreement", POST=parties("422 422 403")),
    Row("agreements:name-beneficiary", "drafted agreement", POST=jaxa("422 403")),
    Row("agreements:drop-beneficiary", "third party of the drafted agreement", POST=jaxa("302 403")),
    Row("agreements:catch-up", "open agreement", POST=parties("409 409 403")),
    Row("agreements:consent-to-amendment", "open agreement", POST=parties("403 403 403")),
]
API = [
    Row("api:agreement-in-force", "open agreement", GET=parties("404 404 404")),
    *(
        Row(f"api:agreement-{verb}", "open agreement", POST=parties(cells))
        for verb, cells in {
            "amend": "409 409 403",
            "open-accession": "409 409 403",
            "place-under": "409 409 403",
            "name-beneficiary": "400 400 403",
            "drop-beneficiary": "400 400 403",
            "catch-up": "409 409 403",
            "consent-to-amendment": "403 403 403",
        }.items()
    ),
]
ROWS = [*PAGES, *API]


def build(world: World, project: Project) -> None:
    """A third party in JAXA's draft."""
    draft = Agreement.objects.get(ref=world.objects["drafted agreement"]["ref"])
    code = draft.clauses.order_by("position").first().code
    words = world.secret("reliance", {"mika", "kenji"})
    actions.name_beneficiary(
        draft, actor=world.cast.actor(world.cast.mika), agency=world.cast.isro, code=code, words=words
    )
    world.name("third party of the drafted agreement", draft, ref=draft.ref, agency="ISRO", code=code)
