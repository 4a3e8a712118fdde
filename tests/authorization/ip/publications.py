"""Publications: a plan that only JAXA knows, one that ESA objects to, one of ESA, one cleared and one published."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from portal.kit.actors import Actor
from projects.ip import actions
from projects.ip.models import PublicationNotice
from projects.models import Project
from tests.authorization.rows import Row, jaxa, members, open_call, parties, public

if TYPE_CHECKING:
    from tests.authorization.world import World

JAXA, ESA = {"mika", "kenji"}, {"lucien"}
BOTH = JAXA | ESA
PLAN, OBJECTED, OF_ESA = "plan of JAXA", "objected publication", "publication of ESA"
CLEARED, PUBLISHED, TEXT = "cleared publication", "published publication", "text of the publication"


def build(world: World, secret: Project) -> None:
    cast = world.cast
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)

    def planned(label: str, actor: Actor, readers: set[str]) -> PublicationNotice:
        words = {name: world.secret(f"{label}{name}", readers) for name in ("title", "authors", "venue", "text")}
        return actions.plan_publication(secret, actor=actor, kind="paper", **words)

    def sent(label: str, actor: Actor) -> PublicationNotice:
        return actions.notify_parties(planned(label, actor, BOTH), actor=actor)

    world.name(PLAN, planned("plan", mika, JAXA), JAXA)
    objected = sent("paper", mika)
    reasons = {name: world.secret(f"objection{name}", BOTH) for name in ("passage", "harm", "change")}
    until = timezone.now().date() + timedelta(days=20)
    actions.object_to_publication(objected, actor=lucien, ground="protection", until=until, **reasons)
    actions.answer_objection(objected, actor=mika, objection=1, body=world.secret("objectionanswer", BOTH))
    world.name(OBJECTED, objected, BOTH)
    world.name(TEXT, objected, ref=objected.ref, number=1)
    world.name(OF_ESA, sent("esapaper", lucien), BOTH)
    cleared = actions.clear_publication(sent("thesis", mika), actor=lucien)
    world.name(CLEARED, cleared, BOTH)
    published = actions.clear_publication(sent("release", mika), actor=lucien)
    today = timezone.now().astimezone(mika.zone).date()
    world.name(PUBLISHED, actions.publish(published, actor=mika, published_on=today), BOTH)


ROWS = [
    Row("ip:publications", "secret", GET=parties("200 200 200")),
    Row("ip:publications", "draft", GET=jaxa("200 200")),
    Row("ip:publications", "open", GET=open_call("200 200 200")),
    Row("ip:publications", "public", GET=public("200 200 200")),
    Row("ip:plan-publication", "secret", GET=parties("200 200 403"), POST=parties("422 422 403")),
    Row("ip:plan-publication", "open", GET=open_call("403 200 403"), POST=open_call("403 422 403")),
    Row("ip:publication", PLAN, GET=jaxa("200 200")),
    Row("ip:publication", OBJECTED, GET=parties("200 200 200")),
    Row("ip:publication", OF_ESA, GET=parties("200 200 200")),
    Row("ip:publication", CLEARED, GET=parties("200 200 200")),
    Row("ip:publication", PUBLISHED, GET=parties("200 200 200")),
    Row("ip:edit-publication", PLAN, GET=jaxa("200 403"), POST=jaxa("422 403")),
    Row("ip:edit-publication", OBJECTED, GET=parties("403 409 403"), POST=parties("403 409 403")),
    Row("ip:notify-publication", PLAN, POST=jaxa("302 403")),
    Row("ip:notify-publication", OBJECTED, POST=parties("403 409 403")),
    Row("ip:amend-publication", PLAN, GET=jaxa("409 403"), POST=jaxa("409 403")),
    Row("ip:amend-publication", OBJECTED, GET=parties("403 200 403"), POST=parties("403 422 403")),
    Row("ip:clear-publication", PLAN, POST=jaxa("403 403")),
    Row("ip:clear-publication", OBJECTED, POST=parties("409 403 403")),
    Row("ip:clear-publication", OF_ESA, POST=parties("403 302 403")),
    Row("ip:object-to-publication", PLAN, GET=jaxa("403 403"), POST=jaxa("403 403")),
    Row("ip:object-to-publication", OBJECTED, GET=parties("200 403 403"), POST=parties("422 403 403")),
    Row("ip:object-to-publication", OF_ESA, GET=parties("403 200 403"), POST=parties("403 422 403")),
    Row("ip:object-to-publication", PUBLISHED, GET=parties("409 403 403"), POST=parties("409 403 403")),
    Row("ip:answer-objection", PLAN, POST=jaxa("409 403")),
    Row("ip:answer-objection", OBJECTED, POST=parties("422 422 403")),
    Row("ip:withdraw-objection", PLAN, POST=jaxa("403 403")),
    Row("ip:withdraw-objection", OBJECTED, POST=parties("422 403 403")),
    Row("ip:accept-amendment", PLAN, POST=jaxa("403 403")),
    Row("ip:accept-amendment", OBJECTED, POST=parties("409 403 403")),
    Row("ip:publish-publication", PLAN, GET=jaxa("409 403"), POST=jaxa("409 403")),
    Row("ip:publish-publication", OBJECTED, GET=parties("403 409 403"), POST=parties("403 409 403")),
    Row("ip:publish-publication", CLEARED, GET=parties("403 200 403"), POST=parties("403 422 403")),
    Row("ip:record-publication", PLAN, GET=jaxa("409 403"), POST=jaxa("409 403")),
    Row("ip:record-publication", PUBLISHED, GET=parties("403 200 403"), POST=parties("403 422 403")),
    Row("ip:withdraw-publication", PLAN, POST=jaxa("302 403")),
    Row("ip:withdraw-publication", OBJECTED, POST=parties("403 302 403")),
    Row("ip:withdraw-publication", PUBLISHED, POST=parties("403 409 403")),
    Row("ip:publication-clearance", PLAN, GET=jaxa("404 404")),
    Row("ip:publication-clearance", OBJECTED, GET=parties("200 200 200")),
    Row("ip:publication-text", TEXT, GET=parties("200 200 200")),
    Row("api:publication-list", GET=members("200"), POST=members("400")),
    Row("api:publication-detail", PLAN, GET=jaxa("200 200"), PATCH=jaxa("200 403")),
    Row("api:publication-detail", OBJECTED, GET=parties("200 200 200"), PATCH=parties("403 409 403")),
    Row("api:publication-notify", PLAN, POST=jaxa("200 403")),
    Row("api:publication-notify", OBJECTED, POST=parties("403 409 403")),
    Row("api:publication-amend", PLAN, POST=jaxa("409 403")),
    Row("api:publication-amend", OBJECTED, POST=parties("403 400 403")),
    Row("api:publication-clear", OBJECTED, POST=parties("409 403 403")),
    Row("api:publication-clear", OF_ESA, POST=parties("403 400 403")),
    Row("api:publication-object", OBJECTED, POST=parties("400 403 403")),
    Row("api:publication-answer", OBJECTED, POST=parties("400 400 403")),
    Row("api:publication-withdraw-objection", OBJECTED, POST=parties("400 403 403")),
    Row("api:publication-accept-amendment", OBJECTED, POST=parties("409 403 403")),
    Row("api:publication-publish", OBJECTED, POST=parties("403 409 403")),
    Row("api:publication-publish", CLEARED, POST=parties("403 400 403")),
    Row("api:publication-record", PUBLISHED, POST=parties("403 400 403")),
    Row("api:publication-withdraw", PLAN, POST=jaxa("200 403")),
    Row("api:publication-withdraw", OBJECTED, POST=parties("403 200 403")),
]
