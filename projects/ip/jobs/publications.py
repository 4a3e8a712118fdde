"""Publications by the clock: windows and objections that have ended."""

from __future__ import annotations

from portal.inbox.jobs import job


@job(name="ip.write_down_passed_windows", every="* * * * *", retry=1)
def write_down_passed_windows() -> None:
    """Every minute. A window ends at the instant that the notice names, whether or not this has run."""
    from projects.ip.actions.publication_reviews import pass_time

    pass_time()
