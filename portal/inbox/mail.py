"""Mail: a few cleared subjects, words in the reader's language, sent by a job that may run twice and sends once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.inbox.jobs import defer, job
from portal.inbox.models import OPERATORS, Item, Preference, SentMail
from portal.kit.templatetags.kit import zone_name

if TYPE_CHECKING:
    from portal.history.models import Event


@dataclass(frozen=True)
class Kind:
    """A kind of mail.

    SECURITY: a subject crosses networks that nobody vouches for, so it names no project, title or person.
    """

    name: str
    subject: str | Promise
    template: str
    is_plain: bool = False


_kinds: dict[str, Kind] = {}


def register(name: str, subject: str | Promise, *, template: str, is_plain: bool = False) -> Kind:
    """Declare a kind of mail; `<template>.txt` and, unless it is plain, `<template>.html` draw it.

    ValueError when the name is taken.
    """
    if name in _kinds:
        raise ValueError(f"the mail {name!r} is registered twice")
    return _kinds.setdefault(name, Kind(name, subject, template, is_plain))


register("waiting", _("Concord: something waits for you"), template="inbox/mail/waiting")
register("invitation", _("Concord: an agency invites you"), template="inbox/mail/invitation")


def post(kind: str, *, to: str, language: str = "", key: str, **context: Any) -> None:
    """Send a mail after the current transaction commits, once for each key.

    The context is JSON; `url` is an address on this site. An invitation takes url, agency, inviter and expires_at.
    """
    if kind not in _kinds:
        raise LookupError(f"no mail is called {kind!r}")
    defer(send, kind=kind, to=to, language=language, key=f"{kind}:{key}", context=context)


@job(name="inbox.send_mail")
def send(*, kind: str, to: str, language: str, key: str, context: dict[str, Any]) -> None:
    """Send unless it has been sent. Should a worker die right after sending, both copies carry one Message-ID."""
    with transaction.atomic():
        _row, is_new = SentMail.objects.get_or_create(key=f"{key}:{_digest(to)}"[:200])
        if is_new:
            message(kind, to=to, language=language, key=key, context=context).send()


def message(kind: str, *, to: str, language: str, key: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    """The mail as it leaves: plain text, and HTML beside it."""
    known = _kinds[kind]
    with translation.override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        words = {
            **context,
            "url": absolute(context.get("url", "/")),
            "site": settings.SITE_URL,
            "direction": _direction(),
            "when": _when(context),
        }
        mail = EmailMultiAlternatives(
            subject=str(known.subject),
            body=render_to_string(f"{known.template}.txt", words),
            to=[to],
            headers={
                "Message-ID": f"<{_digest(key + to)}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>",
                "Auto-Submitted": "auto-generated",
                "Content-Language": translation.get_language(),
            },
        )
        if not known.is_plain:
            mail.attach_alternative(render_to_string(f"{known.template}.html", words), "text/html")
    return mail


def mail_about(item: Item, event: Event | None) -> None:
    """Mail those for whom the item waits and who want to be told at once, except the one who caused it."""
    cause = getattr(event, "person_uid", None)
    defer(mail_waiting, item=item.pk, cause=str(cause) if cause else "")


@job(name="inbox.mail_waiting")
def mail_waiting(*, item: int, cause: str) -> None:
    waiting = Item.objects.waiting().select_related("agency", "person").filter(pk=item).first()
    if waiting is None:
        return
    for person in addressed(waiting):
        if str(person.uid) != cause:
            post(
                "waiting",
                to=person.email,
                language=person.language,
                key=f"{waiting.uid}",
                url=waiting.url,
                verb=waiting.verb,
                ref=waiting.ref,
                due_at=waiting.due_at.isoformat() if waiting.due_at else "",
                zone=person.zone,
            )


def addressed(item: Item) -> Iterator[Any]:
    """The people who see the item under "for me" now and have not switched mail off."""
    people = apps.get_model(settings.AUTH_USER_MODEL).objects.filter(is_active=True)
    memberships = apps.get_model("agencies.Membership").objects.live()
    if item.agency_id is not None:
        members = memberships.filter(agency=item.agency_id)
        members = members.filter(person=item.person_id) if item.person_id else members.filter(roles__overlap=item.roles)
        people = people.filter(pk__in=members.values("person"))
    elif item.person_id is not None:
        people = people.filter(pk=item.person_id)
    else:
        people = people.filter(is_staff=True) if item.roles == [OPERATORS] else people.none()
    off = Preference.objects.filter(mail=Preference.Mail.NEVER)
    yield from people.exclude(pk__in=off.values("person")).order_by("pk")


def absolute(url: str) -> str:
    return url if url.startswith(("https://", "http://")) else f"{settings.SITE_URL}{url}"


def _when(context: dict[str, Any]) -> str:
    """The moment a mail speaks of, in the reader's zone, with the zone."""
    moment = parse_datetime(context.get("due_at") or context.get("expires_at") or "")
    if moment is None:
        return ""
    local = timezone.localtime(moment, ZoneInfo(context.get("zone") or "UTC"))
    return f"{local:%Y-%m-%d %H:%M} {zone_name(local)}"


def _direction() -> str:
    return "rtl" if translation.get_language_bidi() else "ltr"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
