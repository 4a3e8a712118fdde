"""What pages say of an agreement that stands in rows beside it; its SQL is written once."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from portal.kit.prepared import Prepared
from projects.agreements.models.act import Act
from projects.agreements.models.agreement import Agreement
from projects.agreements.models.beneficiary import Beneficiary
from projects.agreements.models.evidence import SealFailure, TextVersion


def _beside() -> dict[str, Any]:
    above = Q(agreement=OuterRef("parent")) | Q(agreement__parent=OuterRef("parent"))
    named = Beneficiary.objects.filter(Q(agreement=OuterRef("pk")) | above)
    newest = TextVersion.objects.filter(agreement=OuterRef("pk")).order_by("-number")
    failures = SealFailure.objects.filter(text=OuterRef("text"))
    return {
        "last_text": Subquery(newest.values("number")[:1]),
        "has_third_parties": Exists(named),
        "has_acts": Exists(Act.objects.filter(text=OuterRef("text"))),
        "seal_failing_since": Subquery(failures.order_by("pk").values("at")[:1]),
        "seal_failing_why": Subquery(failures.order_by("-pk").values("why")[:1]),
    }


BESIDE = Prepared(Agreement, _beside)
