"""The chain of keys in a bundle, against whoever holds the present key alone: both verifiers refuse every other chain."""

from __future__ import annotations

import pytest

from tests.verifiers import changing, checking, spelling, writing
from tests.verifiers.changing import codes_of

FORGER, ORIGIN = writing.numbered(150), writing.ORIGIN
ROOT = bytes(32)


def key_row(key):
    return {"key": writing.verifier(ORIGIN, b"\1", key), "since": None}


def other_keys(members, ledger, statements):
    """With other keys in it, under a list that the portal's present key signed."""
    said = spelling.strict(members["keys.json"]) | {
        "ledger": [key_row(key) for key in ledger],
        "statements": statements,
    }
    parts = {name: body for name, body in members.items() if not name.startswith("bundle.")}
    parts["keys.json"] = spelling.spelled(said).encode()
    return writing.with_list(parts, spelling.sha(members["text.json"]).hex())


BETWEEN = (writing.FORMER, FORGER), (FORGER, writing.PRESENT)
BOTH = [writing.FORMER, writing.PRESENT]
FORGED_KEYS = {
    "a statement removed": (BOTH, [], "key-not-proved"),
    "a statement signed by another key": (
        BOTH, [writing.handed_over(ROOT, 4, 5, by=(FORGER, writing.PRESENT))], "key-not-proved",
    ),
    "a statement that the new key did not sign": (
        BOTH, [writing.handed_over(ROOT, 4, 5, by=(writing.FORMER, FORGER))], "key-not-proved",
    ),
    "another public key in the place of the former": (
        [FORGER, writing.PRESENT], [writing.handed_over(ROOT, 4, 5)], "key-not-proved",
    ),
    "a key put in between": (
        [writing.FORMER, FORGER, writing.PRESENT],
        [
            writing.handed_over(ROOT, 2, 5, keys=BETWEEN[0], by=(FORGER, FORGER)),
            writing.handed_over(ROOT, 4, 5, keys=BETWEEN[1], by=(FORGER, FORGER)),
        ],
        "key-not-proved",
    ),
    "times that overlap": (
        [writing.FORMER, FORGER, writing.PRESENT],
        [writing.handed_over(ROOT, 6, 5, keys=BETWEEN[0]), writing.handed_over(ROOT, 4, 5, keys=BETWEEN[1])],
        "key-not-proved",
    ),
    "records by the former key after its time": (BOTH, [writing.handed_over(ROOT, 3, 5)], "record-wrong"),
    "records by the present key before its time": (BOTH, [writing.handed_over(ROOT, 5, 5)], "record-wrong"),
    "a key after the one that signed the list": (
        [*BOTH, FORGER],
        [writing.handed_over(ROOT, 4, 5), writing.handed_over(ROOT, 8, 5, keys=(writing.PRESENT, FORGER))],
        "not-the-last-key",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FORGED_KEYS)
def test_a_key_counts_only_where_the_chain_of_keys_proves_it(script, members, case):
    ledger, statements, code = FORGED_KEYS[case]

    forged = other_keys(members, ledger, statements)

    assert code in codes_of(script, forged)
    with pytest.raises(spelling.Wrong):
        checking.verify(forged, seal=False)
    assert changing.accepted(script, other_keys(members, BOTH, [writing.handed_over(ROOT, 4, 5)])) == (True, True)


def test_a_former_key_that_one_knows_leads_to_the_present_one_unless_it_was_lost(script, members):
    former = dict([script.read_key(writing.verifier(ORIGIN, b"\1", writing.FORMER))])
    *lines, _by_former, by_present = writing.handed_over(ROOT, 4, 5).splitlines(keepends=True)
    lost = other_keys(members, BOTH, ["".join([*lines, by_present])])

    assert codes_of(script, members, keys=former) == set()
    assert checking.verify(members, seal=False, trusted=former).missing == [
        "only a former key vouches for the present one"
    ]
    assert codes_of(script, lost) == set()
    assert checking.verify(lost, seal=False).missing == []
    assert "unknown-key" in codes_of(script, lost, keys=former)
    with pytest.raises(spelling.Wrong):
        checking.verify(lost, seal=False, trusted=former)


def test_whoever_finds_a_former_key_proves_nothing_to_those_who_know_a_later_one(script, members):
    """The former key introduces a key of the finder's own: everything after it is theirs to write."""
    known = [script.read_key(writing.verifier(ORIGIN, b"\1", key)) for key in (writing.FORMER, FORGER)]
    former, both = dict(known[:1]), dict(known)

    assert codes_of(script, members, keys=both) == {"past-a-known-key"}
    with pytest.raises(spelling.Wrong):
        checking.verify(members, seal=False, trusted=both)
    found = script.check_bundle(members, keys=former)
    (told,) = [one for one in found if one.code == "by-a-former-key"]
    assert "only edd892af vouches for the present key 71aad367" in str(told)
    assert script.outcome_of_bundle(found) == script.INCOMPLETE


def test_a_key_that_came_later_says_nothing_against_an_older_bundle(script, members):
    known = [script.read_key(writing.verifier(ORIGIN, b"\1", key)) for key in (writing.PRESENT, FORGER)]

    assert script.outcome_of_bundle(script.check_bundle(members, keys=dict(known))) == script.PROVED
    assert checking.verify(members, seal=False, trusted=dict(known)).missing == []
