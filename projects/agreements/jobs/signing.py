"""Calls for signatures by the clock: who is awaited is reminded, and a call whose day is over lapses."""

from __future__ import annotations

from portal.inbox.jobs import job


@job(name="agreements.tend_calls", every="17 * * * *", retry=1)
def tend_calls() -> None:
    """Every hour, so that a reminder comes early in the day of each depositary; doing it twice changes nothing."""
    from projects.agreements.actions.calling import tend_calls as tend

    tend()


@job(name="agreements.tend_call")
def tend_call(ref: str) -> None:
    """One call, at the moment at which its day is over."""
    from projects.agreements.actions.calling import tend_one

    tend_one(ref)
