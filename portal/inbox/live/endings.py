"""Rights that end while a page is open: streams prove themselves when a session, person, membership or token changes.

What changes without these signals is noticed by the streams' own check, every half minute.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest

from portal.inbox.live import check_again, hang_up

UNIMPORTANT = {"last_login", "last_used_at", "updated_at"}


def on_logout(sender: Any, request: HttpRequest | None, **kwargs: Any) -> None:
    key = getattr(getattr(request, "session", None), "session_key", None)
    if key:
        hang_up(key)


def on_session_deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    hang_up(instance.session_key)


def on_person_saved(sender: Any, instance: Any, created: bool, update_fields: Any = None, **kwargs: Any) -> None:
    if not created and _matters(update_fields):
        check_again(people=[instance.uid])


def on_membership_saved(sender: Any, instance: Any, created: bool, update_fields: Any = None, **kwargs: Any) -> None:
    if not created and _matters(update_fields):
        check_again(people=[instance.person.uid])


def on_token_saved(sender: Any, instance: Any, created: bool, update_fields: Any = None, **kwargs: Any) -> None:
    if not created and _matters(update_fields):
        check_again(people=[instance.membership.person.uid])


def on_agency_saved(sender: Any, instance: Any, created: bool, update_fields: Any = None, **kwargs: Any) -> None:
    if not created and _matters(update_fields):
        check_again(agencies=[instance.ref])


def _matters(update_fields: Any) -> bool:
    return not update_fields or bool(set(update_fields) - UNIMPORTANT)


user_logged_out.connect(on_logout, dispatch_uid="inbox.logout")
post_delete.connect(on_session_deleted, sender="sessions.Session", dispatch_uid="inbox.session")
post_save.connect(on_person_saved, sender=settings.AUTH_USER_MODEL, dispatch_uid="inbox.person")
post_save.connect(on_membership_saved, sender="agencies.Membership", dispatch_uid="inbox.membership")
post_save.connect(on_token_saved, sender="agencies.Token", dispatch_uid="inbox.token")
post_save.connect(on_agency_saved, sender="agencies.Agency", dispatch_uid="inbox.agency")
