"""A thread as its page shows it: a stretch of messages with the days between, and what changed since it was drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from agencies.models import AGENCY_WIDE, Agency, Membership
from portal.kit.actors import Actor
from portal.kit.templatetags.kit import zone_name
from projects.messaging.models import Message, MessageQuerySet, ReadMark, Thread
from projects.messaging.policies import MessagePolicy
from projects.models import TeamMember

STRETCH = 50
MOST_AT_ONCE = 200
# An edit counts from before its commit: asking again for the last minute replaces words by themselves and misses none.
OVERLAP = timedelta(minutes=1)


@dataclass(frozen=True)
class Entry:
    """A message with what stands around it: the day it begins, the first new one, who reads it, what may be done."""

    message: Message
    day: date | None
    begins_new: bool
    clock: str
    readers: int
    policy: MessagePolicy


@dataclass(frozen=True)
class Stretch:
    """Consecutive messages, oldest first."""

    entries: list[Entry]
    changed: list[Entry]
    earlier: int | None
    is_cut: bool
    last: int
    drawn_at: datetime

    @property
    def has_news(self) -> bool:
        """Whether others wrote any of it."""
        return any(entry.message.author_id != entry.policy.actor.person.pk for entry in self.entries)


def latest(thread: Thread, *, actor: Actor, before: int | None = None, read_up_to: int | None = None) -> Stretch:
    """The newest messages, or the newest before one of them."""
    drawn_at = timezone.now()
    messages = _messages(thread, actor)
    if before is not None:
        messages = messages.filter(pk__lt=before)
    rows = list(messages.order_by("-pk")[: STRETCH + 1])
    shown = rows[:STRETCH][::-1]
    return Stretch(
        entries=_entries(shown, thread=thread, actor=actor, read_up_to=read_up_to),
        changed=[],
        earlier=shown[0].pk if len(rows) > STRETCH else None,
        is_cut=False,
        last=shown[-1].pk if shown else 0,
        drawn_at=drawn_at,
    )


def arrivals(thread: Thread, *, actor: Actor, after: int, since: datetime | None) -> Stretch:
    """What was written after a message, and what was edited or withdrawn of the rest since the page was drawn."""
    drawn_at = timezone.now()
    messages = _messages(thread, actor)
    rows = list(messages.filter(pk__gte=after).order_by("pk")[: MOST_AT_ONCE + 2])
    previous = rows[0] if rows and rows[0].pk == after else None
    fresh = rows[1:] if previous else rows
    changed: Iterable[Message] = []
    if since is not None:
        edge = since - OVERLAP
        changed = messages.filter(Q(edited_at__gt=edge) | Q(withdrawn_at__gt=edge), pk__lte=after).order_by("pk")[
            :MOST_AT_ONCE
        ]
    return Stretch(
        entries=_entries(fresh[:MOST_AT_ONCE], thread=thread, actor=actor, previous=previous),
        changed=_entries(list(changed), thread=thread, actor=actor, with_days=False),
        earlier=None,
        is_cut=len(fresh) > MOST_AT_ONCE,
        last=fresh[-1].pk if fresh else after,
        drawn_at=drawn_at,
    )


def single(message: Message, *, thread: Thread, actor: Actor) -> Entry:
    """One message on its own page."""
    return _entries([message], thread=thread, actor=actor, with_days=False)[0]


def read_mark(thread: Thread, *, actor: Actor) -> int:
    """How far the actor has read; 0 for nothing."""
    marks = ReadMark.objects.filter(thread=thread, person=actor.person)
    return marks.values_list("up_to", flat=True).first() or 0


def people_of(thread: Thread, agencies: list[Agency]) -> list[tuple[Agency, int]]:
    """Each agency with the number of its people who can read what is shared."""
    concerned = Q(roles__overlap=sorted(AGENCY_WIDE))
    if thread.project_id is not None:
        on_team = TeamMember.objects.filter(participation__project=thread.project_id, membership=OuterRef("pk"))
        concerned |= Q(Exists(on_team))
    else:
        wrote = Message.objects.filter(thread=thread, author=OuterRef("person"), agency=OuterRef("agency"))
        concerned |= Q(Exists(wrote))
    members = Membership.objects.acting().filter(concerned, agency__in=agencies).order_by()
    counts = dict(members.values_list("agency").annotate(number=Count("person", distinct=True)))
    return [(agency, counts.get(agency.pk, 0)) for agency in agencies]


def _messages(thread: Thread, actor: Actor) -> MessageQuerySet:
    return Message.objects.visible_to(actor).filter(thread=thread).with_writers()


def _entries(
    messages: list[Message],
    *,
    thread: Thread,
    actor: Actor,
    read_up_to: int | None = None,
    previous: Message | None = None,
    with_days: bool = True,
) -> list[Entry]:
    entries = []
    last_day = _local(previous, actor).date() if previous else None
    mark, is_new_seen = read_up_to or 0, read_up_to is None
    for message in messages:
        message.thread = thread
        local = _local(message, actor)
        begins_new = not is_new_seen and message.pk > mark and message.author_id != actor.person.pk
        is_new_seen = is_new_seen or begins_new
        entries.append(
            Entry(
                message=message,
                day=local.date() if with_days and local.date() != last_day else None,
                begins_new=begins_new,
                clock=f"{local:%H:%M} {zone_name(local)}",
                readers=len(thread.readers(message.created_at)),
                policy=MessagePolicy(actor, message),
            )
        )
        last_day = local.date()
    return entries


def _local(message: Message, actor: Actor) -> datetime:
    return message.created_at.astimezone(actor.zone)
