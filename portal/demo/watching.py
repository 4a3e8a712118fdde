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
from portal.history.sealer import seal
from portal.kit.actors import Actor

WITNESSES = ("mika", "lucien")


def watch(world: World) -> None:
    """Register a key for each, and co-sign the checkpoint over all that happened until then."""
    keys = {witness: _registered(world.actor(witness)) for witness in WITNESSES}
    seal()
    newest = Checkpoint.objects.newest()
    assert newest is not None
    body = notes.parse(newest.note).text
    for witness, (public, private) in keys.items():
        actor, now = world.actor(witness), int(time.time())
        line = str(Cosigned(public, now, private.sign(message(now, body))))
        actions.cosign(actor.agency, actor=actor, number=newest.number, cosignature=line)


def _registered(actor: Actor) -> tuple[WitnessKey, Ed25519PrivateKey]:
    """A key of the agency, and an address of it that checkpoints are mailed to."""
    private = Ed25519PrivateKey.generate()
    public = WitnessKey(f"{domain_of(actor.agency.acronym)}/witness", private.public_key().public_bytes_raw())
    proof = Proof(("password",), timezone.now())
    actions.register_witness(actor.agency, actor=actor, proof=proof, verifier=public.verifier)
    actions.set_checkpoint_addresses(actor.agency, actor=actor, addresses=[actor.person.email])
    return public, private
