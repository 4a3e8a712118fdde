"""Drawing an agreement from the library, and changing its words until it is frozen."""

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
from projects.agreements import entry
from projects.agreements import profile as clause_profile
from projects.agreements.actions.locking import audience, lock
from projects.agreements.models import Agreement, Clause, ClauseWording, Party, Status
from projects.agreements.policies import DraftingPolicy
from projects.models import Project

MAX_CLAUSE = 20_000


@transaction.atomic
def draft_agreement(
    project: Project,
    *,
    actor: Actor,
    title: str,
    answers: dict[str, Any] | None = None,
    parties: list[Agency] | None = None,
) -> Agreement:
    """Draw an IP-sharing agreement between the accepted parties of a project; only the drafter sees it until it is shared.

    Raises ValidationError keyed by field for bad answers, an empty title, or parties that have not accepted the project.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    project = Project.objects.with_agencies().get(pk=project.pk)
    DraftingPolicy(actor, project).require("draft")
    title = title.strip()
    if not title:
        raise ValidationError({"title": [_("Give the agreement a title.")]})
    if len(title) > 200 or "\x00" in title:
        raise ValidationError({"title": [_("At most 200 characters.")]})
    chosen = _parties(project, actor, parties)
    profile = clause_profile.clean({**clause_profile.defaults(), **(answers or {})})
    agreement = Agreement.objects.create(
        project=project,
        kind=InstrumentKind.IP_SHARING,
        title=title,
        drafter=actor.agency,
        depositary=actor.agency,
        profile=profile,
        entry_rule=entry.RULES[str(profile["entry_into_force"])],
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
        for position, agency in enumerate(chosen, start=1)
    )
    _draw_clauses(agreement, actor, custom={})
    record(
        "agreement.drafted",
        agreement,
        actor=actor,
        agencies=[actor.agency],
        scope=project.ref,
        facts={"kind": str(agreement.kind)},
    )
    return agreement


@transaction.atomic
def answer_profile(
    agreement: Agreement, *, actor: Actor, answers: dict[str, Any], version: int | None = None
) -> Agreement:
    """Change the typed answers; clauses drawn from the model follow, clauses in free wording stay."""
    agreement, _policy = lock(agreement, "edit", actor)
    require_version(agreement, version, typed=answers, newer=_stored(agreement), words=_spoken())
    profile = clause_profile.clean({**agreement.profile, **answers})
    changed = sorted(key for key in profile if profile[key] != agreement.profile.get(key))
    if not changed:
        return agreement
    agreement.profile = profile
    agreement.entry_rule = entry.RULES[str(profile["entry_into_force"])]
    _next_revision(agreement, actor)
    _draw_clauses(agreement, actor, custom=_free_wordings(agreement))
    record(
        "agreement.profile_changed", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"questions": changed, "revision": agreement.revision},
    )  # fmt: skip
    return agreement


@transaction.atomic
def word_clause(agreement: Agreement, code: str, *, actor: Actor, text: str, version: int | None = None) -> Agreement:
    """Give a clause free wording, which departs from the model; every party has to agree to the text again."""
    agreement, _policy = lock(agreement, "edit", actor)
    clause = _clause(agreement, code)
    require_version(agreement, version, typed={"text": text}, newer={"text": (clause.heading, clause.template)})
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise ValidationError(
            {"text": [_("A clause needs words. To leave it out, choose another alternate in the profile.")]}
        )
    if len(text) > MAX_CLAUSE:
        raise ValidationError(
            {"text": [_("A clause has at most 20,000 characters; this one has %(count)s.") % {"count": len(text)}]}
        )
    _refuse_unprintable(text)
    if text != clause.template:
        try:
            clause_profile.check_text(text)
        except ValidationError as error:
            raise ValidationError({"text": error.messages}) from error
        _next_revision(agreement, actor)
        _draw_clauses(agreement, actor, custom={**_free_wordings(agreement), code: text})
        _record_wording(agreement, code, text, actor)
    return agreement


@transaction.atomic
def restore_clause(agreement: Agreement, code: str, *, actor: Actor, version: int | None = None) -> Agreement:
    """Put the model's words back in a clause."""
    agreement, _policy = lock(agreement, "edit", actor)
    require_version(agreement, version)
    clause = _clause(agreement, code)
    if clause.departs:
        _next_revision(agreement, actor)
        custom = {kept: words for kept, words in _free_wordings(agreement).items() if kept != code}
        _draw_clauses(agreement, actor, custom=custom)
        _record_wording(agreement, code, "", actor)
    return agreement


@transaction.atomic
def share(agreement: Agreement, *, actor: Actor) -> Agreement:
    """Show the draft to the other parties: negotiation begins."""
    agreement, _policy = lock(agreement, "share", actor)
    agreement.move_to(Status.NEGOTIATING)
    agreement.bump().save()
    record(
        "agreement.shared", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"parties": [party.agency.ref for party in agreement.party_list]},
    )  # fmt: skip
    return agreement


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


def _draw_clauses(agreement: Agreement, actor: Actor, *, custom: dict[str, str]) -> None:
    """Draw every clause from the profile, the library and the parties' own words, and keep each wording that is new."""
    before = {clause.code: clause for clause in Clause.objects.filter(agreement=agreement)}
    facts = {"project_title": agreement.project.title, "project_ref": agreement.project.ref}
    drawn = clause_profile.assemble(agreement.profile, agreement.kind, facts=facts, custom=custom)
    Clause.objects.filter(agreement=agreement).exclude(code__in=[text.code for text in drawn]).delete()
    for text in drawn:
        clause = before.get(text.code) or Clause(agreement=agreement, code=text.code)
        is_new = (clause.template, clause.text) != (text.template, text.text)
        clause.position, clause.group, clause.alternate, clause.heading = (
            text.number,
            text.group,
            text.alternate,
            text.heading,
        )
        clause.template, clause.text, clause.departs = text.template, text.text, text.code in custom
        if is_new:
            clause.revision, clause.changed_by = agreement.revision, actor.agency
        clause.save()
        if is_new:
            _keep_wording(agreement, clause, actor)


def _free_wordings(agreement: Agreement) -> dict[str, str]:
    """The words of the parties' own, by clause."""
    return {clause.code: clause.template for clause in Clause.objects.filter(agreement=agreement, departs=True)}


def _keep_wording(agreement: Agreement, clause: Clause, actor: Actor) -> None:
    ClauseWording.objects.create(
        agreement=agreement, code=clause.code, revision=agreement.revision, heading=clause.heading, text=clause.text,
        agency=actor.agency, person=actor.person,
    )  # fmt: skip


def _next_revision(agreement: Agreement, actor: Actor) -> None:
    """Count a new revision. Whoever agreed, agreed to other words: their hash no longer matches, so nobody has to be reset."""
    agreement.revision += 1
    agreement.changed_by = actor.agency
    if agreement.status == Status.TEXT_AGREED:
        agreement.move_to(Status.NEGOTIATING)
    agreement.bump().save()


def _record_wording(agreement: Agreement, code: str, text: str, actor: Actor) -> None:
    record(
        "agreement.clause_worded", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"clause": code, "revision": agreement.revision, "sha256": hashlib.sha256(text.encode()).hexdigest()},
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


def _clause(agreement: Agreement, code: str) -> Clause:
    clause = next((clause for clause in agreement.clauses.all() if clause.code == code), None)
    if clause is None:
        raise ValidationError({"clause": [_("This agreement has no such clause.")]})
    return clause


def _refuse_unprintable(text: str) -> None:
    # SECURITY: what cannot be printed cannot be read before signing.
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValidationError({"text": [_("The text has a character that cannot be printed.")]})
