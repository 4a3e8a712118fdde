"""Drawing an agreement from the library, and changing its words while only its drafter sees them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import Agency, InstrumentKind
from portal.history import record
from portal.kit.actors import Actor
from portal.kit.records import require_version
from projects.agreements import profile as clause_profile
from projects.agreements import tree, written
from projects.agreements.actions.locking import audience, lock
from projects.agreements.drafts import Draft
from projects.agreements.models import Agreement, Clause, Part, Party, Reader, Standing, Status
from projects.agreements.models.library import offered
from projects.agreements.policies import DraftingPolicy
from projects.models import Project

# An amendment and an accession begin at the agreement that they are about.
FROM_A_PROJECT = tuple(
    kind for kind in InstrumentKind if kind not in (InstrumentKind.AMENDMENT, InstrumentKind.ACCESSION)
)


@transaction.atomic
def draft_agreement(
    project: Project,
    *,
    actor: Actor,
    title: str,
    kind: str = InstrumentKind.IP_SHARING,
    answers: dict[str, Any] | None = None,
    parties: list[Agency] | None = None,
    parent: Agreement | None = None,
) -> Agreement:
    """Draw an agreement between the accepted parties of a project; only the drafter sees it until it is shared.

    `parent` is the umbrella it stands under. Raises ValidationError keyed by field for bad answers, an empty title, a
    kind that starts elsewhere, parties that have not accepted the project, or an umbrella that cannot bear it.
    """
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    project = Project.objects.with_agencies().get(pk=project.pk)
    DraftingPolicy(actor, project).require("draft")
    if kind not in FROM_A_PROJECT:
        raise ValidationError({"kind": [_("Choose one of the listed kinds.")]})
    chosen = _parties(project, actor, parties)
    require_bearing(parent, project=project.pk, parties={agency.pk for agency in chosen})
    return begin(
        project, actor=actor, title=title, kind=kind, answers=answers, parent=parent, parties=chosen
    )  # fmt: skip


def begin(
    project: Project,
    *,
    actor: Actor,
    title: str,
    kind: str,
    parties: list[Agency],
    answers: dict[str, Any] | None = None,
    parent: Agreement | None = None,
    newcomer: Agency | None = None,
    amended: Draft | None = None,
) -> Agreement:
    """Write a first draft, its parties and its first revision; whoever calls has asked the policy and holds the lock."""
    profile = clause_profile.clean({**clause_profile.defaults(kind), **(answers or {})}, kind)
    agreement = Agreement.objects.create(
        project=project,
        kind=kind,
        title=checked_title(title),
        parent=parent,
        newcomer=newcomer,
        drafter=actor.agency,
        depositary=parent.depositary if parent is not None else actor.agency,
        profile=profile,
        amended_profile=dict(amended.profile) if amended else {},
        changed_by=actor.agency,
    )
    Party.objects.bulk_create(
        Party(
            agreement=agreement,
            agency=agency,
            agency_name=agency.legal_name,
            native_name=agency.native_name,
            position=position,
        )
        for position, agency in enumerate(parties, start=1)
    )
    drafts: dict[str, Draft] = {Part.OWN: Draft(kind=kind, profile=profile, library=offered(kind))}
    if amended is not None:
        drafts[Part.AMENDED] = amended
    written.begin(agreement, drafts, actor=actor)
    record(
        "agreement.drafted", agreement, actor=actor, agencies=[actor.agency], scope=project.ref,
        facts={"kind": str(agreement.kind), **({"under": parent.ref} if parent is not None else {})},
    )  # fmt: skip
    return agreement


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


def require_bearing(parent: Agreement | None, *, project: int, parties: set[int], child: int | None = None) -> None:
    """Raise ValidationError, at `parent`, when an instrument between these parties cannot stand under another."""
    if parent is None:
        return
    if why := tree.cannot_stand_under(parent, project=project, parties=parties, child=child):
        raise ValidationError({"parent": [why]})


def open_to_readers(agreement: Agreement) -> None:
    """Let those read along who are concerned by a text that is shared now and are no party of it."""
    parent = agreement.parent
    rows = []
    if agreement.newcomer is not None and parent is not None:
        rows.append(Reader(agreement=parent, agency=agreement.newcomer, standing=Standing.NEWCOMER))
    if agreement.amends and parent is not None:
        concerned = {row.agency_id for row in tree.relying_on(parent)}
        rows += [Reader(agreement=agreement, agency_id=pk, standing=Standing.BENEFICIARY) for pk in concerned]
    Reader.objects.bulk_create(rows, ignore_conflicts=True)


def close_to_readers(agreement: Agreement) -> None:
    """Who read along because of a text that is given up has no ground to any more."""
    Reader.objects.filter(agreement=agreement).delete()
    if agreement.newcomer is not None and agreement.parent is not None:
        others = Agreement.objects.filter(parent=agreement.parent, newcomer=agreement.newcomer).exclude(pk=agreement.pk)
        if not others.exclude(status=Status.ABANDONED).exclude(status=Status.DRAFT).exists():
            parent = Reader.objects.filter(agreement=agreement.parent, agency=agreement.newcomer)
            parent.filter(standing=Standing.NEWCOMER).delete()


def checked_title(title: str) -> str:
    """A title as it stands on the signed text; ValidationError for none, or for one that cannot be printed."""
    title = title.strip()
    if not title:
        raise ValidationError({"title": [_("Give the agreement a title.")]})
    if len(title) > 200 or not title.isprintable():
        raise ValidationError({"title": [_("One line of at most 200 characters.")]})
    return title


def clause_of(agreement: Agreement, code: str) -> Clause:
    """The clause of that code as it is stored; ValidationError when there is none."""
    clause = next((clause for clause in agreement.clauses.all() if clause.code == code), None)
    if clause is None:
        raise ValidationError({"clause": [_("This agreement has no such clause.")]})
    return clause


def part_of(agreement: Agreement, code: str) -> str:
    """The part in which a clause stands, or stood before it was left out."""
    for part in written.parts_of(agreement):
        if code in agreement.outlines.get(part, {}).get("left_out", ()):
            return part
    return clause_of(agreement, code).part


def new_code(agreement: Agreement) -> str:
    """A code for a clause of the parties' own that no clause and no wording of this agreement has had."""
    known = set(agreement.wordings.filter(code__startswith="own-").values_list("code", flat=True))
    known |= set(agreement.changes.filter(code__startswith="own-").values_list("code", flat=True))
    known |= {clause.code for clause in agreement.clauses.all()}
    return next(code for number in range(1, len(known) + 2) if (code := f"own-{number}") not in known)


def _says_the_model(draft: Draft, before: Draft, code: str) -> bool:
    """Whether the words that were typed are those the clause has already, so that it departs from nothing."""
    return draft.clause(code).template == before.clause(code).template and draft.added == before.added


def _write(agreement: Agreement, part: str, draft: Draft, actor: Actor, verb: str, code: str, words: str) -> None:
    written.next_revision(agreement, {part: draft}, actor=actor)
    record(
        verb, agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"clause": code, "revision": agreement.revision, "sha256": hashlib.sha256(words.encode()).hexdigest()},
    )  # fmt: skip


def _parties(project: Project, actor: Actor, wanted: list[Agency] | None) -> list[Agency]:
    """The drafter first, then the others in the order they joined."""
    accepted = [participation.agency for participation in project.parties()]
    chosen = accepted if wanted is None else [agency for agency in accepted if agency in wanted]
    if wanted is not None and (strangers := [agency.acronym for agency in wanted if agency not in accepted]):
        raise ValidationError(
            {"parties": [_("Not an accepted party of the project: %(names)s.") % {"names": ", ".join(strangers)}]}
        )
    if actor.agency not in chosen or len(chosen) < 2:
        raise ValidationError({"parties": [_("Your agency and at least one other that has accepted the project.")]})
    return sorted(chosen, key=lambda agency: agency != actor.agency)


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
