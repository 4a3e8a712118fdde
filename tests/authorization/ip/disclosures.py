"""Disclosures of JAXA: a draft, one that Sora and Lucien of ESA are asked about, one sealed and reported, one decided.

Mika filed them and is an administrator; Sora is on no team; Kenji may know from the history that there are some, and
reads nothing. ESA is told that the sealed one exists; Lucien is named in it, so he sees his own part of it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from agencies.models import Role
from projects.ip import actions
from projects.ip.models import Disclosure
from projects.models import Project
from tests import cast as casting
from tests import stage
from tests.authorization.rows import Row, jaxa, members, parties

if TYPE_CHECKING:
    from tests.authorization.world import World

KEEPERS, OWN, NAMED = {"mika"}, {"mika", "sora"}, {"mika", "sora", "lucien"}
DRAFT, ASKED, SEALED, DECIDED = "draft disclosure", "asked disclosure", "sealed disclosure", "decided disclosure"
PROJECT = "inventive project"
FILE, VERSION = "file of the disclosure", "version of the disclosure"


def build(world: World, secret: Project) -> None:
    cast = world.cast
    mika = cast.actor(cast.mika)
    # A project of its own: what is undecided holds up the publications of a project.
    secret = stage.accepted_project(cast, title=world.secret("inventiveproject", {"mika", "kenji", "lucien"}))
    world.name(PROJECT, secret, {"mika", "kenji", "lucien"})
    judge = casting._person("riku@jaxa.example", "Riku Tokkyo")
    casting._member(judge, cast.jaxa, Role.IP_MANAGER)
    riku = cast.actor(judge)

    def drafted(label: str, readers: set[str], titled: set[str]) -> Disclosure:
        names = ("abstract", "problem", "novelty", "description", "funding", "marking")
        words: dict[str, Any] = {name: world.secret(f"{label}{name}", readers) for name in names}
        words |= {"title": world.secret(f"{label}title", titled & OWN), "effort": "joint"}
        made = actions.draft_disclosure(secret, actor=mika, **words)
        rows = [
            _part("sora@jaxa.example", "60", world.secret(f"{label}partsora", readers | titled & OWN)),
            _part("lucien@esa.example", "40", world.secret(f"{label}partlucien", titled)),
        ]
        return actions.name_contributors(made, actor=mika, version=None, contributors=rows)

    def sealed(label: str, name: str) -> Disclosure:
        made = drafted(label, OWN, NAMED)
        attached = actions.attach_file(
            made, actor=mika, content=b"drawing of " + label.encode(), name="drawing.txt", words=world.secret(f"{label}file", OWN)
        )  # fmt: skip
        actions.ask_contributors(made, actor=mika)
        for person in (cast.sora, cast.lucien):
            actions.confirm_own_part(made, actor=cast.actor(person))
        made = actions.seal_disclosure(made, actor=mika)
        world.name(name, made, JAXA | NAMED)
        if name == SEALED:
            world.name(FILE, made, ref=made.ref, sha256=attached.file.sha256)
            world.name(VERSION, made, ref=made.ref, number=1)
        return made

    world.name(DRAFT, drafted("draftdisclosure", KEEPERS, KEEPERS), JAXA)
    asked = drafted("askeddisclosure", KEEPERS, NAMED)
    world.secrets["askeddisclosurepartsora"].readers = OWN
    world.secrets["askeddisclosurepartlucien"].readers = {"mika", "lucien"}
    world.name(ASKED, actions.ask_contributors(asked, actor=mika), JAXA | NAMED)
    reported = sealed("sealeddisclosure", SEALED)
    actions.report_disclosure(reported, actor=mika)
    actions.dispute_part(reported, actor=cast.actor(cast.lucien), reason=world.secret("disputereason", NAMED))
    decided = sealed("decideddisclosure", DECIDED)
    answers = {
        "agreement": "none",
        "background": "none",
        "joint": "no",
        "place": "yes",
        "export": "no",
        "publication": "no",
    }
    notes = {f"{name}_note": world.secret(f"triage{name}", KEEPERS) for name in answers}
    actions.triage_disclosure(decided, actor=riku, **answers, **notes)
    actions.evaluate_disclosure(decided, actor=riku, evaluation=world.secret("evaluation", KEEPERS))
    actions.decide_disclosure(decided, actor=riku, decision="file", reason=world.secret("decisionreason", KEEPERS))


JAXA = {"mika", "kenji"}


def _part(who: str, percent: str, part: str) -> dict[str, Any]:
    return {"who": who, "percent": Decimal(percent), "role": "inventor", "employer": "employee", "part": part}


def people(cells: str) -> str:
    """Sora and Lucien, who are named, and Mika, who filed it. For others, also Kenji, there is nothing."""
    sora, lucien, mika = cells.split()
    return f"in 404 404 404 {sora} 404 {lucien} {mika} 404 404"


def both(name: str, of: str, get: str, post: str) -> Row:
    return Row(f"ip:{name}", of, GET=people(get), POST=people(post))


NOBODY = "403 403 403"
ROWS = [
    Row("ip:disclosures", GET=members("200")),
    Row(
        "ip:disclosures",
        query="status=sealed&project={inventive project}",
        GET="in 200 200 200 200 200 200 200 200 200",
    ),
    Row("ip:project-disclosures", PROJECT, GET=parties("200 200 200")),
    Row("ip:project-disclosures", "draft", GET=jaxa("200 200")),
    Row("ip:new-disclosure", "secret", GET=parties("200 200 403"), POST=parties("422 422 403")),
    Row("ip:disclosure", DRAFT, GET=people("404 404 200")),
    Row("ip:disclosure", ASKED, GET=people("200 200 200")),
    Row("ip:disclosure", SEALED, GET=people("200 200 200")),
    Row("ip:disclosure", DECIDED, GET=people("200 200 200")),
    both("edit-disclosure", DRAFT, "404 404 200", "404 404 422"),
    both("edit-disclosure", SEALED, "403 403 409", "403 403 409"),
    both("disclosure-contributors", DRAFT, "404 404 200", "404 404 422"),
    both("disclosure-contributors", SEALED, "403 403 409", "403 403 409"),
    Row("ip:print-disclosure", SEALED, GET=people("200 404 200")),
    Row("ip:attach-to-disclosure", DRAFT, POST=people("404 404 422")),
    Row("ip:attach-to-disclosure", SEALED, POST=people("403 403 409")),
    Row("ip:disclosure-file", FILE, GET=people("200 404 200")),
    Row("ip:detach-from-disclosure", FILE, POST=people("403 403 409")),
    Row("ip:disclosure-version", VERSION, GET=people("404 404 200")),
    both("ask-contributors", DRAFT, "404 404 200", "404 404 302"),
    both("ask-contributors", SEALED, "403 403 200", "403 403 409"),
    both("recall-disclosure", ASKED, "403 403 200", "403 403 302"),
    both("confirm-own-part", ASKED, "200 200 403", "302 302 403"),
    both("confirm-own-part", DECIDED, "200 200 403", "409 409 403"),
    both("record-unreachable", ASKED, "403 403 200", "403 403 422"),
    both("seal-disclosure", ASKED, "403 403 200", "403 403 409"),
    both("amend-disclosure", SEALED, "403 403 200", "403 403 422"),
    both("dispute-part", DECIDED, "200 200 403", "422 422 403"),
    both("settle-dispute", SEALED, "200 200 403", "409 302 403"),
    both("name-witness", SEALED, "403 403 200", "403 403 422"),
    both("countersign-disclosure", SEALED, NOBODY, NOBODY),
    both("report-disclosure", SEALED, "403 403 200", "403 403 409"),
    both("report-disclosure", DECIDED, "403 403 200", "403 403 302"),
    both("share-disclosure", SEALED, NOBODY, NOBODY),
    both("triage-disclosure", SEALED, NOBODY, NOBODY),
    both("evaluate-disclosure", DECIDED, NOBODY, NOBODY),
    both("decide-disclosure", DECIDED, NOBODY, NOBODY),
    both("record-filing", DECIDED, NOBODY, NOBODY),
    both("follow-up-filing", DECIDED, NOBODY, NOBODY),
    both("offer-disclosure", DECIDED, NOBODY, NOBODY),
    both("answer-offer", DECIDED, NOBODY, NOBODY),
    both("close-disclosure", DECIDED, NOBODY, NOBODY),
    both("close-disclosure", DRAFT, "404 404 200", "404 404 302"),
    # The same by programs.
    Row("api:disclosure-list", GET=members("200"), POST=members("400")),
    Row("api:disclosure-list", query="status=draft", GET=members("200")),
    Row("api:disclosure-detail", DRAFT, GET=people("404 404 200"), PATCH=people("404 404 200")),
    Row("api:disclosure-detail", SEALED, GET=people("200 200 200"), PATCH=people("403 403 409")),
    *[
        Row(f"api:disclosure-{verb}", of, POST=people(cells))
        for verb, of, cells in (
            ("set-contributors", DRAFT, "404 404 400"),
            ("set-contributors", SEALED, "403 403 409"),
            ("attach", DRAFT, "404 404 400"),
            ("attach", SEALED, "403 403 409"),
            ("detach", DRAFT, "404 404 400"),
            ("ask-contributors", SEALED, "403 403 409"),
            ("recall", ASKED, "403 403 200"),
            ("confirm-part", ASKED, "200 200 403"),
            ("mark-unreachable", ASKED, "403 403 400"),
            ("seal", ASKED, "403 403 409"),
            ("amend", SEALED, "403 403 400"),
            ("dispute-part", DECIDED, "400 400 403"),
            ("settle-dispute", SEALED, "409 200 403"),
            ("name-witness", SEALED, "403 403 400"),
            ("countersign", SEALED, NOBODY),
            ("report", SEALED, "403 403 409"),
            ("share", SEALED, NOBODY),
            ("triage", SEALED, NOBODY),
            ("evaluate", SEALED, NOBODY),
            ("decide", SEALED, NOBODY),
            ("record-filing", DECIDED, NOBODY),
            ("follow-up", DECIDED, NOBODY),
            ("offer", DECIDED, NOBODY),
            ("answer-offer", DECIDED, NOBODY),
            ("close", DRAFT, "404 404 200"),
        )
    ],
]
