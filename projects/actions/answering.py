"""What a partner says for itself: its answer, and its leaving."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from portal.history import record
from portal.kit.actors import Actor
from portal.kit.refusals import NotNow
from projects.actions.locking import lock, own_part
from projects.actions.proposing import weigh_answers
from projects.models import Answer, Participation, Project, Status

SAYS: dict[str, str] = {
    Answer.ACCEPT: Participation.Status.ACCEPTED,
    Answer.CONDITION: Participation.Status.CONDITIONAL,
    Answer.CLEARANCE: Participation.Status.NEEDS_CLEARANCE,
    Answer.DECLINE: Participation.Status.DECLINED,
}
VERBS: dict[str, str] = {
    Answer.ACCEPT: "project.partner_accepted",
    Answer.CONDITION: "project.partner_set_condition",
    Answer.CLEARANCE: "project.partner_needs_clearance",
    Answer.DECLINE: "project.partner_declined",
}


@transaction.atomic
def answer_invitation(
    project: Project, *, actor: Actor, answer: str, condition: str = "", note: str = "", terms_number: int | None = None
) -> Participation:
    """Answer for the actor's agency to the terms it read; the last acceptance makes the project accepted.

    Raises NotNow when the terms have changed since they were read, ValidationError keyed by field.
    """
    project = lock(project, "answer", actor)
    _require_terms(project, terms_number)
    if answer not in SAYS:
        raise ValidationError({"answer": _("Choose one of the answers.")})
    if answer == Answer.CONDITION and not condition.strip():
        raise ValidationError({"condition": _("Say under which condition your agency accepts.")})
    participation = own_part(project, actor)
    knowing = project.agencies()
    participation.move_to(SAYS[answer])
    participation.condition = condition.strip() if answer == Answer.CONDITION else ""
    participation.note = note.strip()
    participation.terms_number = project.terms_number
    participation.condition_accepted_at = None
    participation.answered_at, participation.answered_by = timezone.now(), actor.person
    participation.full_clean(
        validate_unique=False, validate_constraints=False, exclude={"project", "agency", "answered_by"}
    )
    participation.save()
    facts = {"partner": actor.agency.ref, "terms": project.terms_number}
    record(VERBS[answer], project, actor=actor, agencies=knowing, facts=facts)
    weigh_answers(project, actor=actor)
    return participation


@transaction.atomic
def accept_condition(project: Project, agency: Agency, *, actor: Actor) -> Participation:
    """Take on a partner's condition for the lead: its conditional acceptance counts from now."""
    project = lock(project, "accept_condition", actor)
    participation = project.participation_of(agency)
    if participation is None or participation.status != Participation.Status.CONDITIONAL:
        raise ValidationError({"agency": _("This agency has set no condition.")})
    participation.move_to(Participation.Status.ACCEPTED)
    participation.condition_accepted_at = timezone.now()
    participation.save()
    facts = {"partner": agency.ref, "terms": participation.terms_number}
    record("project.condition_accepted", project, actor=actor, agencies=project.agencies(), facts=facts)
    weigh_answers(project, actor=actor)
    return participation


@transaction.atomic
def leave_project(project: Project, *, actor: Actor, on: date | None = None, reason: str = "") -> Participation:
    """Leave for the actor's agency on a day from today; until then it remains a party and sees everything."""
    project = lock(project, "leave", actor)
    today = timezone.now().date()
    on = on or today
    if on < today:
        raise ValidationError({"on": _("The day of leaving cannot lie in the past.")})
    if on > today and project.status not in (Status.ACTIVE, Status.SUSPENDED):
        raise ValidationError({"on": _("Before the project is active, leaving takes effect today.")})
    participation = own_part(project, actor)
    knowing = project.agencies()
    participation.left_on, participation.note = on, reason.strip()
    participation.move_to(Participation.Status.LEFT).save()
    record(
        "project.partner_left",
        project,
        actor=actor,
        agencies=knowing,
        facts={"partner": actor.agency.ref, "on": on.isoformat()},
    )
    weigh_answers(project, actor=actor)
    return participation


def _require_terms(project: Project, terms_number: int | None) -> None:
    if terms_number is not None and terms_number != project.terms_number:
        raise NotNow(
            _("The terms were changed while you were reading them. Nothing was answered."),
            code="terms-changed",
            unblock=_("Read terms %(number)s, then answer.") % {"number": project.terms_number},
            state=project.status,
        )
