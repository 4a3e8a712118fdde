"""What stands beside a place that is not filled, or does not count yet: what was handed in, and what waits to be confirmed."""

from __future__ import annotations

from dataclasses import replace

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.agreements.models import Agreement, ExternalSignature, Signature
from projects.agreements.models.agreement import AgreementQuerySet
from projects.agreements.policies import AgreementPolicy
from projects.agreements.signing.places import Place


def along(agreements: AgreementQuerySet) -> AgreementQuerySet:
    """Read along, in the same query, what was handed in under the present text and waits."""
    waiting = ExternalSignature.objects.waiting().filter(text=OuterRef("text")).order_by("pk")
    told = JSONObject(agency=F("party__agency_id"), is_certified=Q(certified_at__isnull=False))
    return agreements.annotate(handed_in=ArraySubquery(waiting.values_list(told)))


def with_handed_in(agreement: Agreement, places: list[Place]) -> list[Place]:
    """The places as a page shows them: an open one says what was handed in for it and whom that waits for."""
    told = {}
    for row in agreement.handed_in:  # type: ignore[attr-defined]
        words = _("Handed in, waits for a witness")
        if not row["is_certified"]:
            words = _("Handed in, waits for %(agency)s") % {"agency": agreement.depositary.acronym}
        told[row["agency"]] = words
    return [
        replace(place, handed_in=told.get(place.agency.pk, "")) if place.signs and place.is_open else place
        for place in places
    ]


def confirming_url(row: Signature, policy: AgreementPolicy) -> str:
    """Where the actor confirms what their agency signed ad referendum; empty where they may not, or nothing waits."""
    is_own = policy.party is not None and row.party_id == policy.party.pk
    if not is_own or row.is_void or row.counts_from is not None or row.text_id != policy.agreement.text_id:
        return ""
    if policy.refusal("confirm_signature") is not None or policy.of_confirmation(row) is not None:
        return ""
    return reverse("agreements:confirm-signature", args=[policy.agreement.ref, row.evidence_sha256])
