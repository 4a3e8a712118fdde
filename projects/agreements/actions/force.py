"""Entry into force: the rule, the acts it asks for, the depositary's confirmation, and from which day each party is bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.zones import today
from portal.history import record
from portal.inbox.jobs import defer
from portal.kit.actors import Actor
from portal.kit.records import require_version
from projects.actions import activate_when_covered
from projects.agreements import entry, written
from projects.agreements.actions.locking import audience, hold, lock
from projects.agreements.actions.tree import take_effect
from projects.agreements.entry.answers import CUSTOM, QUESTION
from projects.agreements.entry.current import with_deed
from projects.agreements.entry.evaluating import evaluate
from projects.agreements.entry.facts import Deed, Facts
from projects.agreements.entry.grammar import YEARS
from projects.agreements.jobs import seal_pdf
from projects.agreements.models import Act, Agreement, Part, Status
from projects.agreements.policies import AgreementPolicy
from projects.agreements.term import first_last_day
from projects.ip.actions import agree_assets

# The questions of a profile that make the rule.
ANSWERS = (QUESTION, "entry_count", "entry_named", "entry_share", "entry_days", "entry_date")
REFERENCE_LENGTH, WORDS_LENGTH = 120, 500


@transaction.atomic
def set_entry_rule(
    agreement: Agreement,
    *,
    actor: Actor,
    answers: Mapping[str, Any] | None = None,
    rule: Mapping[str, Any] | None = None,
    shares: Mapping[str, Decimal | None] | None = None,
    version: int | None = None,
) -> Agreement:
    """Say when the instrument enters into force; the clause follows, and every party has to agree to the text again.

    `answers` are those of the profile about entry into force, `rule` is a rule of the parties' own, `shares` by reference
    of party in percent. Raises ValidationError keyed by question, `rule` or `shares`.
    """
    agreement, _policy = lock(agreement, "set_entry_rule", actor)
    require_version(agreement, version, typed={**(answers or {}), **({"rule": rule} if rule else {})})
    answers = {**_about_entry(answers or {}), **({} if rule is None else {QUESTION: CUSTOM})}
    shared = _share(agreement, shares or {})
    before = written.draft_of(agreement)
    draft = before.answer(answers)
    set_to = _rule(agreement, draft.profile, rule)
    changed = sorted(key for key in draft.profile if draft.profile[key] != before.profile.get(key))
    if not changed and not shared and set_to == agreement.entry_rule:
        return agreement
    agreement.entry_rule = set_to
    draft = replace(draft, facts={**draft.facts, "entry_rule": entry.clause_words(agreement)})
    written.next_revision(agreement, {Part.OWN: draft}, actor=actor)
    record(
        "agreement.profile_changed", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"questions": changed or [QUESTION], "revision": agreement.revision, "rule": set_to},
    )  # fmt: skip
    return agreement


@transaction.atomic
def record_act(
    agreement: Agreement, *, actor: Actor, kind: str, done_on: date, reference: str = "", words: str = ""
) -> Agreement:
    """Tell the other parties and the depositary of an act of the actor's agency; it counts from the moment it is recorded.

    Raises ValidationError for an act that the rule does not ask of the agency, a day to come, or words too long.
    """
    agreement, policy = lock(agreement, "record_act", actor)
    party = policy.party
    assert party is not None
    assert agreement.text is not None
    reference, words = _checked_act(kind, done_on, reference, words, policy)
    # SECURITY: what counts is the portal's own clock; the day that a party states is told beside it.
    at = timezone.now()
    told = with_deed(policy.facts, party.agency.ref, kind, Deed(at))
    standing = evaluate(entry.rule_of(agreement), told)
    bound = join_late(agreement, told)
    event = record(
        "agreement.act_recorded", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"kind": kind, "done_on": done_on.isoformat(), "satisfied": standing.is_satisfied, **bound},
    )  # fmt: skip
    Act.objects.create(
        agreement=agreement, text=agreement.text, party=party, kind=kind, done_on=done_on, reference=reference, words=words,
        person=actor.person, recorded_at=at, event=event.uid,
    )  # fmt: skip
    agreement.bump().save()
    if agreement.is_effective:
        activate_when_covered(agreement.project, actor=actor)
    return agreement


@transaction.atomic
def enter_into_force(agreement: Agreement, *, actor: Actor) -> Agreement:
    """Confirm as depositary that the rule is satisfied; the agreement is in force from the day of the last act it asks for."""
    # Two amendments of one text must not both find it unchanged.
    hold(agreement.parent_id, agreement.pk)
    agreement, policy = lock(agreement, "enter_into_force", actor)
    day = policy.standing.day
    assert day is not None
    assert agreement.text is not None
    was_signing = agreement.status == Status.SIGNING
    agreement.in_force_on = day
    agreement.ends_on = first_last_day(agreement)
    agreement.move_to(Status.IN_FORCE)
    agreement.bump().save()
    bound = bind_parties(agreement, entry.facts_of(agreement))
    record(
        "agreement.entered_into_force", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={
            "on": day.isoformat(), "sha256": agreement.text.sha256, "rule": agreement.entry_rule, "bound": bound,
        },
    )  # fmt: skip
    if was_signing:
        defer(seal_pdf, ref=agreement.ref)
    listed = {row["ref"]: row for annex in agreement.text.document["annexes"] for row in annex["rows"] if "ref" in row}
    agree_assets(agreement.project, listed, actor=actor, agreement_ref=agreement.ref)
    take_effect(agreement, actor=actor)
    activate_when_covered(agreement.project, actor=actor)
    return agreement


def join_late(agreement: Agreement, told: Facts) -> dict[str, Any]:
    """Bind a party that does its part under a text in force; returns what its event says of that, nothing before."""
    return {"bound": bind_parties(agreement, told)} if agreement.is_effective else {}


def bind_parties(agreement: Agreement, told: Facts) -> dict[str, str]:
    """Write from which day each party is bound that has done its part, and return these days by reference, in ISO.

    The day of one that has its day stays.
    """
    bound = {}
    days = entry.bound_on(agreement, told)
    for party in agreement.party_list:
        if party.in_force_on is None and party.agency.ref in days:
            party.in_force_on = days[party.agency.ref]
            party.save()
            bound[party.agency.ref] = party.in_force_on.isoformat()
    return bound


def _about_entry(answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answers themselves; raises ValidationError for one to another question."""
    if answers.keys() - set(ANSWERS):
        raise ValidationError({QUESTION: [_("Only the questions about entry into force are answered here.")]})
    return answers


def _rule(agreement: Agreement, profile: Mapping[str, Any], rule: Mapping[str, Any] | None) -> dict[str, Any]:
    acronyms = {acronym: ref for ref, acronym in entry.acronyms_of(agreement).items()}
    try:
        return entry.rule_from(
            profile, entry.parties_of(agreement), acronyms=acronyms, stored=rule or agreement.entry_rule
        )
    except ValidationError as error:
        if rule is None:
            raise
        raise ValidationError({"rule": error.messages}) from error


def _share(agreement: Agreement, shares: Mapping[str, Decimal | None]) -> bool:
    """Write the shares that differ; raises ValidationError for one of nobody's, or outside 0 to 100."""
    parties = {party.agency.ref: party for party in agreement.party_list}
    if shares.keys() - parties.keys():
        raise ValidationError({"shares": [_("Shares are those of the parties.")]})
    changed = [(parties[ref], share) for ref, share in shares.items() if parties[ref].share != share]
    for party, share in changed:
        party.share = share
        try:
            party.clean_fields(exclude=[field.name for field in party._meta.fields if field.name != "share"])
        except ValidationError as error:
            raise ValidationError({"shares": error.messages}) from error
    for party, _share in changed:
        party.save()
    return bool(changed)


def _checked_act(kind: str, done_on: date, reference: str, words: str, policy: AgreementPolicy) -> tuple[str, str]:
    reference, words = reference.strip(), words.strip()
    errors: dict[str, list[Any]] = {}
    if kind not in policy.open_acts:
        errors["kind"] = [_("The rule does not ask your agency for this act, or it is recorded.")]
    assert policy.actor.agency is not None
    if done_on > today(policy.actor.agency.zone) or done_on.year not in YEARS:
        errors["done_on"] = [_("A day that has come at the seat of your agency.")]
    for name, value, most in (("reference", reference, REFERENCE_LENGTH), ("words", words, WORDS_LENGTH)):
        if len(value) > most or not value.isprintable():
            errors[name] = [_("One line of at most %(count)s characters.") % {"count": most}]
    if errors:
        raise ValidationError(errors)
    return reference, words
