"""Places as a table: from the plan and what was done, which place is open, which waits, and whom the text waits for."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from projects.agreements.signing.places import arrange, open_order, place_for, turn_words

NAMES = {"J": "JAXA", "E": "ESA", "I": "ISRO"}
PARTIES = [SimpleNamespace(pk=number, agency_id=number, agency=SimpleNamespace(pk=number, acronym=NAMES[letter]))
           for number, letter in enumerate("JEI", start=1)]  # fmt: skip
BY_LETTER = {party.agency.acronym[0]: party for party in PARTIES}
ROLES = {"s": "signer", "a": "approver", "v": "viewer", "c": "copy"}


def slots(plan):
    """`Js1`, `Es2x2`, `Ia1!`: agency, role, order, how many; `!` for endorsed."""
    rows = []
    for number, word in enumerate(plan.split(), start=1):
        body, _times, needed = word.rstrip("!").partition("x")
        rows.append(
            SimpleNamespace(
                pk=number, agency=BY_LETTER[body[0]].agency, role=ROLES[body[1]], order=int(body[2:]), needed=int(needed or 1),
                persons=[], endorsed_at="then" if word.endswith("!") else None, endorsed_by="",
            )
        )  # fmt: skip
    return rows


def signed(done, rows=()):
    """`J`, `E:2`: by whom, and the number of the slot where it was made in one; `?` for ad referendum, not confirmed yet."""
    found = []
    for number, word in enumerate(done.split(), start=1):
        letter, _colon, slot = word.rstrip("?").partition(":")
        row = SimpleNamespace(pk=number, party_id=BY_LETTER[letter].pk, slot_id=int(slot) if slot else None)
        counts_from = None if word.endswith("?") else "then"
        found.append(SimpleNamespace(**vars(row), person_id=100 + number, counts_from=counts_from))
    return found


def standing(plan="", done=""):
    return arrange(PARTIES, slots(plan), signed(done))


def look(places):
    return " ".join(f"{place.agency.acronym[0]}{place.role[0]}{place.order}={place.state[0]}" for place in places)


@pytest.mark.parametrize(
    ("plan", "done", "states"),
    [
        pytest.param("", "", "Js1=o Es1=o Is1=o", id="without a plan all sign at once"),
        pytest.param("", "E", "Js1=o Es1=f Is1=o", id="one has signed"),
        pytest.param("Es2", "", "Js1=o Is1=o Es2=w", id="a second order waits"),
        pytest.param("Es2", "J", "Js1=f Is1=o Es2=w", id="until all of the first are done"),
        pytest.param("Es2", "J I", "Js1=f Is1=f Es2=o", id="then it opens"),
        pytest.param("Js1x2", "J:1", "Js1=o Es1=o Is1=o", id="one of two does not fill it"),
        pytest.param("Js1x2 Es2 Is2", "J:1 J:1", "Js1=f Es2=o Is2=o", id="two of two do"),
        pytest.param("Ja1 Js2 Es2 Is2", "", "Ja1=o Js2=w Es2=w Is2=w", id="an approver comes first"),
        pytest.param("Ja1! Js2 Es2 Is2", "", "Ja1=f Js2=o Es2=o Is2=o", id="and opens the next order"),
        pytest.param("Ev1 Js2 Es2 Is2", "", "Ev1=o Js2=w Es2=w Is2=w", id="a viewer holds up as well"),
        pytest.param("Ic1 Js2 Es2 Is2", "", "Ic1=o Js2=o Es2=o Is2=o", id="a copy holds nothing up"),
        pytest.param("Ic9", "J E I", "Js1=f Es1=f Is1=f Ic9=f", id="a copy is there when all have signed"),
        pytest.param("Js1 Js3 Es2 Is2", "J:1 E:3 I:4", "Js1=f Es2=f Is2=f Js3=o", id="one agency in two orders"),
        pytest.param("Js1 Js3 Es2 Is2", "J:2", "Js1=o Es2=w Is2=w Js3=f", id="a voided first place opens again, the later stays"),
        pytest.param("Js2", "J", "Es1=o Is1=o Js2=f", id="signed before the order was changed"),
        pytest.param("Js2", "J:77", "Es1=o Is1=o Js2=f", id="signed in a slot that the plan has no more"),
        pytest.param("Es7 Is30", "J", "Js1=f Es7=o Is30=w", id="orders need not follow each other"),
    ],
)  # fmt: skip
def test_states_follow_from_the_plan_and_what_was_done(plan, done, states):
    assert look(standing(plan, done)) == states


@pytest.mark.parametrize(
    ("plan", "done", "words"),
    [
        ("", "", "Waits for JAXA, ESA and ISRO"),
        ("", "J E", "Waits for ISRO"),
        ("Es2", "J", "Waits for ISRO, then ESA"),
        ("Js1x2 Es2 Is3", "J:1", "Waits for JAXA (1 of 2), then ESA, then ISRO"),
        ("Ec1", "J E I", "Everybody asked has signed"),
        ("Ja1 Js2 Es2 Is2", "", "Waits for JAXA (approval), then JAXA, ESA and ISRO"),
        ("Ev1 Js2 Es2 Is2", "", "Waits for ESA (having seen it), then JAXA, ESA and ISRO"),
        ("Ec1", "J? E I?", "Waits for JAXA and ISRO to confirm what was signed ad referendum"),
    ],
)
def test_the_words_name_whose_turn_it_is_and_who_comes_later(plan, done, words):
    assert turn_words(standing(plan, done)) == words


@pytest.mark.parametrize(("plan", "done", "order"), [("", "", 1), ("Es2", "J I", 2), ("Ec5", "J E I", None)])
def test_the_open_order_is_the_lowest_that_lacks_somebody(plan, done, order):
    assert open_order(standing(plan, done)) == order


def test_a_signature_counts_where_its_person_is_named_before_where_nobody_is():
    kenji, hiro = SimpleNamespace(pk=7), SimpleNamespace(pk=8)
    rows = slots("Js1 Js2")
    rows[1].order, rows[1].persons = 1, [SimpleNamespace(person_id=7, person=kenji)]
    places = arrange(PARTIES, rows, [])

    assert place_for(places, 1, kenji).slot.pk == 2
    assert place_for(places, 1, hiro).slot.pk == 1
    assert place_for(places, 2, hiro).slot is None


def test_a_named_place_takes_nobody_else_but_a_signature_from_outside():
    rows = slots("Js1")
    rows[0].persons = [SimpleNamespace(person_id=7, person=None)]
    places = arrange(PARTIES, rows, [])

    assert place_for(places, 1, SimpleNamespace(pk=8)) is None
    assert place_for(places, 1) is not None
