"""What follows the seal: a witness, the report, sharing, triage and evaluation."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Membership
from portal.kit.actors import Actor
from portal.kit.records import require_version
from projects.ip.actions.disclosing import locked, note
from projects.ip.alarms import REPORT_CLAUSE
from projects.ip.disclosed import shown_version
from projects.ip.markings import refusal_to_share
from projects.ip.models import (
    Countersignature,
    Disclosure,
    DisclosureReport,
    DisclosureShare,
    DisclosureStatus,
    Triage,
)
from projects.ip.models.triage import Checked, YesNo
from projects.ip.policies.disclosures import DisclosurePolicy
from projects.ip.terms import terms_between

TRIAGE_FIELDS = frozenset(name for question in Triage.QUESTIONS for name in (question, f"{question}_note"))


@transaction.atomic
def name_witness(disclosure: Disclosure, *, actor: Actor, email: str) -> Disclosure:
    """Ask a competent colleague who had no part in it to read and countersign the newest version."""
    disclosure = locked(disclosure)
    DisclosurePolicy(actor, disclosure).require("name_witness")
    known = Membership.objects.acting().filter(person__email=email.strip().lower(), agency=disclosure.agency)
    membership = known.select_related("person").first()
    if membership is None:
        raise ValidationError({"email": [_("Nobody with this address works for your agency now.")]})
    involved = {row.person_id for row in disclosure.contributors.all()} | {disclosure.filer_id}
    if membership.person_id in involved:
        raise ValidationError({"email": [_("A witness had no part in it: choose somebody else.")]})
    disclosure.witness = membership.person
    disclosure.bump().save()
    note("disclosure.witness_named", disclosure, actor=actor, facts={"version": disclosure.sealed_number})
    return disclosure


@transaction.atomic
def countersign(disclosure: Disclosure, *, actor: Actor, competence: str, understood: bool) -> Disclosure:
    """Say for good that one has read and understood the newest sealed version, and why one is competent to."""
    disclosure = locked(disclosure)
    DisclosurePolicy(actor, disclosure).require("countersign")
    if not understood:
        raise ValidationError({"understood": [_("Countersign only what you have read and understood.")]})
    if not competence.strip():
        raise ValidationError({"competence": [_("Say what makes you competent to understand it.")]})
    version = shown_version(disclosure)
    assert version is not None
    Countersignature.objects.create(
        version=version,
        person=actor.person,
        name=actor.person.name,
        agency_name=actor.agency.legal_name,
        competence=competence,
        at=timezone.now(),
    )
    facts = {"number": version.number, "commitment": version.commitment}
    note("disclosure.countersigned", disclosure, actor=actor, facts=facts)
    return disclosure


@transaction.atomic
def report_disclosure(disclosure: Disclosure, *, actor: Actor) -> Disclosure:
    """Tell every other party that there is a disclosure: its reference and its date, not even its title."""
    disclosure = locked(disclosure)
    policy = DisclosurePolicy(actor, disclosure)
    policy.require("report")
    untold, now = policy.untold(), timezone.now()
    for agency in untold:
        terms = terms_between(disclosure.project, [disclosure.agency.ref, agency.ref])
        source = terms.source(REPORT_CLAUSE) if terms is not None else ""
        DisclosureReport.objects.create(
            disclosure=disclosure, agency=agency, source=source[:300], at=now, by=actor.person
        )
    disclosure.report_due_at = disclosure.report_alarmed_at = None
    disclosure.bump().save()
    facts = {"told": sorted(agency.ref for agency in untold)}
    note("disclosure.reported", disclosure, actor=actor, facts=facts, agencies=untold)
    return locked(disclosure)


@transaction.atomic
def share_with(disclosure: Disclosure, *, actor: Actor, parties: Iterable[str]) -> Disclosure:
    """Let these parties read the newest sealed version; what export control has not cleared does not cross."""
    disclosure = locked(disclosure)
    policy = DisclosurePolicy(actor, disclosure)
    policy.require("share")
    unshared = {agency.ref: agency for agency in policy.unshared()}
    wanted = list(dict.fromkeys(parties))
    if not wanted or (unknown := [ref for ref in wanted if ref not in unshared]):
        words = _("Choose parties of the project that do not read the newest version yet.")
        raise ValidationError({"parties": [words if not wanted else f"{unknown[0]}: {words}"]})
    chosen = [unshared[ref] for ref in wanted]
    for agency in chosen:
        if (refusal := refusal_to_share(disclosure, agency)) is not None:
            raise refusal
    DisclosureShare.objects.bulk_create(
        DisclosureShare(
            disclosure=disclosure,
            agency=agency,
            number=disclosure.sealed_number,
            export_class=disclosure.export_class,
            at=timezone.now(),
            by=actor.person,
        )
        for agency in chosen
    )
    facts = {"with": wanted, "number": disclosure.sealed_number, "export_class": disclosure.export_class}
    note("disclosure.shared", disclosure, actor=actor, facts=facts, agencies=chosen)
    return locked(disclosure)


@transaction.atomic
def triage_disclosure(disclosure: Disclosure, *, actor: Actor, **answers: str) -> Disclosure:
    """Keep the answers to what is checked first; some may stay open, and the evaluation waits for them."""
    disclosure = locked(disclosure)
    DisclosurePolicy(actor, disclosure).require("triage")
    if unknown := set(answers) - TRIAGE_FIELDS:
        raise TypeError(f"triage asks nothing about {sorted(unknown)}")
    row = Triage.objects.filter(disclosure=disclosure).first() or Triage(disclosure=disclosure)
    for name, value in answers.items():
        setattr(row, name, value)
    row.answered_by, row.answered_at = actor.person, timezone.now()
    row.full_clean(exclude={"disclosure", "answered_by"}, validate_constraints=False)
    _check_triage(disclosure, row)
    row.save()
    if disclosure.status == DisclosureStatus.SEALED:
        disclosure.move_to(DisclosureStatus.TRIAGE).save()
    disclosure = locked(disclosure)
    note("disclosure.triaged", disclosure, actor=actor, facts={"open": len(row.open_questions)})
    return disclosure


@transaction.atomic
def evaluate_disclosure(
    disclosure: Disclosure, *, actor: Actor, evaluation: str, version: int | None = None
) -> Disclosure:
    """Write down what it is worth and what protects it best."""
    disclosure = locked(disclosure)
    DisclosurePolicy(actor, disclosure).require("evaluate")
    require_version(disclosure, version, typed={"evaluation": evaluation})
    if not evaluation.strip():
        raise ValidationError({"evaluation": [_("Write the evaluation: the decision rests on it.")]})
    disclosure.evaluation = evaluation
    if disclosure.status == DisclosureStatus.TRIAGE:
        disclosure.move_to(DisclosureStatus.EVALUATING)
    disclosure.bump().save()
    note("disclosure.evaluated", disclosure, actor=actor)
    return disclosure


def _check_triage(disclosure: Disclosure, row: Triage) -> None:
    wrong: dict[str, list[str]] = {}
    if row.agreement == Checked.YES and not row.agreement_note.strip():
        wrong["agreement_note"] = [_("Name the agreement.")]
    if row.joint == YesNo.YES and not row.joint_note.strip():
        wrong["joint_note"] = [_("Say with whom.")]
    if row.export == YesNo.YES and disclosure.export_class == Disclosure.ExportClass.UNDETERMINED:
        wrong["export"] = [_("The export class is not determined. An export officer of your agency classifies it.")]
    if row.publication == YesNo.YES and not disclosure.public_dates.exists():
        wrong["publication"] = [
            _("No day is in the disclosure. Begin a new version and enter it, so that the alarm counts.")
        ]
    if wrong:
        raise ValidationError(wrong)
