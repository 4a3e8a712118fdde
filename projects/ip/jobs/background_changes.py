"""Narrower access, written down when its notice has run or nobody's consent is missing any more."""

from __future__ import annotations

from portal.inbox.jobs import job


@job(name="ip.let_notices_take_effect", every="* * * * *", retry=1)
def let_notices_take_effect() -> None:
    """Every minute; pages say by themselves that a notice has run, and what is in effect already stays as it is."""
    from projects.ip.actions import let_change_take_effect
    from projects.ip.models import BackgroundChange

    for changes in (BackgroundChange.objects.due(), BackgroundChange.objects.by_consent()):
        for change in changes.select_related("asset").order_by("ends_at", "pk"):
            let_change_take_effect(change)
