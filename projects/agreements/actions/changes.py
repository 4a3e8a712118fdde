"""Proposing a change to a shared text, and answering it: accepted by every other party, it is applied at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.history import record
from portal.kit.actors import Actor
from portal.kit.records import require_version
from portal.kit.refusals import Stale
from projects.agreements import written
from projects.agreements.actions.answer_days import answers_due, remind_then
from projects.agreements.actions.applying import apply, drafts_of
from projects.agreements.actions.clauses import clause_of, new_code, part_of
from projects.agreements.actions.locking import audience, digest, lock, stated
from projects.agreements.drafts import UNPRINTABLE
from projects.agreements.models import Agreement, Answer, Change, Decision, Operation, Status, Verdict
from projects.agreements.negotiation import must_answer
from projects.agreements.policies import AgreementPolicy
from projects.agreements.policies.changes import ChangePolicy
from projects.agreements.proposals import ON_WORDS, require_something_new

NOTE_LENGTH = 2000
# What a change says, by its kind; other answers say answers alone.
SAYS: dict[Operation, tuple[str, ...]] = {
    Operation.REWORD: ("heading", "text"),
    Operation.ADD: ("heading", "text", "after"),
    Operation.REMOVE: (),
    Operation.MOVE: ("after",),
    Operation.RESTORE: (),
    Operation.ANSWER: (),
}


@transaction.atomic
def propose_change(
    agreement: Agreement, *, actor: Actor, operation: str, code: str = "", heading: str = "", text: str = "",
    after: str = "", answers: dict[str, Any] | None = None, part: str = "", note: str = "",
    due_on: date | None = None, version: int | None = None, based_on: int | None = None,
) -> Change:  # fmt: skip
    """Ask every other party for a change to the shared text; nothing changes until all of them accept it.

    `based_on` is the revision of the clause that the proposer read, of the agreement where no clause is reworded;
    `due_on` the day, at the seat of the proposer's agency, by whose end an answer is asked.
    Raises ValidationError keyed by field for what could not be a text or says nothing new, Stale when the words changed
    meanwhile.
    """
    agreement, policy = lock(agreement, "propose_change", actor)
    typed = {"heading": heading, "text": text, "answers": answers, "note": note, "due_on": str(due_on or "")}
    typed = {name: value for name, value in typed.items() if value}
    require_version(agreement, version, typed=typed)
    kind = _operation(operation)
    said = _said(kind, heading=heading, text=text, after=after, answers=answers)
    change = Change(
        agreement=agreement, operation=kind, code=code, note=_note(note), agency=actor.agency,
        person=actor.person, due_at=answers_due(due_on, actor=actor), **said,
    )  # fmt: skip
    change.part = part or _part(agreement, change)
    if change.operation == Operation.ADD:
        change.code = new_code(agreement)
    _require_read(agreement, change, based_on, typed)
    _write(agreement, change, policy)
    _record("proposed", change, actor, {
        "operation": str(change.operation), "clause": change.code, "round": change.round, "sha256": _digest(change),
        **_due(change),
    })  # fmt: skip
    return change


@transaction.atomic
def accept_change(agreement: Agreement, number: int, *, actor: Actor, version: int | None = None) -> Change:
    """Accept a change for the actor's agency; accepted by every other party, it becomes the next revision."""
    agreement, policy, change = _locked(agreement, number, "accept", actor, version)
    _answer(change, actor, Verdict.ACCEPT)
    given = {*policy.negotiation.given_to(change), actor.agency_id}
    waits = any(must_answer(party, change.agency_id, given) for party in agreement.party_list)
    facts: dict[str, Any] = {"applied": not waits}
    if facts["applied"]:
        facts["overtaken"] = apply(agreement, change, policy.negotiation.changes)
    else:
        agreement.bump().save()
    _record("accepted", change, actor, {**facts, "revision": agreement.revision})
    return change


@transaction.atomic
def refuse_change(
    agreement: Agreement, number: int, *, actor: Actor, reason: str, version: int | None = None
) -> Change:
    """Refuse a change with a reason that all parties read; one refusal decides it."""
    agreement, _policy, change = _locked(agreement, number, "refuse", actor, version)
    reason = stated(reason)
    _answer(change, actor, Verdict.REFUSE, reason)
    _decide(agreement, change, Decision.REFUSED)
    _record("refused", change, actor, {"reason_sha256": digest(reason)})
    return change


@transaction.atomic
def counter_change(
    agreement: Agreement, number: int, *, actor: Actor, heading: str = "", text: str = "", after: str = "",
    answers: dict[str, Any] | None = None, note: str = "", due_on: date | None = None, version: int | None = None,
) -> Change:  # fmt: skip
    """Put other words in the place of a change; everyone else answers these, also who proposed the first.

    The day by which the first was to be answered ends with it; `due_on` names one for the other words.
    """
    agreement, policy, first = _locked(agreement, number, "counter", actor, version)
    operation = first.operation
    if operation in (Operation.REMOVE, Operation.RESTORE):
        operation = Operation.REWORD
    said = _said(Operation(operation), heading=heading or first.heading, text=text, after=after, answers=answers)
    change = Change(
        agreement=agreement, operation=operation, part=first.part, code=first.code, note=_note(note),
        agency=actor.agency, person=actor.person, counters=first, due_at=answers_due(due_on, actor=actor), **said,
    )  # fmt: skip
    _require_other_words(change, first)
    _answer(first, actor, Verdict.COUNTER)
    first.move_to(Decision.COUNTERED, at=timezone.now())
    first.save()
    _write(agreement, change, policy)
    _record("countered", change, actor, {
        "counters": first.number, "clause": change.code, "sha256": _digest(change), **_due(change),
    })  # fmt: skip
    return change


@transaction.atomic
def withdraw_change(agreement: Agreement, number: int, *, actor: Actor, version: int | None = None) -> Change:
    """Take back a change that the actor's agency proposed; its words stay readable."""
    agreement, _policy, change = _locked(agreement, number, "withdraw", actor, version)
    _decide(agreement, change, Decision.WITHDRAWN)
    _record("withdrawn", change, actor, {})
    return change


def _locked(
    agreement: Agreement, number: int, verb: str, actor: Actor, version: int | None
) -> tuple[Agreement, AgreementPolicy, Change]:
    # Whoever may put words in brackets takes part; how many changes of one's own are open hinders no answer.
    agreement, policy = lock(agreement, "place_bracket", actor)
    change = agreement.changes.select_related("agency", "person").filter(number=number).first()
    if change is None:
        raise ValidationError({"number": [_("This agreement has no such change.")]})
    change.agreement = agreement
    ChangePolicy(policy, change).require(verb)
    require_version(agreement, version)
    return agreement, policy, change


def _operation(operation: str) -> Operation:
    if operation not in Operation.values:
        raise ValidationError({"operation": [_("Choose one of the listed kinds of change.")]})
    return Operation(operation)


def _said(operation: Operation, *, answers: dict[str, Any] | None, **words: str) -> dict[str, Any]:
    """What a change of this kind says; the rest is not kept. Raises ValidationError for answers that nobody would read."""
    if answers and operation != Operation.ANSWER:
        raise ValidationError({"answers": [_("Other answers are a change of their own.")]})
    kept = {name: value if name in SAYS[operation] else "" for name, value in words.items()}
    return {**kept, "answers": answers or {}}


def _note(note: str) -> str:
    note = note.strip()
    if len(note) > NOTE_LENGTH or UNPRINTABLE.search(note):
        raise ValidationError({"note": [_("At most 2,000 printable characters.")]})
    return note


def _part(agreement: Agreement, change: Change) -> str:
    """The part of the text that the change is about."""
    if change.operation == Operation.ANSWER:
        return written.parts_of(agreement)[0]
    if change.operation == Operation.ADD:
        return clause_of(agreement, change.after).part if change.after else written.parts_of(agreement)[-1]
    return part_of(agreement, change.code)


def _require_read(agreement: Agreement, change: Change, based_on: int | None, typed: dict[str, Any]) -> None:
    """Say against which words the change stands; raises Stale when the proposer read others."""
    clause = next((row for row in agreement.clauses.all() if row.code == change.code), None)
    on_words = clause is not None and change.operation in ON_WORDS
    change.based_on = clause.revision if clause is not None and on_words else agreement.revision
    if based_on is not None and based_on != change.based_on:
        newer = {"text": (clause.heading, clause.template)} if clause is not None and on_words else None
        raise Stale(agreement, typed, newer, version=change.based_on)


def _require_other_words(change: Change, first: Change) -> None:
    said = [(row.operation, row.heading, row.text.replace("\r\n", "\n").strip(), row.after, row.answers)
            for row in (change, first)]  # fmt: skip
    if said[0] == said[1]:
        raise ValidationError({"text": [_("This is what was proposed: accept it, or say it otherwise.")]})


def _write(agreement: Agreement, change: Change, policy: AgreementPolicy) -> None:
    """Number the change and keep it, once it is clear that it can be a text and that it says something new."""
    before, after = drafts_of(agreement, change)
    require_something_new(before, after, change.operation)
    if change.operation == Operation.ANSWER:
        change.answers = {
            key: after.profile[key] for key in after.profile if after.profile[key] != before.profile.get(key)
        }
    else:
        change.text = change.text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if change.operation == Operation.REWORD and all(own.code != change.code for own in after.added):
        change.heading = ""  # the model's clauses keep their headings
    if change.based_on is None:
        _require_read(agreement, change, None, {})
    if change.counters is None and not policy.negotiation.changes:
        agreement.round += 1
    last = agreement.changes.order_by("-number").values_list("number", flat=True).first()
    change.number, change.round = (last or 0) + 1, agreement.round
    change.save()
    remind_then(change)
    if agreement.status == Status.TEXT_AGREED:
        agreement.move_to(Status.NEGOTIATING)
    agreement.bump().save()


def _answer(change: Change, actor: Actor, verdict: Verdict, reason: str = "") -> None:
    Answer.objects.create(change=change, agency=actor.agency, person=actor.person, verdict=verdict, reason=reason)


def _decide(agreement: Agreement, change: Change, decision: Decision) -> None:
    change.move_to(decision, at=timezone.now())
    change.save()
    agreement.bump().save()


def _due(change: Change) -> dict[str, str]:
    """The instant by which an answer is asked, as the event says it; nothing where none is named."""
    return {} if change.due_at is None else {"due_at": change.due_at.isoformat()}


def _digest(change: Change) -> str:
    answers = "\n".join(f"{key}={value}" for key, value in sorted(change.answers.items()))
    return digest(f"{change.heading}\n{change.text}\n{change.after}\n{answers}")


def _record(what: str, change: Change, actor: Actor, facts: dict[str, Any]) -> None:
    agreement = change.agreement
    record(
        f"agreement.change_{what}", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"change": change.number, **facts},
    )  # fmt: skip
