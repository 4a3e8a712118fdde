"""The verbs of the inbox: ask, tell, settle, and mark as read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise

from portal.inbox import labels
from portal.inbox.live import OPERATORS_ADDRESS, announce
from portal.inbox.mail import mail_about
from portal.inbox.models import OPERATORS, SEE_ALL, Item, ItemQuerySet, Preference, Read
from portal.inbox.texts import Text
from portal.kit.actors import Actor

if TYPE_CHECKING:
    from portal.history.models import Event

TOPIC = "inbox"
REFRESHED = [
    "event_uid",
    "verb",
    "agency",
    "roles",
    "person",
    "title_id",
    "title_params",
    "why_id",
    "why_params",
    "url",
    "ref",
    "due_at",
]


@transaction.atomic
def ask(
    event: Event | None,
    *,
    verb: str,
    agency: Any = None,
    roles: Iterable[str] = (),
    person: Any = None,
    title: Text | str | Promise,
    url: str,
    why: Text | str | Promise = "",
    due_at: datetime | None = None,
    key: str,
) -> None:
    """Make something wait for a person, or for the roles of an agency, until it is settled; asked again, refresh it.

    Without a person and without roles it waits for the agency's administrators and managers. Contributors and observers
    see only their own teams, so address them by person. `roles=["operator"]` without an agency addresses the portal's
    operators. The same key asks once.
    """
    labels.find(verb)
    if not key:
        raise ValueError("what waits needs a key to be settled by")
    item = _item(Item.Kind.WAITING, event, agency, roles, person, title, url, why, verb=verb, due_at=due_at, key=key)
    (item,) = Item.objects.bulk_create(
        [item], update_conflicts=True, unique_fields=["open_key"], update_fields=REFRESHED
    )
    _announce(agency, person, kind="ask", ref=item.ref)
    mail_about(item, event)


@transaction.atomic
def tell(
    event: Event | None,
    *,
    agency: Any = None,
    roles: Iterable[str] = (),
    person: Any = None,
    title: Text | str | Promise,
    url: str,
    why: Text | str | Promise = "",
    icon: str = "",
) -> None:
    """Let a person, or the roles of an agency, know what happened; addressed as in `ask`, with the event's icon."""
    item = _item(
        Item.Kind.TO_KNOW, event, agency, roles, person, title, url, why, icon=icon or getattr(event, "icon", "")
    )
    item.save(force_insert=True)
    _announce(agency, person, kind="tell", ref=item.ref)


@transaction.atomic
def settle(key: str) -> int:
    """Close what waits under this key and under everything that begins with it and a colon; returns how many."""
    stem = key.rstrip(":")
    rows = (
        Item.objects.waiting()
        .filter(open_key__startswith=stem)
        .values_list("pk", "open_key", "agency__ref", "person__uid")
    )
    found = [row for row in rows if row[1] == stem or row[1].startswith(f"{stem}:")]
    if not found:
        return 0
    settled = Item.objects.filter(pk__in=[row[0] for row in found], settled_at=None).update(settled_at=timezone.now())
    agencies = {ref for _pk, _key, ref, uid in found if ref and not uid}
    people = {uid for _pk, _key, _ref, uid in found if uid}
    operators = [OPERATORS_ADDRESS] if any(not ref and not uid for _pk, _key, ref, uid in found) else []
    announce(TOPIC, agencies=[*sorted(agencies), *operators], people=sorted(people), kind="settle")
    return settled


@transaction.atomic
def mark_read(items: ItemQuerySet, *, actor: Actor) -> int:
    """Remember that the actor has seen these items, all of which they may see; returns how many were unread."""
    unread = list(items.unread(actor).order_by().values_list("pk", flat=True))
    Read.objects.bulk_create([Read(item_id=pk, person=actor.person) for pk in unread], ignore_conflicts=True)
    if unread:
        announce(TOPIC, people=[actor.person.uid], kind="read")
    return len(unread)


def choose_mail(*, actor: Actor, mail: str) -> Preference:
    """Send the actor mail about what waits for them at once, or never."""
    preference, _created = Preference.objects.update_or_create(person=actor.person, defaults={"mail": mail})
    return preference


def _item(
    kind: str, event: Any, agency: Any, roles: Iterable[str], person: Any, title: Any, url: str, why: Any, **rest: Any
) -> Item:
    words, reason = Text.of(title), Text.of(why)
    named = sorted(set(roles))
    if agency is None and person is None and named != [OPERATORS]:
        raise ValueError("an item is for a person, for an agency, or for the operators")
    return Item(
        kind=kind,
        event_uid=getattr(event, "uid", None),
        agency=agency,
        roles=[] if person is not None else named or sorted(SEE_ALL),
        person=person,
        title_id=words.msgid,
        title_params=words.params,
        why_id=reason.msgid,
        why_params=reason.params,
        url=url,
        ref=getattr(event, "target_ref", ""),
        **rest,
    )


def _announce(agency: Any, person: Any, *, kind: str, ref: str) -> None:
    if person is not None:
        announce(TOPIC, people=[person.uid], kind=kind, ref=ref)
    else:
        announce(TOPIC, agencies=[agency.ref if agency is not None else OPERATORS_ADDRESS], kind=kind, ref=ref)
