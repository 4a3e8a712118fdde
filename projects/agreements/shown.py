"""The text as its page shows it: each clause with what changed in it, what is proposed, and what stands in brackets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from projects.agreements.board import Board, Proposal
from projects.agreements.models import Audience, Bracket, Clause, Operation, Party
from projects.agreements.negotiation import SHARED
from projects.agreements.paragraphs import Paragraph, paragraphs
from projects.agreements.policies import AgreementPolicy
from projects.agreements.policies.comments import CommentPolicy
from projects.agreements.redline import Allowance, redline
from projects.agreements.turns import Turn, turns

# A run of words, and the bracket that they stand in.
Segment = tuple[str, Bracket | None]


@dataclass
class ClauseRow:
    """A clause of the text. `redline` and `is_new` say what the reader's party has not agreed to yet."""

    clause: Clause
    paragraphs: list[Paragraph]
    redline: list[Any] | None = None
    is_new: bool = False
    proposals: list[Proposal] = field(default_factory=list)
    added: list[Proposal] = field(default_factory=list)
    redrawn_by: list[Proposal] = field(default_factory=list)
    brackets: list[Bracket] = field(default_factory=list)
    bracketed: list[dict[str, Any]] = field(default_factory=list)
    is_agreed: bool = False
    comments: int = 0

    @property
    def waiting(self) -> list[str]:
        """Who has not answered a change to this clause."""
        names = (party.agency.acronym for proposal in self.proposals for party in proposal.waiting)
        return list(dict.fromkeys(names))

    @property
    def is_ours(self) -> bool:
        return any(proposal.is_ours_to_answer for proposal in self.proposals)

    @property
    def whole(self) -> list[Bracket]:
        """Brackets around the clause as a whole: also those whose words it does not have any more."""
        inline = {part[1].pk for row in self.bracketed for part in _parts(row) if part[1] is not None}
        return [bracket for bracket in self.brackets if bracket.pk not in inline]

    @property
    def state(self) -> str:
        """Whether it is "open" for the reader, "waiting" for others, or "agreed": nothing is open in it."""
        if self.is_ours or self.brackets or self.redline or self.is_new:
            return "open"
        return "waiting" if self.proposals else "agreed"


@dataclass
class Reading:
    """The whole page of a text."""

    rows: list[ClauseRow]
    first: list[Proposal]
    answers: list[Proposal]
    turns: list[Turn]

    @property
    def open_rows(self) -> list[ClauseRow]:
        return [row for row in self.rows if row.proposals or row.brackets]

    @property
    def open_count(self) -> int:
        return len(self.open_rows)

    @property
    def is_anything_open(self) -> bool:
        return bool(self.open_rows or self.first or self.answers or any(row.added for row in self.rows))


def read_text(policy: AgreementPolicy) -> Reading:
    """Draw the text for one reader; while it is shared with everything that is open in it."""
    agreement, negotiation = policy.agreement, policy.negotiation
    is_shared = agreement.status in SHARED and policy.party is not None
    board = Board(policy)
    proposals = board.proposals if is_shared else []
    rows = [_row(policy, clause, board.allowance) for clause in agreement.clauses.all()]
    by_code = {row.clause.code: row for row in rows}
    reading = Reading(rows, [], [], turns(policy) if is_shared else [])
    for proposal in proposals:
        _put(proposal, by_code, reading)
    for bracket in negotiation.brackets if is_shared else ():
        if (row := by_code.get(bracket.code)) is not None:
            row.brackets.append(bracket)
    for row in rows:
        if row.brackets:
            row.bracketed = [_with_brackets(paragraph, row.brackets) for paragraph in row.paragraphs]
    return reading


def talk(policy: AgreementPolicy, code: str) -> dict[str, Any]:
    """What is said about a clause, or about the whole text; answers stand under what they answer."""
    negotiation = policy.negotiation
    threads: dict[int, list[CommentPolicy]] = {}
    root: dict[int, int] = {}
    for comment in negotiation.comments:
        root[comment.pk] = root.get(comment.reply_to_id or 0, comment.pk)
        threads.setdefault(root[comment.pk], []).append(CommentPolicy(policy, comment))
    parties = [party.agency for party in policy.agreement.party_list if party.has_not_left]
    return {
        "open": [row for thread in threads.values() for row in thread if row.comment.resolved_at is None],
        "resolved": [row for thread in threads.values() for row in thread if row.comment.resolved_at is not None],
        "internal": negotiation.counts.get((code, Audience.INTERNAL), 0),
        "shared": negotiation.counts.get((code, Audience.SHARED), 0),
        "readers": parties,
        "names": get_text_list([agency.acronym for agency in parties], _("and")),
    }


def _row(policy: AgreementPolicy, clause: Clause, allowance: Allowance) -> ClauseRow:
    agreement, negotiation, party = policy.agreement, policy.negotiation, policy.party
    row = ClauseRow(clause, paragraphs(clause.position, clause.text))
    row.comments = sum(count for (code, _audience), count in negotiation.counts.items() if code == clause.code)
    # SECURITY: who reads the text without being a party learns nothing of how it came about.
    if not agreement.is_open or agreement.revision == 1 or party is None:
        return row
    if clause.revision > _revision_known(policy, party):
        before = negotiation.known.get(clause.code)
        row.is_new = before is None
        row.redline = redline(before, clause.text, allowance) if before is not None and before != clause.text else None
    row.is_agreed = clause.revision in negotiation.settled or all(
        clause.revision <= negotiation.revision_at(other.agreed_at)
        for other in agreement.party_list
        if other.has_not_left
    )
    return row


def _revision_known(policy: AgreementPolicy, party: Party) -> int:
    """The revision that a party agreed to last; before any, the one before the present, but no draft of another agency."""
    agreement, negotiation = policy.agreement, policy.negotiation
    if party.agreed_at:
        return negotiation.revision_at(party.agreed_at)
    first = 0 if party.agency_id == agreement.drafter_id else negotiation.revision_at(negotiation.shared_at)
    return max(first, agreement.revision - 1)


def _put(proposal: Proposal, by_code: dict[str, ClauseRow], reading: Reading) -> None:
    """Show a change where it belongs: on its clause, after the clause that it would follow, or beside the profile."""
    change = proposal.change
    if change.operation == Operation.ANSWER:
        reading.answers.append(proposal)
        for effect in proposal.effects:
            if (row := by_code.get(effect.code)) is not None:
                row.redrawn_by.append(proposal)
    elif (row := by_code.get(change.code)) is not None:
        row.proposals.append(proposal)
    elif proposal.place is not None:
        by_code[proposal.place.code].added.append(proposal)
    else:
        reading.first.append(proposal)


def _with_brackets(paragraph: Paragraph, brackets: Iterable[Bracket]) -> dict[str, Any]:
    brackets = list(brackets)
    return {
        "number": paragraph.number,
        "segments": segments(paragraph.text, brackets),
        "items": [{"mark": item.mark, "segments": segments(item.text, brackets)} for item in paragraph.items],
    }


def segments(text: str, brackets: Iterable[Bracket]) -> list[Segment]:
    """The text in runs, each with the bracket in which it stands; of words that overlap the earlier bracket is shown."""
    runs: list[Segment] = [(text, None)]
    for bracket in brackets:
        if not bracket.words:
            continue
        for index, (run, taken) in enumerate(runs):
            if taken is None and bracket.words in run:
                before, after = run.split(bracket.words, 1)
                runs[index : index + 1] = [(before, None), (bracket.words, bracket), (after, None)]
                break
    return [run for run in runs if run[0]]


def _parts(row: dict[str, Any]) -> list[Segment]:
    return [*row["segments"], *(segment for item in row["items"] for segment in item["segments"])]
