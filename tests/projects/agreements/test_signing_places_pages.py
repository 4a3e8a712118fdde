"""The plan of signing as a page and in JSON: the same words, the same refusals, nothing typed is lost."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.urls import reverse

from projects.agreements.models import Addressee, Endorsement, Slot
from projects.agreements.signing.call import Terms, call_of
from tests import stage
from tests.cast import PASSWORD
from tests.passkeys import Passkey
from tests.projects.agreements.negotiating import fresh, three_parties
from tests.projects.agreements.signing import asked, member, name, opened, planned, sign, signatory, three_frozen

pytestmark = pytest.mark.django_db


def address(verb, agreement):
    return reverse(f"agreements:{verb}", args=[agreement.ref])


def page(cast, person, agreement):
    return cast.client(person).get(address("signing", agreement)).content.decode()


def post(cast, person, verb, agreement, **sent):
    return cast.client(person).post(address(verb, agreement), {"once": str(uuid.uuid4()), **sent})


def send(cast, person, verb, agreement, **sent):
    path = reverse(f"api:agreement-{verb}", args=[agreement.ref])
    return cast.client(person).post(path, sent, content_type="application/json")


def test_whoever_mistypes_comes_back_from_their_passkey_to_the_page(cast):
    agreement = three_frozen(cast, ("ESA", "approver", 1), ("ESA", "signer", 2))
    Passkey(cast.lucien)

    answer = post(cast, cast.lucien, "approve-for-signing", agreement, sha256=agreement.text.sha256, password="guess")

    assert answer.status_code == 422
    assert f"?next={address('signing', agreement)}" in answer.content.decode()
    assert not Endorsement.objects.exists()


def test_the_page_says_after_which_order_each_place_comes(cast):
    agreement = three_frozen(cast, ("ESA", "signer", 2), ("ISRO", "signer", 5), ("ISRO", "copy", 9))

    html = page(cast, cast.lucien, agreement)

    assert html.count("After order 1") == html.count("After order 2") == 1
    assert "After order 5" not in html


def test_the_page_says_whose_turn_it_is_and_until_when(cast):
    agreement = three_frozen(cast, ("ESA", "signer", 2, 2), terms=Terms(None))
    sign(cast, agreement, cast.kenji)

    html = page(cast, cast.lucien, agreement)

    assert "Waits for ISRO, then ESA" in html
    assert "After order 1" in html
    assert "0 of 2 persons" in html
    assert "without a last day" in html
    assert "Kenji Amanogawa" in html


def test_the_text_says_whose_turn_it_is(cast):
    agreement = three_frozen(cast, ("ESA", "signer", 2))

    html = cast.client(cast.lucien).get(address("agreement", agreement)).content.decode()

    assert "Waits for JAXA and ISRO, then ESA" in html
    assert "Later, in order 2" in html


def test_who_is_no_party_learns_nothing_of_the_plan(cast):
    agreement = stage.frozen_agreement(cast)

    assert cast.client(cast.tara).get(address("signing", agreement)).status_code == 404


def test_a_plan_is_typed_line_by_line(cast):
    agreement = three_parties(cast)
    sent = {"version": agreement.version, "agency_1": cast.jaxa.ref, "role_1": "signer", "order_1": 2, "needed_1": 2}
    sent |= {"agency_2": cast.esa.ref, "role_2": "approver", "order_2": "", "needed_2": ""}

    response = post(cast, cast.lucien, "plan-signing", agreement, **sent)

    assert response.status_code == 302
    rows = Slot.objects.values_list("agency__acronym", "role", "order", "needed")
    assert list(rows) == [("ESA", "approver", 1, 1), ("JAXA", "signer", 2, 2)]


def test_what_is_wrong_with_a_plan_is_said_and_what_was_typed_stays(cast):
    agreement = three_parties(cast)
    sent = {"version": agreement.version, "agency_1": cast.jaxa.ref, "role_1": "signer", "order_1": 77, "needed_1": 2}

    response = post(cast, cast.mika, "plan-signing", agreement, **sent)

    assert response.status_code == 422
    assert 'value="77"' in response.content.decode()
    assert not Slot.objects.exists()


def test_a_plan_typed_against_an_old_one_overwrites_nothing(cast):
    agreement = three_parties(cast)
    planned(cast, ("ESA", "signer", 2), agreement=agreement)

    response = post(cast, cast.mika, "plan-signing", agreement, version=agreement.version)

    assert response.status_code == 409
    assert Slot.objects.count() == 1


def test_the_depositary_types_another_order_with_its_reason(cast):
    agreement = three_frozen(cast, ("ESA", "signer", 2))
    version = fresh(agreement).version
    silent = post(cast, cast.mika, "plan-signing", agreement, version=version, order_1=2, order_2=2, order_3=1)

    response = post(
        cast, cast.mika, "plan-signing", agreement, version=version, order_1=2, order_2=2, order_3=1, reason="A visit."
    )

    assert (silent.status_code, response.status_code) == (422, 302)
    assert asked(agreement) == ["ESA sign"]


def test_names_are_ticked_and_an_old_page_does_not_undo_newer_names(cast):
    hiro = signatory(cast, cast.jaxa, "Hiro Tanabata")
    agreement = three_frozen(cast)
    place = {"role": "signer", "order": 1, "before": ""}

    first = post(cast, cast.mika, "name-signatories", agreement, persons=[member(hiro)], **place)
    second = post(cast, cast.mika, "name-signatories", agreement, persons=[member(cast.kenji)], **place)

    assert (first.status_code, second.status_code) == (302, 409)
    assert Addressee.objects.get(ended_at=None).person == hiro


def test_a_successor_without_a_mandate_is_refused_beside_the_field(cast):
    none = signatory(cast, cast.jaxa, "Yuki Amefuri", mandate=False)
    agreement = three_frozen(cast)
    name(cast, agreement, cast.mika, cast.kenji)
    sent = {"role": "signer", "order": 1, "successor": member(none), "reason": "Gone to the launch."}

    response = post(cast, cast.kenji, "hand-over", agreement, **sent)

    html = response.content.decode()
    assert response.status_code == 422
    assert "holds no mandate" in html
    assert "Gone to the launch." in html


def test_terms_are_typed_when_the_text_is_frozen(cast):
    agreement = stage.agree(cast, stage.shared_agreement(cast))
    bad = {"terms": "1", "sign_by": "2020-01-01", "remind_days": "soon"}
    refused = post(cast, cast.mika, "freeze", agreement, **bad)

    response = post(cast, cast.mika, "freeze", agreement, terms="1", open_ended="on", remind_days="5, 2")

    call = call_of(fresh(agreement))
    assert (refused.status_code, response.status_code) == (422, 302)
    assert (call.sign_by, call.remind_days, call.may_hand_over) == (None, [5, 2], False)


@pytest.mark.parametrize("typed", [{}, {"sign_by": "2099-01-01", "open_ended": "on"}, {"sign_by": "soon"}])
def test_another_day_is_named_or_said_to_be_none(cast, typed):
    agreement = three_frozen(cast)

    response = post(cast, cast.mika, "extend-signing", agreement, **typed)

    assert response.status_code == 422
    assert call_of(fresh(agreement)).sign_by is not None


@pytest.mark.parametrize("words", ["1" * 200, "7;3", "-1", "a\x00b", "9" * 3])
def test_reminders_that_are_no_days_are_refused_beside_the_field(cast, words):
    agreement = stage.agree(cast, stage.shared_agreement(cast))

    response = post(cast, cast.mika, "freeze", agreement, terms="1", open_ended="on", remind_days=words)

    assert response.status_code == 422
    assert fresh(agreement).text is None


def test_both_doors_say_the_same_of_a_turn(cast):
    agreement = three_frozen(cast, ("ESA", "signer", 2))

    body = cast.client(cast.ingrid).get(reverse("api:agreement-signing", args=[agreement.ref])).json()
    shown = cast.client(cast.ingrid).get(reverse("api:agreement-detail", args=[agreement.ref])).json()

    assert (body["open_order"], body["words"]) == (1, "Waits for JAXA and ISRO, then ESA")
    assert [(row["agency"], row["order"], row["state"]) for row in body["places"]] == [
        (cast.jaxa.ref, 1, "open"),
        (cast.isro.ref, 1, "open"),
        (cast.esa.ref, 2, "waiting"),
    ]
    verb = next(row for row in shown["verbs"] if row["verb"] == "sign")
    assert (verb["allowed"], verb["code"]) == (False, "not-your-turn")


def test_the_whole_way_goes_through_json(cast):
    hiro = signatory(cast, cast.jaxa, "Hiro Tanabata")
    agreement = three_parties(cast)
    lines = [
        {"agency": "ESA", "role": "approver"},
        *({"agency": at, "role": "signer", "order": 2} for at in ("JAXA", "ESA", "ISRO")),
    ]

    answers = [send(cast, cast.mika, "plan-signing", agreement, lines=lines)]
    agreement = opened(cast, fresh(agreement))
    shown = {"sha256": agreement.text.sha256}
    answers += [
        send(cast, cast.mika, "name-signatories", agreement, order=2, persons=[member(cast.kenji)]),
        send(cast, cast.kenji, "hand-over", agreement, successor=member(hiro), reason="On leave."),
        send(cast, cast.lucien, "approve-for-signing", agreement, **shown, password=PASSWORD),
        send(cast, cast.mika, "extend-signing", agreement, sign_by=None),
    ]

    assert [answer.status_code for answer in answers] == [200] * 5, [answer.content for answer in answers]
    assert asked(agreement) == ["ESA sign", "ISRO sign", "JAXA sign Hiro Tanabata"]


@pytest.mark.parametrize(
    ("verb", "sent"),
    [
        pytest.param("plan-signing", {"lines": [{"agency": "ESA\x00", "role": "signer"}]}, id="NUL"),
        pytest.param("plan-signing", {"lines": [{"agency": "ESA", "role": "signer", "order": 10**40}]}, id="huge"),
        pytest.param("plan-signing", {"lines": "ESA"}, id="no list"),
        pytest.param("name-signatories", {"persons": ["\ud800"]}, id="lone surrogate"),
        pytest.param("name-signatories", {"persons": ["MS-1"] * 101}, id="too many"),
        pytest.param("extend-signing", {"sign_by": "0000-00-00"}, id="no day"),
        pytest.param("extend-signing", {"sign_by": "9999-12-31"}, id="the last day of all"),
        pytest.param("extend-signing", {"sign_by": date.min.isoformat()}, id="the first day of all"),
    ],
)
def test_nothing_that_is_sent_breaks_the_door(cast, verb, sent):
    agreement = three_frozen(cast)

    assert send(cast, cast.mika, verb, agreement, **sent).status_code == 400


@pytest.mark.parametrize(
    ("frozen", "plan"), [(False, ()), (True, ()), (True, (("ESA", "signer", 2), ("ISRO", "approver", 1)))]
)
def test_the_plan_adds_two_queries_to_a_frozen_text_and_none_to_an_open_one(
    cast, django_assert_max_num_queries, frozen, plan
):
    agreement = three_frozen(cast, *plan) if frozen else planned(cast, ("ESA", "signer", 2))
    if plan:
        name(cast, agreement, cast.lucien, cast.ingrid, order=2)
    client = cast.client(cast.mika)
    client.get(address("agreement", agreement))

    with django_assert_max_num_queries(16 if frozen else 14) as asked_of_the_database:
        client.get(address("agreement", agreement))

    tables = ('FROM "agreements_slot"', 'FROM "agreements_addressee"')
    read = [row for row in asked_of_the_database.captured_queries if any(name in row["sql"] for name in tables)]
    assert len(read) == (1 + bool(plan) if frozen else 0)


def test_who_is_named_already_is_no_successor_even_after_a_mistake_and_who_has_no_mandate_is_marked(cast):
    agreement = stage.frozen_agreement(cast)
    hiro = signatory(cast, cast.jaxa, "Hiro Mandateless", mandate=False)
    name(cast, agreement, cast.mika, cast.kenji)

    response = post(cast, cast.kenji, "hand-over", agreement, role="signer", order=1, successor="", reason="On leave.")

    form = response.content.decode().split('name="successor"')[1].split("</select>")[0]
    assert response.status_code == 422
    assert f'value="{member(cast.kenji)}"' not in form
    assert f'value="{member(hiro)}"' in form
    assert "Hiro Mandateless (no mandate for this today)" in form
    named = page(cast, cast.mika, agreement).split('name="persons"')[1:]
    assert ["no mandate" in row.split("</label>")[0] for row in named] == [True, False]


def test_whoever_is_to_approve_finds_the_way_from_the_text_and_hears_that_it_is_final(cast):
    agreement = three_frozen(cast, ("ESA", "approver", 1), ("JAXA", "signer", 2))

    text = cast.client(cast.lucien).get(address("agreement", agreement)).content.decode()

    assert "Before others sign, it waits for ESA." in text
    assert "You are not a signatory" not in text
    assert "cannot be taken back" in page(cast, cast.lucien, agreement)
    assert "cannot be taken back" not in page(cast, cast.mika, agreement)
