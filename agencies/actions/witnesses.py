"""What an agency does to watch over the ledger: keys, co-signatures, comparisons, and where checkpoints are mailed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.actions.locking import lock, require_proof
from agencies.models import Agency
from agencies.reauthentication import Proof
from agencies.witnessing import WitnessingPolicy, WitnessPolicy
from portal.history import cosignatures, kept, notes, record
from portal.history.alarms import compare, raise_alarm
from portal.history.models import Alarm, Checkpoint, Cosignature, Mailing, Retirement, Witness
from portal.kit.actors import Actor

MOST_ADDRESSES = 5
# What clocks may differ by: a witness signs what it has just fetched.
AHEAD, BEHIND = 300, 24 * 60 * 60


@transaction.atomic
def register_witness(agency: Agency, *, actor: Actor, proof: Proof | None, verifier: str) -> Witness:
    """Name a key that co-signs checkpoints for the agency from now on."""
    agency = lock(agency)
    WitnessingPolicy(actor, agency).require("register_witness")
    require_proof(proof)
    try:
        key = cosignatures.parse_key(verifier.strip())
    except cosignatures.BadCosignature as error:
        words = _("This is not the verifier key of a witness: %(problem)s.") % {"problem": error}
        raise ValidationError({"verifier": [words]}) from error
    # SECURITY: the name stands beside signatures that others read, so that nobody may take that of somebody else.
    host = key.name.partition("/")[0]
    if host != agency.domain and not host.endswith(f".{agency.domain}"):
        words = _("The name begins with your domain, such as %(domain)s/witness.") % {"domain": agency.domain}
        raise ValidationError({"verifier": [words]})
    if Witness.objects.filter(public_key=key.raw).exists():
        raise ValidationError({"verifier": [_("This key was registered before. Make a new one.")]})
    if Witness.objects.of(agency.ref).filter(key_id=key.key_id).exists():
        raise ValidationError({"verifier": [_("Another key of yours has this key id. Make a new one.")]})
    witness = Witness.objects.create(
        agency_ref=agency.ref, name=key.name, key_id=key.key_id, public_key=key.raw, person_uid=actor.person.uid
    )
    facts = {"name": key.name, "public_key": key.raw.hex()}
    record("ledger.witness_registered", witness, actor=actor, agencies=[agency], scope=agency.ref, facts=facts)
    return witness


@transaction.atomic
def retire_witness(witness: Witness, *, actor: Actor) -> Witness:
    """Have the key co-sign nothing from now on; what it signed stays, and stays verifiable."""
    agency = lock(Agency.objects.get(ref=witness.agency_ref))
    witness = Witness.objects.select_related("retirement").get(pk=witness.pk)
    WitnessPolicy(actor, witness).require("retire")
    Retirement.objects.create(witness=witness, person_uid=actor.person.uid)
    facts = {"public_key": bytes(witness.public_key).hex()}
    record("ledger.witness_retired", witness, actor=actor, agencies=[agency], scope=agency.ref, facts=facts)
    return Witness.objects.select_related("retirement").get(pk=witness.pk)


@transaction.atomic
def cosign(agency: Agency, *, actor: Actor, number: int, cosignature: str) -> Cosignature:
    """Keep what a witness of the agency signed of a checkpoint; the same once more is the same co-signature."""
    agency = lock(agency)
    WitnessingPolicy(actor, agency).require("cosign")
    checkpoint = Checkpoint.objects.filter(pk=number).first()
    if checkpoint is None:
        raise ValidationError({"number": [_("The ledger has no checkpoint of this number.")]})
    witnesses = {one.key: one for one in Witness.objects.of(agency.ref).in_use()}
    try:
        cosigned = cosignatures.parse_line(cosignature.strip(), list(witnesses))
    except cosignatures.BadCosignature as error:
        words = _("This is not a co-signature of a witness of yours: %(problem)s.") % {"problem": error}
        raise ValidationError({"cosignature": [words]}) from error
    witness = witnesses[cosigned.key]
    before = Cosignature.objects.on(checkpoint).filter(witness=witness).first()
    if before is not None:
        return before
    note = notes.parse(checkpoint.note)
    if not cosigned.is_over(note.text):
        words = _(
            "The signature is not over checkpoint %(number)s as it stands here. If you signed what this portal gave you, "
            "compare your checkpoint: that is a fork."
        ) % {"number": checkpoint.number}
        raise ValidationError({"cosignature": [words]})
    now = time.time()
    if not now - BEHIND < cosigned.time < now + AHEAD:
        raise ValidationError({"cosignature": [_("It is not dated now: set the clock of the witness.")]})
    made = Cosignature.objects.create(
        checkpoint=checkpoint,
        witness=witness,
        time=cosigned.time,
        signature=cosigned.signature,
        note=checkpoint.note,
    )
    facts = {
        "witness": witness.key_id,
        "size": checkpoint.size,
        "root": checkpoint.hex,
        "signature_sha256": sha256(cosigned.signature).hexdigest(),
    }
    record("ledger.cosigned", made, actor=actor, agencies=[agency], scope=agency.ref, facts=facts)
    transaction.on_commit(lambda: kept.keep(made), robust=True)
    return made


def compare_checkpoint(agency: Agency, *, actor: Actor, note: str) -> Alarm | None:
    """Hold a checkpoint that the agency kept against the ledger; where it does not fit, every agency is alarmed."""
    WitnessingPolicy(actor, agency).require("compare_checkpoint")
    try:
        held = notes.parse(notes.unwitnessed(note.replace("\r\n", "\n").strip() + "\n"))
    except notes.BadNote as error:
        words = _("This cannot be read as a checkpoint: %(problem)s.") % {"problem": error}
        raise ValidationError({"note": [words]}) from error
    finding = compare(held)
    return raise_alarm(finding, actor=actor, found_for=agency.ref) if finding is not None else None


@transaction.atomic
def set_checkpoint_addresses(agency: Agency, *, actor: Actor, addresses: Iterable[str]) -> Mailing:
    """Have new checkpoints mailed to these addresses from now on, and to no other."""
    agency = lock(agency)
    WitnessingPolicy(actor, agency).require("set_checkpoint_addresses")
    wanted = list(dict.fromkeys(address.strip().lower() for address in addresses if address.strip()))
    for address in wanted:
        _require_own(agency, address)
    if len(wanted) > MOST_ADDRESSES:
        raise ValidationError({"addresses": [_("At most %(most)s addresses.") % {"most": MOST_ADDRESSES}]})
    mailing, _is_new = Mailing.objects.get_or_create(agency_ref=agency.ref)
    if wanted != mailing.addresses:
        mailing.addresses = wanted
        mailing.save()
        facts = {"count": len(wanted)}
        record("ledger.addresses_changed", agency, actor=actor, agencies=[agency], scope=agency.ref, facts=facts)
    return mailing


def _require_own(agency: Agency, address: str) -> None:
    """SECURITY: the portal mails nobody who is not of the agency."""
    try:
        validate_email(address)
    except ValidationError:
        raise ValidationError({"addresses": [_("%(given)s is no address.") % {"given": address[:80]}]}) from None
    domain = address.rpartition("@")[2]
    if not agency.domain or (domain != agency.domain and not domain.endswith(f".{agency.domain}")):
        words = _("%(given)s is not of your domain, %(domain)s.")
        raise ValidationError(
            {"addresses": [words % {"given": address[:80], "domain": agency.domain or _("none on record")}]}
        )
