"""Calls for signatures by the clock, and the PDF that is signed elsewhere, drawn once its text is frozen."""

from __future__ import annotations

from portal.inbox.jobs import job


@job(name="agreements.tend_calls", every="17 * * * *", retry=1)
def tend_calls() -> None:
    """Every hour, so that a reminder comes early in the day of each depositary; doing it twice changes nothing."""
    from projects.agreements.actions.calling import tend_calls as tend

    tend()


@job(name="agreements.keep_pdf_to_sign")
def keep_pdf_to_sign(number: int) -> None:
    """The PDF of a frozen text as it is signed outside the portal, by the number of its row; doing it twice changes nothing."""
    from projects.agreements.models import TextVersion
    from projects.agreements.signing.outside import keep_pdf_to_sign as keep

    keep(TextVersion.objects.get(pk=number))


@job(name="agreements.tend_call")
def tend_call(ref: str) -> None:
    """One call, at the moment at which its day is over."""
    from projects.agreements.actions.calling import tend_one

    tend_one(ref)
