"""Who gets what around a signature: the queue, questions, confirming, taking back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projects.agreements import actions
from projects.models import Project
from tests import stage
from tests.authorization.rows import Row, jaxa, members, parties

if TYPE_CHECKING:
    from tests.authorization.world import World

BOTH = {"lucien", "mika", "kenji"}

# fmt: off
ROWS = [
    Row("agreements:to-sign", GET=members("200")),
    Row("api:agreements-to-sign", GET=members("200")),
    Row("agreements:ask-question", "signing agreement", POST=parties("422 422 422")),
    Row("agreements:ask-question", "open agreement", POST=parties("409 409 409")),
    Row("agreements:ask-question", "drafted agreement", POST=jaxa("409 409")),
    # Kenji signed for JAXA ad referendum, with words that all parties read.
    Row("agreements:sign", "half-signed agreement", GET=parties("200 200 200"), POST=parties("403 403 409")),
    Row("agreements:versions", "half-signed agreement", GET=parties("200 200 200")),
    Row("agreements:confirm-signature", "signature of JAXA", GET=parties("404 200 403"), POST=parties("404 422 403")),
    Row("agreements:void-signature", "signature of JAXA", GET=parties("404 200 200"), POST=parties("404 422 422")),
    Row("api:agreement-signing-challenge", "signing agreement", GET=parties("403 403 200")),
    Row("api:agreement-signing-challenge", "open agreement", GET=parties("403 403 409")),
    Row("api:agreement-signing-challenge", "drafted agreement", GET=jaxa("403 409")),
    Row("api:agreement-confirm-signature", "half-signed agreement", POST=parties("409 400 403")),
    Row("api:agreement-confirm-signature", "signing agreement", POST=parties("409 409 409")),
    Row("api:agreement-confirm-signature", "drafted agreement", POST=jaxa("409 409")),
    Row("api:agreement-void-signature", "half-signed agreement", POST=parties("409 400 400")),
    Row("api:agreement-void-signature", "signing agreement", POST=parties("409 409 409")),
    Row("api:agreement-void-signature", "drafted agreement", POST=jaxa("409 409")),
    Row("api:agreement-ask-question", "signing agreement", POST=parties("400 400 400")),
    Row("api:agreement-ask-question", "open agreement", POST=parties("409 409 409")),
    Row("api:agreement-ask-question", "drafted agreement", POST=jaxa("409 409")),
]
# fmt: on


def build(world: World, project: Project) -> None:
    """A frozen text that JAXA signed ad referendum, with a declaration; ESA asked about it and has not signed."""
    cast = world.cast
    mika = cast.actor(cast.mika)
    drafted = actions.draft_agreement(project, actor=mika, title=world.secret("halfsignedagreement", BOTH))
    agreement = actions.freeze(stage.agree(cast, actions.share(drafted, actor=mika)), actor=mika)
    actions.ask_question(agreement, actor=cast.actor(cast.lucien), words=world.secret("signingquestion", BOTH))
    consent = stage.given_consent(
        agreement, cast.kenji, ad_referendum=True, declaration=world.secret("declaration", BOTH)
    )
    signature = actions.sign(agreement, actor=cast.actor(cast.kenji), consent=consent, proof=stage.proof())
    world.name("half-signed agreement", agreement, BOTH)
    world.name("signature of JAXA", agreement, ref=agreement.ref, evidence=signature.evidence_sha256)
