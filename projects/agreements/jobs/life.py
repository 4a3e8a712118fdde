"""Agreements in force by the clock: notices that have run, renewals, warnings before the last day, and the end."""

from __future__ import annotations

from portal.inbox.jobs import job


@job(name="agreements.tend", every="7 * * * *", retry=1)
def tend() -> None:
    """Every hour, for whatever is due; doing it twice changes nothing."""
    from projects.agreements.actions.life.tending import tend_all

    tend_all()


@job(name="agreements.tend_agreement")
def tend_agreement(ref: str) -> None:
    """One agreement, at the moment at which something of it is due."""
    from projects.agreements.actions.life.tending import tend_one

    tend_one(ref)
