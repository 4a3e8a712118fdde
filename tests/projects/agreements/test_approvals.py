"""Internal approvals: each of one text by its hash, asked before freezing, and seen by others only as done or not."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from agencies.models import Membership
from portal.history.models import Event
from portal.kit.refusals import Forbidden, NotNow
from projects.agreements import actions
from projects.agreements.models import Approval, Status
from tests import stage
from tests.projects.agreements.negotiating import accepted, agree, current_hash, fresh, reword

LINES = [{"kind": "legal", "words": "General counsel Tsukuyomi"}, {"kind": "export", "words": "Licence desk"}]


def asked(cast, agreement, lines=LINES):
    return actions.ask_approvals(agreement, actor=cast.actor(cast.mika), lines=lines)


def approve(cast, agreement, person, position, **facts):
    facts = {"sha256": current_hash(cast, agreement, person)} | facts
    return actions.approve(agreement, position, actor=cast.actor(person), **facts)


def test_nothing_is_frozen_before_every_party_has_done_its_list(cast):
    agreement = agree(cast, stage.shared_agreement(cast), cast.mika, cast.lucien)
    asked(cast, agreement)

    for done in (1, 2):
        with pytest.raises(NotNow) as caught:
            actions.freeze(agreement, actor=cast.actor(cast.lucien))
        assert caught.value.code == "approvals-missing"
        assert str(caught.value.reason) == "Internal approvals are not done at: JAXA."
        approve(cast, agreement, cast.mika, done)

    assert actions.freeze(agreement, actor=cast.actor(cast.lucien)).status == Status.SIGNING


def test_an_approval_counts_for_the_text_that_was_shown_and_for_no_other(cast):
    agreement = stage.shared_agreement(cast)
    asked(cast, agreement, LINES[:1])
    approve(cast, agreement, cast.mika, 1)
    accepted(cast, agreement, reword(cast, agreement, cast.lucien), cast.mika)
    agree(cast, agreement, cast.mika, cast.lucien)

    with pytest.raises(NotNow) as caught:
        actions.freeze(agreement, actor=cast.actor(cast.mika))
    assert caught.value.code == "approvals-missing"
    with pytest.raises(NotNow) as stale:
        approve(cast, agreement, cast.mika, 1, sha256="0" * 64)
    assert stale.value.code == "text-changed"
    approve(cast, agreement, cast.mika, 1)

    assert actions.freeze(agreement, actor=cast.actor(cast.mika)).status == Status.SIGNING


def test_another_agency_learns_that_it_is_done_and_nothing_more(cast):
    agreement = stage.shared_agreement(cast)
    version, changed_at = fresh(agreement).version, fresh(agreement).updated_at
    asked(cast, agreement)
    approve(cast, agreement, cast.mika, 1, note="With a remark of Tsukuyomi")
    lucien = cast.client(cast.lucien)

    pages = [
        lucien.get(path).content.decode()
        for path in (
            f"/agreements/{agreement.ref}/",
            f"/agreements/{agreement.ref}/approvals/",
            f"/agreements/{agreement.ref}/history/",
            f"/api/v1/agreements/{agreement.ref}/",
            f"/api/v1/agreements/{agreement.ref}/approvals/",
            "/api/v1/events/",
        )
    ]
    for words in ("Tsukuyomi", "Licence desk", "agreement.approv", "approved the text of"):
        assert not [page for page in pages if words in page]
    assert "Not done" in pages[0]
    assert (fresh(agreement).version, fresh(agreement).updated_at) == (version, changed_at)
    events = Event.objects.filter(verb__startswith="agreement.appro")
    assert [event.agencies for event in events] == [["JAXA"], ["JAXA"]]
    assert "legal" not in str([event.facts for event in events])


def test_the_own_agency_sees_its_list(cast):
    agreement = stage.shared_agreement(cast)
    asked(cast, agreement)
    approve(cast, agreement, cast.mika, 1, note="With a remark")

    html = cast.client(cast.kenji).get(f"/agreements/{agreement.ref}/approvals/").content.decode()

    assert "General counsel Tsukuyomi" in html
    assert "With a remark" in html


@pytest.mark.parametrize(
    ("role", "kind", "may"),
    [
        ("export_officer", "export", True),
        ("export_officer", "legal", False),
        ("ip_manager", "ip", True),
        ("ip_manager", "export", False),
        ("manager", "state", True),
        ("administrator", "finance", True),
        ("signatory", "legal", False),
        ("contributor", "other", False),
    ],
)
def test_each_line_is_approved_by_who_answers_for_it(cast, role, kind, may):
    agreement = stage.shared_agreement(cast)
    asked(cast, agreement, [{"kind": kind, "words": ""}])
    Membership.objects.filter(person=cast.kenji).update(roles=[role])

    if may:
        assert approve(cast, agreement, cast.kenji, 1).approved_by == cast.kenji
    else:
        with pytest.raises(Forbidden):
            approve(cast, agreement, cast.kenji, 1)
        assert not Approval.objects.exclude(approved_sha256="").exists()


def test_a_line_is_approved_once_and_can_be_taken_back(cast):
    agreement = stage.shared_agreement(cast)
    asked(cast, agreement)
    mika = cast.actor(cast.mika)
    with pytest.raises(NotNow):
        actions.take_back_approval(agreement, 1, actor=mika)
    approve(cast, agreement, cast.mika, 1)
    with pytest.raises(NotNow) as caught:
        approve(cast, agreement, cast.mika, 1)
    assert caught.value.code == "already-approved"

    line = actions.take_back_approval(agreement, 1, actor=mika)

    assert (line.approved_sha256, line.approved_by) == ("", None)


def test_a_line_that_stays_in_the_list_keeps_its_approval(cast):
    agreement = stage.shared_agreement(cast)
    asked(cast, agreement)
    approve(cast, agreement, cast.mika, 2)

    asked(cast, agreement, [LINES[1], {"kind": "finance", "words": "Budget"}])

    rows = Approval.objects.order_by("position").values_list("position", "kind", "approved_by__name")
    assert list(rows) == [(1, "export", "Mika Hoshino"), (2, "finance", None)]


def test_no_agency_touches_the_list_of_another(cast):
    agreement = stage.shared_agreement(cast)
    asked(cast, agreement)

    actions.ask_approvals(agreement, actor=cast.actor(cast.lucien), lines=[])
    with pytest.raises(NotNow):
        approve(cast, agreement, cast.lucien, 1)

    assert Approval.objects.filter(agency=cast.jaxa).count() == 2


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ([{"kind": "astrology", "words": ""}], "lines"),
        ([{"words": "Nothing else"}], "lines"),
        ([{"kind": "legal", "words": "x" * 201}], "lines"),
        ([{"kind": "legal", "words": "two\nlines"}], "lines"),
        ([{"kind": "legal", "words": ""}] * 21, "lines"),
    ],
)
def test_a_list_that_cannot_be_read_is_not_kept(cast, lines, field):
    agreement = stage.shared_agreement(cast)

    with pytest.raises(ValidationError) as caught:
        asked(cast, agreement, lines)

    assert field in caught.value.message_dict
    assert not Approval.objects.exists()


@pytest.mark.parametrize("who", ["kenji", "sora", "tara", "noor"])
def test_only_those_who_decide_for_a_party_make_its_list(cast, who):
    agreement = stage.shared_agreement(cast)

    with pytest.raises(Forbidden):
        actions.ask_approvals(agreement, actor=cast.actor(getattr(cast, who)), lines=LINES)


def test_a_frozen_text_is_not_approved_any_more(cast):
    agreement = stage.frozen_agreement(cast)

    with pytest.raises(NotNow):
        asked(cast, agreement)


def test_a_line_that_does_not_exist_is_said_to_be_none(cast):
    agreement = stage.shared_agreement(cast)
    asked(cast, agreement)

    with pytest.raises(ValidationError) as caught:
        approve(cast, agreement, cast.mika, 9)

    assert "position" in caught.value.message_dict
