"""The script of a receipt, alone and without a network: what it proves, and every way in which it refuses."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from projects.ip.receipts import verify
from tests.projects.ip import forge

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "projects/ip/receipts/verify.py"
DOCUMENT = (ROOT / "docs/deposits.md").read_text()
# Any socket at all ends the script: what is proved is proved offline.
OFFLINE = "import socket, runpy, sys; socket.socket = None; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"


def run(folder: Path, receipt: Any, *arguments: Any, isolated: bool = False) -> tuple[int, str]:
    """The exit code and the words of the script, in a process without a network; isolated also without any package."""
    (folder / "receipt.json").write_text(receipt if isinstance(receipt, str) else json.dumps(receipt))
    python = [sys.executable, "-I", *(["-S"] if isolated else []), "-c", OFFLINE, str(SCRIPT)]
    done = subprocess.run(
        [*python, str(folder / "receipt.json"), *map(str, arguments)], capture_output=True, text=True, cwd=folder
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def codes(receipt: dict[str, Any], **given: Any) -> dict[str, str]:
    """What the checks say, by code."""
    read = verify.read_receipt(verify.load(json.dumps(receipt)))
    return {one.code: one.outcome for one in verify.check(read, **given)}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sketch.txt"
    path.write_bytes(forge.CONTENT)
    return path


def test_receipt_proves_the_file_offline(tmp_path, file):
    ledger = forge.honest()

    code, words = run(tmp_path, ledger.receipt(3), file, "--key", ledger.verifier)

    assert code == 0, words
    assert "PROVED" in words
    assert "bit for bit" in words
    assert f"when checkpoint 2 was signed, at {forge.moment(6)}" in words
    assert "does not prove who invented" in words
    assert "clock was right" in words


def test_a_key_that_came_with_the_receipt_is_said_where_it_is_proved(tmp_path, file):
    ledger = forge.honest()

    known, brought = run(tmp_path, ledger.receipt(3), "--key", ledger.verifier), run(tmp_path, ledger.receipt(3))

    assert (known[0], brought[0]) == (0, 0)
    words = brought[1].partition("PROVED.")[2]
    assert f"rests on the key {ledger.verifier.split('+')[1]}" in words
    assert "a key of their own" in words
    assert "rests on the key" not in known[1]


def test_without_packages_it_says_that_the_signature_was_not_checked(tmp_path, file):
    code, words = run(tmp_path, forge.honest().receipt(3), file, isolated=True)

    assert code == 2
    assert "The signature was NOT checked" in words
    assert "everything fits" in words


def test_what_the_script_proves_an_outsider_proves_too():
    ledger = forge.honest()

    assert forge.proves(ledger.receipt(3), forge.CONTENT, ledger.verifier) == (3, 7, forge.moment(9))


def test_a_file_altered_by_one_bit_is_named(tmp_path, file):
    file.write_bytes(bytes([forge.CONTENT[0] ^ 1]) + forge.CONTENT[1:])

    code, words = run(tmp_path, forge.honest().receipt(3), file)

    assert code == 1
    assert "sketch.txt was altered" in words
    assert forge.digest(forge.CONTENT).hex() in words


def test_every_single_bit_of_the_commitment_counts():
    receipt = forge.honest().receipt(3)
    for bit in range(0, 256, 17):
        value = f"{int(receipt['deposit']['commitment'], 16) ^ 1 << bit:064x}"
        assert codes(forge.changed(receipt, deposit__commitment=value))["event-differs"] == "failed"


def lies() -> dict[str, tuple[dict[str, Any], dict[str, Any], str]]:
    """Receipts that lie in one way each, what is given beside them, and the code of the reason."""
    ledger = forge.honest()
    good = ledger.receipt(3)
    other = forge.Ledger().record(*(forge.event(forge.moment(20 + n)) for n in range(7))).seal(forge.moment(30))
    stranger = forge.Ledger(key=Ed25519PrivateKey.from_private_bytes(bytes(32)))
    five, four = (
        forge.Ledger().record(*(forge.event(forge.moment(40 + n)) for n in range(size))).seal(forge.moment(50))
        for size in (5, 4)
    )
    grown = {"proof": [step.hex() for step in forge.growth(4, ledger.leaves)]}
    head, _, tail = good["checkpoint"].rpartition(" ")
    signed = b64decode(tail)
    spoiled = f"{head} {b64encode(signed[:-1] + bytes([signed[-1] ^ 1])).decode()}\n"
    older = [{"note": other.seal(forge.moment(31)).notes[1][1], "proof": []}, *good["checkpoints"][1:]]
    stamp = {"token": b64encode(b"x" * 99).decode(), "authority": "A", "at": forge.moment(5)}
    proof = good["entry"]["proof"]

    def lie(code: str, given: dict[str, Any] | None = None, **facts: Any) -> tuple[Any, Any, str]:
        return forge.changed(good, **facts), given or {}, code

    return {
        "event changed": lie("not-in-this-tree", event=good["event"].replace("JAXA", "JAXB")),
        "event not canonical": lie("event-not-canonical", event=json.dumps(json.loads(good["event"]))),
        "time of the deposit changed": lie("event-differs", deposit__deposited_at=forge.moment(0)),
        "proof for another tree": lie("not-in-this-tree", entry__proof=other.receipt(3)["entry"]["proof"]),
        "checkpoint of another tree": lie("not-in-this-tree", checkpoint=other.notes[0][1], checkpoints=[]),
        "another place": lie("not-in-this-tree", entry__index=2),
        "proof too long": lie("not-in-this-tree", entry__proof=[*proof, "00" * 32]),
        "signature changed": lie("wrong-signature", checkpoint=spoiled),
        "unknown key": lie("unknown-key", {"keys": dict([verify.read_key(stranger.verifier)])}),
        "older checkpoint rewritten": lie("rewritten", checkpoints=older),
        "forked": lie("forked", {"against": verify.read_note(five.notes[0][1])}),
        "forked, by the ledger's own proof": lie(
            "forked", {"against": verify.read_note(four.notes[0][1]), "consistency": grown}
        ),
        "opening of another salt": lie("opening-differs", opening__salt="11" * 32),
        "opening altered": lie("opening-differs", {"opening": forge.opening(forge.manifest(title="Drill heads"))}),
        "another file": lie("file-unknown", {"files": {"other.txt": "11" * 32}}),
        "time stamp of something else": lie("another-time-stamp", time_stamp=stamp),
    }


@pytest.mark.parametrize("name", lies())
def test_a_lie_is_refused_with_its_reason(name):
    receipt, given, reason = lies()[name]

    assert codes(receipt, **given)[reason] == "failed"
    assert "failed" not in codes(forge.honest().receipt(3)).values()


def test_manifest_of_another_agency_or_version_is_refused():
    for said in (forge.manifest(agency="ESA"), forge.manifest(previous="ab" * 32)):
        ledger = (
            forge.Ledger().record(forge.deposit_event(forge.moment(1), forge.commitment(said))).seal(forge.moment(2))
        )
        assert codes(ledger.receipt(0, opening=forge.opening(said)))["manifest-differs"] == "failed"


def clocks() -> dict[str, forge.Ledger]:
    """Ledgers of a server whose clock was set back."""
    before = forge.Ledger().record(forge.event(forge.moment(7200))).seal(forge.moment(7201))
    return {
        "before the deposit": before.record(forge.deposit_event(forge.moment(60))).seal(forge.moment(7300)),
        "after the deposit": forge.Ledger().record(forge.deposit_event(forge.moment(100))).seal(forge.moment(60)),
        "between checkpoints": forge.honest().record(forge.event(forge.moment(9))).seal(forge.moment(8)),
    }


@pytest.mark.parametrize("name", clocks())
def test_a_clock_set_back_is_said(tmp_path, name):
    ledger = clocks()[name]
    index = next(n for n, one in enumerate(ledger.events) if one["verb"] == "deposit.made")

    code, words = run(tmp_path, ledger.receipt(index))

    assert code == 1
    assert "clock was set back" in words
    assert "The order in the ledger stands" in words


def test_a_checkpoint_that_was_kept_is_compared(tmp_path):
    ledger = forge.honest()
    kept, fork = tmp_path / "kept.txt", tmp_path / "fork.txt"
    kept.write_text(ledger.notes[0][1])
    fork.write_text(
        forge.Ledger().record(*(forge.event(forge.moment(60 + n)) for n in range(3))).seal(forge.moment(70)).notes[0][1]
    )

    code, words = run(tmp_path, ledger.receipt(3), "--against", kept)
    assert code == 0
    assert "It is the ledger of the checkpoint you kept (1)." in words

    code, words = run(tmp_path, ledger.receipt(3), "--against", fork)
    assert code == 1
    assert "Forked" in words


def test_a_checkpoint_that_nothing_connects_is_not_decided(tmp_path):
    ledger = forge.honest()
    kept, proof = tmp_path / "kept.txt", tmp_path / "proof.json"
    kept.write_text(ledger.record(forge.event(forge.moment(11))).seal(forge.moment(12)).notes[-1][1])
    ledger.notes.pop()
    receipt = ledger.receipt(3)

    code, words = run(tmp_path, receipt, "--against", kept)
    assert code == 2
    assert "?since=8" in words

    proof.write_text(
        json.dumps({"first": 7, "second": 8, "proof": [one.hex() for one in forge.growth(7, ledger.leaves)]})
    )
    code, words = run(tmp_path, receipt, "--against", kept, "--consistency", proof)
    assert code == 0, words


def test_files_without_an_opening_are_not_decided(tmp_path, file):
    code, words = run(tmp_path, forge.honest().receipt(3, opening=None), file)

    assert code == 2
    assert "No opening was given" in words


def test_opening_kept_apart_is_read(tmp_path, file):
    kept = tmp_path / "opening.json"
    kept.write_text(json.dumps(forge.opening()))

    code, words = run(tmp_path, forge.honest().receipt(3, opening=None), file, "--opening", kept)

    assert code == 0, words


@pytest.mark.parametrize("broken", [
    "", "[]", "{}", "null", '{"format": "concord/receipt/1"}', '{"a": 1, "a": 2}', '{"a": 1.5}', "[" * 5000,
    '{"format": "concord/receipt/2"}',
])  # fmt: skip
def test_what_is_no_receipt_is_not_decided(broken):
    with pytest.raises(verify.Unreadable):
        verify.read_receipt(verify.load(broken))


def test_every_part_of_a_receipt_may_be_nonsense():
    good = forge.honest().receipt(3)
    for name in good:
        for nonsense in (None, 1, "x", [], {}, [1], {"a": 1}):
            try:
                outcome = codes(good | {name: nonsense})
            except verify.Unreadable:
                continue
            assert name in ("time_stamp", "opening", "checkpoints", "keys") or "failed" in outcome.values(), name


def test_examples_of_the_document_can_be_recomputed(tmp_path):
    salts = re.findall(r"^salt +([0-9a-f]{64})$", DOCUMENT, re.M)
    given = re.findall(r"^commitment +([0-9a-f]{64})$", DOCUMENT, re.M)
    manifests = [json.loads(text) for text in re.findall(r"^```json\n(\{\"agency\".*)\n```$", DOCUMENT, re.M)]

    assert len(given) == 2
    for salt, value, said in zip(salts, given, manifests, strict=True):
        assert forge.commitment(said, bytes.fromhex(salt)) == value
        assert verify.commitment_of(bytes.fromhex(salt), said) == value
        assert verify.problem_of(said) == ""


def test_receipt_of_the_document_is_proved(tmp_path, file):
    (text,) = re.findall(r"^```json\n(\{\n.*?\n\})\n```$", DOCUMENT, re.M | re.S)

    code, words = run(tmp_path, text, file)

    assert code == 0, words


def test_script_stands_alone():
    imported = re.findall(r"^(?:from|import) (\w+)", SCRIPT.read_text(), re.M)

    assert set(imported) <= set(sys.stdlib_module_names) | {"__future__"}
