"""Who gets what around signatures made outside: the list, the file, handing in, certifying, witnessing, refusing, taking back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from projects.agreements import actions
from projects.agreements.signing.outside import keep_pdf_to_sign
from projects.models import Project
from tests import stage
from tests.authorization.rows import Row, jaxa, parties
from tests.projects.agreements.outside import handed

if TYPE_CHECKING:
    from tests.authorization.world import World

BOTH = {"lucien", "mika", "kenji"}

# ESA handed a scan in, Lucien did; JAXA is the depositary. A second agreement's scan of JAXA is certified by Kenji.
# fmt: off
ROWS = [
    Row("agreements:outside", "handed agreement", GET=parties("200 200 200")),
    Row("agreements:outside", "signing agreement", GET=parties("200 200 200")),
    Row("agreements:outside", "drafted agreement", GET=jaxa("200 200")),
    # The job after the freeze has kept it; the first download of an older text writes, once, and is tested apart.
    Row("agreements:pdf-to-sign", "handed agreement", GET=parties("200 200 200")),
    Row("agreements:pdf-to-sign", "open agreement", GET=parties("404 404 404")),
    Row("agreements:pdf-to-sign", "drafted agreement", GET=jaxa("404 404")),
    Row("agreements:submit-external", "signing agreement", GET=parties("200 200 200"), POST=parties("422 422 422")),
    Row("agreements:submit-external", "handed agreement", GET=parties("409 200 200"), POST=parties("409 422 422")),
    Row("agreements:submit-external", "open agreement", GET=parties("409 409 409"), POST=parties("409 409 409")),
    Row("agreements:submit-external", "drafted agreement", GET=jaxa("409 409"), POST=jaxa("409 409")),
    Row("agreements:external", "scan of ESA", GET=parties("200 200 200")),
    Row("agreements:external", "certified scan", GET=parties("200 200 200")),
    Row("agreements:external-file", "scan of ESA", GET=parties("200 200 200")),
    Row("agreements:certify-external", "scan of ESA", POST=parties("403 422 422")),
    Row("agreements:certify-external", "certified scan", POST=parties("403 409 409")),
    Row("agreements:witness-external", "scan of ESA", POST=parties("409 409 409")),
    Row("agreements:witness-external", "certified scan", POST=parties("422 403 403")),
    Row("agreements:refuse-external", "scan of ESA", POST=parties("403 422 422")),
    Row("agreements:refuse-external", "certified scan", POST=parties("403 422 422")),
    Row("agreements:withdraw-external", "scan of ESA", POST=parties("302 409 409")),
    Row("agreements:withdraw-external", "certified scan", POST=parties("409 302 302")),
    Row("api:agreement-outside", "handed agreement", GET=parties("200 200 200")),
    Row("api:agreement-outside", "drafted agreement", GET=jaxa("200 200")),
    Row("api:agreement-pdf-to-sign", "handed agreement", GET=parties("200 200 200")),
    Row("api:agreement-pdf-to-sign", "drafted agreement", GET=jaxa("404 404")),
    Row("api:agreement-outside-file", "scan of ESA", GET=parties("200 200 200")),
    Row("api:agreement-submit-external", "signing agreement", POST=parties("400 400 400")),
    Row("api:agreement-submit-external", "handed agreement", POST=parties("409 400 400")),
    Row("api:agreement-submit-external", "drafted agreement", POST=jaxa("409 409")),
    Row("api:agreement-certify-external", "handed agreement", POST=parties("403 400 400")),
    Row("api:agreement-certify-external", "signing agreement", POST=parties("403 409 409")),
    Row("api:agreement-certify-external", "drafted agreement", POST=jaxa("409 409")),
    Row("api:agreement-witness-external", "handed agreement", POST=parties("409 409 409")),
    Row("api:agreement-witness-external", "certified agreement", POST=parties("400 400 400")),
    Row("api:agreement-witness-external", "drafted agreement", POST=jaxa("409 409")),
    Row("api:agreement-refuse-external", "handed agreement", POST=parties("403 400 400")),
    Row("api:agreement-refuse-external", "signing agreement", POST=parties("403 409 409")),
    Row("api:agreement-refuse-external", "drafted agreement", POST=jaxa("409 409")),
    Row("api:agreement-withdraw-external", "handed agreement", POST=parties("400 409 409")),
    Row("api:agreement-withdraw-external", "signing agreement", POST=parties("409 409 409")),
    Row("api:agreement-withdraw-external", "drafted agreement", POST=jaxa("409 409")),
]
# fmt: on


def build(world: World, project: Project) -> None:
    """Two frozen texts: under one a scan of ESA waits for the depositary, under the other one of JAXA for a witness."""
    cast = world.cast
    mika, kenji, lucien = (cast.actor(person) for person in (cast.mika, cast.kenji, cast.lucien))
    for label, actor in (("handed", lucien), ("certified", mika)):
        drafted = actions.draft_agreement(project, actor=mika, title=world.secret(f"{label}agreement", BOTH))
        agreement = actions.freeze(stage.agree(cast, actions.share(drafted, actor=mika)), actor=mika)
        given = replace(
            handed(agreement, signatory_name=world.secret(f"{label}signatory", BOTH)),
            content=b"\x89PNG\r\n\x1a\n" + world.secret(f"{label}scan", BOTH).encode(),
        )
        row = actions.submit_external(agreement, actor=actor, handed=given)
        if label == "certified":
            actions.certify_external(
                agreement, row.number, actor=kenji, sha256=row.text.sha256, file_sha256=row.file.sha256, saw="scan",
                proof=stage.proof(),
            )  # fmt: skip
        if label == "handed":
            keep_pdf_to_sign(row.text)
        world.name(f"{label} agreement", agreement, BOTH)
        name = "scan of ESA" if label == "handed" else "certified scan"
        world.name(name, agreement, ref=agreement.ref, number=row.number)
