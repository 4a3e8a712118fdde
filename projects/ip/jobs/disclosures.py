"""Disclosures by the clock: alarms before a publication, and reports that are due."""

from __future__ import annotations

from portal.inbox.jobs import job


@job(name="ip.watch_disclosures", every="7 * * * *", retry=1)
def watch_disclosures() -> None:
    """Every hour. Pages read the same from the clock, whether or not this has run; ringing twice changes nothing."""
    from projects.ip.actions.disclosure_alarms import ring_publication_alarms, watch_reports

    ring_publication_alarms()
    watch_reports()
