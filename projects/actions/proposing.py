"""Sending a proposal out, changing its terms, taking it back, and weighing the answers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.history import record
from portal.kit.actors import Actor
from portal.kit.records import require_version
from projects.actions.locking import lock, said
from projects.models import MATERIAL, Audience, Participation, Project, Status, Terms


@transaction.atomic
def propose(project: Project, *, actor: Actor, version: int | None = None) -> Project:
    """Send the draft out: the terms get number 1, every invited agency is asked for its answer."""
    project = lock(project, "propose", actor)
    require_version(project, version)
    project.terms_number = 1
    project.move_to(Status.PROPOSED).save()
    terms = _keep_terms(project, actor)
    record("project.proposed", project, actor=actor, agencies=project.agencies(), facts=_facts_of(terms))
    return project


@transaction.atomic
def revise_terms(project: Project, *, actor: Actor, version: int | None = None, **terms: Any) -> Project:
    """Propose changed terms under the next number; every partner that had answered is asked again.

    Raises Stale for an old version, ValidationError keyed by term and when nothing differs.
    """
    project = lock(project, "revise", actor)
    changed = project.edit(version=version, **{name: value for name, value in terms.items() if name in MATERIAL})
    if not changed:
        raise ValidationError(_("These are the terms as they stand; nothing was changed."))
    if project.audience == Audience.LEAD:
        raise ValidationError({"audience": _("A proposal that is out has readers; choose a wider audience.")})
    asked_again = [row for row in project.still_in() if not row.is_lead and row.status in Participation.ANSWERED]
    for row in asked_again:
        row.move_to(Participation.Status.INVITED).save()
    project.terms_number += 1
    if project.status == Status.ACCEPTED:
        project.move_to(Status.PROPOSED)
    project.save()
    snapshot = _keep_terms(project, actor)
    facts = {
        **_facts_of(snapshot),
        "terms_changed": sorted(changed),
        "asked_again": sorted(row.agency.ref for row in asked_again),
    }
    record("project.terms_revised", project, actor=actor, agencies=project.agencies(), facts=facts)
    return project


@transaction.atomic
def withdraw_proposal(project: Project, *, actor: Actor, reason: str = "") -> Project:
    """Take the proposal back for good; whoever was asked needs to answer no more."""
    project = lock(project, "withdraw", actor)
    project.move_to(Status.WITHDRAWN, reason=said("reason", reason)).save()
    record("project.withdrawn", project, actor=actor, agencies=project.agencies())
    return project


def weigh_answers(project: Project, *, actor: Actor) -> None:
    """Draw the consequence: all partners accepted makes the project accepted, all gone makes it declined."""
    partners = [row for row in project.still_in() if not row.is_lead]
    if project.status == Status.ACCEPTED and not any(row.is_party for row in partners):
        project.move_to(Status.PROPOSED).save()
    if project.status != Status.PROPOSED:
        return
    if partners and all(row.is_party for row in partners):
        project.move_to(Status.ACCEPTED).save()
        record(
            "project.accepted", project, actor=actor, agencies=project.agencies(), facts={"terms": project.terms_number}
        )
    elif not partners and project.audience == Audience.PARTNERS:
        project.move_to(Status.DECLINED, reason=_("No invited agency takes part.")).save()
        record("project.declined", project, actor=actor, agencies=project.agencies())


def _keep_terms(project: Project, actor: Actor) -> Terms:
    terms = Terms.of(project, number=project.terms_number, proposed_by=actor.person)
    terms.save()
    return terms


def _facts_of(terms: Terms) -> dict[str, Any]:
    return {"terms": terms.number, "digest": terms.digest}
