"""Receipts after a change of the portal's key: each key leads to the other, and neither lets older entries be rewritten."""

from __future__ import annotations

import pytest

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


def two_keys(*, before=None, signed=None, **said):
    """A receipt of entry 3, which the first key sealed; `before` are other entries ahead of it, all under the later key."""
    ledger = forge.Ledger().record(*(forge.event(forge.moment(n)) for n in range(3)))
    ledger.record(forge.deposit_event(forge.moment(3))).seal(forge.moment(4))
    former, first = ledger.verifier, ledger.key
    statement = writing.handed_over(forge.root(ledger.leaves), 4, 5, keys=(first, LATER), by=signed or (first, LATER))
    ledger.key = LATER
    if before is not None:
        ledger.events[:3], ledger.notes = before, []
    ledger.record(forge.event(forge.moment(5)), forge.event(forge.moment(6))).seal(forge.moment(7))
    proofs = [[step.hex() for step in forge.growth(4, ledger.leaves)]]
    chain = {"keys": [former, ledger.verifier], "statements": [statement], "proofs": proofs}
    return ledger.receipt(3) | chain | said


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
        ({"before": [forge.event(forge.moment(n), "project.forged") for n in range(3)]}, "another-beginning"),
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


def test_a_receipt_of_earlier_days_stays_proved_and_says_what_it_lacks():
    earlier = {name: part for name, part in two_keys().items() if name not in ("statements", "proofs")}

    assert codes(earlier)["no-statements"] == "noted"
    assert set(codes(earlier).values()) == {"passed", "noted"}


@pytest.mark.parametrize("name", ["keys", "statements", "proofs"])
@pytest.mark.parametrize("nonsense", [1, "x", [], {}, [1], {"a": 1}, [["00"]], ["x", "y"]], ids=str)
def test_nonsense_about_keys_proves_nothing(name, nonsense):
    try:
        outcome = codes(two_keys(**{name: nonsense}))
    except verify.Unreadable:
        return

    assert (name == "statements" and not nonsense) or {"failed", "undecided"} & set(outcome.values())


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
    for one in (early, just_rotated, receipt):
        assert check_receipt(one).outcome == "proved", check_receipt(one).rows
    code, words = run(tmp_path, bundle.as_json(receipt).decode(), "--key", present.verifier)
    assert code == 0, words
    assert run(tmp_path, bundle.as_json(just_rotated).decode(), "--key", present.verifier)[0] == 0
