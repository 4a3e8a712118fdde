"""What happens after signing, in the background: the sealed PDF."""

from __future__ import annotations

from portal.inbox.jobs import job


@job(name="agreements.seal_pdf")
def seal_pdf(ref: str) -> None:
    """Make the sealed PDF of a fully signed agreement; doing it twice changes nothing."""
    from projects.agreements.sealing import seal

    seal(ref)
