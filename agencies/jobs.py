"""What is done for agencies after the answer has left."""

from __future__ import annotations

from django.urls import reverse

from agencies.models import Invitation, Person
from portal.inbox.jobs import job
from portal.inbox.mail import send


@job(name="agencies.send_invitation")
def send_invitation(ref: str) -> None:
    """Mail the link of an invitation that is still open.

    SECURITY: the link's secret is worked out here, so that the queue never holds it.
    """
    invitation = Invitation.objects.select_related("agency", "invited_by").filter(ref=ref).first()
    if invitation is None or not invitation.is_open:
        return
    known = Person.objects.filter(email=invitation.email).first()
    send(
        kind="invitation",
        to=invitation.email,
        language=known.language if known else "",
        key=f"invitation:{ref}",
        context={
            "url": reverse("agencies:invitation", args=[invitation.token]),
            "agency": invitation.agency.legal_name,
            "inviter": invitation.invited_by.name,
            "expires_at": invitation.expires_at.isoformat(),
        },
    )
