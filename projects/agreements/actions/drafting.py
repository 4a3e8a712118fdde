"""Changing a text while only its drafter sees it, and showing it to the other parties."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import transaction

from portal.history import record
from portal.kit.actors import Actor
from portal.kit.records import require_version
from projects.agreements import profile as clause_profile
from projects.agreements import written
from projects.agreements.actions.clauses import clause_of, new_code, part_of
from projects.agreements.actions.locking import audience, lock
from projects.agreements.actions.readers import open_to_readers
from projects.agreements.drafts import Draft
from projects.agreements.models import Agreement, Part, Status


@transaction.atomic
def answer_profile(
    agreement: Agreement, *, actor: Actor, answers: dict[str, Any], part: str = Part.OWN, version: int | None = None
) -> Agreement:
    """Change the typed answers of a draft; clauses drawn from the model follow, clauses in free wording stay."""
    agreement, _policy = lock(agreement, "edit", actor)
    require_version(agreement, version, typed=answers, newer=_stored(agreement), words=_spoken())
    before = written.draft_of(agreement, part)
    draft = before.answer(answers)
    changed = sorted(key for key in draft.profile if draft.profile[key] != before.profile.get(key))
    if not changed:
        return agreement
    written.next_revision(agreement, {part: draft}, actor=actor)
    record(
        "agreement.profile_changed", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"questions": changed, "revision": agreement.revision},
    )  # fmt: skip
    return agreement


@transaction.atomic
def word_clause(
    agreement: Agreement, code: str, *, actor: Actor, text: str, heading: str = "", version: int | None = None
) -> Agreement:
    """Give a clause of a draft free wording, which departs from the model."""
    agreement, _policy = lock(agreement, "edit", actor)
    clause = clause_of(agreement, code)
    require_version(agreement, version, typed={"text": text}, newer={"text": (clause.heading, clause.template)})
    before = written.draft_of(agreement, clause.part)
    draft = before.reword(code, text, heading)
    if (draft.custom, draft.added) != (before.custom, before.added) and not _says_the_model(draft, before, code):
        _write(agreement, clause.part, draft, actor, "agreement.clause_worded", code, text)
    return agreement


@transaction.atomic
def restore_clause(agreement: Agreement, code: str, *, actor: Actor, version: int | None = None) -> Agreement:
    """Put the model's words back in a clause of a draft, or a clause of the model that was left out."""
    agreement, _policy = lock(agreement, "edit", actor)
    require_version(agreement, version)
    part = part_of(agreement, code)
    draft = written.draft_of(agreement, part)
    if code in draft.custom or code in draft.left_out:
        _write(agreement, part, draft.restore(code), actor, "agreement.clause_worded", code, "")
    elif code not in [clause.code for clause in draft.clauses]:
        clause_of(agreement, code)
    return agreement


@transaction.atomic
def add_clause(
    agreement: Agreement, *, actor: Actor, heading: str, text: str, after: str = "", part: str = "",
    version: int | None = None,
) -> Agreement:  # fmt: skip
    """Write a clause of one's own into a draft, after another one or first."""
    agreement, _policy = lock(agreement, "edit", actor)
    require_version(agreement, version, typed={"heading": heading, "text": text})
    part = part or (part_of(agreement, after) if after else written.parts_of(agreement)[-1])
    code = new_code(agreement)
    draft = written.draft_of(agreement, part).add(code, heading, text, after)
    _write(agreement, part, draft, actor, "agreement.clause_added", code, text)
    return agreement


@transaction.atomic
def remove_clause(agreement: Agreement, code: str, *, actor: Actor, version: int | None = None) -> Agreement:
    """Leave a clause out of a draft."""
    agreement, _policy = lock(agreement, "edit", actor)
    require_version(agreement, version)
    clause = clause_of(agreement, code)
    draft = written.draft_of(agreement, clause.part).remove(code)
    _write(agreement, clause.part, draft, actor, "agreement.clause_removed", code, "")
    return agreement


@transaction.atomic
def move_clause(
    agreement: Agreement, code: str, *, actor: Actor, after: str = "", version: int | None = None
) -> Agreement:
    """Put a clause of a draft after another one, or first."""
    agreement, _policy = lock(agreement, "edit", actor)
    require_version(agreement, version)
    clause = clause_of(agreement, code)
    before = written.draft_of(agreement, clause.part)
    draft = before.move(code, after)
    if [text.code for text in draft.clauses] != [text.code for text in before.clauses]:
        _write(agreement, clause.part, draft, actor, "agreement.clause_moved", code, "")
    return agreement


@transaction.atomic
def share(agreement: Agreement, *, actor: Actor) -> Agreement:
    """Show the draft to the other parties: negotiation begins."""
    agreement, _policy = lock(agreement, "share", actor)
    agreement.move_to(Status.NEGOTIATING)
    agreement.bump().save()
    open_to_readers(agreement)
    record(
        "agreement.shared", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"parties": [party.agency.ref for party in agreement.party_list]},
    )  # fmt: skip
    return agreement


def _says_the_model(draft: Draft, before: Draft, code: str) -> bool:
    """Whether the words that were typed are those the clause has already, so that it departs from nothing."""
    return draft.clause(code).template == before.clause(code).template and draft.added == before.added


def _write(agreement: Agreement, part: str, draft: Draft, actor: Actor, verb: str, code: str, words: str) -> None:
    written.next_revision(agreement, {part: draft}, actor=actor)
    record(
        verb, agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"clause": code, "revision": agreement.revision, "sha256": hashlib.sha256(words.encode()).hexdigest()},
    )  # fmt: skip


def _stored(agreement: Agreement) -> dict[str, tuple[Any, Any]]:
    """The answers that are stored now, each with its question; what a late answer is compared with."""
    return {
        key: (clause_profile.QUESTIONS[key].label, answer)
        for key, answer in agreement.profile.items()
        if key in clause_profile.QUESTIONS
    }


def _spoken() -> dict[str, Callable[[Any], str]]:
    """How answers that are no text are said."""
    questions = clause_profile.QUESTIONS.items()
    return {key: question.display for key, question in questions if question.kind in ("choice", "yes_no", "whole")}
