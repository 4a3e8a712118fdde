"""What proves one frozen text: its rows, its events with their proofs, and the ledger's own signatures, in few queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from portal.history import merkle
from portal.history.chain import Chain, known_chain
from portal.history.models import Checkpoint, Cosignature, Event
from portal.history.nodes import with_nodes
from portal.history.rotation import hold_key
from projects.agreements.models import Agreement, ExternalSignature, SealedPdf, Signature, TextVersion

VERBS = (
    "agreement.frozen", "agreement.signed", "agreement.signature_confirmed", "agreement.signature_voided",
    "agreement.fully_signed", "agreement.entered_into_force", "agreement.sealed",
)  # fmt: skip


@dataclass(frozen=True)
class Placed:
    """An event as the ledger has it; without an index it waits to be sealed."""

    event: Event
    index: int | None
    proof: list[str]


@dataclass(frozen=True)
class Contents:
    """All that a bundle is made of; `older` are checkpoints with the proof that the ledger only grew since.

    `grown` is that proof for the size at which each key handed over, None where the ledger has not that many entries.
    """

    agreement: Agreement
    text: TextVersion
    signatures: list[Signature]
    events: list[Placed]
    chain: Chain
    checkpoint: Checkpoint | None = None
    older: list[tuple[Checkpoint, list[str]]] = field(default_factory=list)
    grown: list[list[str] | None] = field(default_factory=list)
    cosignatures: list[Cosignature] = field(default_factory=list)
    sealed: SealedPdf | None = None
    externals: dict[int, ExternalSignature] = field(default_factory=dict)


@transaction.atomic
def collect(agreement: Agreement, text: TextVersion, *, since: int | None = None) -> Contents:
    """Read what proves this text; `since` asks for the growth from a checkpoint of that size that somebody kept.

    Raises Checkpoint.DoesNotExist when the ledger has never signed that size.
    """
    hold_key()
    signatures = list(Signature.objects.filter(text=text).with_fate().select_related("party__agency").order_by("pk"))
    events = _events(agreement, text, signatures)
    # SECURITY: read after the events, so that it covers every entry that they have.
    checkpoint = Checkpoint.objects.newest()
    kept = _kept(since, checkpoint)
    cosigned = Cosignature.objects.newest_checkpoint() if checkpoint else None
    older = {row.size: row for row in (kept, cosigned) if row is not None and row.size < _size(checkpoint)}
    chain, size = known_chain(), _size(checkpoint)
    handed_over = [told.size for told in chain.statements]
    placed, grown = _proved(events, size, {first for first in (*older, *handed_over) if first <= size})
    return Contents(
        agreement=agreement,
        text=text,
        signatures=signatures,
        events=placed,
        chain=chain,
        checkpoint=checkpoint,
        older=[(older[first], grown[first]) for first in sorted(older)],
        grown=[grown.get(first) for first in handed_over],
        cosignatures=list(Cosignature.objects.on(cosigned)) if cosigned and cosigned.size <= size else [],
        sealed=SealedPdf.objects.filter(text=text).select_related("file").first(),
        externals=_externals(signatures),
    )


def _events(agreement: Agreement, text: TextVersion, signatures: list[Signature]) -> list[Event]:
    evidence = {row.evidence_sha256 for row in signatures}
    rows = Event.objects.filter(target_ref=agreement.ref, verb__in=VERBS).select_related("leaf").order_by("pk")
    return [row for row in rows if row.facts.get("sha256") == text.sha256 or row.facts.get("evidence") in evidence]


def _kept(since: int | None, newest: Checkpoint | None) -> Checkpoint | None:
    if since is None:
        return None
    return newest if newest is not None and newest.size == since else Checkpoint.objects.get(size=since)


def _size(checkpoint: Checkpoint | None) -> int:
    return checkpoint.size if checkpoint is not None else 0


def _proved(events: list[Event], size: int, older: set[int]) -> tuple[list[Placed], dict[int, list[str]]]:
    """Every event with its proof in the tree of this size, and the growth from each older size; all nodes in one query."""
    indices = {row.pk: row.ledger_index for row in events}
    sealed = sorted(index for index in indices.values() if index is not None and index < size)

    def compute(node: merkle.Lookup) -> tuple[dict[int, list[bytes]], dict[int, list[bytes]]]:
        return (
            {index: merkle.inclusion_proof(index, size, node) for index in sealed},
            {first: merkle.consistency_proof(first, size, node) for first in older},
        )

    paths, growth = with_nodes(compute)
    placed = []
    for row in events:
        index = indices[row.pk]
        known = index if index in paths else None
        placed.append(Placed(row, known, _hex(paths[known]) if known is not None else []))
    return placed, {first: _hex(path) for first, path in growth.items()}


def _externals(signatures: list[Signature]) -> dict[int, Any]:
    outside = [row.pk for row in signatures if row.person_id is None]
    rows = ExternalSignature.objects.filter(signature__in=outside).select_related("file") if outside else []
    return {row.signature_id: row for row in rows if row.signature_id is not None}


def _hex(path: list[bytes]) -> list[str]:
    return [one.hex() for one in path]
