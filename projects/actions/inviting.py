"""Asking an agency to take part, and taking the question back."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from portal.history import record
from portal.kit.actors import Actor
from portal.kit.refusals import NotNow
from projects.actions.locking import lock, reread
from projects.actions.proposing import weigh_answers
from projects.models import Participation, Project, Status


@transaction.atomic
def invite_partner(project: Project, agency: Agency, *, actor: Actor) -> Participation:
    """Ask a verified agency to take part; of a draft it hears only when the draft is proposed.

    Raises ValidationError for an agency that cannot be asked.
    """
    project = lock(project, "invite", actor)
    participation = _participation_to_ask(project, agency)
    participation.agency_name = agency.legal_name
    participation.invited_at = timezone.now()
    participation.move_to(Participation.Status.INVITED).save()
    reread(project)
    if project.status == Status.DECLINED:
        project.move_to(Status.PROPOSED).save()
    record(
        "project.partner_invited",
        project,
        actor=actor,
        agencies=project.agencies(),
        facts={"invited": agency.ref, "terms": project.terms_number},
    )
    return participation


@transaction.atomic
def withdraw_invitation(project: Project, agency: Agency, *, actor: Actor) -> Participation:
    """Take back an invitation that is not accepted; the agency sees the project no more."""
    project = lock(project, "invite", actor)
    participation = project.participation_of(agency)
    if participation is None or participation.is_lead or not participation.is_still_in:
        raise ValidationError({"agency": _("This agency is not invited.")})
    if participation.is_party:
        raise NotNow(
            _("%(agency)s has accepted; only it can leave.") % {"agency": agency.acronym},
            code="already-accepted",
            state=participation.status,
        )
    knowing = project.agencies()
    participation.move_to(Participation.Status.WITHDRAWN).save()
    record("project.invitation_withdrawn", project, actor=actor, agencies=knowing, facts={"invited": agency.ref})
    weigh_answers(project, actor=actor)
    return participation


def _participation_to_ask(project: Project, agency: Agency) -> Participation:
    """The row to ask with: a new one, or that of an agency which declined or left before."""
    if agency.pk == project.lead_id:
        raise ValidationError({"agency": _("%(agency)s leads the project.") % {"agency": agency.acronym}})
    if not agency.is_verified:
        reason = _("%(agency)s is not verified on this portal yet; only verified agencies are invited.")
        raise ValidationError({"agency": reason % {"agency": agency.acronym}})
    participation = project.participation_of(agency)
    if participation is None:
        return Participation(project=project, agency=agency)
    if participation.is_still_in:
        raise ValidationError({"agency": _("%(agency)s is invited already.") % {"agency": agency.acronym}})
    return participation
