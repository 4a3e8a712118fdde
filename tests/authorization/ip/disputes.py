"""Disputes: between ESA and JAXA in a project of which ISRO is a party too, which must never hear of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest import mock

from django.utils import timezone

from projects import actions as project_actions
from projects.ip import actions
from projects.models import Project
from tests.authorization.rows import Row, members, parties

BOTH = {"lucien", "mika", "kenji"}


def third(cells: str) -> str:
    """What ISRO knows of too: Tara, then Lucien of ESA, Mika and Kenji of JAXA. For others there is nothing."""
    tara, lucien, mika, kenji = cells.split()
    return f"in 404 404 {tara} 404 404 {lucien} {mika} {kenji} 404"


# fmt: off
ROWS = [
    Row("ip:disputes", "secret", GET=parties("200 200 200")),
    Row("ip:disputes", "three", GET=third("200 200 200 200")),
    Row("ip:open-dispute", "secret", GET=parties("200 200 403"), POST=parties("422 422 403")),
    Row("ip:open-dispute", "three", GET=third("200 200 200 403"), POST=third("422 422 422 403")),
    Row("ip:dispute-contest", "asset", GET=parties("200 200 403"), POST=parties("422 422 403")),
    Row("ip:dispute-contest", "asset of ESA", GET=parties("409 409 403"), POST=parties("409 409 403")),
    Row("ip:asset", "disputed asset", GET=third("200 200 200 200")),
    Row("ip:register", "three", GET=third("200 200 200 200")),
    Row("ip:dispute", "dispute", GET=parties("200 200 200")),
    Row("ip:dispute", "settled dispute", GET=parties("200 200 200")),
    Row("ip:dispute", "decided dispute", GET=parties("200 200 200")),
    Row("ip:dispute", "breach", GET=third("200 200 200 200")),
    Row("ip:dispute-timeline", "dispute", GET=parties("200 200 200")),
    Row("ip:dispute-timeline", "breach", GET=third("403 200 200 200")),
    Row("ip:dispute-evidence", "dispute", GET=parties("200 200 200")),
    Row("ip:dispute-evidence", "breach", GET=third("403 200 200 200")),
    Row("ip:answer-dispute", "dispute", GET=parties("403 200 403"), POST=parties("403 422 403")),
    Row("ip:answer-dispute", "settled dispute", GET=parties("403 409 403"), POST=parties("403 409 403")),
    Row("ip:answer-dispute", "breach", GET=third("403 200 403 403"), POST=third("403 422 403 403")),
    Row("ip:name-representative", "dispute", GET=parties("200 200 403"), POST=parties("422 422 403")),
    Row("ip:name-representative", "breach", GET=third("403 200 200 403"), POST=third("403 422 422 403")),
    Row("ip:escalate-dispute", "dispute", POST=parties("409 409 403")),
    Row("ip:note-urgent-measure", "dispute", GET=parties("200 200 403"), POST=parties("422 422 403")),
    Row("ip:appoint-neutral", "dispute", GET=parties("409 409 403"), POST=parties("409 409 403")),
    Row("ip:withdraw-dispute", "dispute", GET=parties("200 403 403"), POST=parties("422 403 403")),
    Row("ip:withdraw-dispute", "settled dispute", GET=parties("409 403 403"), POST=parties("409 403 403")),
    Row("ip:record-decision", "dispute", GET=parties("409 409 403"), POST=parties("409 409 403")),
    Row("ip:decision", "dispute", GET=members("404")),
    Row("ip:decision", "decided dispute", GET=parties("200 200 200")),
    Row("ip:confirm-cure", "dispute", POST=parties("409 403 403")),
    Row("ip:confirm-cure", "breach", POST=third("403 403 302 403")),
    Row("ip:state-not-cured", "dispute", GET=parties("409 403 403"), POST=parties("409 403 403")),
    Row("ip:state-not-cured", "breach", GET=third("403 403 409 403"), POST=third("403 403 409 403")),
    Row("ip:add-exhibit", "dispute", GET=parties("200 200 403"), POST=parties("422 422 403")),
    Row("ip:add-exhibit", "settled dispute", GET=parties("409 409 403"), POST=parties("409 409 403")),
    Row("ip:add-exhibit", "breach", GET=third("403 200 200 403"), POST=third("403 422 422 403")),
    Row("ip:exhibit-file", "exhibit", GET=parties("200 200 200")),
    Row("ip:exhibit-file", "exhibit in the breach", GET=third("404 200 200 200")),
    Row("ip:withdraw-exhibit", "exhibit", GET=parties("200 403 403"), POST=parties("422 403 403")),
    Row("ip:dispute-room", "dispute", GET=parties("200 200 200"), POST=parties("422 422 422")),
    Row("ip:dispute-room", "settled dispute", GET=parties("200 200 200"), POST=parties("409 409 409")),
    Row("ip:dispute-room", "breach", GET=third("403 200 200 200"), POST=third("403 422 422 422")),
    Row("ip:offer-settlement", "dispute", GET=parties("200 200 200"), POST=parties("422 422 422")),
    Row("ip:offer-settlement", "settled dispute", GET=parties("409 409 409"), POST=parties("409 409 409")),
    Row("ip:agree-to-settlement", "dispute", POST=parties("422 422 422")),
    Row("ip:agree-to-settlement", "settled dispute", POST=parties("409 409 409")),
    Row("api:dispute-list", GET=members("200"), POST=members("400")),
    Row("api:dispute-list", query="about={disputed asset}", GET=members("200")),
    Row("api:dispute-detail", "dispute", GET=parties("200 200 200")),
    Row("api:dispute-detail", "settled dispute", GET=parties("200 200 200")),
    Row("api:dispute-detail", "breach", GET=third("200 200 200 200")),
    Row("api:dispute-timeline", "dispute", GET=parties("200 200 200")),
    Row("api:dispute-timeline", "breach", GET=third("403 200 200 200")),
    Row("api:dispute-exhibits", "dispute", GET=parties("200 200 200")),
    Row("api:dispute-exhibits", "breach", GET=third("403 200 200 200")),
    Row("api:dispute-room", "dispute", GET=parties("200 200 200")),
    Row("api:dispute-room", "breach", GET=third("403 200 200 200")),
    Row("api:dispute-answer", "dispute", POST=parties("403 400 403")),
    Row("api:dispute-name-representative", "dispute", POST=parties("400 400 403")),
    Row("api:dispute-escalate", "dispute", POST=parties("409 409 403")),
    Row("api:dispute-add-exhibit", "dispute", POST=parties("400 400 403")),
    Row("api:dispute-add-exhibit", "breach", POST=third("403 400 400 403")),
    Row("api:dispute-withdraw-exhibit", "dispute", POST=parties("400 400 403")),
    Row("api:dispute-note-urgent-measure", "dispute", POST=parties("400 400 403")),
    Row("api:dispute-write", "dispute", POST=parties("400 400 400")),
    Row("api:dispute-write", "breach", POST=third("403 400 400 400")),
    Row("api:dispute-offer", "dispute", POST=parties("400 400 400")),
    Row("api:dispute-agree", "dispute", POST=parties("400 400 400")),
    Row("api:dispute-agree", "settled dispute", POST=parties("409 409 409")),
    Row("api:dispute-withdraw", "dispute", POST=parties("400 403 403")),
    Row("api:dispute-appoint", "dispute", POST=parties("409 409 403")),
    Row("api:dispute-record-decision", "dispute", POST=parties("409 409 403")),
    Row("api:dispute-confirm-cure", "dispute", POST=parties("409 403 403")),
    Row("api:dispute-confirm-cure", "breach", POST=third("403 403 200 403")),
    Row("api:dispute-state-not-cured", "dispute", POST=parties("409 403 403")),
    Row("api:dispute-state-not-cured", "breach", POST=third("403 403 409 403")),
]
# fmt: on


def build(world: Any, secret: Project) -> None:
    """One in consultation with evidence and words in the room, one settled, one decided, and a notice of breach."""
    cast = world.cast
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)
    project = _three(world)
    radar = actions.list_background(project, actor=mika, title="Radar", nature="hardware")
    world.name("disputed asset", radar, BOTH | {"tara"})

    def opened(label: str, person: Any, readers: set[str], against: str, **facts: Any) -> Any:
        dispute = actions.open_dispute(
            project, actor=person, against=[against], subject_kind="asset", subject_ref=radar.ref,
            claim=world.secret(f"{label}claim", readers), sought=world.secret(f"{label}sought", readers), **facts,
        )  # fmt: skip
        actions.add_file(
            dispute, actor=lucien, content=f"%PDF-1.7 {world.secret(f'{label}file', BOTH)}".encode(),
            name=f"{world.secret(f'{label}filename', BOTH)}.pdf", shows=world.secret(f"{label}shows", BOTH),
            is_cleared=True,
        )  # fmt: skip
        actions.write_without_prejudice(dispute, actor=lucien, body=world.secret(f"{label}room", BOTH))
        return dispute

    dispute = opened("dispute", lucien, BOTH, "JAXA")
    facts = {"before": world.secret("court", BOTH), "note": world.secret("measure", BOTH)}
    actions.note_urgent_measure(dispute, actor=lucien, sought_on=timezone.now().date() - timedelta(days=2), **facts)
    actions.offer_settlement(dispute, actor=mika, terms=world.secret("disputeoffer", BOTH))
    world.name("dispute", dispute, BOTH)
    world.name("exhibit", dispute, ref=dispute.ref, number=1)
    settled = opened("settled", lucien, BOTH, "JAXA")
    offer = actions.offer_settlement(settled, actor=mika, terms=world.secret("settledterms", BOTH))
    actions.agree_to_settlement(settled, actor=lucien, sha256=offer.sha256)
    world.name("settled dispute", settled, BOTH)
    breach = opened("breach", mika, BOTH | {"tara"}, "ESA", kind="breach")
    world.name("breach", breach, BOTH | {"tara"})
    world.name("exhibit in the breach", breach, ref=breach.ref, number=1)
    long_ago = timezone.now() - timedelta(days=400)
    with mock.patch("django.utils.timezone.now", return_value=long_ago):
        decided = opened("decided", lucien, BOTH, "JAXA")
    actions.record_decision(
        decided, actor=lucien, tribunal=world.secret("tribunal", BOTH), decided_on=long_ago.date(),
        content=f"%PDF-1.7 {world.secret('award', BOTH)}".encode(), name=f"{world.secret('awardname', BOTH)}.pdf",
    )  # fmt: skip
    world.name("decided dispute", decided, BOTH)


def _three(world: Any) -> Project:
    """Led by JAXA, accepted by ESA and by ISRO."""
    cast = world.cast
    mika = cast.actor(cast.mika)
    project = project_actions.draft_project(
        actor=mika, title="Three at work", summary="Together.", objective="Measure."
    )
    for agency in (cast.esa, cast.isro):
        project_actions.invite_partner(project, agency, actor=mika)
    project_actions.propose(project, actor=mika)
    for person in (cast.lucien, cast.tara):
        known = Project.objects.get(pk=project.pk)
        project_actions.answer_invitation(known, actor=cast.actor(person), answer="accept")
    world.name("three", project, BOTH | {"tara"})
    return Project.objects.with_agencies().get(pk=project.pk)
