"""Proposing changes to a shared text, answering them, and what each answer does to the text."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow, Stale
from projects.agreements import actions
from projects.agreements.board import Board
from projects.agreements.models import Change, Decision, Reader, Standing, Status
from projects.agreements.policies import AgreementPolicy
from projects.agreements.policies import changes as policy_rules
from tests import stage
from tests.projects.agreements.negotiating import (
    accepted,
    agree,
    answer,
    fresh,
    reword,
    text_of,
    three_parties,
)


def waiting(agreement, number):
    items = Item.objects.filter(key__startswith=f"change:{agreement.ref}:{number}:", settled_at=None)
    return sorted(items.values_list("agency__ref", flat=True))


@pytest.mark.parametrize("who", ["mika", "lucien"])
def test_a_shared_text_is_changed_by_proposals_alone(cast, who):
    agreement = stage.shared_agreement(cast)
    before = text_of(agreement, "notices")

    with pytest.raises(NotNow) as caught:
        actions.word_clause(agreement, "notices", actor=cast.actor(getattr(cast, who)), text="By letter.")

    assert caught.value.code == "propose-a-change"
    assert text_of(agreement, "notices") == before


def test_proposing_changes_nothing_and_asks_every_other_party(cast):
    agreement = three_parties(cast)
    before = text_of(agreement, "notices")

    change = reword(cast, agreement, cast.lucien)

    assert text_of(agreement, "notices") == before
    assert (change.number, change.round, fresh(agreement).round) == (1, 1, 1)
    assert waiting(agreement, 1) == ["ISRO", "JAXA"]


def test_a_change_is_applied_when_the_last_party_accepts_and_not_before(cast):
    agreement = three_parties(cast)
    change = reword(cast, agreement, cast.lucien)

    accepted(cast, agreement, change, cast.mika)
    assert text_of(agreement, "notices") != "By letter."
    assert waiting(agreement, 1) == ["ISRO"]
    done = accepted(cast, agreement, change, cast.tara)

    agreement = fresh(agreement)
    assert text_of(agreement, "notices") == "By letter."
    assert (done.status, done.applied_in) == (Decision.ACCEPTED, agreement.revision)
    assert waiting(agreement, 1) == []


def test_the_words_carry_the_name_of_who_proposed_them(cast):
    agreement = stage.shared_agreement(cast)

    accepted(cast, agreement, reword(cast, agreement, cast.lucien), cast.mika)

    wording = agreement.wordings.filter(code="notices").last()
    assert (wording.agency, wording.person) == (cast.esa, cast.lucien)
    assert fresh(agreement).changed_by == cast.esa


def test_one_event_for_each_answer_and_never_a_word_in_it(cast):
    agreement = three_parties(cast)
    change = reword(cast, agreement, cast.lucien, text="Secret words of clause nine.")

    accepted(cast, agreement, change, cast.mika, cast.tara)

    events = Event.objects.filter(target_ref=agreement.ref, verb__startswith="agreement.change").order_by("pk")
    assert [(row.verb, row.facts.get("applied")) for row in events] == [
        ("agreement.change_proposed", None),
        ("agreement.change_accepted", False),
        ("agreement.change_accepted", True),
    ]
    assert events.last().facts == {"change": 1, "applied": True, "overtaken": [], "revision": 2}
    assert "Secret" not in "".join(str(row.facts) for row in events)


def test_a_refusal_decides_and_keeps_its_reason(cast):
    agreement = three_parties(cast)
    change = reword(cast, agreement, cast.lucien)

    actions.refuse_change(agreement, change.number, actor=cast.actor(cast.tara), reason="Letters take weeks.")

    change.refresh_from_db()
    assert change.status == Decision.REFUSED
    assert change.given.get().reason == "Letters take weeks."
    assert waiting(agreement, 1) == []
    with pytest.raises(NotNow) as caught:
        accepted(cast, agreement, change, cast.mika)
    assert caught.value.code == "change-decided"


@pytest.mark.parametrize("reason", ["", "   ", "x" * 2001, "nul\x00"])
def test_a_refusal_needs_a_reason_that_can_be_read(cast, reason):
    agreement = stage.shared_agreement(cast)
    change = reword(cast, agreement, cast.lucien)

    with pytest.raises(ValidationError) as caught:
        actions.refuse_change(agreement, change.number, actor=cast.actor(cast.mika), reason=reason)

    assert "reason" in caught.value.message_dict
    assert Change.objects.get().is_open


def test_a_counter_takes_the_place_of_a_change_and_everyone_else_answers_it(cast):
    agreement = three_parties(cast)
    first = reword(cast, agreement, cast.lucien)

    second = actions.counter_change(agreement, first.number, actor=cast.actor(cast.mika), text="By letter or e-mail.")

    first.refresh_from_db()
    assert (first.status, second.counters_id, second.round) == (Decision.COUNTERED, first.pk, first.round)
    assert waiting(agreement, 1) == []
    assert waiting(agreement, 2) == ["ESA", "ISRO"]
    accepted(cast, agreement, second, cast.lucien, cast.tara)
    assert text_of(agreement, "notices") == "By letter or e-mail."


def test_a_counter_with_the_same_words_is_no_counter(cast):
    agreement = stage.shared_agreement(cast)
    first = reword(cast, agreement, cast.lucien)

    with pytest.raises(ValidationError) as caught:
        actions.counter_change(agreement, first.number, actor=cast.actor(cast.mika), text=" By letter. ")

    assert "text" in caught.value.message_dict
    assert Change.objects.get().is_open


def test_a_clause_proposed_to_be_left_out_is_countered_with_words(cast):
    agreement = stage.shared_agreement(cast)
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)
    first = actions.propose_change(agreement, actor=mika, operation="remove", code="names")

    second = actions.counter_change(agreement, first.number, actor=lucien, text="Emblems are asked for first.")
    accepted(cast, agreement, second, cast.mika)

    assert text_of(agreement, "names") == "Emblems are asked for first."


def test_who_proposed_withdraws_until_it_is_decided(cast):
    agreement = stage.shared_agreement(cast)
    change = reword(cast, agreement, cast.lucien)

    with pytest.raises(Forbidden):
        actions.withdraw_change(agreement, change.number, actor=cast.actor(cast.mika))
    actions.withdraw_change(agreement, change.number, actor=cast.actor(cast.lucien))

    change.refresh_from_db()
    assert (change.status, change.text) == (Decision.WITHDRAWN, "By letter.")
    with pytest.raises(NotNow):
        actions.withdraw_change(agreement, change.number, actor=cast.actor(cast.lucien))


def test_nobody_accepts_twice_or_what_their_own_agency_proposed(cast):
    agreement = three_parties(cast)
    change = reword(cast, agreement, cast.lucien)
    accepted(cast, agreement, change, cast.mika)

    for person, code in ((cast.mika, "already-answered"), (cast.lucien, "own-change")):
        with pytest.raises(NotNow) as caught:
            accepted(cast, agreement, change, person)
        assert caught.value.code == code
    assert change.given.count() == 1


@pytest.mark.parametrize("who", ["kenji", "sora", "tara", "noor"])
def test_only_those_who_decide_for_a_party_propose_and_answer(cast, who):
    agreement = stage.shared_agreement(cast)
    change = reword(cast, agreement, cast.lucien)
    actor = cast.actor(getattr(cast, who))
    before = Event.objects.count()

    for refused in (
        lambda: actions.propose_change(agreement, actor=actor, operation="reword", code="notices", text="Mine."),
        lambda: actions.accept_change(agreement, change.number, actor=actor),
        lambda: actions.refuse_change(agreement, change.number, actor=actor, reason="No."),
        lambda: actions.counter_change(agreement, change.number, actor=actor, text="Mine."),
        lambda: actions.withdraw_change(agreement, change.number, actor=actor),
    ):
        with pytest.raises(Forbidden):
            refused()
    assert Event.objects.count() == before


def test_a_draft_is_edited_and_a_frozen_text_is_not_proposed_to(cast):
    draft, frozen = stage.drafted_agreement(cast), stage.frozen_agreement(cast)

    for agreement in (draft, frozen):
        with pytest.raises(NotNow):
            reword(cast, agreement, cast.mika)
    assert not Change.objects.exists()


def test_a_round_begins_when_something_is_proposed_and_nothing_is_open(cast):
    agreement = stage.shared_agreement(cast)
    first = reword(cast, agreement, cast.lucien)
    second = reword(cast, agreement, cast.mika, "publication", "After notice.")
    accepted(cast, agreement, first, cast.mika)
    third = reword(cast, agreement, cast.lucien, "disputes", "We talk first.")
    accepted(cast, agreement, second, cast.lucien)
    accepted(cast, agreement, third, cast.mika)

    fourth = reword(cast, agreement, cast.lucien, "notices", "By letter and e-mail.")

    assert [change.round for change in (first, second, third, fourth)] == [1, 1, 1, 2]
    assert fresh(agreement).round == 2


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"operation": "reword", "code": "notices", "text": ""}, "text"),
        ({"operation": "reword", "code": "notices", "text": "x" * 1_000_000}, "text"),
        ({"operation": "reword", "code": "notices", "text": "nul\x00"}, "text"),
        ({"operation": "reword", "code": "notices", "text": "half \ud800 letter"}, "text"),
        ({"operation": "reword", "code": "notices", "text": "{{no_such_placeholder}}"}, "text"),
        ({"operation": "reword", "code": "no-such-clause", "text": "Words."}, "clause"),
        ({"operation": "add", "heading": "", "text": "Words."}, "heading"),
        ({"operation": "add", "heading": "Two\nlines", "text": "Words."}, "heading"),
        ({"operation": "add", "heading": "New", "text": "Words.", "after": "no-such-clause"}, "clause"),
        ({"operation": "move", "code": "notices", "after": "notices"}, "after"),
        ({"operation": "answer", "answers": {"no_such_question": 1}}, "__all__"),
        ({"operation": "answer", "answers": {"cure_days": -5}}, "cure_days"),
        ({"operation": "burn", "code": "notices"}, "operation"),
        ({"operation": "reword", "code": "notices", "text": "Words.", "part": "amended"}, "part"),
        ({"operation": "reword", "code": "notices", "text": "Words.", "note": "x" * 2001}, "note"),
        ({"operation": "restore", "code": "notices"}, "clause"),
    ],
)
def test_what_could_not_be_a_text_is_not_proposed(cast, facts, field):
    agreement = stage.shared_agreement(cast)

    with pytest.raises(ValidationError) as caught:
        actions.propose_change(agreement, actor=cast.actor(cast.lucien), **facts)

    assert field in caught.value.message_dict
    assert not Change.objects.exists()


def test_a_proposal_that_says_nothing_new_is_refused(cast):
    agreement = stage.shared_agreement(cast)
    lucien = cast.actor(cast.lucien)
    clause, before = agreement.clauses.get(code="notices"), agreement.clauses.all()
    above = next(row.code for row in before if row.position == clause.position - 1)

    for facts in (
        {"operation": "reword", "code": "notices", "text": f"  {clause.template}\r\n"},
        {"operation": "move", "code": "notices", "after": above},
        {"operation": "answer", "answers": {"cure_days": agreement.profile["cure_days"]}},
    ):
        with pytest.raises(ValidationError):
            actions.propose_change(agreement, actor=lucien, **facts)
    assert not Change.objects.exists()


def test_a_clause_is_added_moved_left_out_and_restored_by_proposals(cast):
    agreement = stage.shared_agreement(cast)
    lucien = cast.actor(cast.lucien)
    codes = lambda: list(agreement.clauses.order_by("position").values_list("code", flat=True))  # noqa: E731
    count = len(codes())

    added = actions.propose_change(
        agreement, actor=lucien, operation="add", heading="Language of notices", text="In English.", after="notices"
    )
    accepted(cast, agreement, added, cast.mika)
    assert codes().index(added.code) == codes().index("notices") + 1
    moved = actions.propose_change(agreement, actor=lucien, operation="move", code=added.code, after="")
    accepted(cast, agreement, moved, cast.mika)
    assert codes()[0] == added.code
    removed = actions.propose_change(agreement, actor=lucien, operation="remove", code=added.code)
    accepted(cast, agreement, removed, cast.mika)
    assert len(codes()) == count
    model = text_of(agreement, "notices")
    accepted(cast, agreement, reword(cast, agreement, cast.lucien), cast.mika)
    restored = actions.propose_change(agreement, actor=lucien, operation="restore", code="notices")
    accepted(cast, agreement, restored, cast.mika)

    assert text_of(agreement, "notices") == model
    assert [change.applied_in for change in agreement.changes.all()] == [2, 3, 4, 5, 6]


def test_other_answers_change_text_and_profile_together(cast):
    agreement = stage.shared_agreement(cast)

    accepted(cast, agreement, answer(cast, agreement, cast.lucien, cure_days=45), cast.mika)

    agreement = fresh(agreement)
    assert agreement.profile["cure_days"] == 45
    assert "forty-five (45) days" in "".join(agreement.clauses.values_list("text", flat=True))


def test_other_answers_about_entry_into_force_change_the_rule(cast):
    agreement = stage.shared_agreement(cast)
    before = agreement.entry_rule

    accepted(cast, agreement, answer(cast, agreement, cast.lucien, entry_into_force="all_notified"), cast.mika)

    assert fresh(agreement).entry_rule != before


def test_other_words_change_no_answer(cast):
    agreement = stage.shared_agreement(cast)
    before = agreement.profile

    accepted(cast, agreement, reword(cast, agreement, cast.lucien, "breach", "Cured in 3 days."), cast.mika)

    assert fresh(agreement).profile == before


def test_free_wording_survives_other_answers(cast):
    agreement = stage.shared_agreement(cast)
    accepted(cast, agreement, reword(cast, agreement, cast.lucien, "confidentiality", "We keep secrets."), cast.mika)

    accepted(cast, agreement, answer(cast, agreement, cast.mika, cure_days=45), cast.lucien)

    assert text_of(agreement, "confidentiality") == "We keep secrets."


def test_two_proposals_on_one_clause_stand_side_by_side_until_one_is_applied(cast):
    agreement = stage.shared_agreement(cast)
    ours = reword(cast, agreement, cast.lucien, text="By letter.")
    theirs = reword(cast, agreement, cast.mika, text="By telegram.")
    assert {ours.number, theirs.number} == {1, 2}

    accepted(cast, agreement, ours, cast.mika)

    theirs.refresh_from_db()
    assert (theirs.status, theirs.text) == (Decision.OVERTAKEN, "By telegram.")
    assert waiting(agreement, 2) == []
    assert Item.objects.filter(agency=cast.jaxa, title_id__contains="overtaken").exists()


@pytest.mark.parametrize(
    ("proposal", "applied", "is_overtaken"),
    [
        ({"operation": "reword", "code": "notices", "text": "B."}, {"operation": "remove", "code": "notices"}, True),
        ({"operation": "reword", "code": "breach", "text": "B."}, {"operation": "answer", "answers": {"cure_days": 45}},
         True),
        ({"operation": "reword", "code": "notices", "text": "B."}, {"operation": "answer", "answers": {"cure_days": 45}},
         False),
        ({"operation": "reword", "code": "notices", "text": "B."}, {"operation": "add", "heading": "H", "text": "T"},
         False),
        ({"operation": "answer", "answers": {"cure_days": 40}}, {"operation": "answer", "answers": {"cure_days": 45}},
         True),
        ({"operation": "move", "code": "notices", "after": ""}, {"operation": "remove", "code": "notices"}, True),
        ({"operation": "move", "code": "notices", "after": ""},
         {"operation": "move", "code": "notices", "after": "breach"}, True),
        ({"operation": "add", "heading": "H", "text": "T", "after": "notices"},
         {"operation": "remove", "code": "notices"}, True),
        ({"operation": "remove", "code": "names"}, {"operation": "reword", "code": "names", "text": "B."},
         True),
    ],
)  # fmt: skip
def test_a_change_is_overtaken_when_what_it_was_about_is_not_there_any_more(cast, proposal, applied, is_overtaken):
    agreement = stage.shared_agreement(cast)
    waiting_change = actions.propose_change(agreement, actor=cast.actor(cast.mika), **proposal)
    other = actions.propose_change(agreement, actor=cast.actor(cast.lucien), **applied)

    accepted(cast, agreement, other, cast.mika)

    waiting_change.refresh_from_db()
    assert (waiting_change.status == Decision.OVERTAKEN) is is_overtaken
    if not is_overtaken:
        assert accepted(cast, agreement, waiting_change, cast.lucien).status == Decision.ACCEPTED


def test_a_proposal_typed_against_words_that_changed_meanwhile_is_refused_with_the_words_kept(cast):
    agreement = stage.shared_agreement(cast)
    seen = agreement.clauses.get(code="notices").revision
    accepted(cast, agreement, reword(cast, agreement, cast.mika), cast.lucien)

    with pytest.raises(Stale) as caught:
        actions.propose_change(
            agreement, actor=cast.actor(cast.lucien), operation="reword", code="notices", text="By telegram.",
            based_on=seen,
        )  # fmt: skip

    assert caught.value.typed["text"] == "By telegram."
    assert caught.value.newer["text"][1] == "By letter."
    assert caught.value.version == 2


def test_an_applied_change_drops_what_was_agreed_and_asks_again(cast):
    agreement = agree(cast, stage.shared_agreement(cast), cast.mika, cast.lucien)
    change = reword(cast, agreement, cast.lucien)

    accepted(cast, agreement, change, cast.mika)

    agreement = fresh(agreement)
    assert agreement.status == Status.NEGOTIATING
    assert len(AgreementPolicy(cast.actor(cast.mika), agreement).not_agreed) == 2
    asked = Item.objects.filter(key__startswith=f"agree:{agreement.ref}:", settled_at=None)
    assert sorted(asked.values_list("agency__ref", flat=True)) == ["ESA", "JAXA"]


def test_a_party_may_agree_to_the_text_as_it_stands_while_changes_are_open(cast):
    agreement = stage.shared_agreement(cast)
    reword(cast, agreement, cast.lucien)

    agreement = agree(cast, agreement, cast.mika, cast.lucien)

    assert not AgreementPolicy(cast.actor(cast.mika), agreement).not_agreed


def test_nothing_is_frozen_while_a_change_is_open(cast):
    agreement = agree(cast, stage.shared_agreement(cast), cast.mika, cast.lucien)
    change = reword(cast, agreement, cast.lucien)
    assert fresh(agreement).status == Status.NEGOTIATING

    with pytest.raises(NotNow) as caught:
        actions.freeze(agreement, actor=cast.actor(cast.mika))
    assert (caught.value.code, str(caught.value.reason)) == ("changes-open", "Changes are open: 1.")
    actions.withdraw_change(agreement, change.number, actor=cast.actor(cast.lucien))

    assert actions.freeze(agreement, actor=cast.actor(cast.mika)).status == Status.SIGNING


def test_silence_never_accepts(cast):
    agreement = three_parties(cast)
    change = reword(cast, agreement, cast.lucien)
    accepted(cast, agreement, change, cast.mika)

    change.refresh_from_db()

    assert change.is_open
    assert text_of(agreement, "notices") != "By letter."


def test_an_agreement_given_up_asks_for_no_answer_any_more(cast):
    agreement = stage.shared_agreement(cast)
    reword(cast, agreement, cast.lucien)

    actions.abandon(agreement, actor=cast.actor(cast.mika))

    assert waiting(agreement, 1) == []


def test_a_change_that_does_not_exist_is_said_to_be_none(cast):
    agreement = stage.shared_agreement(cast)
    reword(cast, agreement, cast.lucien)

    with pytest.raises(ValidationError) as caught:
        actions.accept_change(agreement, 99, actor=cast.actor(cast.mika))

    assert "number" in caught.value.message_dict


def test_a_code_is_never_given_to_two_new_clauses(cast):
    agreement = stage.shared_agreement(cast)
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)

    first = actions.propose_change(agreement, actor=mika, operation="add", heading="One", text="One.")
    second = actions.propose_change(agreement, actor=lucien, operation="add", heading="Two", text="Two.")
    accepted(cast, agreement, first, cast.lucien)
    accepted(cast, agreement, second, cast.mika)

    assert first.code != second.code
    assert {text_of(agreement, first.code), text_of(agreement, second.code)} == {"One.", "Two."}


def test_the_text_that_an_amendment_changes_is_negotiated_like_its_own(cast):
    amendment = actions.draft_amendment(stage.agreement_in_force(cast), actor=cast.actor(cast.mika))
    amendment = actions.share(amendment, actor=cast.actor(cast.mika))
    own = amendment.clauses.filter(part="own").values_list("code", "text")
    before = dict(own)

    change = reword(cast, amendment, cast.lucien, "notices", "By letter.")
    accepted(cast, amendment, change, cast.mika)
    answered = actions.propose_change(
        amendment, actor=cast.actor(cast.lucien), operation="answer", part="amended", answers={"cure_days": 45}
    )
    accepted(cast, amendment, answered, cast.mika)

    amendment = fresh(amendment)
    assert (change.part, answered.part) == ("amended", "amended")
    assert text_of(amendment, "notices") == "By letter."
    assert amendment.amended_profile["cure_days"] == 45
    assert dict(own.all()) == before


def test_who_reads_a_text_without_being_a_party_learns_nothing_of_how_it_is_negotiated(cast):
    agreement = stage.shared_agreement(cast)
    reword(cast, agreement, cast.lucien, text="By carrier pigeon.")
    actions.comment(agreement, actor=cast.actor(cast.lucien), words="Pigeons?", audience="shared")
    Reader.objects.create(agreement=agreement, agency=cast.isro, standing=Standing.BENEFICIARY)
    tara = cast.client(cast.tara)

    page = tara.get(f"/agreements/{agreement.ref}/").content.decode()

    for words in ("carrier pigeon", "Pigeons?", "Round 1 waits", "change 1", "Internal approvals"):
        assert words not in page
    assert "Round 1 waits" not in tara.get("/agreements/").content.decode()
    for path in ("changes/", "changes/1/", "approvals/"):
        assert tara.get(f"/agreements/{agreement.ref}/{path}").status_code == 403
        assert tara.get(f"/api/v1/agreements/{agreement.ref}/{path.removesuffix('1/')}").status_code == 403


def test_a_clause_of_the_model_keeps_its_heading_and_one_of_the_parties_may_get_another(cast):
    agreement = stage.shared_agreement(cast)
    lucien = cast.actor(cast.lucien)
    heading = agreement.clauses.get(code="notices").heading
    added = actions.propose_change(agreement, actor=lucien, operation="add", heading="One", text="One.")
    accepted(cast, agreement, added, cast.mika)

    for code in ("notices", added.code):
        change = actions.propose_change(
            agreement, actor=lucien, operation="reword", code=code, text="Other words.", heading="Other heading"
        )
        accepted(cast, agreement, change, cast.mika)

    found = dict(agreement.clauses.values_list("code", "heading"))
    assert (found["notices"], found[added.code]) == (heading, "Other heading")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"operation": "reword", "text": "By letter.", "after": "disputes"}, ("", "By letter.", "")),
        ({"operation": "remove", "heading": "H" * 200, "text": "Nul \x00", "after": "disputes"}, ("", "", "")),
        ({"operation": "move", "heading": "H" * 200, "text": "Nul \x00", "after": "disputes"}, ("", "", "disputes")),
        ({"operation": "answer", "heading": "H" * 200, "text": "Nul \x00", "after": "disputes", "code": "",
          "answers": {"cure_days": 45}}, ("", "", "")),
    ],
)  # fmt: skip
def test_a_change_keeps_only_what_its_kind_says(cast, sent, kept):
    agreement = stage.shared_agreement(cast)

    change = actions.propose_change(agreement, actor=cast.actor(cast.lucien), **{"code": "notices", **sent})

    change.refresh_from_db()
    assert (change.heading, change.text, change.after) == kept


@pytest.mark.parametrize("answers", [{"cure_days": 45}, {"a\x00b": "c"}, {"ab": "X" * 1_000_000}])
def test_answers_are_a_change_of_their_own(cast, answers):
    agreement, lucien = stage.shared_agreement(cast), cast.actor(cast.lucien)
    first = reword(cast, agreement, cast.mika)

    with pytest.raises(ValidationError) as proposed:
        actions.propose_change(
            agreement, actor=lucien, operation="reword", code="notices", text="By raven.", answers=answers
        )
    with pytest.raises(ValidationError) as countered:
        actions.counter_change(agreement, first.number, actor=lucien, text="By raven.", answers=answers)

    assert [list(refused.value.message_dict) for refused in (proposed, countered)] == [["answers"]] * 2
    assert list(Change.objects.values_list("text", "status")) == [("By letter.", Decision.OPEN)]


def test_a_party_has_at_most_fifty_changes_open_and_still_answers(cast, monkeypatch):
    assert policy_rules.MOST_OPEN == 50
    monkeypatch.setattr(policy_rules, "MOST_OPEN", 2)
    agreement, lucien = stage.shared_agreement(cast), cast.actor(cast.lucien)
    asked, also = (reword(cast, agreement, cast.mika, text=words) for words in ("By letter.", "By mail."))
    bracket = actions.place_bracket(agreement, "notices", actor=lucien)
    own = [reword(cast, agreement, cast.lucien, text=words) for words in ("By raven.", "By owl.")]

    with pytest.raises(NotNow) as proposed:
        reword(cast, agreement, cast.lucien, text="By pigeon.")
    with pytest.raises(NotNow) as countered:
        actions.counter_change(agreement, asked.number, actor=lucien, text="By pigeon.")

    assert {proposed.value.code, countered.value.code} == {"too-many-open-changes"}
    policy = AgreementPolicy(lucien, fresh(agreement))
    assert (policy.can_propose_change, policy.can_counter_change, policy.can_accept_change) == (False, False, True)
    actions.lift_bracket(agreement, bracket.pk, actor=lucien)
    actions.refuse_change(agreement, asked.number, actor=lucien, reason="No.")
    actions.refuse_change(agreement, also.number, actor=lucien, reason="No.")
    actions.withdraw_change(agreement, own[0].number, actor=lucien)
    assert reword(cast, agreement, cast.lucien, text="By pigeon.").is_open


def test_all_changes_on_a_page_share_the_work_of_their_redlines(cast):
    agreement = stage.shared_agreement(cast)
    template = agreement.clauses.get(code="notices").template
    for words in ("By letter.", "By raven."):
        reword(cast, agreement, cast.lucien, text=f"On paper. {template} {words}")
    board = Board(AgreementPolicy(cast.actor(cast.mika), fresh(agreement)))
    before = board.allowance.left

    drawn = [effect.redline for proposal in board.proposals for effect in proposal.effects]

    assert len(drawn) == 2
    assert board.allowance.left < before
    assert {effect.allowance for proposal in board.proposals for effect in proposal.effects} == {board.allowance}
