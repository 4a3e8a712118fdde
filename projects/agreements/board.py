"""The changes to a text as its pages show them: words before and after, answers old and new, and what each party said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.utils.functional import cached_property

from projects.agreements import profile as clause_profile
from projects.agreements import written
from projects.agreements.drafts import Draft
from projects.agreements.library import load_library
from projects.agreements.models import Agreement, Answer, Change, Clause, Operation, Part, Party
from projects.agreements.negotiation import FROM_MODEL, must_answer
from projects.agreements.policies import AgreementPolicy
from projects.agreements.policies.changes import ChangePolicy
from projects.agreements.profile import ClauseText
from projects.agreements.proposals import Effect, answers_changed, effects, proposed
from projects.agreements.redline import STEPS_OF_A_PAGE, Allowance, redline


@dataclass(frozen=True)
class Said:
    """What one party said to a change."""

    party: Party
    state: str  # proposed, accept, refuse, counter, own (waits for the reader), waits, or "" once it is decided
    at: Any = None
    reason: str = ""


@dataclass
class Proposal:
    """One change with all that a reader needs to answer it."""

    change: Change
    policy: ChangePolicy
    said: list[Said]
    effects: list[Effect] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    place: Clause | None = None
    heading: str = ""
    is_first: bool = False

    @property
    def person_name(self) -> str:
        return getattr(self.change, "person_name", "") or self.change.person.name

    @property
    def waiting(self) -> list[Party]:
        return [row.party for row in self.said if row.state in ("own", "waits")]

    @property
    def is_ours_to_answer(self) -> bool:
        return any(row.state == "own" for row in self.said)


class Board:
    """The open changes of an agreement, drawn against the text as it stands; one allowance is for all redlines of a page."""

    def __init__(self, policy: AgreementPolicy) -> None:
        self.policy, self.agreement = policy, policy.agreement
        self.drafts: dict[tuple[str, bool], Draft] = {}
        self.clauses = {clause.code: clause for clause in self.agreement.clauses.all()}
        self.allowance = Allowance(STEPS_OF_A_PAGE)

    @cached_property
    def proposals(self) -> list[Proposal]:
        """Oldest first; the first that waits for the reader is the one whose answer the page leads to."""
        drawn = [self.proposal(change) for change in self.policy.negotiation.changes]
        for first in [proposal for proposal in drawn if proposal.policy.refusal("accept") is None][:1]:
            first.is_first = True
        return drawn

    def proposal(self, change: Change) -> Proposal:
        """An open change, with the redline of every clause that it touches."""
        drawn = _proposal(self.policy, change, self._said(change), self.clauses)
        before = self._before(change)
        try:
            after = proposed(before, change)
            drawn.effects = [effect for effect in effects(before, after, self.allowance) if _belongs(change, effect)]
        except ValidationError:
            # What overtook it has not been counted yet: the words are shown as they were proposed.
            return drawn
        drawn.answers = [
            {"question": row.question, "old": _spoken(row.question, row.old), "new": _spoken(row.question, row.new)}
            for row in answers_changed(before, after)
        ]
        drawn.place = self.clauses.get(_place(after, change))
        return drawn

    def _before(self, change: Change) -> Draft:
        """The text that a change is drawn against; only where the model may come in again its library is read."""
        from_model = change.operation in FROM_MODEL
        key = change.part, from_model
        if key not in self.drafts:
            self.drafts[key] = (
                written.draft_of(self.agreement, change.part, self.policy.negotiation.model_clauses)
                if from_model
                else as_it_stands(self.agreement, change.part)
            )
        return self.drafts[key]

    def _said(self, change: Change) -> list[Said]:
        given = self.policy.negotiation.given_to(change)
        return said(self.agreement, change, given, self.policy.actor.agency_id)


def as_it_stands(agreement: Agreement, part: str) -> Draft:
    """One part of the text from its clauses alone: whatever they were drawn from, they are as if the parties wrote them."""
    rows = [clause for clause in agreement.clauses.all() if clause.part == part]
    source = agreement.parent if part == Part.AMENDED and agreement.parent is not None else agreement
    return Draft(
        kind=source.kind,
        profile=agreement.amended_profile if part == Part.AMENDED else agreement.profile,
        library=replace(load_library(source.kind), clauses=()),
        added=tuple(ClauseText(row.code, row.alternate, 0, row.heading, "", row.group, row.template) for row in rows),
        order=tuple(row.code for row in rows),
        facts=written.facts_of(agreement),
    )


def said(agreement: Agreement, change: Change, given: Mapping[int, Answer], reader: int | None) -> list[Said]:
    """What each party said to a change, in the order of the parties."""
    rows = []
    for party in agreement.party_list:
        answer = given.get(party.agency_id)
        if party.agency_id == change.agency_id:
            rows.append(Said(party, "proposed", change.proposed_at))
        elif answer is not None:
            rows.append(Said(party, answer.verdict, answer.at, answer.reason))
        elif change.is_open and must_answer(party, change.agency_id, given):
            rows.append(Said(party, "own" if party.agency_id == reader else "waits"))
        else:
            rows.append(Said(party, ""))
    return rows


def with_answers(changes: QuerySet[Change]) -> QuerySet[Change]:
    """Read along who proposed each, what it counters and what was said to it."""
    given = Prefetch("given", queryset=Answer.objects.select_related("agency", "person"))
    return changes.select_related("agency", "person", "counters").prefetch_related(given)


def decided(policy: AgreementPolicy, changes: Iterable[Change]) -> list[Proposal]:
    """Changes of the past with what was said to each; their words are kept, their redline is that of their day."""
    rows = []
    clauses = {clause.code: clause for clause in policy.agreement.clauses.all()}
    for change in changes:
        given = {answer.agency_id: answer for answer in change.given.all()}
        verdicts = said(policy.agreement, change, given, policy.actor.agency_id)
        rows.append(_proposal(policy, change, verdicts, clauses))
    return rows


def _proposal(policy: AgreementPolicy, change: Change, verdicts: list[Said], clauses: dict[str, Clause]) -> Proposal:
    clause = clauses.get(change.code)
    return Proposal(
        change, ChangePolicy(policy, change), verdicts, heading=clause.heading if clause else change.heading
    )


def spoken_answers(change: Change) -> list[tuple[Any, str]]:
    """The answers that a change proposes, each with its question."""
    asked = [(clause_profile.QUESTIONS.get(key), key, answer) for key, answer in change.answers.items()]
    return [
        (question.label, question.display(answer)) if question else (key, str(answer))
        for question, key, answer in asked
    ]


def of_its_day(agreement: Agreement, change: Change) -> list[tuple[Any, str]]:
    """The redline of a decided change against the words that it was written for."""
    wordings = agreement.wordings.filter(code=change.code, revision__lte=change.based_on).order_by("-revision")
    old = "" if change.operation == Operation.ADD else next(iter(wordings.values_list("text", flat=True)[:1]), "")
    if change.operation == Operation.REMOVE:
        return redline(old, "")
    if change.operation not in (Operation.REWORD, Operation.ADD):
        return []
    draft = written.draft_of(agreement, change.part)
    try:
        new = clause_profile.fill(
            change.text, draft.profile, draft.facts, {clause.code: clause.heading for clause in draft.clauses}
        )
    except ValidationError:
        new = change.text
    return redline(old, new)


def _belongs(change: Change, effect: Effect) -> bool:
    """A change of words is shown on its clause; answers are shown on every clause that follows them."""
    return change.operation == Operation.ANSWER or effect.code == change.code


def _spoken(question: Any, answer: Any) -> str:
    return "" if answer is None else question.display(answer)


def _place(after: Draft, change: Change) -> str:
    """The clause after which a moved, new or restored one would stand; "" is first."""
    codes = [clause.code for clause in after.clauses]
    if change.code not in codes:
        return ""
    index = codes.index(change.code)
    return codes[index - 1] if index else ""
