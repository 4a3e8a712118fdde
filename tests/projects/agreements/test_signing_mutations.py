"""A record is read twice, by the portal from its tables and by verify.py from a bundle: both say the same of every change."""

from __future__ import annotations

import copy
import hashlib
import json
import random
from collections import Counter
from typing import Any, NamedTuple

import pytest
import rfc8785

from portal.history import keys, rotation
from portal.history.canonical import instant
from portal.history.chain import known_chain
from portal.history.sealer import seal as seal_ledger
from projects.agreements import actions
from projects.agreements.bundle.collecting import collect
from projects.agreements.bundle.packing import proofs_of
from projects.agreements.bundle.verifier.bundle import Bundle
from projects.agreements.bundle.verifier.command import MALFORMED
from projects.agreements.bundle.verifier.records import check_confirmations, check_records
from projects.agreements.models import Agreement, Signature
from projects.agreements.signing import whole
from projects.ip.receipts.verify import FAILED, Unreadable
from tests import stage
from tests.projects.agreements.signing import confirm

pytestmark = pytest.mark.django_db

SEED, ROUNDS = 20261124, 500
# Of what the portal's own key signed, the table alone contradicts a time, and the records of a bundle alone the chain.
OF_ONE_ALONE = {"signed_at", "previous"}
# On what a confirmation rests: the table contradicts it, and nothing in a bundle does.
OF_THE_TABLE = {"approval", "mandate"}
WAYS = ("left as it was", "stranger", "stranger under our id", "former", "portal", "portal")


class Stored(NamedTuple):
    """A record as it is stored, whoever wrote it."""

    canonical: bytes
    key_id: str
    signature: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.canonical).hexdigest()


class World(NamedTuple):
    """A signature ad referendum, perhaps confirmed, in the ledger; the signers that there are, and what a bundle holds of it."""

    agreement: Agreement
    signature: Signature
    true: Stored
    signers: dict[str, keys.Signer]
    members: dict[str, bytes]


@pytest.fixture(params=["evidence", "confirmation"])
def world(request: Any, cast: Any, settings: Any, tmp_path: Any) -> World:
    """The record in question is that of the signature, or of its confirmation."""
    settings.SIGNING_KEY_FILE = tmp_path / "ledger.pem"
    agreement = stage.frozen_agreement(cast)
    former = keys.signer()
    rotation.rotate()
    consent = stage.given_consent(agreement, cast.kenji, ad_referendum=True, declaration="As decided.")
    made = actions.sign(agreement, actor=cast.actor(cast.kenji), consent=consent, proof=stage.proof())
    if request.param == "confirmation":
        confirm(cast, agreement, made, cast.mika)
    seal_ledger()
    agreement = Agreement.objects.get(pk=agreement.pk)
    row = Signature.objects.with_fate().get(pk=made.pk)
    true = Stored(bytes(row.evidence), row.key_id, row.signature)
    if request.param == "confirmation":
        kept = row.confirmation
        true = Stored(bytes(kept.evidence), kept.key_id, kept.portal_signature)
    signers = {"former": former, "portal": keys.signer(), "stranger": rotation._signer_of(keys.generate())}
    assert agreement.text is not None
    return World(agreement, row, true, signers, proofs_of(collect(agreement, agreement.text)))


def portal_accepts(world: World, record: Stored) -> bool:
    """Whether the tables are as they were signed, if this were in them and the history named it."""
    row = Signature.objects.with_fate().get(pk=world.signature.pk)
    row.text = world.agreement.text
    stored = (
        world.agreement.ref, "JAXA", str(row.person.uid), row.level, row.is_ad_referendum, instant(row.signed_at),
    )  # fmt: skip
    told = copy.deepcopy(whole._told(world.agreement))
    verb = whole.CONFIRMED if hasattr(row, "confirmation") else whole.SIGNED
    (place,) = told[verb].values()
    told[verb] = {record.sha256: place}
    if verb == whole.CONFIRMED:
        kept = row.confirmation
        kept.signature, kept.evidence, kept.evidence_sha256 = row, record.canonical, record.sha256
        kept.key_id, kept.portal_signature = record.key_id, record.signature
    else:
        row.evidence, row.evidence_sha256 = record.canonical, record.sha256
        row.key_id, row.signature = record.key_id, record.signature
    chain, people = known_chain(), whole._uids([row])
    return whole._is_as_signed(row, stored, chain, told) and whole._is_as_confirmed(row, people, chain, told)


def script_accepts(world: World, record: Stored) -> bool:
    """Whether a bundle that held this, with events that name it, would have nothing wrong in its records."""
    folder = "confirmations" if hasattr(world.signature, "confirmation") else "evidence"
    parts = world.members | {
        f"{folder}/01-JAXA.json": record.canonical,
        f"{folder}/01-JAXA.sig": record.signature.encode(),
        "events.json": world.members["events.json"].replace(world.true.sha256.encode(), record.sha256.encode()),
    }
    bundle = Bundle(parts)
    try:
        found = [*check_records(bundle), *check_confirmations(bundle)]
    except (Unreadable, *MALFORMED):
        return False
    return not any(one.outcome == FAILED for one in found)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all that is no object and no list with something in it."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [place for name, one in inside for place in places(one, (*path, name))]
    return found or [path]


def changed(record: dict[str, Any], path: tuple[Any, ...], chance: random.Random) -> dict[str, Any]:
    """With another value of the same kind in this place."""
    said = copy.deepcopy(record)
    *way, last = path
    holder = said
    for name in way:
        holder = holder[name]
    was = holder[last]
    if isinstance(was, bool):
        holder[last] = not was
    elif isinstance(was, int):
        holder[last] = was + 1
    elif isinstance(was, str):
        holder[last] = chance.choice([was + "x", was[:-1] or "x", was.upper() if was != was.upper() else was + "y"])
    elif isinstance(was, list):
        holder[last] = ["ab" * 32]
    else:
        holder[last] = "x"
    return said


def signed(world: World, said: dict[str, Any], way: str) -> Stored:
    """In canonical form, signed in one of the ways, under the key that the record is to name."""
    if way == "left as it was":
        return Stored(rfc8785.dumps(said), world.true.key_id, world.true.signature)
    signer = world.signers["stranger" if way == "stranger under our id" else way]
    if way in ("former", "stranger"):
        said = {**said, "key": {**said["key"], "id": signer.public.key_id}}
    named = world.signers[way].public.key_id if way in ("former", "stranger") else world.true.key_id
    canonical = rfc8785.dumps(said)
    return Stored(canonical, named, signer.sign(f"{said['format']}\n".encode() + canonical).hex())


def test_both_readers_say_the_same_of_every_changed_record(world: World) -> None:
    chance, answers = random.Random(SEED), Counter()
    true = json.loads(world.true.canonical)
    paths = places(true)
    assert portal_accepts(world, world.true)
    assert script_accepts(world, world.true)

    for _round in range(ROUNDS):
        path, way = chance.choice(paths), chance.choice(WAYS)
        record = signed(world, changed(true, path, chance), way)
        mine, theirs = portal_accepts(world, record), script_accepts(world, record)
        answers[way == "portal", mine] += 1
        if way == "portal" and path[0] in OF_ONE_ALONE:
            assert not (mine and theirs), path
        elif way == "portal" and path[0] in OF_THE_TABLE:
            assert theirs or not mine, path
        else:
            assert mine == theirs, (path, way)

    # What another key signed is never accepted; of what the portal's own key signed there is some of both.
    assert answers[False, True] == 0
    assert min(answers[False, False], answers[True, True], answers[True, False]) > 10


def test_both_readers_refuse_what_is_spelled_or_named_in_another_way(world: World) -> None:
    true, portal = json.loads(world.true.canonical), world.signers["portal"]
    loose = json.dumps(true, ensure_ascii=False, indent=1).encode()
    wrong = [
        world.true._replace(signature=world.true.signature.upper()),
        world.true._replace(signature=world.true.signature[:-2]),
        world.true._replace(signature=""),
        Stored(loose, portal.public.key_id, portal.sign(f"{true['format']}\n".encode() + loose).hex()),
        signed(world, true | {"format": "concord/evidence/3"}, "portal"),
        signed(world, true | {"key": {"id": "00000000", "algorithm": "Ed25519"}}, "portal"),
        signed(world, true | {"signatory": true["signatory"] | {"uid": None}}, "portal"),
        signed(world, {**true, "text": {**true["text"], "number": 2}}, "portal"),
        Stored(b"[" * 5000, portal.public.key_id, portal.sign(b"x").hex()),
        Stored(b"\xff", portal.public.key_id, portal.sign(b"x").hex()),
    ]

    for record in wrong:
        assert not portal_accepts(world, record), record.canonical[:200]
        assert not script_accepts(world, record), record.canonical[:200]
