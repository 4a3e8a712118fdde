#!/usr/bin/env python3
"""Watch over the ledger of a Concord portal, and co-sign its checkpoints: one file, Python 3.9 or newer, nothing else.

    witness.py start --portal https://concord.example --trust VERIFIER-KEY --name agency.example/witness
    witness.py run             fetch, verify, co-sign and hand in the newest checkpoint; run it once a day
    witness.py check FILE ...  hold checkpoints that others kept against the ledger, mailed ones too
    witness.py trust KEY       trust one more key of the portal, once you have made sure that it has a new one
    witness.py show            print the verifier key of this witness

Everything is kept in --folder (./witness): the private key, what is trusted, and the last checkpoint that was verified.
The API token of a member comes from the environment (WITNESS_TOKEN) or from the file `token` in the folder; without one
the co-signature is printed, to be handed in on the page of the agency.

Exit codes: 0 all is well. 1 THE LEDGER DOES NOT FIT: keep what the folder holds and tell others. 2 the witness is not set
up. 3 the portal could not be reached or refused; try again.
"""

import argparse
import base64
import fcntl
import json
import os
import sys
import time
import urllib.error
import urllib.request
from hashlib import sha256, sha512
from pathlib import Path
from urllib.parse import urlsplit

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
except ImportError:
    Ed25519PrivateKey = None  # type: ignore[assignment,misc]  # the slow way is below

LEDGER_KEY, WITNESS_KEY, DASH = b"\x01", b"\x04", "\u2014"
LONGEST = 100_000


class Wrong(Exception):
    """The ledger does not fit what this witness holds."""


class NotReady(Exception):
    """Something has to be set up first."""


class Refused(Exception):
    """The portal did not do what it was asked."""


# --- Ed25519, RFC 8032 §5.1 -------------------------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a, b):
    """Add two points in extended coordinates."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    m, n, o, q = f - e, h - g, h + g, f + e
    return m * n % P, o * q % P, n * o % P, m * q % P


def times(number, point):
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        number, point = number >> 1, add(point, point)
    return total


def unpack(raw):
    """The point that 32 bytes stand for, None for none."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * ROOT % P
    if y >= P or x * x % P != square or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def pack(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = unpack((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def number_of(*parts):
    return int.from_bytes(sha512(b"".join(parts)).digest(), "little")


def secret(seed):
    digest = sha512(seed).digest()
    return int.from_bytes(digest[:32], "little") & ((1 << 254) - 8) | (1 << 254), digest[32:]


def public_of(seed):
    return pack(times(secret(seed)[0], BASE))


def sign(seed, text):
    if Ed25519PrivateKey is not None:
        return Ed25519PrivateKey.from_private_bytes(seed).sign(text)
    number, prefix = secret(seed)
    public, once = public_of(seed), number_of(prefix, text) % L
    point = pack(times(once, BASE))
    return point + ((once + number_of(point, public, text) * number) % L).to_bytes(32, "little")


def verifies(public, signature, text):
    if Ed25519PrivateKey is not None:
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True
    key, point, number = unpack(public), unpack(signature[:32]), int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or key is None or point is None or number >= L:
        return False
    right = add(point, times(number_of(signature[:32], public, text) % L, key))
    return pack(times(number, BASE)) == pack(right)


# --- checkpoints and proofs: docs/ledger.md of the portal ---------------------------------------------------------------


def key_id(name, kind, public):
    return sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def verifier_key(name, kind, public):
    return f"{name}+{key_id(name, kind, public).hex()}+{base64.b64encode(kind + public).decode()}"


def trusted_key(text):
    """(name, public key) of a verifier key of the portal."""
    try:
        name, _id, encoded = text.strip().split("+", 2)
        raw = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise NotReady(f"this is no verifier key: {text[:80]!r}") from None
    if raw[:1] != LEDGER_KEY or len(raw) != 33 or verifier_key(name, LEDGER_KEY, raw[1:]) != text.strip():
        raise NotReady(f"this is no verifier key of a ledger: {text[:80]!r}")
    return name, raw[1:]


class Checkpoint:
    """A checkpoint as it was given; Wrong unless a trusted key signed it."""

    def __init__(self, text, trusted):
        self.body, _, signatures = text.partition("\n\n")
        self.body += "\n"
        lines = self.body.split("\n")
        try:
            self.size, self.root = int(lines[1]), base64.b64decode(lines[2], validate=True)
            self.number = int(lines[3].removeprefix("number ") if hasattr(str, "removeprefix") else lines[3][7:])
        except (ValueError, IndexError):
            raise Wrong("what is given as a checkpoint is none") from None
        for line in signatures.splitlines():
            for name, public in trusted:
                start, raw = f"{DASH} {name} ", line.rpartition(" ")[2]
                try:
                    raw = base64.b64decode(raw, validate=True)
                except ValueError:
                    continue
                is_ours = line.startswith(start) and lines[0] == name and raw[:4] == key_id(name, LEDGER_KEY, public)
                if is_ours and len(raw) == 68 and verifies(public, raw[4:], self.body.encode()):
                    self.note = f"{self.body}\n{line}\n"
                    return
        raise Wrong("no key that you trust signed this checkpoint")


def extends(first, second, first_root, second_root, proof):
    """Whether the tree of `second` entries only appended to that of `first` (RFC 9162 §2.1.4.2)."""
    if not 0 < first <= second or first == second:
        return first == second and not proof and first_root == second_root
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not path or any(len(element) != 32 for element in path):
        return False
    position, last = first - 1, second - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node(sibling, old), node(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node(new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def node(left, right):
    return sha256(b"\x01" + left + right).digest()


# --- the witness --------------------------------------------------------------------------------------------------------


class Stay(urllib.request.HTTPRedirectHandler):
    """The portal answers itself: a token is not carried elsewhere."""

    def redirect_request(self, *args):
        return None


class Witness:
    """A folder with a key, what is trusted, and what was seen last."""

    def __init__(self, folder):
        self.folder = Path(folder)
        try:
            self.settings = json.loads((self.folder / "settings.json").read_text("utf-8"))
            self.seed = bytes.fromhex((self.folder / "key").read_text().strip())
        except (OSError, ValueError) as error:
            raise NotReady(f"{self.folder} holds no witness yet: {error}. Begin with `witness.py start`.") from None
        self.name, self.trusted = self.settings["name"], [trusted_key(text) for text in self.settings["trusted"]]

    def run(self):
        held, state = None, self.folder / "last.txt"
        if state.exists():
            held = Checkpoint(state.read_text("utf-8"), self.trusted)
        newest = Checkpoint(self.ask("/ledger/checkpoint"), self.trusted)
        if held is not None:
            self.require_growth(held, newest)
        # Remembered before the signature leaves: whatever happens next, nothing that contradicts it is ever signed.
        write(state, newest.note)
        handed_in = self.folder / "handed-in"
        if handed_in.exists() and handed_in.read_text() == newest.note:
            return f"Checkpoint {newest.number} over {newest.size} entries: seen before, and still the newest."
        line = self.cosignature(newest)
        if not self.token():
            return f"Checkpoint {newest.number} over {newest.size} entries is good. Hand this in:\n{line}"
        self.post(f"/api/v1/ledger/checkpoints/{newest.number}/cosignatures/", {"cosignature": line.rstrip("\n")})
        write(handed_in, newest.note)
        return f"Checkpoint {newest.number} over {newest.size} entries is good, and co-signed."

    def check(self, files):
        newest = Checkpoint(self.ask("/ledger/checkpoint"), self.trusted)
        for file in files:
            text = Path(file).read_text("utf-8").replace("\r\n", "\n")
            try:
                held = Checkpoint(text, self.trusted)
            except Wrong as error:
                # A file says nothing against the ledger before a key that is trusted vouches for it.
                raise NotReady(f"{file} cannot be held against the ledger: {error}") from None
            self.require_growth(held, newest)
        return f"The ledger has grown from each of the {len(files)} checkpoints: {newest.size} entries now."

    def cosignature(self, checkpoint):
        """docs/witnesses.md: what is signed, and how the line is written."""
        now = int(time.time())
        signature = sign(self.seed, f"cosignature/v1\ntime {now}\n{checkpoint.body}".encode())
        raw = key_id(self.name, WITNESS_KEY, public_of(self.seed)) + now.to_bytes(8, "big") + signature
        return f"{DASH} {self.name} {base64.b64encode(raw).decode()}\n"

    def require_growth(self, held, newest):
        """Raise Wrong, keep both checkpoints as evidence and tell the portal, unless the newest extends what is held."""
        problem = ""
        if newest.size < held.size:
            problem = f"the ledger was cut: {held.size} entries were signed, and now it has {newest.size}"
        elif not self.is_proved(held, newest):
            problem = f"history was rewritten: the first {held.size} entries are not those that were signed"
        if problem:
            stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
            write(self.folder / f"fork-{stamp}-held.txt", held.note)
            write(self.folder / f"fork-{stamp}-shown.txt", newest.note)
            raise Wrong(f"{problem}. Both checkpoints are kept in {self.folder}. {self.report(held)}")

    def is_proved(self, held, newest):
        if held.size == newest.size:
            return held.root == newest.root
        try:
            answer = self.ask(f"/api/v1/ledger/consistency/?first={held.size}&second={newest.size}")
            proof = [bytes.fromhex(element) for element in json.loads(answer)["proof"]]
        except (Refused, ValueError, KeyError, TypeError):
            return False
        return extends(held.size, newest.size, held.root, newest.root, proof)

    def report(self, held):
        try:
            answer = json.loads(self.post("/api/v1/ledger/compare/", {"note": held.note}))
            return f"The portal was told and has raised the alarm {answer['alarm']['ref']}."
        except (OSError, Refused, NotReady, ValueError, KeyError, TypeError) as error:
            return f"The portal raised no alarm ({error}): tell the other agencies yourself."

    def token(self):
        file = self.folder / "token"
        return os.environ.get("WITNESS_TOKEN", "") or (file.read_text().strip() if file.exists() else "")

    def ask(self, path, body=None):
        """The answer as text. Refused for an answer that says no, OSError when there is none."""
        headers = {"Content-Type": "application/json", "User-Agent": "concord-witness/1"}
        if body is not None:
            headers["Authorization"] = f"Bearer {self.token()}"
        request = urllib.request.Request(self.settings["portal"] + path, body, headers)  # noqa: S310 - see `start`
        try:
            with urllib.request.build_opener(Stay).open(request, timeout=60) as answer:
                return answer.read(LONGEST).decode()
        except urllib.error.HTTPError as error:
            said = error.read(2000).decode(errors="replace")
            if error.code in (404, 400, 422, 409):
                raise Refused(f"the portal refused ({error.code}): {said}") from None
            if error.code in (401, 403):
                raise NotReady(f"the portal does not accept the token ({error.code}): {said}") from None
            raise OSError(f"the portal answers {error.code}") from None

    def post(self, path, sent):
        return self.ask(path, json.dumps(sent).encode())


def write(path, text):
    """Replace a file so that a power cut leaves the old one or the new one."""
    draft = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def start(folder, portal, trust, name):
    address = urlsplit(portal)
    if address.scheme != "https" and address.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise NotReady("the address of the portal begins with https://")
    trusted_key(trust)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / "key").exists():
        raise NotReady(f"{folder} holds a witness already")
    write(folder / "settings.json", json.dumps({"portal": portal.rstrip("/"), "trusted": [trust], "name": name}))
    write(folder / "key", os.urandom(32).hex())
    return show(Witness(folder))


def show(witness):
    public = public_of(witness.seed)
    return f"Register this key on the page of your agency:\n{verifier_key(witness.name, WITNESS_KEY, public)}"


def trust(witness, key):
    trusted_key(key)
    witness.settings["trusted"].append(key.strip())
    write(witness.folder / "settings.json", json.dumps(witness.settings))
    return "Trusted."


def perform(options):
    if options.what == "start":
        return start(options.folder, options.portal, options.trust, options.name)
    witness = Witness(options.folder)
    with (options.folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if options.what == "check":
            return witness.check(options.files)
        if options.what == "trust":
            return trust(witness, options.key)
        return witness.run() if options.what == "run" else show(witness)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path("witness"))
    commands = parser.add_subparsers(dest="what", required=True)
    begin = commands.add_parser("start")
    for name in ("--portal", "--trust", "--name"):
        begin.add_argument(name, required=True)
    commands.add_parser("check").add_argument("files", nargs="+")
    commands.add_parser("trust").add_argument("key")
    commands.add_parser("run")
    commands.add_parser("show")
    try:
        print(perform(parser.parse_args(arguments)))
    except Wrong as error:
        print(f"THE LEDGER DOES NOT FIT: {error}", file=sys.stderr)
        return 1
    except NotReady as error:
        print(error, file=sys.stderr)
        return 2
    except (OSError, Refused, ValueError) as error:
        print(f"Not done: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
