"""Markings, files of assets, and export authorisations: what stays with JAXA, and what has crossed to ESA."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from agencies.middleware import actor_of_person
from agencies.models import Membership, Person, Role
from portal.files.storage import store
from portal.kit.actors import Actor
from projects.ip import actions
from projects.ip.models import Asset
from projects.models import Project
from tests.authorization.rows import Row, jaxa, members, parties

if TYPE_CHECKING:
    from tests.authorization.world import World

JAXA, ESA = {"mika", "kenji"}, {"lucien"}
BOTH = JAXA | ESA

# fmt: off
ROWS = [
    Row("ip:files", "secret", GET=parties("200 200 200")),
    Row("ip:bundle", "secret", GET=parties("302 302 302"), POST=parties("302 302 302")),
    Row("ip:authorisations", "secret", GET=parties("200 200 200")),
    Row("ip:apply-authorisation", "secret", GET=parties("403 403 403"), POST=parties("403 403 403")),
    Row("ip:markings", "asset", GET=parties("200 200 200")),
    Row("ip:markings", "asset of ESA", GET=parties("200 200 200")),
    Row("ip:markings", "controlled asset", GET=parties("200 200 200")),
    Row("ip:classify", "asset", GET=parties("403 403 403"), POST=parties("403 403 403")),
    Row("ip:mark", "asset", GET=parties("403 200 403"), POST=parties("403 422 403")),
    Row("ip:request-classification", "asset", GET=parties("409 403 403"), POST=parties("409 403 403")),
    Row("ip:request-classification", "asset of ESA", GET=parties("403 200 403"), POST=parties("403 422 403")),
    Row("ip:hold", "asset", GET=parties("403 403 403"), POST=parties("403 403 403")),
    Row("ip:release", "asset", POST=parties("403 403 403")),
    Row("ip:attach-file", "asset", GET=parties("403 200 403"), POST=parties("403 422 403")),
    Row("ip:asset", "cleared asset", GET=parties("200 200 200")),
    Row("ip:asset", "controlled asset", GET=parties("200 200 200")),
    Row("ip:file", "withheld file", GET=parties("409 200 200"), POST=parties("409 422 422")),
    Row("ip:file", "plain file", GET=parties("200 200 200"), POST=parties("422 422 422")),
    Row("ip:file", "marked file", GET=parties("200 200 200"), POST=parties("422 422 422")),
    Row("ip:replace-file", "withheld file", GET=parties("403 200 403"), POST=parties("403 422 403")),
    Row("ip:authorisation", "granted authorisation", GET=parties("200 200 200")),
    Row("ip:authorisation", "applied authorisation", GET=jaxa("200 200")),
    Row("ip:grant-authorisation", "applied authorisation", GET=jaxa("403 403"), POST=jaxa("403 403")),
    Row("ip:grant-authorisation", "granted authorisation", GET=parties("403 403 403"), POST=parties("403 403 403")),
    Row("ip:amend-authorisation", "applied authorisation", GET=jaxa("403 403"), POST=jaxa("403 403")),
    Row("ip:amend-authorisation", "granted authorisation", GET=parties("403 403 403"), POST=parties("403 403 403")),
    Row("ip:void-authorisation", "applied authorisation", GET=jaxa("403 403"), POST=jaxa("403 403")),
    Row("ip:void-authorisation", "granted authorisation", GET=parties("403 403 403"), POST=parties("403 403 403")),
    Row("ip:authorisation-document", "applied authorisation", GET=jaxa("409 409")),
    Row("ip:authorisation-document", "granted authorisation", GET=parties("403 200 200")),
    Row("api:asset-detail", "cleared asset", GET=parties("200 200 200"), PATCH=parties("403 200 403")),
    Row("api:marking-list", GET=members("200")),
    Row("api:marking-list", query="project={secret}", GET=members("200")),
    Row("api:marking-detail", "asset", GET=parties("200 200 200")),
    Row("api:marking-detail", "controlled asset", GET=parties("200 200 200")),
    Row("api:marking-classify", "asset", POST=parties("403 403 403")),
    Row("api:marking-mark", "asset", POST=parties("403 400 403")),
    Row("api:marking-request-classification", "asset", POST=parties("409 403 403")),
    Row("api:marking-request-classification", "asset of ESA", POST=parties("403 400 403")),
    Row("api:marking-hold", "asset", POST=parties("403 403 403")),
    Row("api:marking-release", "asset", POST=parties("403 403 403")),
    Row("api:asset-file-list", GET=members("200"), POST=members("400")),
    Row("api:asset-file-detail", "withheld file", GET=parties("200 200 200")),
    Row("api:asset-file-detail", "marked file", GET=parties("200 200 200")),
    Row("api:asset-file-replace", "withheld file", POST=parties("403 400 403")),
    Row("api:asset-file-download", "withheld file", POST=parties("409 400 400")),
    Row("api:asset-file-download", "marked file", POST=parties("400 400 400")),
    Row("api:asset-file-content", "withheld file", GET=parties("409 409 409")),
    Row("api:asset-file-content", "marked file", GET=parties("409 409 409")),
    Row("api:asset-file-content", "plain file", GET=parties("200 200 200")),
    Row("api:authorisation-list", GET=members("200"), POST=members("400")),
    Row("api:authorisation-detail", "granted authorisation", GET=parties("200 200 200")),
    Row("api:authorisation-detail", "applied authorisation", GET=jaxa("200 200")),
    Row("api:authorisation-grant", "applied authorisation", POST=jaxa("403 403")),
    Row("api:authorisation-grant", "granted authorisation", POST=parties("403 403 403")),
    Row("api:authorisation-amend", "applied authorisation", POST=jaxa("403 403")),
    Row("api:authorisation-amend", "granted authorisation", POST=parties("403 403 403")),
    Row("api:authorisation-void", "applied authorisation", POST=jaxa("403 403")),
    Row("api:authorisation-void", "granted authorisation", POST=parties("403 403 403")),
    Row("api:authorisation-document", "applied authorisation", GET=jaxa("409 409")),
    Row("api:authorisation-document", "granted authorisation", GET=parties("403 200 200")),
]
# fmt: on


def build(world: World, project: Project) -> None:
    """JAXA's radar is undetermined and asked for; one asset of JAXA is cleared, one controlled and licensed to ESA."""
    cast = world.cast
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)
    oda, odette = (_officer(agency) for agency in (cast.jaxa, cast.esa))
    radar = Asset.objects.get(ref=world.objects["asset"]["ref"])
    actions.request_classification(radar, actor=lucien, need=world.secret("classneed", BOTH))
    actions.hold(radar, actor=odette, reason=world.secret("holdreason", ESA))
    _file(world, radar, "withheld", JAXA, mika)
    for label, readers, facts in (
        ("cleared", BOTH, {"export_class": "not_controlled"}),
        ("controlled", BOTH, {"export_class": "controlled", "regime": "ear", "number": "9A515.x"}),
    ):
        asset = actions.list_background(
            project, actor=mika, nature="data", title=world.secret(f"{label}title", BOTH),
            description=world.secret(f"{label}words", readers),
        )  # fmt: skip
        _file(world, asset, {"cleared": "plain", "controlled": "marked"}[label], readers, mika)
        rationale, relied = (world.secret(f"{label}{what}", JAXA) for what in ("rationale", "reliance"))
        asset = actions.classify(asset, actor=oda, rationale=rationale, relies_on=relied, **facts)
        world.name(f"{label} asset", asset, BOTH)
    for label, readers in (("granted", BOTH), ("applied", JAXA)):
        document = f"%PDF-1.7 {world.secret(f'{label}licence', JAXA)}".encode() if label == "granted" else b""
        words = {name: world.secret(f"{label}{name}", readers) for name in ("number", "authority", "conditions")}
        kept = store(document, f"{label}.pdf", actor=oda) if document else None
        row = actions.apply_for_authorisation(
            project, actor=oda, kind="licence", parties=["ESA"], document=kept, **words
        )
        if label == "granted":
            begun = timezone.now() - timedelta(days=1)
            row = actions.grant_authorisation(row, actor=oda, version=None, valid_from=begun)
        world.name(f"{label} authorisation", row, readers)


def _file(world: World, asset: Asset, label: str, readers: set[str], actor: Actor) -> None:
    file = actions.attach_to_asset(
        asset,
        actor=actor,
        content=world.secret(f"{label}content", readers).encode(),
        name=f"{world.secret(f'{label}name', readers)}.txt",
        note=world.secret(f"{label}note", readers),
    )
    world.name(f"{label} file", file, uid=str(file.uid))


def _officer(agency: object) -> Actor:
    """An export officer, who has no column in the table: projects/ip/test_markings.py acts for them."""
    person = Person.objects.create_user(f"officer@{agency.domain}", None, name="Officer")
    Membership.objects.create(
        person=person, agency=agency, roles=[Role.EXPORT_OFFICER], starts_on=timezone.now().date() - timedelta(days=9)
    )
    return actor_of_person(person)
