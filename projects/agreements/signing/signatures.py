"""Every signature with what became of it: it counts, waits for confirmation, was taken back, or its text was superseded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from agencies.models.sharing import share_agencies
from projects.agreements.models import Agreement, Signature
from projects.agreements.policies import AgreementPolicy
from projects.agreements.signing.beside import confirming_url
from projects.agreements.versions import texts_shown


@dataclass(frozen=True)
class SignatureRow:
    """A signature with what became of it, and what its own party may do with it."""

    signature: Signature
    state: str
    superseded_by: int | None = None
    reason: str = ""
    approval: str = ""
    confirm_url: str = ""
    void_url: str = ""

    @property
    def counts_no_more(self) -> bool:
        return self.state in ("void", "superseded")

    @property
    def name(self) -> str:
        return str(self.signature.record["signatory"]["name"])

    @property
    def position(self) -> str:
        return str(self.signature.record["signatory"]["position"])

    @property
    def declaration(self) -> str:
        return str(self.signature.record.get("remarks", {}).get("declaration", ""))


def signature_rows(agreement: Agreement, policy: AgreementPolicy, *, all_texts: bool = False) -> list[SignatureRow]:
    """Every signature under the present text, or under all texts that the actor may read; none that counts no more is hidden.

    SECURITY: why a party took one back is between the parties; a reader who is none learns only that it happened.
    """
    rows = (
        agreement.signatures.with_fate()
        .select_related("text", "party", "person", "mandate", "voiding__person", "confirmation__person")
        .order_by("pk")
    )
    texts = list(texts_shown(agreement, policy.actor).values_list("pk", "number")) if all_texts else []
    found = list(rows.filter(text__in=[pk for pk, _number in texts] if all_texts else [agreement.text_id]))
    share_agencies(found, "party__agency", known=[party.agency for party in agreement.party_list])
    return [_row(row, agreement, policy, [number for _pk, number in texts]) for row in found]


def _row(row: Signature, agreement: Agreement, policy: AgreementPolicy, numbers: Sequence[int]) -> SignatureRow:
    if row.is_void:
        return SignatureRow(row, "void", reason=row.voiding.reason if policy.party is not None else "")
    if row.text_id != agreement.text_id:
        later = min((number for number in numbers if number > row.text.number), default=None)
        return SignatureRow(row, "superseded", superseded_by=later)
    is_own = policy.party is not None and row.party_id == policy.party.pk
    state = "counts" if row.counts_from is not None else "unconfirmed"
    is_confirmed = state == "counts" and row.is_ad_referendum
    return SignatureRow(
        row,
        state,
        approval=row.confirmation.approval if is_confirmed else "",
        confirm_url=confirming_url(row, policy),
        void_url=reverse("agreements:void-signature", args=[agreement.ref, row.evidence_sha256])
        if is_own and policy.refusal("void_signature") is None
        else "",
    )
