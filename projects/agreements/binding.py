"""Whether an instrument binds in law: one that does not is operative, and never said to be in force."""

from __future__ import annotations

from projects.agreements.models import Agreement
from projects.agreements.profile.contradictions import WITHOUT_FORCE


def is_binding(agreement: Agreement) -> bool:
    return agreement.profile.get("binding") not in WITHOUT_FORCE
