"""Handing in what was signed outside, and vouching for it: a scan, or a PDF under a certificate."""

from __future__ import annotations

from typing import Any

from agencies.models import Person
from agencies.zones import today
from projects.agreements import actions
from projects.agreements.models import Agreement, ExternalSignature
from projects.agreements.signing.outside import pdf_to_sign
from tests import stage
from tests.cast import Cast
from tests.kept import kept
from tests.projects.agreements import foreign
from tests.projects.agreements.negotiating import fresh

PNG = b"\x89PNG\r\n\x1a\n" + b"a scan of every page"


def handed(agreement: Agreement, **facts: Any) -> actions.Handed:
    """What a party says, with everything in order."""
    facts = {
        "kind": "wet_ink", "content": PNG, "name": "scan.png", "sha256": agreement.text.sha256,
        "signatory_name": "Ottilie Sternberg", "signatory_position": "Director General",
        "authority": "Full powers of 3 March 2026, No 17", "signed_on": today("Europe/Paris"), "place": "Paris",
    } | facts  # fmt: skip
    return actions.Handed(**facts)


@kept
def submit(cast: Cast, agreement: Agreement, person: Person, **facts: Any) -> ExternalSignature:
    """Handed in by this person for their agency."""
    agreement = fresh(agreement)
    facts.setdefault("signatory_name", _signatory(cast, person))
    return actions.submit_external(agreement, actor=cast.actor(person), handed=handed(agreement, **facts))


def submit_pdf(
    cast: Cast, agreement: Agreement, person: Person, *, signer: Any = None, **facts: Any
) -> ExternalSignature:
    """The PDF to be signed, signed with a certificate of whoever the party says has signed."""
    name = facts.get("signatory_name") or _signatory(cast, person)
    if "content" not in facts:
        facts["content"] = foreign.signed(pdf_to_sign(fresh(agreement).text), signer or foreign.certified(name))
    return submit(cast, agreement, person, kind="pades", name="signed.pdf", **facts)


def certify(cast: Cast, row: ExternalSignature, person: Person, **facts: Any) -> ExternalSignature:
    facts = {"saw": "scan"} | shown(row) | facts
    return actions.certify_external(row.agreement, row.number, actor=cast.actor(person), **facts)


def witness(cast: Cast, row: ExternalSignature, person: Person, **facts: Any) -> ExternalSignature:
    return actions.witness_external(row.agreement, row.number, actor=cast.actor(person), **shown(row) | facts)


def shown(row: ExternalSignature) -> dict[str, Any]:
    """What the page showed, and a proof."""
    return {"sha256": row.text.sha256, "file_sha256": row.file.sha256, "proof": stage.proof()}


def _signatory(cast: Cast, person: Person) -> str:
    """Who signs for the agency of whoever hands in: somebody without an account."""
    return "Ottilie Sternberg" if person in (cast.lucien, cast.ingrid) else "Hana Tsukino"
