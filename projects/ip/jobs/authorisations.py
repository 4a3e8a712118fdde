"""Export authorisations by the clock: a warning before they end, and a note when they have ended."""

from __future__ import annotations

from portal.inbox.jobs import job


@job(name="ip.write_down_expired_authorisations", every="* * * * *", retry=1)
def write_down_expired_authorisations() -> None:
    """Every minute. Access ended at the instant that the authorisation names, whether or not this has run."""
    from projects.ip.actions.authorisations import write_down_what_is_over

    write_down_what_is_over()


@job(name="ip.warn_before_authorisations_end", every="23 * * * *", retry=1)
def warn_before_authorisations_end() -> None:
    """Every hour: thirty days before the end, once."""
    from projects.ip.actions.authorisations import warn_before_the_end

    warn_before_the_end()
