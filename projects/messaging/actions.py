"""What people do in threads: each verb checks, writes, records one event, and tells the open pages."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from portal.history import record
from portal.inbox.actions import mark_read as mark_items_read
from portal.inbox.live import announce
from portal.inbox.models import Item
from portal.kit.actors import Actor
from portal.kit.refusals import Stale
from projects.messaging.models import LONGEST, Audience, Message, MessageEdit, ReadMark, Thread, ThreadAgency
from projects.messaging.policies import MessagePolicy, OpeningPolicy, ThreadPolicy
from projects.models import Project


@transaction.atomic
def open_thread(
    *,
    actor: Actor,
    title: str,
    agencies: Iterable[Agency],
    body: str,
    audience: str = Audience.INTERNAL,
    language: str = "",
    project: Project | None = None,
) -> Thread:
    """Begin a conversation with a first message; the actor's agency is always on its list.

    Raises ValidationError for "title", "agencies", "body" and "language".
    """
    policy = OpeningPolicy(actor, project)
    policy.require("open_thread")
    others = _others(agencies, actor=actor, project=project)
    if others:
        policy.require("reach_others")
    said = _checked(body)
    thread = Thread(project=project, title=title.strip(), opened_by=actor.person, opened_for=actor.agency)
    thread.full_clean(exclude={"ref"})
    thread.save()
    now = timezone.now()
    seats = [
        ThreadAgency(thread=thread, agency=agency, agency_name=agency.legal_name, since=now)
        for agency in [actor.agency, *others]
    ]
    ThreadAgency.objects.bulk_create(seats)
    scope = project.ref if project is not None else ""
    facts = {"agencies": [agency.ref for agency in [actor.agency, *others]], "project": scope}
    record("thread.opened", thread, actor=actor, agencies=[actor.agency, *others], facts=facts, scope=scope)
    _write(thread, actor=actor, body=said, audience=audience, language=language)
    return thread


@transaction.atomic
def post_message(
    thread: Thread, *, actor: Actor, body: str, audience: str = Audience.INTERNAL, language: str = ""
) -> Message:
    """Write to one's own agency, or to every agency of the list; their open pages show it at once.

    Raises ValidationError for "body" and "language".
    """
    thread = _locked(thread)
    ThreadPolicy(actor, thread).require("post" if audience == Audience.INTERNAL else "share")
    return _write(thread, actor=actor, body=_checked(body), audience=audience, language=language)


@transaction.atomic
def edit_message(message: Message, *, actor: Actor, body: str, version: int | None = None) -> Message:
    """Correct one's own words; the earlier ones are kept and shown. Raises Stale for an old version."""
    message = _locked_message(message)
    MessagePolicy(actor, message).require("edit")
    if version is not None and version != message.version:
        raise Stale(message, {"body": body})
    said = _checked(body)
    if said != message.body:
        MessageEdit.keep(message, by=actor.person)
        message.body, message.edited_at, message.version = said, timezone.now(), message.version + 1
        message.save(update_fields=["body", "edited_at", "version"])
        _record("message.edited", message, actor=actor, facts={"body": message.body_hash()})
    return message


@transaction.atomic
def withdraw_message(message: Message, *, actor: Actor) -> Message:
    """Take the words away from every reader; that there was a message stays, and the history keeps its hash."""
    message = _locked_message(message)
    MessagePolicy(actor, message).require("withdraw")
    kept = MessageEdit.keep(message, by=actor.person)
    message.body, message.version = "", message.version + 1
    message.withdrawn_at, message.withdrawn_by = timezone.now(), actor.person
    message.save(update_fields=["body", "version", "withdrawn_at", "withdrawn_by"])
    _record("message.withdrawn", message, actor=actor, facts={"body": kept.body_sha256})
    return message


@transaction.atomic
def mark_read(thread: Thread, *, actor: Actor, up_to: int) -> None:
    """Remember how far the actor has read; what the inbox told them of the thread is read too."""
    seen = (
        Message.objects.visible_to(actor)
        .filter(thread=thread, pk__lte=up_to)
        .order_by("-pk")
        .values_list("pk", flat=True)
        .first()
    )
    if seen is None:
        return
    ReadMark.move(thread=thread, person=actor.person, up_to=seen)
    if not Message.objects.visible_to(actor).filter(thread=thread, pk__gt=seen).exists():
        items = Item.objects.visible_to(actor).filter(ref=thread.ref, kind=Item.Kind.TO_KNOW, person=actor.person)
        mark_items_read(items, actor=actor)


@transaction.atomic
def add_agency(thread: Thread, *, actor: Actor, agency: Agency) -> Thread:
    """Put another agency on the list: it reads what is shared from now on, nothing from before."""
    thread = _locked(thread)
    ThreadPolicy(actor, thread).require("add_agency")
    if any(seat.agency_id == agency.pk for seat in thread.seats.all()):
        raise ValidationError({"agency": [_("%(agency)s is on the list already.") % {"agency": agency.acronym}]})
    (added,) = _others([agency], actor=actor, project=thread.project, field="agency")
    ThreadAgency.objects.create(thread=thread, agency=added, agency_name=added.legal_name, since=timezone.now())
    thread = _locked(thread)
    thread.bump().save()
    _record_thread("thread.agency_added", thread, actor=actor, facts={"added": added.ref})
    return thread


@transaction.atomic
def close_thread(thread: Thread, *, actor: Actor) -> Thread:
    """End the conversation; everybody on the list can still read it."""
    thread = _locked(thread)
    ThreadPolicy(actor, thread).require("close")
    thread.closed_at, thread.closed_by = timezone.now(), actor.person
    thread.bump().save()
    _record_thread("thread.closed", thread, actor=actor)
    return thread


@transaction.atomic
def reopen_thread(thread: Thread, *, actor: Actor) -> Thread:
    """Let the agencies on the list write again."""
    thread = _locked(thread)
    ThreadPolicy(actor, thread).require("reopen")
    thread.closed_at = thread.closed_by = None
    thread.bump().save()
    _record_thread("thread.reopened", thread, actor=actor)
    return thread


def _write(thread: Thread, *, actor: Actor, body: str, audience: str, language: str) -> Message:
    message = Message(
        thread=thread,
        author=actor.person,
        agency=actor.agency,
        agency_name=actor.agency.legal_name,
        audience=audience,
        language=language,
        body=body,
    )
    message.clean_fields(exclude={"thread", "author", "agency", "body"})
    message.save()
    if audience == Audience.SHARED:
        Thread.objects.filter(pk=thread.pk).update(last_message_at=message.created_at)
    _record("message.posted", message, actor=actor, facts={"audience": audience, "body": message.body_hash()})
    return message


def _others(
    agencies: Iterable[Agency], *, actor: Actor, project: Project | None, field: str = "agencies"
) -> list[Agency]:
    """The other agencies asked for; ValidationError for one that cannot be on the list."""
    others = {agency.pk: agency for agency in agencies if agency.pk != actor.agency_id}
    if project is not None:
        allowed = {agency.pk for agency in project.agencies()}
        strangers = [agency.acronym for agency in others.values() if agency.pk not in allowed]
        if strangers:
            said = _("%(agencies)s does not take part in the project.") % {"agencies": ", ".join(strangers)}
            raise ValidationError({field: [said]})
    else:
        unchecked = [agency.acronym for agency in others.values() if not agency.is_verified]
        if unchecked:
            raise ValidationError({field: [_("%(agencies)s is not verified.") % {"agencies": ", ".join(unchecked)}]})
        if not others:
            raise ValidationError({field: [_("Choose at least one other agency.")]})
    return list(others.values())


def _checked(body: str) -> str:
    """The words as they are stored: lines end alike, nothing at either end. ValidationError when empty or too long."""
    said = body.replace("\r\n", "\n").replace("\r", "\n").strip()
    if all(unicodedata.category(letter) in ("Cf", "Zs", "Zl", "Zp", "Cc") for letter in said):
        raise ValidationError({"body": [_("Write something first.")]})
    if len(said) > LONGEST:
        count = {"longest": f"{LONGEST:,}".replace(",", "\u202f"), "length": f"{len(said):,}".replace(",", "\u202f")}
        raise ValidationError(
            {"body": [_("A message has at most %(longest)s characters; this has %(length)s.") % count]}
        )
    return said


def _locked(thread: Thread) -> Thread:
    """The row, locked: messages of a thread are numbered in the order in which they are committed."""
    return Thread.objects.with_seats().select_for_update(of=("self",)).get(pk=thread.pk)


def _locked_message(message: Message) -> Message:
    thread = _locked(message.thread)
    locked = Message.objects.select_for_update(of=("self",)).select_related("author", "agency").get(pk=message.pk)
    locked.thread = thread
    return locked


def _record(verb: str, message: Message, *, actor: Actor, facts: dict[str, Any]) -> None:
    """One event on the thread's timeline, for those who read the message; their open pages are told."""
    thread = message.thread
    readers = [message.agency] if message.is_internal else thread.readers(message.created_at)
    record(verb, thread, actor=actor, agencies=readers, facts={"message": str(message.uid), **facts})
    announce(thread.topic, agencies=[agency.ref for agency in readers], kind=verb.partition(".")[2], ref=thread.ref)


def _record_thread(verb: str, thread: Thread, *, actor: Actor, facts: dict[str, Any] | None = None) -> None:
    scope = thread.project.ref if thread.project is not None else ""
    readers = thread.readers()
    record(verb, thread, actor=actor, agencies=readers, facts=facts, scope=scope)
    announce(thread.topic, agencies=[agency.ref for agency in readers], kind="changed", ref=thread.ref)
