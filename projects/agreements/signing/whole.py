"""Whether the tables say of the signatures under a text what their records and the history say: asked before it is complete."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from agencies.models import Mandate, Person
from portal.history.canonical import instant
from portal.history.chain import Chain, known_chain
from portal.history.models import Event
from portal.kit.refusals import NotNow
from projects.agreements.models import Agreement, Confirmation, Signature, TextVersion
from projects.agreements.signing.evidence import is_whole, is_whole_confirmation

SIGNED, CONFIRMED, VOIDED = "agreement.signed", "agreement.signature_confirmed", "agreement.signature_voided"


class Doubts(NamedTuple):
    """The signatures that are not as they were signed, and those of which nothing is in doubt but the key."""

    altered: list[Signature]
    unvouched: list[Signature]


class _AnyKey:
    """In the place of a public key that nobody has: as if all that it signed were right."""

    def verifies(self, signature: bytes, text: bytes) -> bool:
        return True


def require_whole(agreement: Agreement) -> None:
    """Raise NotNow when a signature that stands is not, in the tables, what was signed, or by a key that is not proved.

    SECURITY: who writes into the database has no key. What they changed must not be completed and sealed with ours.
    """
    found = doubts(agreement, agreement.standing_signatures)
    if found.unvouched and not found.altered:
        raise NotNow(
            _(
                "A signature under this text is signed with a key that this portal cannot vouch for. Nothing is completed on top of it."
            ),
            code="signature-not-vouched",
            unblock=_(
                "The operators of the portal say which key that was, or the signature is taken back and made again."
            ),
            state=agreement.status,
        )
    if found.altered:
        raise NotNow(
            _("A signature under this text is not stored as it was made. Nothing is completed on top of it."),
            code="signature-altered",
            unblock=_("The operators of the portal compare it with the ledger."),
            state=agreement.status,
        )


def doubts(agreement: Agreement, standing: Iterable[Signature], text: TextVersion | None = None) -> Doubts:
    """Those that contradict their own record, or that the history says were taken back; three queries however many.

    They stand under `text`, the present one unless told. SECURITY: a key that is not proved is a doubt like any other, and
    told apart only so that nobody looks for a change where a former key was lost.
    """
    text = text or agreement.text
    assert text is not None
    rows = list(standing)
    chain, told = known_chain(), _told(agreement)
    people = _uids(rows)
    parties = {party.pk: party.agency.ref for party in agreement.party_list}
    found = Doubts([], [])
    for row in rows:
        # Each was read with its agreement, whose text this is.
        row.text = text
        stored = (
            agreement.ref, parties.get(row.party_id), people.get(row.person_id), row.level, row.is_ad_referendum,
            instant(row.signed_at),
        )  # fmt: skip
        if _is_as_signed(row, stored, chain, told) and _is_as_confirmed(row, people, chain, told):
            continue
        lent = _with_keys_of(row, chain)
        is_kept = _is_as_signed(row, stored, lent, told) and _is_as_confirmed(row, people, lent, told)
        (found.unvouched if is_kept else found.altered).append(row)
    return found


class _Lent(NamedTuple):
    """A chain in which the keys of a signature and of its confirmation are believed, whenever they signed."""

    keys: dict[str, Any]
    believed: set[str]

    def covers(self, key_id: str, index: int | None) -> bool:
        return key_id in self.believed


def _with_keys_of(row: Signature, chain: Chain) -> _Lent:
    believed = {row.key_id, *([row.confirmation.key_id] if hasattr(row, "confirmation") else [])}
    return _Lent({key_id: _AnyKey() for key_id in believed} | dict(chain.keys), believed)


def _is_as_signed(
    row: Signature, stored: tuple[Any, ...], chain: Chain | _Lent, told: dict[str, dict[str, Any]]
) -> bool:
    """SECURITY: a key counts for the entries of its time alone, so that one which was stolen later signs nothing here."""
    if row.evidence_sha256 in told[VOIDED] or not _is_in_turn(row, chain, told[SIGNED]):
        return False
    try:
        return is_whole(row, chain.keys) and _said(row.record) == stored
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def _is_as_confirmed(
    row: Signature, people: dict[Any, str], chain: Chain | _Lent, told: dict[str, dict[str, Any]]
) -> bool:
    """The same of its confirmation, if there is one."""
    if not hasattr(row, "confirmation"):
        return True
    kept = row.confirmation
    try:
        said = json.loads(bytes(kept.evidence))
        shown = (people.get(kept.person_id), instant(kept.confirmed_at), kept.approval, _ref(kept.mandate))
        # Records from before approvals were named have none.
        named = (said.get("approval", ""), (said["mandate"] or {}).get("ref"))
        same = (said["signatory"]["uid"], said["signed_at"], *named) == shown
        return same and is_whole_confirmation(kept, chain.keys) and _is_in_turn(kept, chain, told[CONFIRMED])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False


def _ref(mandate: Mandate | None) -> str | None:
    return mandate.ref if mandate is not None else None


def _uids(rows: Iterable[Signature]) -> dict[Any, str]:
    """Who signed and confirmed, as records name them, by their rows."""
    acted: list[Any] = [*rows, *(row.confirmation for row in rows if hasattr(row, "confirmation"))]
    ids = [row.person_id for row in acted if row.person_id is not None]
    return {pk: str(uid) for pk, uid in Person.objects.filter(pk__in=ids).values_list("pk", "uid")}


def _said(record: dict[str, Any]) -> tuple[Any, ...]:
    return (
        record["agreement"], record["party"]["ref"], record["signatory"]["uid"], record["level"],
        record.get("remarks", {}).get("ad_referendum", False), record["signed_at"],
    )  # fmt: skip


def _is_in_turn(row: Signature | Confirmation, chain: Chain | _Lent, places: dict[str, Any]) -> bool:
    """Whether the history knows of it, and its key is the one of that place."""
    return row.evidence_sha256 in places and chain.covers(row.key_id, places[row.evidence_sha256])


def _told(agreement: Agreement) -> dict[str, dict[str, Any]]:
    """By verb and hash of the record, the places in the ledger where the history names it; None while one waits."""
    found: dict[str, dict[str, Any]] = {SIGNED: {}, CONFIRMED: {}, VOIDED: {}}
    rows = Event.objects.filter(verb__in=found, target_ref=agreement.ref).order_by("-pk")
    for verb, facts, index in rows.values_list("verb", "facts", "leaf__index"):
        found[verb][str(facts.get("confirmation" if verb == CONFIRMED else "evidence"))] = index
    return found
