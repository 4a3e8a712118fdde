"""What belongs to assets: contributors, contributions, protection, transfers, licences, narrower access, and the export."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from unittest import mock

from django.utils import timezone

from projects.ip import actions
from projects.ip.terms import Terms
from projects.models import Project
from tests.authorization.rows import Row, jaxa, members, open_call, parties, public

BOTH = {"lucien", "mika", "kenji"}


def asked(cells: str) -> str:
    """Sora of JAXA, who is asked for her own part and sees nothing else; then Lucien of ESA, Mika and Kenji of JAXA."""
    sora, lucien, mika, kenji = cells.split()
    return f"in 404 404 404 {sora} 404 {lucien} {mika} {kenji} 404"


# fmt: off
ROWS = [
    Row("ip:asset", "result", GET=parties("200 200 200")),
    Row("ip:register-xlsx", "secret", GET=parties("200 200 200")),
    Row("ip:register-json", "secret", GET=parties("200 200 200")),
    Row("ip:register-json", "draft", GET=jaxa("200 200")),
    Row("ip:register-json", "open", GET=open_call("200 200 200")),
    Row("ip:register-json", "public", GET=public("200 200 200")),
    Row("ip:set-contributors", "result", GET=parties("403 200 403"), POST=parties("403 422 403")),
    Row("ip:part", "part", GET=asked("200 200 200 200")),
    Row("ip:confirm-part", "part", POST=asked("302 403 403 403")),
    Row("ip:deny-part", "part", POST=asked("422 403 403 403")),
    Row("ip:mark-unreachable", "part", GET=asked("403 403 200 403"), POST=asked("403 403 422 403")),
    Row("ip:assert-contribution", "result", GET=parties("409 403 403"), POST=parties("409 403 403")),
    Row("ip:assert-contribution", "plain result", GET=parties("200 403 403"), POST=parties("422 403 403")),
    Row("ip:contribution", "contribution", GET=parties("200 200 200")),
    Row("ip:accept-contribution", "contribution", GET=parties("403 200 403"), POST=parties("403 422 403")),
    Row("ip:refuse-contribution", "contribution", GET=parties("403 200 403"), POST=parties("403 422 403")),
    Row("ip:withdraw-contribution", "contribution", POST=parties("302 403 403")),
    Row("ip:record-step", "result", GET=parties("200 200 403"), POST=parties("422 422 403")),
    Row("ip:record-step", "asset", GET=parties("403 200 403"), POST=parties("403 422 403")),
    Row("ip:offer-abandonment", "result", GET=parties("200 200 403"), POST=parties("422 422 403")),
    Row("ip:abandonment", "abandonment", GET=parties("200 200 200")),
    Row("ip:take-over", "abandonment", POST=parties("302 403 403")),
    Row("ip:keep-protection", "abandonment", POST=parties("403 302 403")),
    Row("ip:abandon-protection", "abandonment", POST=parties("403 409 403")),
    Row("ip:notify-transfer", "result", GET=parties("200 409 403"), POST=parties("422 409 403")),
    Row("ip:transfer", "transfer", GET=parties("200 200 200")),
    Row("ip:object-to-transfer", "transfer", GET=parties("200 403 403"), POST=parties("422 403 403")),
    Row("ip:consent-to-transfer", "transfer", POST=parties("302 403 403")),
    Row("ip:complete-transfer", "transfer", GET=parties("403 409 403"), POST=parties("403 409 403")),
    Row("ip:withdraw-transfer", "transfer", POST=parties("403 302 403")),
    Row("ip:license", "result", GET=parties("200 200 403"), POST=parties("422 422 403")),
    Row("ip:licence", "licence", GET=parties("200 200 200")),
    Row("ip:record-licence", "licence", POST=parties("403 409 403")),
    Row("ip:consent-to-licence", "licence", POST=parties("302 403 403")),
    Row("ip:refuse-licence", "licence", GET=parties("200 403 403"), POST=parties("422 403 403")),
    Row("ip:withdraw-licence", "licence", POST=parties("403 302 403")),
    Row("ip:end-licence", "licence", POST=parties("403 409 403")),
    Row("ip:propose-narrowing", "asset", GET=parties("403 409 403"), POST=parties("403 409 403")),
    Row("ip:background-change", "change", GET=parties("200 200 200")),
    Row("ip:consent-to-narrowing", "change", POST=parties("302 403 403")),
    Row("ip:refuse-narrowing", "change", GET=parties("200 403 403"), POST=parties("422 403 403")),
    Row("ip:withdraw-narrowing", "change", POST=parties("403 302 403")),
    Row("api:ip-register", "secret", GET=parties("200 200 200")),
    Row("api:ip-register", "draft", GET=jaxa("200 200")),
    Row("api:ip-register", "open", GET=parties("200 200 200")),
    Row("api:ip-register-xlsx", "secret", GET=parties("200 200 200")),
    Row("api:asset-set-contributors", "result", POST=parties("403 400 403")),
    Row("api:asset-assert-contribution", "result", POST=parties("409 403 403")),
    Row("api:asset-assert-contribution", "plain result", POST=parties("400 403 403")),
    Row("api:asset-record-step", "result", POST=parties("400 400 403")),
    Row("api:asset-offer-abandonment", "result", POST=parties("400 400 403")),
    Row("api:asset-notify-transfer", "result", POST=parties("400 409 403")),
    Row("api:asset-license", "result", POST=parties("400 400 403")),
    Row("api:asset-propose-narrowing", "asset", POST=parties("403 409 403")),
    Row("api:contributor-list", GET=members("200")),
    Row("api:contributor-detail", "part", GET=asked("200 200 200 200")),
    Row("api:contributor-confirm", "part", POST=asked("200 403 403 403")),
    Row("api:contributor-deny", "part", POST=asked("400 403 403 403")),
    Row("api:contributor-mark-unreachable", "part", POST=asked("403 403 400 403")),
    Row("api:contribution-assertion-list", GET=members("200")),
    Row("api:contribution-assertion-detail", "contribution", GET=parties("200 200 200")),
    Row("api:contribution-assertion-accept", "contribution", POST=parties("403 400 403")),
    Row("api:contribution-assertion-refuse", "contribution", POST=parties("403 400 403")),
    Row("api:contribution-assertion-withdraw", "contribution", POST=parties("200 403 403")),
    Row("api:protection-step-list", GET=members("200")),
    Row("api:protection-step-detail", "step", GET=parties("200 200 200")),
    Row("api:abandonment-offer-list", GET=members("200")),
    Row("api:abandonment-offer-detail", "abandonment", GET=parties("200 200 200")),
    Row("api:abandonment-offer-take-over", "abandonment", POST=parties("200 403 403")),
    Row("api:abandonment-offer-keep", "abandonment", POST=parties("403 200 403")),
    Row("api:abandonment-offer-abandon", "abandonment", POST=parties("403 409 403")),
    Row("api:title-transfer-list", GET=members("200")),
    Row("api:title-transfer-detail", "transfer", GET=parties("200 200 200")),
    Row("api:title-transfer-object", "transfer", POST=parties("400 403 403")),
    Row("api:title-transfer-consent", "transfer", POST=parties("200 403 403")),
    Row("api:title-transfer-complete", "transfer", POST=parties("403 409 403")),
    Row("api:title-transfer-withdraw", "transfer", POST=parties("403 200 403")),
    Row("api:licence-list", GET=members("200")),
    Row("api:licence-detail", "licence", GET=parties("200 200 200")),
    Row("api:licence-record", "licence", POST=parties("403 409 403")),
    Row("api:licence-consent", "licence", POST=parties("200 403 403")),
    Row("api:licence-refuse", "licence", POST=parties("400 403 403")),
    Row("api:licence-withdraw", "licence", POST=parties("403 200 403")),
    Row("api:licence-end", "licence", POST=parties("403 409 403")),
    Row("api:background-change-list", GET=members("200")),
    Row("api:background-change-detail", "change", GET=parties("200 200 200")),
    Row("api:background-change-consent", "change", POST=parties("200 403 403")),
    Row("api:background-change-refuse", "change", POST=parties("400 403 403")),
    Row("api:background-change-withdraw", "change", POST=parties("403 200 403")),
]
# fmt: on


def build(world: Any, secret: Project) -> None:
    """One result of both with everything that can belong to it, a plain one, and background that is to be narrowed."""
    cast = world.cast
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)
    asker = BOTH | {"sora"}

    def claimed(label: str, readers: set[str]) -> Any:
        shares = {"JAXA": Decimal(60), "ESA": Decimal(40)}
        return actions.claim_result(
            secret, actor=mika, nature="data", shares=shares, title=world.secret(f"{label}title", readers),
            description=world.secret(f"{label}words", BOTH),
        )  # fmt: skip

    world.name("plain result", claimed("plain", BOTH), BOTH)
    # Whoever is asked for a part is shown what the thing is called, and no more.
    result = claimed("result", asker)
    world.name("result", result, asker)
    people = [
        actions.Named("inventor", Decimal(70), person=str(cast.sora.uid)),
        actions.Named("author", Decimal(30), name=world.secret("outsider", BOTH)),
    ]
    rows = actions.set_contributors(result, actor=mika, version=None, contributors=people)
    world.name("part", rows[0], asker)
    part = actions.assert_contribution(
        result, actor=lucien, percent=Decimal(50), reason=world.secret("assertion", BOTH)
    )
    world.name("contribution", part, BOTH)
    right = {"office": world.secret("office", BOTH), "number": world.secret("number", BOTH)}
    step = actions.record_step(
        result, actor=mika, kind="filed", on=date(2026, 1, 5), remark=world.secret("remark", BOTH), **right
    )
    world.name("step", step, BOTH)
    offer = actions.offer_abandonment(result, actor=mika, reason=world.secret("toodear", BOTH), **right)
    world.name("abandonment", offer, BOTH)
    transfer = actions.notify_transfer(
        result, actor=mika, percent=Decimal(10), to_name=world.secret("recipient", BOTH),
        reason=world.secret("transfer", BOTH),
    )  # fmt: skip
    world.name("transfer", transfer, BOTH)
    licence = actions.license_asset(
        result, actor=mika, licensee_name=world.secret("licensee", BOTH), field=world.secret("field", BOTH),
        is_exclusive=True, starts_on=timezone.now().date() + timedelta(days=90),
    )  # fmt: skip
    world.name("licence", licence, BOTH)
    _narrowing(world, secret, mika)


def _narrowing(world: Any, secret: Project, mika: Any) -> None:
    """As if an agreement were in force that opens it; the world has none."""
    asset = actions.list_background(secret, actor=mika, nature="software", title=world.secret("narrowed", BOTH))
    today = timezone.now().date()
    terms = Terms(
        "A-2020-0001", "", "", today, today, frozenset({"JAXA", "ESA"}), {"background_change": "consent"}, {}, {}, {}
    )
    with mock.patch("projects.ip.narrowing.terms_between", return_value=terms):
        change = actions.propose_narrowing(asset, actor=mika, kind="exclude", reason=world.secret("narrowing", BOTH))
    world.name("change", change, BOTH)
