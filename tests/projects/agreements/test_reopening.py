"""Going back from a text in signing: any party may, until nothing but the depositary's word is missing to its entry into force."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from portal.kit.refusals import NotNow
from projects.agreements import actions
from projects.agreements.models import Agreement, Status
from projects.agreements.policies import AgreementPolicy
from tests import stage
from tests.projects.agreements.entering import act, drafted, fresh, frozen, signed_by

pytestmark = pytest.mark.django_db

TWO = {"answers": {"entry_into_force": "k_of_n", "entry_count": 2}}
MONTH_LATER = {"rule": {"and": [{"k_of_n": 2}, {"after": {"event": "last_signature", "days": 30}}]}}
WITH_ACT = {"rule": {"and": [{"k_of_n": 2}, {"act": "completion", "by": 2}]}}


def reopen(cast, agreement, person):
    return actions.reopen(agreement, actor=cast.actor(person), reason="We want other words.")


def post(cast, person, path, **sent):
    return cast.client(person).post(path, {"once": str(uuid.uuid4()), **sent})


@pytest.mark.parametrize("rule", [TWO, MONTH_LATER, WITH_ACT])
def test_any_party_reopens_while_the_rule_still_waits_for_a_party(cast, rule):
    agreement = signed_by(cast, frozen(cast, **rule), cast.kenji)

    assert reopen(cast, agreement, cast.lucien).status == Status.NEGOTIATING


@pytest.mark.parametrize(
    "rule", [pytest.param(TWO, id="satisfied"), pytest.param(MONTH_LATER, id="time alone missing")]
)
@pytest.mark.parametrize("who", ["mika", "lucien", "tara"])
def test_nobody_reopens_once_the_parties_have_done_what_the_rule_asks(cast, rule, who):
    agreement = signed_by(cast, frozen(cast, **rule), cast.kenji, cast.ingrid)
    assert agreement.status == Status.SIGNING

    with pytest.raises(NotNow) as refused:
        reopen(cast, agreement, getattr(cast, who))

    assert refused.value.code == "rule-satisfied"
    assert "The depositary, JAXA, confirms" in str(refused.value.unblock)
    assert fresh(agreement).status == Status.SIGNING
    assert len(fresh(agreement).valid_signatures) == 2


def test_an_act_that_is_missing_keeps_the_way_back_open_and_the_last_one_closes_it(cast):
    agreement = signed_by(cast, frozen(cast, **WITH_ACT), cast.kenji, cast.ingrid)
    act(cast, agreement, cast.mika)
    assert AgreementPolicy(cast.actor(cast.lucien), fresh(agreement)).can_reopen

    act(cast, agreement, cast.lucien)

    assert not AgreementPolicy(cast.actor(cast.lucien), fresh(agreement)).can_reopen


def test_who_has_not_signed_cannot_undo_by_declining_what_the_others_have_done(cast):
    agreement = signed_by(cast, frozen(cast, **TWO), cast.kenji, cast.ingrid)

    with pytest.raises(NotNow) as refused:
        stage.decline(cast, agreement, cast.tara)

    assert refused.value.code == "rule-satisfied"
    assert fresh(agreement).status == Status.SIGNING
    assert stage.sign(cast, agreement, cast.tara)


def test_a_no_that_comes_before_is_a_no(cast):
    agreement = signed_by(cast, frozen(cast, **TWO), cast.kenji)

    assert stage.decline(cast, agreement, cast.tara).status == Status.DECLINED


def test_the_page_offers_no_way_back_and_the_address_and_the_api_refuse_it(cast):
    agreement = signed_by(cast, frozen(cast, **TWO), cast.kenji, cast.ingrid)
    path = reverse("agreements:agreement", args=[agreement.ref])

    html = cast.client(cast.lucien).get(path).content.decode()
    posted = post(cast, cast.lucien, reverse("agreements:reopen", args=[agreement.ref]), reason="Other words.")
    sent = cast.client(cast.lucien).post(
        f"/api/v1/agreements/{agreement.ref}/reopen/", {"reason": "Other words."}, content_type="application/json"
    )

    assert "Reopen the text" not in html
    assert (posted.status_code, sent.status_code) == (409, 409)
    assert "confirms the entry into force" in posted.content.decode()
    assert sent.json()["code"] == "rule-satisfied"


def test_an_amendment_that_was_overtaken_can_still_be_reopened(cast):
    """It can never enter into force as it reads: nobody would have a way out."""
    agreement = _in_force_of_three(cast)
    mika = cast.actor(cast.mika)
    late = actions.draft_amendment(agreement, actor=mika)
    late = actions.word_clause(late, "disputes", actor=mika, text="The Parties talk.")
    actions.set_entry_rule(late, actor=mika, **TWO)
    late = _agreed_and_frozen(cast, late)
    signed_by(cast, late, cast.kenji, cast.ingrid)
    assert not AgreementPolicy(mika, fresh(late)).can_reopen
    first = actions.draft_amendment(agreement, actor=mika)
    first = actions.word_clause(first, "notices", actor=mika, text="By letter.")
    first = signed_by(cast, _agreed_and_frozen(cast, first), cast.kenji, cast.ingrid, cast.tara)

    actions.enter_into_force(first, actor=mika)

    assert reopen(cast, late, cast.lucien).status == Status.NEGOTIATING


def _in_force_of_three(cast) -> Agreement:
    agreement = signed_by(cast, _agreed_and_frozen(cast, drafted(cast)), cast.kenji, cast.ingrid, cast.tara)
    return actions.enter_into_force(agreement, actor=cast.actor(cast.mika))


def _agreed_and_frozen(cast, agreement) -> Agreement:
    mika = cast.actor(cast.mika)
    actions.share(fresh(agreement), actor=mika)
    for person in (cast.mika, cast.lucien, cast.tara):
        shown = AgreementPolicy(cast.actor(person), fresh(agreement)).current_hash
        actions.agree_to_text(agreement, actor=cast.actor(person), sha256=shown)
    return actions.freeze(agreement, actor=mika)
