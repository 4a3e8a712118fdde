"""Negotiation in JSON: the same verbs, the same refusals, and never what belongs to another agency."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agencies.actions import issue_token
from projects.agreements import actions
from projects.agreements.models import Approval, Bracket, Change, Comment
from tests import stage
from tests.cast import Cast
from tests.projects.agreements.negotiating import current_hash, fresh, reword, text_of


def post(client: Client, agreement: Any, verb: str, sent: dict[str, Any] | None = None, **headers: str) -> Any:
    path = f"/api/v1/agreements/{agreement.ref}/{verb}/"
    return client.post(path, sent or {}, content_type="application/json", headers=headers)


def rows(client: Client, agreement: Any, noun: str, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/api/v1/agreements/{agreement.ref}/{noun}/?{query}").json()["results"]
    return found


def test_a_change_goes_from_proposal_to_text(cast: Cast) -> None:
    agreement = stage.shared_agreement(cast)
    sent = {"operation": "reword", "code": "notices", "text": "By letter.", "based_on": 1, "note": "Simpler."}

    proposed = post(cast.client(cast.lucien), agreement, "propose-change", sent)
    (shown,) = rows(cast.client(cast.mika), agreement, "changes")
    accepted = post(cast.client(cast.mika), agreement, "accept-change", {"number": shown["number"]})

    assert (proposed.status_code, proposed.json()["round"]) == (200, 1)
    assert (shown["agency"], shown["text"], shown["status"]) == ("ESA", "By letter.", "open")
    assert (accepted.status_code, accepted.json()["revision"]) == (200, 2)
    assert text_of(agreement, "notices") == "By letter."
    (decided,) = rows(cast.client(cast.mika), agreement, "changes", "status=accepted")
    assert decided["given"][0]["verdict"] == "accept"


def test_countering_refusing_and_withdrawing(cast: Cast) -> None:
    agreement = stage.shared_agreement(cast)
    mika, lucien = cast.client(cast.mika), cast.client(cast.lucien)
    reword(cast, agreement, cast.lucien)

    statuses = [
        post(mika, agreement, "counter-change", {"number": 1, "text": "By letter or e-mail."}).status_code,
        post(lucien, agreement, "refuse-change", {"number": 2, "reason": "No e-mail."}).status_code,
        post(mika, agreement, "propose-change", {"operation": "answer", "answers": {"cure_days": 45}}).status_code,
        post(mika, agreement, "withdraw-change", {"number": 3}).status_code,
    ]

    assert statuses == [200] * 4
    found = [(row["number"], row["status"], row["counters"]) for row in rows(mika, agreement, "changes")]
    assert found == [(3, "withdrawn", None), (2, "refused", 1), (1, "countered", None)]


@pytest.mark.parametrize(
    ("verb", "sent", "status", "code"),
    [
        ("accept-change", {"number": 1}, 409, "change-decided"),
        ("accept-change", {"number": 99}, 400, "invalid"),
        ("accept-change", {"number": 10**30}, 400, "invalid"),
        ("propose-change", {"operation": "burn"}, 400, "invalid"),
        ("propose-change", {"operation": "reword", "code": "notices", "text": "nul\x00"}, 400, "invalid"),
        (
            "propose-change",
            {"operation": "reword", "code": "notices", "text": "B.", "based_on": 7},
            409,
            "stale-version",
        ),
        ("propose-change", {"operation": "reword", "code": "notices", "words": "B."}, 400, "invalid"),
        ("propose-change", {"operation": "answer", "answers": {"cure_days": [1]}}, 400, "invalid"),
        ("lift-bracket", {"bracket": 10**18}, 400, "invalid"),
        ("widen-comment", {"comment": 10**18}, 400, "invalid"),
        ("comment", {"words": "Hm.", "audience": "everybody"}, 400, "invalid"),
        ("ask-approvals", {"lines": [{"kind": "astrology"}]}, 400, "invalid"),
        ("approve", {"position": 1, "sha256": "0" * 64}, 409, "wrong-state"),
        ("word-clause", {"code": "notices", "text": "By letter."}, 409, "propose-a-change"),
    ],
)
def test_every_refusal_is_a_problem_with_its_code(
    cast: Cast, verb: str, sent: dict[str, Any], status: int, code: str
) -> None:
    agreement = stage.shared_agreement(cast)
    proposed = reword(cast, agreement, cast.lucien, "names", "None.")
    if code == "change-decided":
        actions.withdraw_change(agreement, proposed.number, actor=cast.actor(cast.lucien))

    answer = post(cast.client(cast.mika), agreement, verb, sent)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()


def test_an_old_etag_is_refused(cast: Cast) -> None:
    agreement = stage.shared_agreement(cast)
    sent = {"operation": "reword", "code": "notices", "text": "By letter."}
    old = fresh(agreement).version
    assert post(cast.client(cast.mika), agreement, "propose-change", sent, if_match=f'"{old}"').status_code == 200

    for verb, late in (("propose-change", sent), ("accept-change", {"number": 1})):
        answer = post(cast.client(cast.lucien), agreement, verb, late, if_match=f'"{old}"')

        assert (answer.status_code, answer.json()["code"]) == (409, "stale-version")
    assert Change.objects.get().is_open


def test_comments_are_read_by_those_they_are_for(cast: Cast) -> None:
    agreement = stage.shared_agreement(cast)
    mika, lucien = cast.client(cast.mika), cast.client(cast.lucien)
    post(mika, agreement, "comment", {"words": "Inside.", "code": "notices"})
    post(mika, agreement, "comment", {"words": "To all.", "audience": "shared"})

    assert [row["words"] for row in rows(mika, agreement, "comments")] == ["To all.", "Inside."]
    assert [row["words"] for row in rows(lucien, agreement, "comments")] == ["To all."]
    assert [row["words"] for row in rows(mika, agreement, "comments", "clause=notices")] == ["Inside."]
    assert rows(lucien, agreement, "comments", "clause=%00&audience=x") == []
    inside = Comment.objects.get(words="Inside.")
    refused = post(lucien, agreement, "widen-comment", {"comment": inside.pk})
    unknown = post(lucien, agreement, "widen-comment", {"comment": inside.pk + 1000})
    assert (refused.status_code, refused.json()) == (unknown.status_code, unknown.json())
    for verb in ("widen-comment", "resolve-comment", "reopen-comment"):
        assert post(mika, agreement, verb, {"comment": inside.pk}).status_code == 200
    assert "Inside." in [row["words"] for row in rows(lucien, agreement, "comments")]


def test_brackets_and_approvals(cast: Cast) -> None:
    agreement = stage.shared_agreement(cast)
    mika, lucien = cast.client(cast.mika), cast.client(cast.lucien)
    post(mika, agreement, "place-bracket", {"code": "notices", "note": "Which?"})
    shown = current_hash(cast, agreement, cast.mika)

    statuses = [
        post(mika, agreement, "lift-bracket", {"bracket": Bracket.objects.get().pk}).status_code,
        post(mika, agreement, "ask-approvals", {"lines": [{"kind": "legal", "words": "Counsel"}]}).status_code,
        post(mika, agreement, "approve", {"position": 1, "sha256": shown}).status_code,
    ]
    own = mika.get(f"/api/v1/agreements/{agreement.ref}/approvals/").json()
    others = lucien.get(f"/api/v1/agreements/{agreement.ref}/approvals/").json()

    assert statuses == [200, 200, 200]
    assert own["parties"] == others["parties"] == [
        {"agency": "JAXA", "approvals": "done"}, {"agency": "ESA", "approvals": "none"},
    ]  # fmt: skip
    assert own["lines"][0]["words"] == "Counsel"
    assert others["lines"] == []
    assert post(mika, agreement, "take-back-approval", {"position": 1}).status_code == 200
    assert Approval.objects.get().approved_sha256 == ""


@pytest.mark.parametrize("noun", ["changes", "comments", "approvals"])
def test_nobody_else_reads_how_a_text_is_negotiated(cast: Cast, noun: str) -> None:
    agreement = stage.shared_agreement(cast)
    address = f"/api/v1/agreements/{agreement.ref}/{noun}/"
    _token, secret = issue_token(actor=cast.actor(cast.kenji), proof=stage.proof(), name="robot", scopes=["write"])

    for person in (cast.tara, cast.sora, cast.noor, cast.olga, cast.emil, cast.nils):
        assert cast.client(person).get(address).status_code == 404
    assert cast.client(None).get(address).status_code == 401
    assert Client(headers={"authorization": f"Bearer {secret}"}).get(address).status_code == 403


def test_the_verbs_say_what_may_be_done_now(cast: Cast) -> None:
    agreement = stage.shared_agreement(cast)
    reword(cast, agreement, cast.lucien)

    def allowed(person: Any) -> set[str]:
        shown = cast.client(person).get(f"/api/v1/agreements/{agreement.ref}/").json()
        return {row["verb"] for row in shown["verbs"] if row["allowed"]}

    assert {"propose-change", "accept-change", "refuse-change", "counter-change"} <= allowed(cast.mika)
    assert {"accept-change", "withdraw-change"} & allowed(cast.lucien) == {"withdraw-change"}
    assert {"comment"} <= allowed(cast.kenji)
    assert "propose-change" not in allowed(cast.kenji)


@pytest.mark.parametrize(
    "answers", [{"a\u0000b": "c"}, {"ab": "c\u0000"}, {"ab": "X" * 1_000_000}, {"ab": [{"x": {"y": [1, 2]}}]}]
)
def test_answers_beside_other_words_are_refused_at_their_field(cast: Cast, answers: dict[str, Any]) -> None:
    agreement = stage.shared_agreement(cast)

    refused = post(
        cast.client(cast.lucien), agreement, "propose-change",
        {"operation": "reword", "code": "notices", "text": "By raven.", "answers": answers},
    )  # fmt: skip

    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == ["answers"]
    assert not Change.objects.exists()


def test_one_change_too_many_is_refused_for_now(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projects.agreements.policies.changes.MOST_OPEN", 1)
    agreement = stage.shared_agreement(cast)
    reword(cast, agreement, cast.lucien)

    refused = post(
        cast.client(cast.lucien), agreement, "propose-change", {"operation": "remove", "code": "disputes"}
    )  # fmt: skip

    assert (refused.status_code, refused.json()["code"]) == (409, "too-many-open-changes")
