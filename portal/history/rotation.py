"""A new key for the ledger, introduced by the former one; or a former one that is lost, vouched for by the present."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from portal.history import notes, proofs
from portal.history.canonical import instant
from portal.history.chain import known_chain, path_of
from portal.history.keys import PublicKey, Signer, generate, origin, signer
from portal.history.merkle import EMPTY_ROOT
from portal.history.models import Checkpoint
from portal.history.sealer import SEALER_LOCK, seal
from portal.history.statements import Statement
from portal.secrets import write_once, write_over

# Shared by whoever signs a record until its event is committed; alone in it, whoever changes the key.
KEY_LOCK = 0x636F6E6B


class NotVouched(ValueError):
    """Raised for a key that cannot have come before the one in use."""


class NotRotated(ValueError):
    """Raised where the key in use has not signed what a new one would follow."""


def hold_key() -> None:
    """Keep the key in use until the end of this transaction: what it signs is an entry of its time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [KEY_LOCK])


def rotate() -> Statement:
    """Sign with a new key from now on; the statement that both keys signed over it.

    Whoever is signing a record is waited for, and what waits is sealed with the former key. The statement stands beside the
    key file before that changes, so that nothing either signs is ever without its key; the former private key is gone.
    Raises NotRotated where the ledger is shorter than when the key in use began (an old backup was put back), or no longer
    begins as a former key handed it over: nobody vouches for a rewritten ledger.
    """
    with _alone():
        seal()
        newest, began = Checkpoint.objects.newest(), known_chain().links[-1].start
        if began > (newest.size if newest is not None else 0):
            raise NotRotated(f"the key in use began with entry {began}, which this ledger has not reached")
        for told in proofs.contradicted(known_chain().statements):
            raise NotRotated(
                f"the ledger's first {told.size} entries are not those that {told.former.key_id} handed over"
            )
        # SECURITY: nothing is written to the database here, so that nothing can be rolled back after the file changed.
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER_LOCK])
            pem = generate()
            statement = _stated(signer(), _signer_of(pem))
            write_once(path_of(statement.new), str(statement).encode())
            write_over(Path(settings.SIGNING_KEY_FILE), pem)
    return statement


def vouch(former: PublicKey) -> Statement:
    """State, by the key in use alone, that this key came before the first one that is proved; NotVouched says why not.

    It is for a key that was lost before it could hand over. Its time ends with the last checkpoint that it signed.
    """
    links = known_chain().links
    successor = signer()
    if links[0].key != successor.public:
        raise NotVouched(
            f"the key in use has a predecessor already, and what came before {links[0].key.key_id} only that key could say, "
            "whose private half is gone"
        )
    if former.name != origin() or former in {link.key for link in links}:
        raise NotVouched("it is of another ledger, or the key in use itself")
    last = Checkpoint.objects.filter(key_id=former.key_id).order_by("-number").first()
    if last is None or not notes.parse(last.note).is_signed_by(former):
        raise NotVouched("it signed none of the checkpoints of this ledger")
    statement = _signed(None, successor, former, size=last.size, root=bytes(last.root))
    path = path_of(statement.new)
    write_once(path, str(statement).encode())
    if path.read_bytes() != str(statement).encode():
        raise NotVouched(f"{path} is there already and says something else; set it aside first")
    return statement


def _stated(former: Signer, new: Signer) -> Statement:
    newest = Checkpoint.objects.newest()
    size, root = (newest.size, bytes(newest.root)) if newest is not None else (0, EMPTY_ROOT)
    return _signed(former, new, former.public, size=size, root=root)


def _signed(former: Signer | None, new: Signer, key: PublicKey, *, size: int, root: bytes) -> Statement:
    at = instant(timezone.now())
    text = Statement(key, new.public, size, root, at, b"", b"").text.encode()
    return Statement(key, new.public, size, root, at, former.sign(text) if former else b"", new.sign(text))


def _signer_of(pem: bytes) -> Signer:
    private = load_pem_private_key(pem, password=None)
    assert isinstance(private, Ed25519PrivateKey)
    return Signer(PublicKey(origin(), private.public_key().public_bytes_raw()), private)


@contextmanager
def _alone() -> Iterator[None]:
    """Wait for those who hold the key; those who want it afterwards wait for this."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [KEY_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [KEY_LOCK])
