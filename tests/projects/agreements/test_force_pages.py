"""The page and the API of entry into force: what they show, what they refuse, and what they keep of what was typed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse

from agencies.zones import today
from projects.agreements import actions
from projects.agreements.models import Act, Status
from tests import stage
from tests.cast import LONG_AGO
from tests.projects.agreements.entering import act, drafted, fresh, frozen, signed_by

TWO = {"answers": {"entry_into_force": "k_of_n", "entry_count": 2}}
RATIFIED = {"answers": {"entry_into_force": "all_ratified"}}


def address(name, agreement):
    return reverse(f"agreements:{name}", args=[agreement.ref])


def shown(cast, person, agreement):
    return cast.client(person).get(address("force", agreement)).content.decode()


def typed(agreement, **changed: Any) -> dict[str, Any]:
    """What the form of the rule sends when only these fields were touched."""
    fields = {
        "version": agreement.version, "entry_into_force": "all_signed", "entry_count": 2, "entry_named": "",
        "entry_share": 80, "entry_days": 30, "entry_date": "", "rule": "",
        **{f"share_{party.agency.ref}": "" for party in agreement.party_list},
    }  # fmt: skip
    return fields | changed


def api(cast, person, agreement, verb="force", sent=None):
    path = f"/api/v1/agreements/{agreement.ref}/{verb}/"
    client = cast.client(person)
    return client.get(path) if sent is None else client.post(path, sent, content_type="application/json")


def test_the_page_says_the_rule_and_who_has_signed(cast):
    agreement = signed_by(cast, frozen(cast, **TWO), cast.kenji)

    html = shown(cast, cast.tara, agreement)

    assert "It enters into force on the day on which at least 2 of the Parties have signed it." in html
    assert "Signature: 1 more of ESA, or ISRO" in html
    assert agreement.signatures.get().evidence_sha256[:8] in html


def test_the_depositary_confirms_on_the_page(cast):
    agreement = signed_by(cast, frozen(cast, **TWO), cast.kenji, cast.ingrid)
    html = shown(cast, cast.mika, agreement)
    assert "Confirm the entry into force" in html
    assert "Confirm the entry into force" not in shown(cast, cast.lucien, agreement)

    answer = cast.client(cast.mika).post(address("enter-into-force", agreement))

    assert answer.status_code == 302
    assert fresh(agreement).status == Status.IN_FORCE
    assert "In force since" in shown(cast, cast.tara, agreement)
    assert "Record an act" not in shown(cast, cast.tara, agreement)


def test_an_act_is_recorded_on_the_page_and_stands_in_the_table(cast):
    agreement = signed_by(cast, frozen(cast, **RATIFIED), cast.kenji)
    assert "Record an act of JAXA" in shown(cast, cast.mika, agreement)

    sent = {"kind": "ratification", "done_on": "2026-03-01", "reference": "Decree 12/26", "words": "<b>bold</b>"}
    answer = cast.client(cast.mika).post(address("record-act", agreement), sent)

    assert answer.status_code == 302
    html = shown(cast, cast.lucien, agreement)
    assert "Decree 12/26" in html
    assert "&lt;b&gt;bold" in html
    assert str(Act.objects.get().event)[:8] in html
    assert "Ratification, acceptance or approval: ESA and ISRO" in html


@pytest.mark.parametrize(
    "sent",
    [
        {"kind": "ratification", "done_on": "2999-01-01", "reference": "Kept <1>"},
        {"kind": "ratification", "done_on": "yesterday", "reference": "Kept <1>"},
        {"kind": "note", "done_on": "2026-03-01", "reference": "Kept <1>"},
        {"done_on": "2026-03-01", "reference": "Kept <1>"},
        {"kind": "ratification", "done_on": "2026-03-01", "reference": "Kept <1>", "words": "x" * 501},
    ],
)
def test_a_bad_act_comes_back_with_everything_that_was_typed(cast, sent):
    agreement = signed_by(cast, frozen(cast, **RATIFIED), cast.kenji)

    answer = cast.client(cast.mika).post(address("record-act", agreement), sent)

    assert answer.status_code == 422
    assert "Kept &lt;1&gt;" in answer.content.decode()
    assert not Act.objects.exists()


def test_the_form_sets_a_usual_rule_and_the_shares(cast):
    agreement = drafted(cast)
    shares = {"share_JAXA": "50", "share_ESA": "30.25", "share_ISRO": "19.75"}

    answer = cast.client(cast.mika).post(
        address("set-entry-rule", agreement), typed(agreement, entry_into_force="weighted", **shares)
    )

    assert answer.status_code == 302
    assert fresh(agreement).entry_rule == {"weighted": {"min": 80}}
    assert "30.25\u202f%" in shown(cast, cast.mika, agreement)


def test_the_form_sets_a_tree(cast):
    agreement = drafted(cast)
    tree = {"or": [{"all_signed": True}, {"and": [{"k_of_n": 2}, {"on": "2027-06-01"}]}]}

    answer = cast.client(cast.mika).post(
        address("set-entry-rule", agreement), typed(agreement, entry_into_force="custom", rule=json.dumps(tree))
    )

    assert answer.status_code == 302
    assert fresh(agreement).entry_rule == tree


def test_a_tree_that_was_not_chosen_is_not_read(cast):
    agreement = drafted(cast)

    answer = cast.client(cast.mika).post(address("set-entry-rule", agreement), typed(agreement, rule="{nonsense"))

    assert answer.status_code == 302
    assert fresh(agreement).entry_rule == {"all_signed": True}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"entry_into_force": "custom", "rule": "{kept"}, "This is not JSON."),
        ({"entry_into_force": "custom", "rule": "[" * 19_000}, "This is not JSON."),
        ({"entry_into_force": "custom", "rule": '{"kept": 1}'}, "exactly one of"),
        ({"entry_into_force": "custom", "rule": '{"named": ["\\ud800"]}'}, "by reference"),
        ({"entry_into_force": "custom", "rule": '{"k_of_n": 9}'}, "there are only 3"),
        ({"entry_into_force": "custom", "rule": '{"x": "\x00"}'}, "Null characters"),
        ({"entry_into_force": "k_of_n", "entry_count": "9"}, "there are only 3"),
        ({"entry_into_force": "on_date", "entry_date": "2027-02-30"}, "2027-01-01"),
        ({"entry_into_force": "weighted", "share_ESA": "120"}, "100"),
        ({"entry_into_force": "weighted"}, "come to 0 percent"),
        ({"entry_into_force": "nothing"}, "nothing is not one of the available choices"),
    ],
)
def test_a_bad_rule_is_said_beside_its_field_and_kept(cast, changed, words):
    agreement = drafted(cast)
    sent = typed(agreement, entry_named="ISRO, kept", **changed)

    answer = cast.client(cast.mika).post(address("set-entry-rule", agreement), sent)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in html
    assert "ISRO, kept" in html
    assert fresh(agreement).entry_rule == {"all_signed": True}


def test_a_frozen_text_shows_no_form_of_the_rule_and_refuses_it(cast):
    agreement = frozen(cast, **TWO)

    assert "Choose the rule" not in shown(cast, cast.mika, agreement)
    assert cast.client(cast.mika).post(address("set-entry-rule", agreement), typed(agreement)).status_code == 409
    assert cast.client(cast.kenji).post(address("set-entry-rule", agreement), typed(agreement)).status_code == 403


def test_what_does_not_bind_is_operative_and_never_in_force(cast):
    project = drafted(cast).project
    agreement = actions.draft_agreement(
        project,
        actor=cast.actor(cast.mika),
        title="Joint declaration",
        kind="memorandum",
        answers={"binding": "non_binding", "liability": "own"},
        parties=[cast.jaxa, cast.esa],
    )

    html = shown(cast, cast.mika, agreement)

    assert "It becomes operative on the day on which all Parties have signed it." in html
    assert "enters into force on" not in html


@pytest.mark.parametrize("binding", ["non_binding", "declaration"])
def test_wherever_its_status_is_shown_a_text_that_does_not_bind_is_operative(cast, binding):
    project = stage.accepted_project(cast)
    mika = cast.actor(cast.mika)
    agreement = actions.draft_agreement(
        project,
        actor=mika,
        title="Joint declaration",
        kind="memorandum",
        answers={"binding": binding, "liability": "own"},
    )
    agreement = actions.freeze(stage.agree(cast, actions.share(agreement, actor=mika)), actor=mika)
    stage.sign(cast, agreement, cast.kenji)
    stage.sign(cast, agreement, cast.ingrid)
    places = (
        f"/agreements/{agreement.ref}/",
        "/agreements/",
        f"/projects/{project.ref}/",
        f"/projects/{project.ref}/agreements/",
    )

    for words, action in (("Signed, not operative", None), ("Operative", actions.enter_into_force)):
        if action is not None:
            action(fresh(agreement), actor=mika)
        chip = f"</svg>{words}</span>"
        for place in places:
            assert chip in cast.client(cast.mika).get(place).content.decode(), place
    html = cast.client(cast.mika).get(f"/agreements/{agreement.ref}/").content.decode()
    assert "In force" not in html


def test_the_status_of_a_text_that_binds_says_in_force(cast):
    agreement = stage.agreement_in_force(cast)

    for place in (f"/agreements/{agreement.ref}/", "/agreements/"):
        assert "</svg>In force</span>" in cast.client(cast.mika).get(place).content.decode()


def test_strangers_find_no_page(cast):
    agreement = stage.frozen_agreement(cast)

    for person in (cast.tara, cast.sora, cast.noor, cast.olga):
        assert cast.client(person).get(address("force", agreement)).status_code == 404
        assert api(cast, person, agreement).status_code in (403, 404)


def test_the_page_costs_the_same_however_many_parties_have_acted(cast, django_assert_max_num_queries):
    agreement = signed_by(cast, frozen(cast, **RATIFIED), cast.kenji, cast.ingrid, cast.tara)
    for person in (cast.mika, cast.lucien, cast.tara):
        act(cast, agreement, person, "ratification")
    client = cast.client(cast.mika)
    client.get(address("force", agreement))

    with django_assert_max_num_queries(12):
        client.get(address("force", agreement))


# The API.


def test_the_api_says_where_the_rule_stands(cast):
    agreement = signed_by(cast, frozen(cast, **TWO), cast.kenji)

    body = api(cast, cast.lucien, agreement).json()

    assert body["rule"] == {"k_of_n": 2}
    assert body["clause"] == "on the day on which at least two (2) of the Parties have signed it"
    assert (body["is_satisfied"], body["day"], body["earliest"]) == (False, None, None)
    assert body["missing"] == [
        {"kind": "signature", "parties": ["ESA", "ISRO"], "count": 1, "percent": None, "until": None, "choices": []}
    ]
    assert body["evidence"] == [agreement.signatures.get().evidence_sha256]
    assert [party["signed"] is not None for party in body["parties"]] == [True, False, False]


def test_the_api_sets_a_rule_records_acts_and_confirms(cast):
    agreement = drafted(cast)
    rule = {"and": [{"all_signed": True}, {"act": "note", "by": ["ESA"]}]}
    assert api(cast, cast.mika, agreement, "set-entry-rule", {"rule": rule}).status_code == 200
    assert fresh(agreement).entry_rule == rule
    agreement = signed_by(cast, frozen(cast, rule=rule), cast.kenji, cast.ingrid, cast.tara)

    sent = {"kind": "note", "done_on": LONG_AGO.isoformat(), "reference": "NV 7"}
    assert api(cast, cast.lucien, agreement, "record-act", sent).status_code == 200
    answer = api(cast, cast.mika, agreement, "enter-into-force", {})

    assert answer.json()["in_force_on"] == today("Asia/Tokyo").isoformat()
    body = api(cast, cast.mika, agreement).json()
    assert body["parties"][1]["acts"]["note"]["evidence"] == str(Act.objects.get().event)
    assert body["parties"][1]["bound_since"] == today("Asia/Tokyo").isoformat()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"rule": {"k_of_n": 9}}, "rule"),
        ({"rule": []}, "rule"),
        ({"rule": {"k_of_n": 10**400}}, "rule"),
        ({"answers": {"cure_days": 3}}, "entry_into_force"),
        ({"answers": {"entry_into_force": ["all_signed"]}}, "entry_into_force"),
        ({"answers": {"entry_into_force": "k_of_n", "entry_count": 9}}, "entry_count"),
        ({"shares": {"ESA": "a lot"}}, "shares"),
        ({"shares": {"NASA": "10"}}, "shares"),
        ({"nonsense": 1}, "nonsense"),
        ({}, "answers"),
    ],
)
def test_a_bad_rule_is_answered_with_its_field(cast, sent, field):
    agreement = drafted(cast)

    answer = api(cast, cast.mika, agreement, "set-entry-rule", sent)

    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_the_api_refuses_as_the_page_does(cast):
    agreement = signed_by(cast, frozen(cast, **RATIFIED), cast.kenji)
    sent = {"kind": "ratification", "done_on": LONG_AGO.isoformat()}

    assert api(cast, cast.kenji, agreement, "record-act", sent).status_code == 403
    assert api(cast, cast.lucien, agreement, "record-act", sent).status_code == 409
    assert api(cast, cast.lucien, agreement, "enter-into-force", {}).status_code == 403
    refused = api(cast, cast.mika, agreement, "enter-into-force", {})
    assert refused.status_code == 409
    assert "ESA and ISRO" in refused.json()["detail"]
