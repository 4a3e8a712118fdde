"""Requests for access by the clock: reminders, escalation of silence, and what lapses."""

from __future__ import annotations

from portal.inbox.jobs import job


@job(name="ip.watch_access_requests", every="*/5 * * * *", retry=1)
def watch_access_requests() -> None:
    """Every five minutes. A page says that time is over at the very instant, whether or not this has run."""
    from projects.ip.actions.access_silence import watch

    watch()
