"""What the tables keep beside the history and the history names by its hash: compared both ways by the audit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from portal.history.models import Event
from projects.agreements.models import PdfToSign
from projects.agreements.signing.outside import KEPT


def pdfs_to_sign() -> Iterator[tuple[str, str]]:
    """Where the PDF to be signed of a text is not the one whose hash is in the ledger, as (place, problem): two queries."""
    rows = PdfToSign.objects.values_list("text__agreement__ref", "text__number", "text__sha256", "file__sha256")
    stored = set(rows)
    events = Event.objects.filter(verb=KEPT).values_list("target_ref", "facts")
    told = Counter(
        (ref, facts.get("text"), facts.get("sha256"), facts.get("pdf_sha256")) for ref, facts in events.iterator()
    )
    for ref, number, _text, pdf in sorted(stored - told.keys(), key=str):
        yield _place(ref, number), f"no event says that {pdf} was kept as such"
    for ref, number, _text, pdf in sorted(told.keys() - stored, key=str):
        yield _place(ref, number), f"the history says that it is {pdf}, and that is not kept"
    for (ref, number, _text, pdf), times in told.items():
        if times > 1:
            yield _place(ref, number), f"the history says {times} times that {pdf} was kept"


def _place(ref: str, number: object) -> str:
    return f"the PDF to be signed of {ref} v{number}"
