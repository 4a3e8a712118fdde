"""What happens after signing, in the background: the sealed PDF, tried again for as long as it takes."""

from __future__ import annotations

import logging

from portal.inbox.jobs import defer, job

logger = logging.getLogger(__name__)


@job(name="agreements.seal_pdf")
def seal_pdf(ref: str) -> None:
    """Make the sealed PDF of a fully signed agreement; doing it twice changes nothing.

    A failure is kept and shown, whatever it is; `seal_waiting` tries again.
    """
    from django.utils.translation import gettext as _

    from portal.seals import SealingFailed
    from projects.agreements.sealing import note_failure, seal

    try:
        seal(ref)
    except SealingFailed as failure:
        note_failure(ref, str(failure))
    except Exception as error:
        logger.exception("%s could not be sealed", ref)
        note_failure(
            ref, _("The portal could not make the PDF (%(kind)s); its log says why.") % {"kind": type(error).__name__}
        )


@job(name="agreements.seal_waiting", every="* * * * *", retry=1)
def seal_waiting() -> None:
    """Every minute, for what is fully signed and not sealed: its time stamp failed, or a worker died."""
    from django.utils import timezone

    from projects.agreements.sealing import waiting_for_seal

    for ref in waiting_for_seal(timezone.now()):
        defer(seal_pdf, ref=ref)
