"""What a proposed change does to a text: the draft after it, the clauses that read otherwise, the answers that differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from projects.agreements import profile as clause_profile
from projects.agreements.drafts import Draft
from projects.agreements.models import Change, Operation
from projects.agreements.profile import ClauseText, Difference
from projects.agreements.redline import Allowance, redline

# Operations on the words of one clause, which are proposed against the revision that it stands at.
ON_WORDS = (Operation.REWORD, Operation.REMOVE, Operation.RESTORE)


@dataclass(frozen=True)
class Effect:
    """One clause that would read otherwise; `old` or `new` is "" for a clause that is not there before or after."""

    code: str
    number: int
    heading: str
    old: str
    new: str
    allowance: Allowance | None = field(default=None, compare=False, repr=False)

    @cached_property
    def redline(self) -> list[tuple[Any, str]]:
        return redline(self.old, self.new, self.allowance)


def proposed(draft: Draft, change: Change) -> Draft:
    """The draft as the change would leave it; raises ValidationError keyed by the field that is wrong."""
    match change.operation:
        case Operation.REWORD:
            return draft.reword(change.code, change.text, change.heading)
        case Operation.ADD:
            return draft.add(change.code, change.heading, change.text, change.after)
        case Operation.REMOVE:
            return draft.remove(change.code)
        case Operation.MOVE:
            return draft.move(change.code, change.after)
        case Operation.RESTORE:
            return draft.restore(change.code)
        case Operation.ANSWER:
            return draft.answer(change.answers)
    raise ValidationError({"operation": [_("Choose one of the listed kinds of change.")]})


def require_something_new(before: Draft, after: Draft, operation: str) -> None:
    """Raise ValidationError, at the field that was typed, for a change after which the text says what it says now."""
    restored = operation == Operation.RESTORE and (before.custom, before.left_out) != (after.custom, after.left_out)
    if restored or before.profile != after.profile or _read_aloud(before) != _read_aloud(after):
        return
    words = {
        Operation.MOVE: ("after", _("The clause stands there already.")),
        Operation.ANSWER: ("__all__", _("These are the answers already.")),
    }
    name, reason = words.get(Operation(operation), ("text", _("These are the words already.")))
    raise ValidationError({name: [reason]})


def effects(before: Draft, after: Draft, allowance: Allowance | None = None) -> list[Effect]:
    """The clauses that would read otherwise, in order; new numbers alone are no other words.

    `allowance` is what their redlines may take together.
    """
    old = {clause.code: clause for clause in before.clauses}
    new = {clause.code: clause for clause in after.clauses}
    plain_old, plain_new = Plain(before), Plain(after)
    changed = []
    for code in [*new, *(code for code in old if code not in new)]:
        was, will = old.get(code), new.get(code)
        if was and will and (was.heading, was.text) == (will.heading, will.text):
            continue
        if was and will and plain_old.words(was) == plain_new.words(will):
            continue
        shown = will or was
        assert shown is not None
        words = was.text if was else "", will.text if will else ""
        changed.append(Effect(code, shown.number, shown.heading, *words, allowance))
    return changed


def answers_changed(before: Draft, after: Draft) -> list[Difference]:
    """The questions that would be answered otherwise."""
    return clause_profile.differences(before.profile, after.profile)


def is_overtaken(change: Change, before: Draft, after: Draft, applied: Change | None) -> bool:
    """Whether an open change cannot be meant any more as it was proposed, once the text became another one."""
    if applied is not None and change.operation == applied.operation == Operation.MOVE and change.code == applied.code:
        return True
    try:
        again = proposed(after, change)
        require_something_new(after, again, change.operation)
        return _footprint(before, proposed(before, change), change) != _footprint(after, again, change)
    except ValidationError:
        return True


def _footprint(before: Draft, after: Draft, change: Change) -> list[Any]:
    """What those who answer the change were asked: words before and after, and answers before and after."""
    if change.operation == Operation.MOVE:
        return []
    old, new = Plain(before), Plain(after)
    words: list[Any] = [
        (row.code, old.of(row.code), new.of(row.code)) for row in effects(before, after)
    ]  # fmt: skip
    return words + [(row.question.key, row.old, row.new) for row in answers_changed(before, after)]


class Plain:
    """The words of a draft with the codes of the clauses where they name each other, so that numbers do not matter."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.headings: Mapping[str, str] = {clause.code: clause.code for clause in draft.clauses}

    def words(self, clause: ClauseText) -> tuple[str, str]:
        filled = clause_profile.fill(clause.template, self.draft.profile, self.draft.facts, self.headings)
        return clause.heading, filled

    def of(self, code: str) -> tuple[str, str] | None:
        clause = next((row for row in self.draft.clauses if row.code == code), None)
        return self.words(clause) if clause else None


def _read_aloud(draft: Draft) -> list[tuple[str, str, str]]:
    return [(clause.code, clause.heading, clause.text) for clause in draft.clauses]
