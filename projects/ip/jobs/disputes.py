"""Disputes by the clock: levels that are over, and reminders before."""

from __future__ import annotations

from portal.inbox.jobs import job


@job(name="ip.keep_time_of_disputes", every="*/5 * * * *", retry=1)
def keep_time_of_disputes() -> None:
    """Every five minutes. A level is over at the instant laid down, whether or not this has run."""
    from projects.ip.actions.dispute_clock import keep_time

    keep_time()
