"""A witness in tests: a key, its line over a checkpoint, and its rows."""

import time
import uuid

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.history import kept, notes
from portal.history.cosignatures import Cosigned, WitnessKey, message
from portal.history.models import Cosignature, Witness


class Watcher:
    """Holds a private key that the portal never sees."""

    def __init__(self, name="jaxa.example/witness"):
        self.private = Ed25519PrivateKey.generate()
        self.key = WitnessKey(name, self.private.public_key().public_bytes_raw())

    def line(self, note, at=None):
        at = int(time.time()) if at is None else at
        return str(Cosigned(self.key, at, self.private.sign(message(at, notes.parse(note).text))))

    def cosigned(self, checkpoint, *, agency="JAXA", is_kept=True):
        """The rows as the action leaves them."""
        witness, _is_new = Witness.objects.get_or_create(
            public_key=self.key.raw,
            defaults={
                "agency_ref": agency, "name": self.key.name, "key_id": self.key.key_id, "person_uid": uuid.uuid4(),
            },
        )  # fmt: skip
        at = int(time.time())
        signature = self.private.sign(message(at, notes.parse(checkpoint.note).text))
        made = Cosignature.objects.create(
            checkpoint=checkpoint, witness=witness, time=at, signature=signature, note=checkpoint.note
        )
        if is_kept:
            kept.keep(made)
        return made
