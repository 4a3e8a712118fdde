"""The forms in which a change is proposed, or countered: one for each kind of change, filled with the words it starts from."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.zones import today
from portal.kit.forms import Form
from projects.agreements import written
from projects.agreements.board import as_it_stands
from projects.agreements.forms.changes import AnswersForm, NewClauseForm, NoteForm, PlaceForm, RewordForm
from projects.agreements.models import Agreement, Change, Clause, Operation, Part


def clause_forms(
    agreement: Agreement, clause: Clause, again: Change | None, proposer: Agency | None, posted: Any = None
) -> dict[str, Form]:
    """What can be proposed for one clause, by operation; `again` fills in the words of an earlier proposal."""
    seen = {"version": clause.revision, **_about(again, proposer)}
    words = {"text": clause.template, "heading": clause.heading}
    if again is not None and again.operation in (Operation.REWORD, Operation.ADD):
        words = {"text": again.text, "heading": again.heading or clause.heading}
    place = {"after": again.after} if again is not None and again.operation == Operation.MOVE else {}
    forms: dict[str, Form] = {
        Operation.REWORD: RewordForm(
            posted, proposer=proposer, has_heading=clause.is_added, initial={**seen, **words}
        ),
        Operation.REMOVE: NoteForm(posted, proposer=proposer, initial=seen, prefix=None),
        Operation.MOVE: PlaceForm(
            posted, proposer=proposer, places=_places(agreement, clause),
            initial={**seen, "version": agreement.revision, **place},
        ),
    }  # fmt: skip
    if clause.departs and not clause.is_added:
        forms[Operation.RESTORE] = NoteForm(posted, proposer=proposer, initial=seen)
    for operation, form in forms.items():
        form.auto_id = f"id_{operation}_%s"
    return forms


def new_clause_form(
    agreement: Agreement, again: Change | None, after: str, proposer: Agency | None, posted: Any = None
) -> Form:
    """A clause of the parties' own, after the one that is named."""
    seen: dict[str, Any] = {"version": agreement.revision, **_about(again, proposer)}
    words = {"heading": again.heading, "text": again.text, "after": again.after} if again else {"after": after}
    return NewClauseForm(posted, proposer=proposer, places=_places(agreement), initial={**seen, **words})


def answers_form(
    agreement: Agreement, part: str, again: Change | None, proposer: Agency | None, posted: Any = None
) -> AnswersForm:
    """Other answers in the profile of one part of the text."""
    seen = {"version": agreement.revision, **_about(again, proposer)}
    is_again = again is not None and again.operation == Operation.ANSWER and again.part == part
    return _answers_form(agreement, part, again.answers if again and is_again else {}, proposer, posted, seen)


def counter_form(agreement: Agreement, first: Change, proposer: Agency | None, posted: Any = None) -> Form:
    """The form of the same kind, filled with the words that are countered."""
    clause = next((row for row in agreement.clauses.all() if row.code == first.code), None)
    if first.operation == Operation.ANSWER:
        return _answers_form(agreement, first.part, first.answers, proposer, posted, {})
    if first.operation == Operation.MOVE:
        places = _places(agreement, clause)
        return PlaceForm(posted, proposer=proposer, places=places, initial={"after": first.after})
    if first.operation == Operation.ADD:
        words = {"heading": first.heading, "text": first.text, "after": first.after}
        return NewClauseForm(posted, proposer=proposer, places=_places(agreement), initial=words)
    words = {"text": first.text or (clause.template if clause else ""), "heading": clause.heading if clause else ""}
    return RewordForm(posted, proposer=proposer, has_heading=bool(clause and clause.is_added), initial=words)


def typed(form: Form) -> dict[str, Any]:
    """What an action is told: the fields of the form, and of the answers those that were changed."""
    if isinstance(form, AnswersForm):
        said = {name: form.cleaned_data[name] for name in ("note", "due_on")}
        return {"answers": form.answers, **said}
    return {name: value for name, value in form.cleaned_data.items() if name != "version"}


def part_named(agreement: Agreement, part: str) -> str:
    """The part of that name; the agreement's own where it has no such part."""
    return part if part in written.parts_of(agreement) else Part.OWN


def _answers_form(
    agreement: Agreement,
    part: str,
    proposed: dict[str, Any],
    proposer: Agency | None,
    posted: Any,
    seen: dict[str, Any],
) -> AnswersForm:
    draft = as_it_stands(agreement, part)
    return AnswersForm(
        posted, proposer=proposer, kind=draft.kind, now=draft.profile, proposed=proposed, initial=seen
    )  # fmt: skip


def _about(again: Change | None, proposer: Agency | None) -> dict[str, Any]:
    """The reason that was given before, and the day, where it is still to come for whoever names it again."""
    if again is None:
        return {"note": ""}
    return {"note": again.note, "due_on": _day_ahead(again, proposer)}


def _day_ahead(again: Change, proposer: Agency | None) -> date | None:
    if again.due_at is None or proposer is None or again.agency_id != proposer.pk:
        return None
    day: date = proposer.local(again.due_at - timedelta(seconds=1)).date()
    return day if day > today(proposer.zone) else None


def _places(agreement: Agreement, besides: Clause | None = None) -> list[tuple[str, str]]:
    part = besides.part if besides else written.parts_of(agreement)[-1]
    others = [row for row in agreement.clauses.all() if row.part == part and (not besides or row.code != besides.code)]
    return [("", _("First of all")), *((row.code, f"{row.number} {row.heading}") for row in others)]
