"""What stands open in a shared text: changes that wait, words in brackets, approvals that are asked; read in one query."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from portal.history.models import Event
from portal.kit.prepared import Blank, Prepared
from projects.agreements.models import (
    Agreement,
    Answer,
    Approval,
    Bracket,
    Change,
    Clause,
    ClauseWording,
    Comment,
    Decision,
    ModelClause,
    Operation,
    Party,
    Revision,
    Status,
)
from projects.agreements.models.agreement import AgreementQuerySet

SHARED = (Status.NEGOTIATING, Status.TEXT_AGREED)
CHANGE = (
    "id", "number", "round", "operation", "part", "code", "based_on", "heading", "text", "after", "answers", "note",
    "agency_id", "person_id", "proposed_at", "due_at", "status",
)  # fmt: skip
BRACKET = ("id", "code", "words", "note", "agency_id", "person_id", "placed_at")
COMMENT = (
    "id", "code", "agency_id", "person_id", "audience", "words", "reply_to_id", "at", "widened_at", "resolved_at",
)  # fmt: skip
ANSWER = ("change_id", "agency_id", "verdict", "at")
MODEL_CLAUSE = ("id", "kind", "code", "heading", "group", "alternate", "label", "note", "text", "when", "after")
APPROVAL = ("agency_id", "position", "approved_sha256")
# What draws clauses from the model again, which may have others by now.
FROM_MODEL = (Operation.ANSWER, Operation.RESTORE)
KEPT, READ = "_negotiation", "_read_along"


@dataclass(frozen=True)
class Negotiation:
    """The open matters of one agreement. `known` are the wordings that the reader's agency knew, where others stand now.

    `given` are the answers to the open changes, by change and agency; `revisions` the moments at which they came;
    `settled` the revisions that came from a change which every party accepted; `shared_at` is when the others saw the text
    first. Talk is there when it was asked for, and then `model_clauses` too: what the operators offer beside the clauses
    of the portal, where an open change would draw the text from the model again.
    """

    changes: list[Change] = field(default_factory=list)
    given: Mapping[int, Mapping[int, Answer]] = field(default_factory=dict)
    brackets: list[Bracket] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    revisions: list[tuple[int, datetime]] = field(default_factory=list)
    settled: frozenset[int] = frozenset()
    shared_at: datetime | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    model_clauses: list[ModelClause] | None = None

    def change(self, number: int) -> Change | None:
        return next((change for change in self.changes if change.number == number), None)

    def answer_of(self, change: Change, agency_id: int | None) -> Answer | None:
        return self.given_to(change).get(agency_id or 0)

    def given_to(self, change: Change) -> Mapping[int, Answer]:
        """The answers to an open change, by the agency that gave each."""
        return self.given.get(change.pk, {})

    def waits_for(self, change: Change, party: Party) -> bool:
        """Whether the change waits for this party."""
        return must_answer(party, change.agency_id, self.given_to(change))

    def revision_at(self, moment: datetime | None) -> int:
        """The revision that stood at a moment; 0 before the first."""
        return max((number for number, at in self.revisions if moment is not None and at <= moment), default=0)

    def approval_state(self, agency_id: int, sha256: str) -> str:
        """All that others may know of an agency's internal approvals: "none", "done" or "open"."""
        lines = [line for line in self.approvals if line.agency_id == agency_id]
        if not lines:
            return "none"
        return "done" if all(line.approved_sha256 == sha256 for line in lines) else "open"


def must_answer(party: Party, proposer: int, given: Container[int | None]) -> bool:
    """Whether an open change waits for a party: it takes part, did not propose the change, and has not answered it.

    `proposer` is the agency that did; `given` are those that answered.
    """
    return party.has_not_left and party.agency_id != proposer and party.agency_id not in given


def negotiation_of(agreement: Agreement) -> Negotiation:
    """What stands open in an agreement: as it was read along, or read when it is first asked for."""
    kept: Negotiation | None = agreement.__dict__.get(KEPT)
    if kept is None:
        kept = _read(agreement) if agreement.is_open else Negotiation()
        agreement.__dict__[KEPT] = kept
    return kept


def along(agreements: AgreementQuerySet, *, agency_id: int | None, about: str | None = None) -> AgreementQuerySet:
    """Read agreements with what stands open in each, for a reader of one agency, in the query that reads them.

    `about` adds the talk about a clause, "" that about the whole text. Whoever fetches calls `keep` on the row.
    """
    filled = OPEN.filled() if about is None else WITH_TALK.filled(agency=agency_id or 0, about=about)
    return agreements.annotate(**filled)


def keep(agreement: Agreement) -> Negotiation:
    """Take what was read along with an agreement, so that nothing of it is read again."""
    names = [name for name in agreement.__dict__ if name.endswith(READ)]
    found = _drawn_from(agreement, {name.removesuffix(READ): agreement.__dict__.pop(name) for name in names})
    agreement.__dict__[KEPT] = found
    return found


def _read(agreement: Agreement) -> Negotiation:
    rows: Any = Agreement.objects.filter(pk=agreement.pk).order_by().values(**OPEN.filled()).get()
    return _drawn_from(agreement, {name.removesuffix(READ): row for name, row in rows.items()})


def _open() -> dict[str, QuerySet[Any]]:
    answers = Answer.objects.filter(change__agreement=OuterRef("pk"), change__status=Decision.OPEN)
    return {
        "changes": _as(Change, "number", CHANGE, "person").filter(status=Decision.OPEN),
        "given": _json(answers, ANSWER),
        "brackets": _as(Bracket, "pk", BRACKET, "person").filter(lifted_at=None),
        "approvals": _as(Approval, "position", APPROVAL),
    }


def _talk() -> dict[str, QuerySet[Any]]:
    agency, about = Blank("agency", IntegerField()), Blank("about", CharField())
    readable = Comment.objects.read_by(agency).filter(agreement=OuterRef("pk"))
    counts = readable.unresolved().order_by().values("code", "audience").annotate(count=Count("pk"))
    return {
        "revisions": _as(Revision, "number", ("number", "at")),
        "accepted": _as(Change, "number", ("applied_in",)).filter(status=Decision.ACCEPTED),
        "shared": _shared(OuterRef("ref")).values(row=JSONObject(at=F("at"))),
        "known": _known(agency),
        "counts": counts.values(row=JSONObject(code=F("code"), audience=F("audience"), count=F("count"))),
        "comments": _json(readable.filter(code=about).order_by("pk"), COMMENT, "person"),
        "model_clauses": _model_clauses(),
    }


def _drawn_from(agreement: Agreement, rows: Mapping[str, list[Any]]) -> Negotiation:
    agencies = {party.agency_id: party.agency for party in agreement.party_list}
    given: dict[int, dict[int, Answer]] = {}
    for answer in (_drawn(Answer, row, agencies) for row in rows.get("given", ())):
        given.setdefault(answer.change_id, {})[answer.agency_id] = answer
    return Negotiation(
        changes=[_drawn(Change, row, agencies) for row in rows.get("changes", ())],
        given=given,
        brackets=[_drawn(Bracket, row, agencies) for row in rows.get("brackets", ())],
        approvals=[_drawn(Approval, row, agencies) for row in rows.get("approvals", ())],
        revisions=[(row["number"], datetime.fromisoformat(row["at"])) for row in rows.get("revisions", ())],
        settled=frozenset(row["applied_in"] for row in rows.get("accepted", ())),
        shared_at=next((datetime.fromisoformat(row["at"]) for row in rows.get("shared", ())), None),
        known={row["code"]: row["text"] for row in rows.get("known", ())},
        comments=[_drawn(Comment, row, agencies) for row in rows.get("comments", ())],
        counts={(row["code"], row["audience"]): row["count"] for row in rows.get("counts", ())},
        model_clauses=[ModelClause(**row) for row in rows["model_clauses"]] if "model_clauses" in rows else None,
    )


def _as(model: Any, order: str, names: tuple[str, ...], *joined: str) -> QuerySet[Any]:
    return _json(model.objects.filter(agreement=OuterRef("pk")).order_by(order), names, *joined)


def _json(rows: QuerySet[Any], names: tuple[str, ...], *joined: str) -> QuerySet[Any]:
    """Each row as one object, with the names of the people in it."""
    people = {f"{name}_name": F(f"{name}__name") for name in joined}
    return rows.values(row=JSONObject(**{name: F(name) for name in names}, **people))


def _known(agency: Blank) -> QuerySet[Any]:
    """The last wordings that a party knew of clauses that say something else now; nobody else knows any.

    That is the text it last agreed to; before it has agreed to any, the text before the present revision.
    SECURITY: what the drafter had written before it shared the text, and did not leave in it, is known to the drafter alone.
    """
    party = Party.objects.filter(agreement=OuterRef("agreement"), agency=agency)
    newer = Clause.objects.filter(
        agreement=OuterRef("agreement"), code=OuterRef("code"), revision__gt=OuterRef("revision")
    )
    shared = Subquery(_shared(OuterRef("agreement__ref")).values("at"))
    replaced = ClauseWording.objects.filter(
        agreement=OuterRef("agreement"), code=OuterRef("code"), revision__gt=OuterRef("revision"), at__lte=shared
    )
    wordings = ClauseWording.objects.filter(Exists(newer), Exists(party), agreement=OuterRef("pk"))
    wordings = wordings.filter(Q(agreement__drafter=agency) | ~Exists(replaced))
    wordings = wordings.annotate(agreed=Subquery(party.values("agreed_at")[:1]))
    knew = Q(at__lte=F("agreed")) | Q(agreed=None, revision__lt=F("agreement__revision"))
    newest = wordings.filter(knew).order_by("code", "-revision").distinct("code")
    return newest.values(row=JSONObject(code=F("code"), text=F("text")))


def _model_clauses() -> QuerySet[Any]:
    """What the operators offer for the kind of the text, or of the one that it amends, if an open change may need it."""
    needing = Change.objects.filter(agreement=OuterRef(OuterRef("pk")), status=Decision.OPEN, operation__in=FROM_MODEL)
    itself, above = Q(pk=OuterRef(OuterRef("pk"))), Q(pk=OuterRef(OuterRef("parent")))
    kinds = Agreement.objects.filter(itself | above).order_by().values("kind")
    rows = ModelClause.objects.filter(Exists(needing), kind__in=kinds, is_current=True)
    return _json(rows.order_by("pk"), MODEL_CLAUSE)


def _shared(ref: OuterRef) -> QuerySet[Any]:
    """The event with which the others saw the text first."""
    return Event.objects.filter(verb="agreement.shared", target_ref=ref).order_by("pk")[:1]


def _drawn(model: Any, row: dict[str, Any], agencies: Mapping[int, Any]) -> Any:
    """A row as its model, with its agency from those that were read already, and the name of its person."""
    name = row.pop("person_name", "")
    moments = {
        key: datetime.fromisoformat(row[key]) for key in row if row[key] and (key == "at" or key.endswith("_at"))
    }
    drawn = model(**{**row, **moments})
    drawn._state.adding, drawn._state.db = False, "default"
    if (agency := agencies.get(drawn.agency_id)) is not None:
        drawn.agency = agency
    drawn.person_name = name
    return drawn


def _read_along(sources: Mapping[str, QuerySet[Any]]) -> dict[str, ArraySubquery]:
    return {f"{name}{READ}": ArraySubquery(rows) for name, rows in sources.items()}


OPEN = Prepared(Agreement, lambda: _read_along(_open()))
WITH_TALK = Prepared(Agreement, lambda: _read_along(_open() | _talk()))
