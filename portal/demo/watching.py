"""Two agencies watch over the ledger of the demonstration; their keys sign this once and are forgotten."""

from __future__ import annotations

import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from agencies import actions
from agencies.reauthentication import Proof
from portal.demo.people import domain_of
from portal.demo.world import World
from portal.history import notes
from portal.history.cosignatures import Cosigned, WitnessKey, message
from portal.history.models import Checkpoint

WITNESSES = ("mika", "lucien")


def watch(world: World) -> None:
    """Register a key for each, and co-sign the newest checkpoint with it."""
    newest = Checkpoint.objects.newest()
    if newest is None:
        return
    body = notes.parse(newest.note).text
    for key in WITNESSES:
        actor = world.actor(key)
        private = Ed25519PrivateKey.generate()
        public = WitnessKey(f"{domain_of(actor.agency.acronym)}/witness", private.public_key().public_bytes_raw())
        proof = Proof(("password",), timezone.now())
        actions.register_witness(actor.agency, actor=actor, proof=proof, verifier=public.verifier)
        now = int(time.time())
        line = str(Cosigned(public, now, private.sign(message(now, body))))
        actions.cosign(actor.agency, actor=actor, number=newest.number, cosignature=line)
        actions.set_checkpoint_addresses(actor.agency, actor=actor, addresses=[actor.person.email])
