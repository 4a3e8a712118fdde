"""Narrower access by notice, written down when the notice has run; pages say it from that instant on by themselves."""

from __future__ import annotations

from portal.inbox.jobs import job


@job(name="ip.let_notices_take_effect", every="* * * * *", retry=1)
def let_notices_take_effect() -> None:
    """Every minute; what is in effect already stays as it is."""
    from projects.ip.actions import let_notice_take_effect
    from projects.ip.models import BackgroundChange

    for change in BackgroundChange.objects.due().select_related("asset").order_by("ends_at", "pk"):
        let_notice_take_effect(change)
