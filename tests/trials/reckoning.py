"""What must be true of the database, the ledger and the files once everything has come to rest, counted fault by fault."""

from __future__ import annotations

import io
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256

from django.core.management import CommandError, call_command
from django.db import Error, connection
from django.db.models import OuterRef, Subquery

from portal.files.storage import FileDamaged, read
from portal.history.chain import known_chain
from portal.history.models import Checkpoint, Event, Unsealed
from portal.seals import NotSealed, read_seal
from projects.agreements import verification
from projects.agreements.bundle import build_bundle
from projects.agreements.models import Agreement, SealedPdf, Signature, Status
from projects.agreements.signing.evidence import is_whole
from tests.trials.world import Signer
from tests.verifiers.changing import as_module

Duties = Sequence[tuple[str, Sequence[Signer]]]


def wait_for_rest(refs: Iterable[str], *, seconds: float) -> float:
    """Wait until whatever of these is fully signed has its PDF and the ledger has every event; the seconds it took."""
    began, refs = time.monotonic(), list(refs)
    while time.monotonic() - began < seconds:
        try:
            signed = Agreement.objects.filter(ref__in=refs, status=Status.SIGNED)
            if not signed.filter(text__pdf=None).exists() and not Unsealed.objects.exists():
                break
        except Error:
            connection.close()
        time.sleep(0.2)
    return time.monotonic() - began


def faults(duties: Duties, acknowledged: Iterable[tuple[str, str]]) -> dict[str, int]:
    """How often each thing that must never happen has happened."""
    refs = [ref for ref, _people in duties]
    rows = list(Signature.objects.filter(agreement__ref__in=refs).select_related("agreement", "text", "person"))
    stored = Counter((row.agreement.ref, row.person.email) for row in rows)
    due = {(ref, person.email) for ref, people in duties for person in people}
    agreements = list(Agreement.objects.filter(ref__in=refs).select_related("text"))
    return {
        "acknowledged signatures lost": len(set(acknowledged) - set(stored)),
        "signatures doubled": sum(count - 1 for count in stored.values()),
        "signatures missing or uncalled-for": len(due ^ set(stored)),
        "agreements not fully signed": sum(row.status != Status.SIGNED for row in agreements),
        **_events(refs, rows),
        **_records(rows),
        **_pdfs(agreements),
        "ledgers that do not verify": int(not ledger_verifies()),
    }


def counts(duties: Duties) -> dict[str, int]:
    """What there is of everything."""
    refs = [ref for ref, _people in duties]
    return {
        "agreements": len(refs),
        "signatures": Signature.objects.filter(agreement__ref__in=refs).count(),
        "signed events": Event.objects.filter(verb="agreement.signed", target_ref__in=refs).count(),
        "fully signed events": Event.objects.filter(verb="agreement.fully_signed", target_ref__in=refs).count(),
        "sealed PDFs": SealedPdf.objects.filter(text__agreement__ref__in=refs).count(),
        "sealed events": Event.objects.filter(verb="agreement.sealed", target_ref__in=refs).count(),
        "events in the ledger": Event.objects.count(),
    }


def seconds_to_proof(duties: Duties) -> dict[str, float]:
    """From a signature to the checkpoint that covers its event: how long its party had nothing to prove it by."""
    covering = Checkpoint.objects.filter(size__gt=OuterRef("leaf__index")).order_by("size").values("at")[:1]
    signed = Event.objects.filter(verb="agreement.signed", target_ref__in=[ref for ref, _people in duties])
    proved = signed.annotate(proved_at=Subquery(covering)).exclude(proved_at=None)
    waits = sorted((row.proved_at - row.at).total_seconds() for row in proved)
    places = {"median": len(waits) // 2, "99 %": len(waits) * 99 // 100, "longest": len(waits) - 1}
    return {name: round(waits[place], 1) for name, place in places.items() if waits}


def ledger_verifies() -> bool:
    """What `manage.py ledger verify` says of all of it."""
    try:
        call_command("ledger", "verify", stdout=io.StringIO(), stderr=io.StringIO())
    except CommandError:
        return False
    return True


def _events(refs: Sequence[str], rows: Sequence[Signature]) -> dict[str, int]:
    events = Event.objects.filter(target_ref__in=refs)
    told = {row.uid: row.facts.get("evidence") for row in events.filter(verb="agreement.signed")}
    written = {row.event: row.evidence_sha256 for row in rows}
    fully = Counter(events.filter(verb="agreement.fully_signed").values_list("target_ref", flat=True))
    complete = set(Agreement.objects.filter(ref__in=refs, status=Status.SIGNED).values_list("ref", flat=True))
    return {
        "events without their signature": len(told.items() - written.items()),
        "signatures without their event": len(written.items() - told.items()),
        "fully signed not once": sum(fully[ref] != (ref in complete) for ref in refs),
    }


def _records(rows: Sequence[Signature]) -> dict[str, int]:
    known = known_chain().keys
    newest: dict[str, str | None] = {}
    breaks = 0
    for row in sorted(rows, key=lambda row: row.pk):
        breaks += row.record["previous_head"] != newest.get(row.agreement.ref)
        newest[row.agreement.ref] = row.evidence_sha256
    return {
        "evidence records that do not verify": sum(not is_whole(row, known) for row in rows),
        "breaks in the chain of evidence": breaks,
    }


def _pdfs(agreements: Sequence[Agreement]) -> dict[str, int]:
    sealed = {row.text_id: row for row in SealedPdf.objects.select_related("file", "text")}
    due = [row for row in agreements if row.status == Status.SIGNED]
    told = Counter(Event.objects.filter(verb="agreement.sealed").values_list("facts__pdf_sha256", flat=True))
    made = [sealed[row.text_id] for row in due if row.text_id in sealed]
    return {
        "fully signed without a PDF": len(due) - len(made),
        "PDFs of texts not fully signed": sum(row.text_id in sealed for row in agreements if row not in due),
        "PDFs whose hash is not once in the ledger": sum(told[row.sha256] != 1 for row in made),
        "sealed events without their PDF": len(set(told) - {row.sha256 for row in sealed.values()}),
        "PDFs that do not validate": sum(not _is_sealed(row) for row in made),
        "bundles that verify.py does not prove": sum(not _is_proved(row) for row in due),
    }


def _is_proved(agreement: Agreement) -> bool:
    """With what travels in the bundle alone."""
    script = as_module()
    members = script.read_bundle(io.BytesIO(build_bundle(agreement, agreement.text)))
    return script.outcome_of_bundle(script.check_bundle(members)) == script.PROVED


def _is_sealed(row: SealedPdf) -> bool:
    try:
        content = read(row.file)
        read_seal(content, certificate_sha256=row.certificate_sha256)
    except (FileDamaged, NotSealed):
        return False
    return sha256(content).hexdigest() == row.sha256 and verification.verify(row.sha256).outcome == "intact"
