"""Who reads along with a text without being a party of it, from the moment it is shared until it is given up."""

from __future__ import annotations

from projects.agreements import tree
from projects.agreements.models import Agreement, Reader, Standing, Status


def open_to_readers(agreement: Agreement) -> None:
    """Let those read along who are concerned by a text that is shared now and are no party of it."""
    parent = agreement.parent
    rows = []
    if agreement.newcomer is not None and parent is not None:
        rows.append(Reader(agreement=parent, agency=agreement.newcomer, standing=Standing.NEWCOMER))
    if agreement.amends and parent is not None:
        concerned = {row.agency_id for row in tree.relying_on(parent)}
        rows += [Reader(agreement=agreement, agency_id=pk, standing=Standing.BENEFICIARY) for pk in concerned]
    Reader.objects.bulk_create(rows, ignore_conflicts=True)


def close_to_readers(agreement: Agreement) -> None:
    """Who read along because of a text that is given up has no ground to any more."""
    Reader.objects.filter(agreement=agreement).delete()
    if agreement.newcomer is not None and agreement.parent is not None:
        others = Agreement.objects.filter(parent=agreement.parent, newcomer=agreement.newcomer).exclude(pk=agreement.pk)
        if not others.exclude(status=Status.ABANDONED).exclude(status=Status.DRAFT).exists():
            parent = Reader.objects.filter(agreement=agreement.parent, agency=agreement.newcomer)
            parent.filter(standing=Standing.NEWCOMER).delete()
