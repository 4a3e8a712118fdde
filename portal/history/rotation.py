"""A new key for the ledger; what the former one signed stays verifiable, because its public half stays."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.db import connection, transaction

from portal.history.keys import PublicKey, generate, origin, signer
from portal.history.models import DatabaseClock, SigningKey
from portal.history.sealer import SEALER_LOCK, seal
from portal.secrets import write_over


def rotate() -> tuple[PublicKey, PublicKey]:
    """Sign with a new key from now on, and return the former public key and the new one.

    What waits is sealed with the former key first. Both public halves are kept before the file changes, so that nothing
    that either signs is ever without its key; the former private key is gone.
    """
    seal()
    former = signer().public
    pem = generate()
    private = load_pem_private_key(pem, password=None)
    new = PublicKey(origin(), private.public_key().public_bytes_raw())  # type: ignore[union-attr]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER_LOCK])
        for key in (former, new):
            keep(key)
    # Only once both are committed: a crash in between leaves a public key that never signs.
    write_over(Path(settings.SIGNING_KEY_FILE), pem)
    return former, new


def keep(key: PublicKey) -> None:
    """Keep the public half, from now on unless it is known."""
    if not SigningKey.objects.filter(pk=key.key_id).exists():
        SigningKey.objects.create(key_id=key.key_id, name=key.name, public_key=key.raw, since=DatabaseClock())
