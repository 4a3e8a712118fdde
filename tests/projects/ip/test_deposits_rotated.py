"""Receipts after a change of the portal's key: each key leads to the other, and neither lets older entries be rewritten."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from portal.history import keys, rotation, sealer
from projects.ip.receipts import bundle, verify
from projects.ip.receipts.building import build_receipt
from projects.ip.receipts.checking import check_receipt
from tests import cast as casting
from tests.projects.ip import forge
from tests.projects.ip.test_deposits import given, newest, sealed, stored
from tests.projects.ip.test_deposits_script import codes, run
from tests.verifiers import writing

LATER, STRANGER = writing.numbered(100), writing.numbered(150)
FORGED = [forge.event(forge.moment(n), "project.forged") for n in range(3)]


def two_keys(*, before=None, signed=None, entry=3, **said):
    """A receipt of entry 3, which the first key sealed, or of 4, the next; `before` are other entries ahead of them.

    Those are all under the later key.
    """
    ledger = forge.Ledger().record(*(forge.event(forge.moment(n)) for n in range(3)))
    ledger.record(forge.deposit_event(forge.moment(3))).seal(forge.moment(4))
    former, first = ledger.verifier, ledger.key
    statement = writing.handed_over(forge.root(ledger.leaves), 4, 5, keys=(first, LATER), by=signed or (first, LATER))
    ledger.key = LATER
    if before is not None:
        ledger.events[:3], ledger.notes = before, []
    ledger.record(forge.deposit_event(forge.moment(5)), forge.event(forge.moment(6))).seal(forge.moment(7))
    proofs = [[step.hex() for step in forge.growth(4, ledger.leaves)]]
    chain = {"keys": [former, ledger.verifier], "statements": [statement], "proofs": proofs}
    return ledger.receipt(entry) | chain | said


def key(verifier):
    return dict([verify.read_key(verifier)])


def test_either_key_leads_to_the_other(tmp_path):
    receipt = two_keys()
    former, present = receipt["keys"]

    code, words = run(tmp_path, receipt, "--key", present)
    assert code == 0, words
    assert "handed over to" in words
    assert "The first 4 entries of the ledger are still those that the key" in words
    assert run(tmp_path, receipt)[0] == 0
    assert run(tmp_path, receipt, "--key", former, "--key", present)[0] == 0
    code, words = run(tmp_path, receipt, "--key", former)
    assert code == 2
    assert "who holds later keys alone cannot have written others there" in words
    assert codes(receipt, keys=key(writing.verifier(forge.ORIGIN, b"\1", STRANGER)))["unknown-key"] == "failed"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"before": FORGED}, "another-beginning"),
        ({"signed": (STRANGER, LATER)}, "key-not-proved"),
        ({"signed": (LATER, STRANGER)}, "key-not-proved"),
    ],
    ids=["older entries rewritten", "not signed by the former", "not signed by the new one"],
)
def test_whoever_holds_the_later_key_alone_proves_no_other_history(changed, reason):
    forged = two_keys(**changed)

    assert codes(forged)[reason] == "failed"
    assert codes(forged, keys=key(forged["keys"][1]))[reason] == "failed"
    assert "failed" not in codes(two_keys()).values()


def test_a_receipt_without_the_proof_of_its_beginning_is_not_decided():
    assert codes(two_keys(proofs=[None]))["beginning-not-proved"] == "undecided"
    assert codes(two_keys(proofs=None))["beginning-not-proved"] == "undecided"


def without(receipt, *names):
    return {name: part for name, part in receipt.items() if name not in names}


@pytest.mark.parametrize("cut", [("statements", "proofs"), ("statements",)], ids=["both", "statements alone"])
@pytest.mark.parametrize("before", [None, FORGED], ids=["of earlier days", "older entries rewritten"])
def test_a_receipt_of_several_keys_without_statements_is_not_decided(tmp_path, before, cut):
    """Nothing tells one that was made in earlier days from one of which a forger cut them out."""
    receipt = without(two_keys(before=before), *cut)
    former, present = receipt["keys"]

    for known in ((), ("--key", present), ("--key", former), ("--key", former, "--key", present)):
        code, words = run(tmp_path, receipt, *known)
        assert code == 2, words
        assert "NOT checked: how the keys" in words
        assert "take it anew" in words


def test_leaving_the_former_key_out_as_well_decides_nothing_for_who_knows_it(tmp_path):
    receipt = without(two_keys(before=FORGED), "statements", "proofs")
    former, present = receipt.pop("keys")
    alone = receipt | {"keys": [present]}

    code, words = run(tmp_path, alone, "--key", former, "--key", present)
    assert code == 2, words
    assert "what it signed is hidden" in words
    code, words = run(tmp_path, alone, "--key", present)
    assert code == 0, words
    assert f"rests on {present.split('+')[1]} alone: whoever holds that key could have made all" in words


def test_a_former_key_is_not_talked_away_as_lost(tmp_path):
    """The holder of the later key writes a statement of their own, over entries of their own."""
    forged, (former, present) = two_keys(before=FORGED), two_keys()["keys"]
    first, rewritten = forge.Ledger().key, forge.Ledger().record(*FORGED, forge.deposit_event(forge.moment(3)))
    told = writing.handed_over(forge.root(rewritten.leaves), 4, 5, keys=(first, LATER), by=(first, LATER))
    *lines, _by_former, by_later = told.splitlines(keepends=True)
    forged |= {"statements": ["".join([*lines, by_later])]}

    code, words = run(tmp_path, forged, "--key", former, "--key", present)
    assert code == 2, words
    assert "Only df7abc81 says so, and whoever holds that key alone" in words
    assert run(tmp_path, forged, "--key", former)[0] == 1
    assert "could have made all of this, with every key before it" in proved(tmp_path, forged, "--key", present)


def test_it_says_what_the_last_key_alone_could_have_made_where_it_is_proved(tmp_path):
    receipt = two_keys()
    former, present = receipt["keys"]
    later = two_keys(entry=4)

    assert "alone" not in proved(tmp_path, receipt, "--key", former, "--key", present)
    assert "could have made all of this" in proved(tmp_path, receipt, "--key", present)
    words = proved(tmp_path, later, "--key", former, "--key", present)
    assert f"From entry 4 of the ledger on it rests on the key {present.split('+')[1]} alone" in words
    (tmp_path / "kept.txt").write_text(later["checkpoint"])
    assert "alone" not in proved(tmp_path, later, "--key", present, "--against", tmp_path / "kept.txt")


def proved(folder, receipt, *arguments):
    code, words = run(folder, receipt, *arguments)
    assert code == 0, words
    return words.partition("PROVED.")[2]


@pytest.mark.parametrize("name", ["keys", "statements", "proofs"])
@pytest.mark.parametrize("nonsense", [1, "x", [], {}, [1], {"a": 1}, [["00"]], ["x", "y"]], ids=str)
def test_nonsense_about_keys_proves_nothing(name, nonsense):
    try:
        outcome = codes(two_keys(**{name: nonsense}))
    except verify.Unreadable:
        return

    assert {"failed", "undecided"} & set(outcome.values())


def test_the_portal_gives_and_proves_receipts_across_a_change_of_keys(transactional_db, settings, tmp_path):
    settings.SIGNING_KEY_FILE = tmp_path / "ledger.pem"
    world = casting.build()
    row = sealed(stored(world, world.mika))
    early = build_receipt(row)
    former, present = rotation.rotate().former, keys.signer().public
    just_rotated = build_receipt(row)
    given(world, world.lucien, said={"agency": "ESA"})
    sealer.seal()

    receipt = build_receipt(newest(row.deposit))

    assert receipt["keys"] == [former.verifier, present.verifier]
    assert receipt["proofs"][0]
    cut = without(receipt, "statements", "proofs")
    alone = cut | {"keys": [present.verifier]}
    for one in (early, just_rotated, receipt, cut, alone):
        assert check_receipt(one).outcome == "proved", check_receipt(one).rows
    for one in (cut, alone):
        assert "anywhere else it is not decided" in check_receipt(one).rows[-1]["text"]
    code, words = run(tmp_path, bundle.as_json(receipt).decode(), "--key", present.verifier)
    assert code == 0, words
    assert run(tmp_path, bundle.as_json(just_rotated).decode(), "--key", present.verifier)[0] == 0


def test_the_portal_knows_which_of_its_keys_were_lost(transactional_db, settings, tmp_path):
    """What nobody can tell who was given both keys."""
    settings.SIGNING_KEY_FILE = tmp_path / "ledger.pem"
    world = casting.build()
    row = sealed(stored(world, world.mika))
    lost, early = keys.signer().public, build_receipt(row)
    settings.SIGNING_KEY_FILE.unlink()
    given(world, world.lucien, said={"agency": "ESA"})
    sealer.seal()
    call_command("keys", "--vouch", lost.verifier)

    receipt, present = build_receipt(newest(row.deposit)), keys.signer().public

    for one in (early, receipt, without(receipt, "statements", "proofs")):
        assert check_receipt(one).outcome == "proved", check_receipt(one).rows
    assert run(tmp_path, bundle.as_json(receipt).decode(), "--key", present.verifier)[0] == 0
    known = ("--key", lost.verifier, "--key", present.verifier)
    assert run(tmp_path, bundle.as_json(receipt).decode(), *known)[0] == 2
