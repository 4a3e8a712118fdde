"""How a dispute begins: who claims what against whom, what is answered, and who speaks; each verb records one event."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency, Membership
from portal.kit.actors import Actor
from portal.kit.lines import required
from projects.ip.actions.climbing import again, digest, locked, write_down
from projects.ip.ladder import Rung, cure, rules_between, rungs
from projects.ip.models import (
    AccessRequest,
    Asset,
    Dispute,
    DisputeKind,
    DisputeLevel,
    DisputeParty,
    DisputeStatus,
    DisputeSubject,
    Representative,
    RequestStatus,
    Side,
    UrgentMeasure,
)
from projects.ip.policies import DisputingPolicy
from projects.ip.policies.disputes import contest_refusal
from projects.ip.subjects import find_subject
from projects.models import Project

CLAIM, SOUGHT, NOTE = 10_000, 4_000, 4_000


@transaction.atomic
def open_dispute(
    project: Project,
    *,
    actor: Actor,
    against: Iterable[str],
    subject_kind: str,
    subject_ref: str,
    claim: str,
    sought: str,
    clause: str = "",
    kind: str = DisputeKind.DIFFERENCE,
    start_level: int = 1,
) -> Dispute:
    """Claim something against other parties; the levels and their times are laid down from the agreement that binds them.

    `against` are references of agencies. A notice of breach is against one party and goes to all others as a copy; its
    time to cure runs instead of the levels. `start_level` 2 is for a request that was not answered in time.
    """
    policy = DisputingPolicy(actor, project)
    policy.require("open")
    respondents = _respondents(policy, list(against), kind)
    subject = find_subject(project, subject_kind, subject_ref, clause=clause, actor=actor)
    if start_level != 1:
        _require_silence(subject.record, start_level)
    sides = [actor.agency, *respondents]
    rules = rules_between(project, sides)
    opened_at = timezone.now()
    is_breach = kind == DisputeKind.BREACH
    levels = (
        [cure(rules, respondents[0], noticed_at=opened_at)]
        if is_breach
        else rungs(rules, sides, opened_at=opened_at, start_level=start_level)
    )
    dispute = Dispute.objects.create(
        project=project,
        kind=kind,
        opened_by=actor.agency,
        opened_at=opened_at,
        subject_kind=subject.kind,
        subject_ref=subject.ref,
        clause=clause,
        claim=required("claim", claim, _("Say what you claim."), CLAIM),
        sought=required("sought", sought, _("Say what outcome you seek."), SOUGHT),
        agreement=rules.terms.agreement if rules.terms else "",
        day_basis=rules.day_basis,
        final_step="" if is_breach else rules.final_step,
        seat="" if is_breach else rules.seat,
        final_days=rules.days[DisputeStatus.HEADS_OF_AGENCY] if rules.final_step == DisputeStatus.MEDIATION else None,
        status=levels[0].status,
    )
    _lay_down(dispute, levels, start_level)
    _write_parties(dispute, respondents, policy.opponents if is_breach else [])
    write_down(
        "dispute.opened",
        dispute,
        actor=actor,
        facts={
            "kind": kind,
            "about": subject.ref,
            "against": sorted(agency.ref for agency in respondents),
            "level": dispute.status,
            "agreement": dispute.agreement,
            "claim": digest(dispute.claim, dispute.sought),
        },
    )
    return dispute


def open_from_contest(asset: Asset, *, actor: Actor, claim: str, sought: str) -> Dispute:
    """Take a contest of an entry to the parties: the one that contests it and the one that made it are at odds.

    The entry stays as it is, and so does the contest.
    """
    refusal = contest_refusal(actor, asset)
    if refusal:
        raise refusal
    assert asset.contested_by is not None
    at_odds = {asset.party.ref, asset.contested_by.ref}
    return open_dispute(
        asset.project,
        actor=actor,
        against=at_odds - {actor.agency.ref},
        subject_kind=DisputeSubject.ASSET,
        subject_ref=asset.ref,
        claim=claim,
        sought=sought,
    )


@transaction.atomic
def answer_dispute(dispute: Dispute, *, actor: Actor, answer: str) -> Dispute:
    """Say for a respondent what it answers; silence admits nothing."""
    dispute, policy = locked(dispute, "answer", actor)
    party = policy.party
    assert party is not None
    party.answer, party.answered_at = required("answer", answer, _("Say what you answer."), CLAIM), timezone.now()
    party.save()
    dispute.bump().save()
    write_down("dispute.answered", dispute, actor=actor, facts={"answer": digest(party.answer)})
    return dispute


@transaction.atomic
def name_representative(dispute: Dispute, *, actor: Actor, level: str, membership: Membership) -> Dispute:
    """Name a colleague to speak for one's agency at a level; who was named before for it no longer does."""
    dispute, _policy = locked(dispute, "name_representative", actor)
    if membership.agency_id != actor.agency_id or not membership.is_live:
        raise ValidationError({"membership": [_("Choose somebody who is a member of your agency now.")]})
    if level not in {row.status for row in dispute.levels.all()}:
        raise ValidationError({"level": [_("This dispute has no such level.")]})
    facts = {"membership": membership, "person_name": membership.person.name, "named_at": timezone.now()}
    Representative.objects.update_or_create(dispute=dispute, agency=actor.agency, level=level, defaults=facts)
    dispute.bump().save()
    dispute = again(dispute)
    write_down(
        "dispute.representative_named", dispute, actor=actor, facts={"level": level, "membership": membership.ref}
    )
    return dispute


@transaction.atomic
def note_urgent_measure(dispute: Dispute, *, actor: Actor, before: str, sought_on: date, note: str) -> UrgentMeasure:
    """Note that one's agency sought an urgent measure; the levels run on."""
    dispute, _policy = locked(dispute, "note_urgent_measure", actor)
    if sought_on > timezone.now().astimezone(actor.zone).date():
        raise ValidationError({"sought_on": [_("Note it when it has been sought; this day is still to come.")]})
    measure = UrgentMeasure.objects.create(
        dispute=dispute,
        agency=actor.agency,
        agency_name=actor.agency.legal_name,
        before=required("before", before, _("Say which court or authority was asked."), 200),
        sought_on=sought_on,
        note=required("note", note, _("Say what was asked for."), NOTE),
    )
    write_down("dispute.urgent_measure_noted", dispute, actor=actor, facts={"on": sought_on.isoformat()})
    return measure


def _respondents(policy: DisputingPolicy, against: list[str], kind: str) -> list[Agency]:
    known = {agency.ref: agency for agency in policy.opponents}
    if not against:
        raise ValidationError({"against": [_("Say against whom you claim it.")]})
    for ref in against:
        if ref not in known:
            raise ValidationError({"against": [_("%(agency)s is no other party of this project.") % {"agency": ref}]})
    if kind == DisputeKind.BREACH and len(set(against)) != 1:
        raise ValidationError({"against": [_("A notice of breach names one party.")]})
    return [known[ref] for ref in sorted(set(against))]


def _require_silence(request: Any, start_level: int) -> None:
    """A dispute starts higher only where the agreement says so: at level two, about a request left without an answer."""
    if start_level == 2 and isinstance(request, AccessRequest) and request.stands() == RequestStatus.ESCALATED:
        return
    raise ValidationError(
        {"start_level": [_("Only a request that was not answered in time goes to the second level at once.")]}
    )


def _lay_down(dispute: Dispute, levels: list[Rung], start_level: int) -> None:
    DisputeLevel.objects.bulk_create(
        DisputeLevel(
            dispute=dispute,
            number=number,
            status=level.status,
            days=level.days,
            starts_at=level.starts_at,
            due_at=level.due_at,
            ends=level.facts(),
        )
        for number, level in enumerate(levels, start=start_level)
    )


def _write_parties(dispute: Dispute, respondents: list[Agency], others: list[Agency]) -> None:
    sides = [(dispute.opened_by, Side.CLAIMANT), *((agency, Side.RESPONDENT) for agency in respondents)]
    sides += [(agency, Side.COPY) for agency in others if agency not in respondents]
    DisputeParty.objects.bulk_create(
        DisputeParty(dispute=dispute, agency=agency, agency_name=agency.legal_name, side=side) for agency, side in sides
    )
