"""Talking about a text without changing it: inside one's agency first, to every party when somebody says so."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from portal.history import record
from portal.kit.actors import Actor
from projects.agreements.actions.clauses import clause_of
from projects.agreements.actions.locking import audience as everyone
from projects.agreements.actions.locking import digest, lock
from projects.agreements.drafts import UNPRINTABLE
from projects.agreements.models import Agreement, Audience, Comment, Status
from projects.agreements.policies.comments import CommentPolicy

LENGTH = 5000


@transaction.atomic
def comment(
    agreement: Agreement, *, actor: Actor, words: str, code: str = "", audience: str = Audience.INTERNAL,
    reply_to: int | None = None,
) -> Comment:  # fmt: skip
    """Say something about a clause, or about the whole text; internal unless `audience` says "shared".

    `reply_to` is the comment that it answers: an answer is read by nobody who does not read that one.
    """
    agreement, _policy = lock(agreement, "comment", actor)
    words = checked_words(words)
    answered = _readable(agreement, reply_to, actor, "reply_to") if reply_to is not None else None
    if audience not in Audience.values:
        raise ValidationError({"audience": [_("Choose who reads it.")]})
    if audience == Audience.SHARED and agreement.status == Status.DRAFT:
        raise ValidationError({"audience": [_("The other parties do not see the draft yet.")]})
    if audience == Audience.SHARED and answered is not None and answered.is_internal:
        raise ValidationError({"audience": [_("An answer to an internal comment is internal.")]})
    if answered is not None:
        code = answered.code
    elif code:
        clause_of(agreement, code)
    said = Comment.objects.create(
        agreement=agreement, code=code, audience=audience, words=words, reply_to=answered,
        agency=actor.agency, person=actor.person,
    )  # fmt: skip
    _record("commented", agreement, said, actor)
    return said


@transaction.atomic
def widen_comment(agreement: Agreement, pk: int, *, actor: Actor) -> Comment:
    """Let every party read an internal comment; this cannot be taken back."""
    agreement, found = _locked(agreement, pk, "widen", actor)
    found.audience, found.widened_at, found.widened_by = Audience.SHARED, timezone.now(), actor.person
    found.save()
    _record("comment_widened", agreement, found, actor)
    return found


@transaction.atomic
def resolve_comment(agreement: Agreement, pk: int, *, actor: Actor) -> Comment:
    """Say that a comment is dealt with; it stays readable."""
    agreement, found = _locked(agreement, pk, "resolve", actor)
    found.resolved_at, found.resolved_by = timezone.now(), actor.person
    found.save()
    _record("comment_resolved", agreement, found, actor)
    return found


@transaction.atomic
def reopen_comment(agreement: Agreement, pk: int, *, actor: Actor) -> Comment:
    """Take a comment up again."""
    agreement, found = _locked(agreement, pk, "reopen", actor)
    found.resolved_at, found.resolved_by = None, None
    found.save()
    _record("comment_reopened", agreement, found, actor)
    return found


def _locked(agreement: Agreement, pk: int, verb: str, actor: Actor) -> tuple[Agreement, Comment]:
    agreement, policy = lock(agreement, f"{verb}_comment", actor)
    found = _readable(agreement, pk, actor, "comment")
    CommentPolicy(policy, found).require(verb)
    return agreement, found


def _readable(agreement: Agreement, pk: int, actor: Actor, name: str) -> Comment:
    """SECURITY: a comment that is internal to another agency is answered as one that does not exist."""
    found = agreement.comments.read_by(actor.agency_id).select_related("reply_to").filter(pk=pk).first()
    if found is None:
        raise ValidationError({name: [_("There is no such comment that you may read.")]})
    return found


def checked_words(words: str) -> str:
    words = words.replace("\r\n", "\n").strip()
    if not words:
        raise ValidationError({"words": [_("Write something first.")]})
    if len(words) > LENGTH or UNPRINTABLE.search(words):
        raise ValidationError({"words": [_("At most 5,000 printable characters.")]})
    return words


def _record(what: str, agreement: Agreement, said: Comment, actor: Actor) -> None:
    """SECURITY: that something was said inside an agency is told to that agency alone; not even a version counts it."""
    readers: Iterable[Agency] = [actor.agency] if said.is_internal else everyone(agreement)
    facts = {"comment": said.pk, "clause": said.code, "audience": str(said.audience)}
    if not said.is_internal:
        facts["sha256"] = digest(said.words)
    record(f"agreement.{what}", agreement, actor=actor, agencies=readers, scope=agreement.project.ref, facts=facts)
