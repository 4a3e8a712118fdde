"""The chain of keys in a bundle, against whoever holds the present key alone: both verifiers refuse every other chain."""

from __future__ import annotations

from base64 import b64decode

import pytest

from tests.verifiers import changing, checking, spelling, writing
from tests.verifiers.changing import codes_of
from tests.verifiers.tree import Tree

FORGER, ORIGIN = writing.numbered(150), writing.ORIGIN


def root_of(members):
    """What the first four entries have, by the statement of both keys."""
    return b64decode(spelling.strict(members["keys.json"])["statements"][0].split("\n")[4].removeprefix("root "))


ROOT = root_of(writing.written())


def key_row(key):
    return {"key": writing.verifier(ORIGIN, b"\1", key), "since": None}


def relisted(members, **parts):
    """With other members, None for one that is left out, under a list that the portal's present key signed."""
    kept = {name: body for name, body in (members | parts).items() if body and not name.startswith("bundle.")}
    return writing.with_list(kept, spelling.sha(members["text.json"]).hex())


def other_keys(members, ledger, statements, proofs=None):
    """With other keys in it; without proofs, as bundles of earlier days."""
    said = spelling.strict(members["keys.json"]) | {
        "ledger": [key_row(key) for key in ledger],
        "statements": statements,
    }
    del said["proofs"]
    said |= {"proofs": proofs} if proofs is not None else {}
    return relisted(members, **{"keys.json": spelling.spelled(said).encode()})


def proofs_of(members):
    return spelling.strict(members["keys.json"])["proofs"]


def rewritten(members):
    """Who holds the present key and the database lets the text be frozen by somebody else, an hour before."""
    said = [spelling.strict(row["event"].encode()) for row in spelling.strict(members["events.json"])]
    said[0] |= {"at": "2026-11-24T08:00:01.000000Z", "person": writing.PEOPLE["JAXA"][0]}
    forger = writing.Writer()
    forger.key, forger.second = writing.PRESENT, 500
    texts = [spelling.spelled(one) for one in said]
    places = [forger.tree.add(text.encode()) for text in texts]
    events = [
        {"event": text, "index": place, "proof": [one.hex() for one in forger.tree.path(place)]}
        for text, place in zip(texts, places, strict=True)
    ]
    keys = spelling.strict(members["keys.json"])
    keys |= {"witnesses": [], "proofs": [[one.hex() for one in forger.tree.growth(4)]]}
    return relisted(
        members,
        **{
            "events.json": spelling.spelled(events).encode(), "checkpoint.txt": forger.checkpoint(2).encode(),
            "keys.json": spelling.spelled(keys).encode(), "checkpoints.json": None, "witnesses.txt": None,
        },
    )  # fmt: skip


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
    lost = other_keys(members, BOTH, ["".join([*lines, by_present])], proofs_of(members))

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
    assert "only edd892af vouches for the present key 71aad367. The first 4 entries of the ledger are those" in str(
        told
    )
    assert script.outcome_of_bundle(found) == script.INCOMPLETE


def test_a_key_that_came_later_says_nothing_against_an_older_bundle(script, members):
    known = [script.read_key(writing.verifier(ORIGIN, b"\1", key)) for key in (writing.PRESENT, FORGER)]

    assert script.outcome_of_bundle(script.check_bundle(members, keys=dict(known))) == script.PROVED
    assert checking.verify(members, seal=False, trusted=dict(known)).missing == []
    assert "known-key-not-here" in {one.code for one in script.check_bundle(members, keys=dict(known))}


def test_a_former_key_that_is_known_cannot_be_left_out(script, members):
    """The holder of the present key signs all of it anew, as if there had been no other."""
    keys = [script.read_key(writing.verifier(ORIGIN, b"\1", key)) for key in (writing.FORMER, writing.PRESENT)]
    alone = other_keys(members, [writing.PRESENT], [], [])

    found = script.check_bundle(alone, keys=dict(keys))

    assert "known-key-hidden" in {one.code for one in found if one.outcome == script.UNDECIDED}
    with pytest.raises(spelling.Wrong):
        checking.verify(alone, seal=False, trusted=dict(keys[:1]))
    before = dict([script.read_key(writing.verifier(ORIGIN, b"\1", FORGER)), keys[1]])
    assert script.outcome_of_bundle(script.check_bundle(members, keys=before)) == script.INCOMPLETE
    assert checking.verify(members, seal=False, trusted=before).missing == [
        "a key that was given before the present one is not there"
    ]
    assert "known-key-hidden" not in {one.code for one in script.check_bundle(members, keys=dict(keys))}
    assert checking.verify(members, seal=False, trusted=dict(keys)).missing == []


def test_whoever_holds_a_later_key_cannot_rewrite_what_was_there_before_it(script, members):
    """Entry 0 is signed by nobody but for the root in the statement; all else of the forged bundle fits."""
    former = dict([script.read_key(writing.verifier(ORIGIN, b"\1", writing.FORMER))])
    forged = rewritten(members)

    assert codes_of(script, forged) == codes_of(script, forged, keys=former) == {"another-beginning"}
    for trusted in (None, former):
        with pytest.raises(spelling.Wrong, match="as a key handed it over"):
            checking.verify(forged, seal=False, trusted=trusted)
    told = [str(one) for one in script.check_bundle(forged) if one.outcome == script.FAILED]
    assert told == [
        "The ledger was rewritten: its first 4 entries are not those that were there when 71aad367 followed the key edd892af."
    ]


@pytest.mark.parametrize("proofs", [None, [None]], ids=["as in earlier days", "none"])
def test_without_the_proof_of_its_beginning_a_bundle_is_not_proved_and_nothing_says_that_it_was_altered(
    script, members, proofs
):
    """What was made before bundles had the proof, and what whoever rewrote an entry would leave out."""
    for bundle in (members, rewritten(members)):
        without = other_keys(bundle, BOTH, spelling.strict(members["keys.json"])["statements"], proofs)
        found = script.check_bundle(without)

        assert script.outcome_of_bundle(found) == script.INCOMPLETE
        assert [one.code for one in found if one.outcome == script.UNDECIDED] == ["beginning-not-proved"]
        assert checking.verify(without, seal=False).missing == [
            "whether the first 4 entries are those of the statement"
        ]


def test_a_former_key_that_is_known_is_not_talked_away_as_lost(script, members):
    """The holder of the present key writes a statement alone, over a ledger of their own."""
    former = dict([script.read_key(writing.verifier(ORIGIN, b"\1", writing.FORMER))])
    forged = rewritten(members)
    told = writing.handed_over(rewritten_root(forged), 4, 5)
    *lines, _by_former, by_present = told.splitlines(keepends=True)
    alone = other_keys(forged, BOTH, ["".join([*lines, by_present])], proofs_of(forged))

    assert "key-vouched-for" in {one.code for one in script.check_bundle(alone)}
    assert "unknown-key" in codes_of(script, alone, keys=former)
    with pytest.raises(spelling.Wrong):
        checking.verify(alone, seal=False, trusted=former)
    both = former | dict([script.read_key(writing.verifier(ORIGIN, b"\1", writing.PRESENT))])
    found = script.check_bundle(alone, keys=both)
    assert [one.code for one in found if one.outcome == script.UNDECIDED] == ["known-key-said-lost"]
    assert script.outcome_of_bundle(found) == script.INCOMPLETE
    assert checking.verify(alone, seal=False, trusted=both).missing == ["whether edd892af was lost"]


def rewritten_root(forged):
    """Of the first four entries as they were rewritten."""
    tree = Tree()
    for row in spelling.strict(forged["events.json"])[:4]:
        tree.add(row["event"].encode())
    return tree.root()


WRONG_PROOFS = {
    "one too many": lambda proof: [*proof, "00" * 32],
    "one too few": lambda proof: proof[:-1],
    "another hash": lambda proof: ["00" * 32, *proof[1:]],
    "no list": lambda _proof: "",
    "no hashes": lambda _proof: ["00"],
}


@pytest.mark.parametrize("case", WRONG_PROOFS)
def test_a_proof_of_another_beginning_is_refused(script, members, case):
    (proof,) = proofs_of(members)
    statements = spelling.strict(members["keys.json"])["statements"]

    for proofs in ([WRONG_PROOFS[case](proof)], [proof, proof], []):
        forged = other_keys(members, BOTH, statements, proofs)

        assert changing.accepted(script, forged) == (False, False)
    assert changing.accepted(script, other_keys(members, BOTH, statements, [proof])) == (True, True)


def test_a_ledger_whose_first_key_signed_nothing_needs_no_proof(script, members):
    """A statement over no entries at all is over the beginning of every ledger."""
    empty = other_keys(members, BOTH, [writing.handed_over(spelling.sha(b""), 0, 5)], [[]])
    other = other_keys(members, BOTH, [writing.handed_over(ROOT, 0, 5)], [[]])

    assert "another-beginning" not in codes_of(script, empty)
    assert "another-beginning" in codes_of(script, other)
