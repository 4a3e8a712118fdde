"""witness.py against portals that are true, forked, cut and silent; without our code and without any package."""

import base64
import importlib.util
import json
import random
import subprocess
import sys
import threading
from collections import Counter
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.history import cosignatures, merkle, notes
from portal.history.keys import PublicKey, Signer
from portal.history.views import SCRIPT
from projects.ip.receipts import verify
from tests.portal.history.test_merkle import CONSISTENCY, ROOTS, corruptions

VECTORS = Path(__file__).resolve().parents[3] / "docs" / "vectors"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
LEDGER = Signer(PublicKey("concord.example/ledger", PRIVATE.public_key().public_bytes_raw()), PRIVATE)
SENTENCES = [
    # RFC 8032 §7.1, tests 1 and 2
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
]


@pytest.fixture(scope="module")
def script():
    """The script as a module that finds no package."""
    spec = importlib.util.spec_from_file_location("concord_witness", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.Ed25519PrivateKey = None
    return module


class Portal:
    """Shows a ledger over HTTP: its newest checkpoint, proofs, and what it was sent."""

    def __init__(self, *branches):
        self.leaves = [sha256(f"{branch} {n}".encode()).digest() for n, branch in enumerate(branches)]
        self.sent, self.status, self.proof = [], 201, None

    def grow(self, count, branch="true"):
        start = len(self.leaves)
        self.leaves += [sha256(f"{branch} {start + n}".encode()).digest() for n in range(count)]

    def note(self):
        size = len(self.leaves)
        at = "2026-11-23T04:38:15.000000Z"
        return str(notes.sign(LEDGER, size=size, root=merkle.root_of(self.leaves), number=size, at=at))

    def consistency(self, query):
        first, second = (int(parse_qs(query)[name][0]) for name in ("first", "second"))
        if second > len(self.leaves):
            return None
        return merkle.consistency_proof(first, second, merkle.in_memory(self.leaves))


@contextmanager
def serving(portal):
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            address = urlsplit(self.path)
            if address.path == "/ledger/checkpoint":
                return self.answer(200, portal.note().encode())
            path = portal.proof if portal.proof is not None else portal.consistency(address.query)
            if path is None:
                return self.answer(404, b"{}")
            return self.answer(200, json.dumps({"proof": [element.hex() for element in path]}).encode())

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            portal.sent.append((self.path, body, self.headers["Authorization"]))
            self.answer(portal.status, json.dumps({"fits": False, "alarm": {"ref": "LA-1"}}).encode())

        def answer(self, status, body):
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def portal():
    shown = Portal()
    shown.grow(5)
    return shown


@pytest.fixture
def watch(script, tmp_path, monkeypatch, portal):
    """Run the script of one witness with these words; what its exit code was."""
    monkeypatch.setenv("WITNESS_TOKEN", "secret")
    with serving(portal) as address:
        folder = tmp_path / "witness"
        start = ["start", "--portal", address, "--trust", LEDGER.public.verifier, "--name", "jaxa.example/witness"]
        assert script.main(["--folder", str(folder), *start]) == 0

        def run(*words):
            return script.main(["--folder", str(folder), *(words or ["run"])])

        run.folder = folder
        yield run


@pytest.mark.parametrize(("seed", "public", "text", "signature"), SENTENCES)
def test_its_own_ed25519_is_that_of_the_standard(script, seed, public, text, signature):
    seed, public, text, signature = (bytes.fromhex(value) for value in (seed, public, text, signature))

    assert script.public_of(seed) == public
    assert script.sign(seed, text) == signature
    assert script.verifies(public, signature, text)
    for bit in range(0, 512, 7):
        flipped = bytearray(signature)
        flipped[bit // 8] ^= 1 << bit % 8
        assert not script.verifies(public, bytes(flipped), text)
    assert not script.verifies(public, signature, text + b"x")
    more = int.from_bytes(signature[32:], "little") + script.L
    assert not script.verifies(public, signature[:32] + more.to_bytes(32, "little"), text)


def test_it_reads_every_consistency_proof_as_the_ledger_makes_it_and_no_other(script):
    leaves = [sha256(bytes([n])).digest() for n in range(34)]
    for first in range(1, 34):
        for second in range(first, 34):
            proof = merkle.consistency_proof(first, second, merkle.in_memory(leaves))
            roots = merkle.root_of(leaves[:first]), merkle.root_of(leaves[:second])
            assert script.extends(first, second, *roots, proof)
            for place in range(len(proof)):
                assert not script.extends(first, second, *roots, [*proof[:place], bytes(32), *proof[place + 1 :]])
                assert not script.extends(first, second, *roots, [*proof[:place], *proof[place + 1 :]])
            assert not script.extends(first, second, *roots, [*proof, bytes(32)])


@pytest.mark.parametrize(("first", "second"), CONSISTENCY)
def test_it_reads_the_published_proofs(script, first, second):
    roots = [bytes.fromhex(ROOTS[size - 1]) for size in (first, second)]
    proof = [bytes.fromhex(element) for element in CONSISTENCY[first, second]]

    assert script.extends(first, second, *roots, proof)
    assert not script.extends(first, second, *reversed(roots), proof) or first == second
    for wrong in corruptions(proof):
        assert not script.extends(first, second, *roots, wrong)


def test_it_reads_the_growth_of_the_published_bundle(script):
    members = VECTORS / "bundle"
    (older,) = json.loads((members / "checkpoints.json").read_text())
    trusted = [script.trusted_key(row["key"]) for row in json.loads((members / "keys.json").read_text())["ledger"]]
    before = script.Checkpoint(older["note"], trusted)
    after = script.Checkpoint((members / "checkpoint.txt").read_text(), trusted)
    proof = [bytes.fromhex(element) for element in older["proof"]]

    assert script.extends(before.size, after.size, before.root, after.root, proof)
    assert not script.extends(before.size - 1, after.size, before.root, after.root, proof)
    with pytest.raises(script.Wrong):
        script.Checkpoint(older["note"], trusted[1:])


def test_it_answers_to_anything_as_the_ledger_and_the_script_of_bundles_do(script):
    chance = random.Random(20261124)
    leaves = [sha256(bytes([n])).digest() for n in range(20)]
    node = merkle.in_memory(leaves)
    roots = [merkle.root_of(leaves[:size]) for size in range(21)]
    answers = Counter()
    for _round in range(6000):
        first, second = sorted((chance.randrange(1, 21), chance.randrange(1, 21)))
        proof = merkle.consistency_proof(first, second, node)
        said = [first, second, roots[first], roots[second], proof]
        what = chance.randrange(6)
        if what < 2:
            said[what] = chance.randrange(1, 21)
        elif what < 4:
            said[what] = chance.choice(roots[1:])
        elif what == 4:
            said[4] = chance.sample([*proof, *leaves[:2]], chance.randrange(len(proof) + 2))

        answer = script.extends(*said)
        answers[answer] += 1
        assert answer == merkle.verify_consistency(*said) == verify.is_extended(*said), said
    assert min(answers.values()) > 1000


def test_it_cosigns_what_extends_what_it_saw(watch, portal):
    assert watch() == 0
    portal.grow(8)
    assert watch() == 0
    assert watch() == 0  # nothing new: nothing is sent again

    (first, _sent, token), (second, last, _token) = portal.sent
    assert [first, second] == [f"/api/v1/ledger/checkpoints/{n}/cosignatures/" for n in (5, 13)]
    assert token == "Bearer secret"
    raw = base64.b64decode(last["cosignature"].split(" ")[2])
    key = registered(watch)
    assert cosignatures.parse_line(last["cosignature"], [key]).is_over(notes.parse(portal.note()).text)
    assert raw[:4].hex() == key.key_id


def registered(watch):
    """The key as its agency registers it."""
    seed = bytes.fromhex((watch.folder / "key").read_text())
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return cosignatures.parse_key(cosignatures.WitnessKey("jaxa.example/witness", public).verifier)


@pytest.mark.parametrize("size", [3, 5, 9])
def test_it_refuses_a_rewritten_and_a_cut_history_keeps_both_and_reports(watch, portal, size, capsys):
    watch()
    held, portal.leaves = portal.note(), []
    portal.grow(size, "forged")
    portal.status = 200

    assert watch() == 1
    assert watch() == 1  # and it stays so

    path, sent, _token = portal.sent[-1]
    assert (path, sent["note"]) == ("/api/v1/ledger/compare/", held)
    assert (watch.folder / "last.txt").read_text() == held
    assert held in [file.read_text() for file in watch.folder.glob("fork-*-held.txt")]
    assert portal.note() in [file.read_text() for file in watch.folder.glob("fork-*-shown.txt")]
    assert "LA-1" in capsys.readouterr().err
    assert sum("cosignatures" in path for path, _sent, _token in portal.sent) == 1


@pytest.mark.parametrize("proof", [[], [bytes(32)], [bytes(31)], [bytes(32)] * 60])
def test_it_refuses_a_proof_that_is_none(watch, portal, proof):
    watch()
    portal.grow(3)
    portal.proof = proof

    assert watch() == 1
    assert len(portal.sent) == 2


def test_two_witnesses_that_were_shown_two_forks_find_out_when_one_checks_what_the_other_holds(watch, portal, tmp_path):
    watch()
    portal.grow(2)
    assert watch() == 0
    other = Portal()
    other.leaves = portal.leaves[:5]
    other.grow(4, "another")
    theirs = tmp_path / "theirs.txt"
    theirs.write_text(other.note() + "\u2014 esa.example/witness AAAA\n", encoding="utf-8")
    portal.grow(4)

    assert watch() == 0  # each fork by itself is a good ledger
    assert watch("check", str(theirs)) == 1


def test_a_file_for_which_no_trusted_key_vouches_says_nothing_against_the_ledger(watch, portal, tmp_path, capsys):
    signed = portal.note()
    given = {"torn.txt": signed[:40], "altered.txt": signed.replace("\n5\n", "\n4\n"), "whole.txt": signed}
    for name, content in given.items():
        (tmp_path / name).write_text(content, encoding="utf-8")

    assert watch("check", str(tmp_path / "whole.txt"), str(tmp_path / "torn.txt")) == 2
    assert "torn.txt cannot be held against the ledger" in capsys.readouterr().err
    assert watch("check", str(tmp_path / "altered.txt")) == 2
    assert "no key that you trust signed this checkpoint" in capsys.readouterr().err
    assert watch("check", str(tmp_path / "whole.txt")) == 0


def test_it_does_not_cosign_what_a_key_it_does_not_trust_signed(watch, portal, monkeypatch):
    stranger = Ed25519PrivateKey.generate()
    public = PublicKey("concord.example/ledger", stranger.public_key().public_bytes_raw())
    with monkeypatch.context() as patched:
        patched.setattr(sys.modules[__name__], "LEDGER", Signer(public, stranger))
        assert watch() == 1
        assert portal.sent == []

        assert watch("trust", public.verifier) == 0
        assert watch() == 0


@pytest.mark.parametrize(("status", "code"), [(401, 2), (403, 2), (422, 3), (404, 3), (429, 3), (500, 3), (302, 3)])
def test_a_refusal_is_told_apart_and_the_checkpoint_is_handed_in_later(watch, portal, status, code):
    portal.status = status
    assert watch() == code

    portal.status = 201
    assert watch() == 0
    assert len(portal.sent) == 2


def test_without_a_token_the_line_is_printed(watch, portal, monkeypatch, capsys):
    monkeypatch.delenv("WITNESS_TOKEN")

    assert watch() == 0
    assert portal.sent == []
    line = capsys.readouterr().out.splitlines()[-2]
    assert cosignatures.parse_line(line, [registered(watch)]).is_over(notes.parse(portal.note()).text)


@pytest.mark.parametrize("change", ["http://portal.example", "ftp://x", "file:///etc/passwd"])
def test_it_asks_no_portal_without_encryption(script, tmp_path, change):
    words = ["start", "--portal", change, "--trust", LEDGER.public.verifier, "--name", "jaxa.example/witness"]

    assert script.main(["--folder", str(tmp_path / "w"), *words]) == 2


def test_its_secrets_are_for_its_owner_only(watch):
    watch()

    assert (watch.folder.stat().st_mode & 0o777) == 0o700
    assert all((file.stat().st_mode & 0o077) == 0 for file in watch.folder.iterdir() if file.name != "lock")


def test_as_served_it_runs_in_an_interpreter_without_packages(client, tmp_path, portal):
    served = tmp_path / "witness.py"
    served.write_bytes(client.get("/ledger/witness.py").content)
    with serving(portal) as address:
        run = [sys.executable, "-I", "-S", str(served), "--folder", str(tmp_path / "w")]
        words = ["start", "--portal", address, "--trust", LEDGER.public.verifier, "--name", "jaxa.example/witness"]

        assert subprocess.run([*run, "run"], capture_output=True).returncode == 2
        assert subprocess.run([*run, *words], capture_output=True).returncode == 0
        assert subprocess.run([*run, "run"], capture_output=True).returncode == 0
    assert subprocess.run([*run, "run"], capture_output=True).returncode == 3
