"""Drafting and languages: who edits a draft, who reads it, and who translates a text that is negotiated."""

from __future__ import annotations

from typing import Any

from projects.agreements import actions
from projects.models import Project
from tests.authorization.rows import Row, jaxa, members, parties

# fmt: off
ROWS = [
    Row("agreements:chapter", "chapter of the drafted agreement", GET=jaxa("200 200"), POST=jaxa("422 403")),
    Row("agreements:chapter", "chapter of the open agreement", GET=parties("200 200 200"), POST=parties("409 409 403")),
    Row("agreements:chapter", "chapter of the signing agreement", GET=parties("200 200 200"), POST=parties("409 409 403")),
    Row("agreements:guide", "drafted agreement", GET=jaxa("200 200"), POST=jaxa("422 403")),
    Row("agreements:guide", "open agreement", GET=parties("200 200 200"), POST=parties("409 409 403")),
    Row("agreements:outline", "drafted agreement", GET=jaxa("200 200")),
    Row("agreements:outline", "open agreement", GET=parties("200 200 200")),
    Row("agreements:clause", "clause of the drafted agreement", GET=jaxa("200 200"), POST=jaxa("422 403")),
    Row("agreements:choose-alternate", "alternate of the drafted agreement", GET=jaxa("200 200"), POST=jaxa("422 403")),
    Row("agreements:choose-alternate", "alternate of the open agreement", GET=parties("200 200 200"), POST=parties("409 409 403")),
    Row("agreements:add-clause", "drafted agreement", GET=jaxa("200 200"), POST=jaxa("422 403")),
    Row("agreements:add-clause", "open agreement", GET=parties("200 200 200"), POST=parties("409 409 403")),
    Row("agreements:move-clause", "clause of the drafted agreement", POST=jaxa("302 403")),
    Row("agreements:move-clause", "clause of the open agreement", POST=parties("409 409 403")),
    Row("agreements:remove-clause", "clause of the drafted agreement", POST=jaxa("302 403")),
    Row("agreements:remove-clause", "clause of the open agreement", POST=parties("409 409 403")),
    Row("agreements:restore-clause", "clause of the drafted agreement", POST=jaxa("302 403")),
    Row("agreements:languages", "drafted agreement", GET=jaxa("200 200"), POST=jaxa("422 403")),
    Row("agreements:languages", "open agreement", GET=parties("200 200 200"), POST=parties("422 422 403")),
    Row("agreements:languages", "signing agreement", GET=parties("200 200 200"), POST=parties("409 409 403")),
    Row("agreements:translate-title", "title of the French agreement", GET=parties("200 200 200"), POST=parties("422 422 403")),
    Row("agreements:translate-clause", "clause of the French agreement", GET=parties("200 200 200"), POST=parties("422 422 403")),
    # The API.
    Row("api:clause-library", GET=members("200")),
    Row("api:clause-library-kind", "library of secrecy", GET=members("200")),
    *(
        row
        for verb in ("add-clause", "move-clause", "remove-clause")
        for row in (
            Row(f"api:agreement-{verb}", "drafted agreement", POST=jaxa("400 403")),
            Row(f"api:agreement-{verb}", "open agreement", POST=parties("409 409 403")),
            Row(f"api:agreement-{verb}", "signing agreement", POST=parties("409 409 403")),
        )
    ),
    Row("api:agreement-set-languages", "drafted agreement", POST=jaxa("400 403")),
    Row("api:agreement-set-languages", "open agreement", POST=parties("400 400 403")),
    Row("api:agreement-set-languages", "signing agreement", POST=parties("409 409 403")),
    Row("api:agreement-translate-clause", "drafted agreement", POST=jaxa("409 403")),
    Row("api:agreement-translate-clause", "open agreement", POST=parties("409 409 403")),
    Row("api:agreement-translate-clause", "French agreement", POST=parties("400 400 403")),
]
# fmt: on


def build(world: Any, project: Project) -> None:
    """A text that is negotiated in two languages; chapters and wordings of the agreements that are there already."""
    mika = world.cast.actor(world.cast.mika)
    readers = {"lucien", "mika", "kenji"}
    french = actions.draft_agreement(project, actor=mika, title=world.secret("frenchagreement", readers))
    french = actions.set_languages(french, actor=mika, languages=["fr"])
    title = world.secret("frenchtitle", readers)
    french = actions.translate_title(french, actor=mika, language="fr", title=title)
    actions.translate_clause(
        french, "notices", actor=mika, language="fr", heading=world.secret("frenchheading", readers),
        text=world.secret("frenchclause", readers),
    )  # fmt: skip
    actions.share(french, actor=mika)
    world.name("French agreement", french, readers)
    world.name("title of the French agreement", french, ref=french.ref, language="fr")
    world.name("clause of the French agreement", french, ref=french.ref, language="fr", code="notices")
    for label in ("drafted", "open", "signing"):
        ref = world.objects[f"{label} agreement"]["ref"]
        world.name(f"chapter of the {label} agreement", None, ref=ref, chapter="results")
        world.name(f"alternate of the {label} agreement", None, ref=ref, code="periods", alternate="working")
    world.name("library of secrecy", None, kind="nda")
