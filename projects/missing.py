"""What still stands between a project and its next step, in words a reader can act on."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kit.actors import Actor
from portal.kit.addresses import address
from projects.models import Audience, Mode, Participation, Project, Status


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: what, a word more, and where to see to it."""

    text: str
    note: str = ""
    url: str = ""
    verb: str = ""
    icon: str = "ring"


def what_is_missing(project: Project) -> list[Missing]:
    """Everything that keeps the project from its next step; empty when the step can be taken or there is none."""
    if project.is_draft:
        return missing_to_propose(project)
    if project.status == Status.PROPOSED:
        return missing_to_be_accepted(project)
    if project.status in (Status.ACCEPTED, Status.SUSPENDED) or has_late_joiner(project):
        return missing_to_activate(project)
    return []


def has_late_joiner(project: Project) -> bool:
    """Whether somebody joined since the start, so that the agreement it started under may not cover everybody."""
    if project.status != Status.ACTIVE or project.active_on is None:
        return False
    return any(row.joined_on and row.joined_on > project.active_on for row in project.parties())


def missing_to_propose(project: Project) -> list[Missing]:
    """The gaps of a draft."""
    edit = address("projects:edit", project.ref)
    gaps = []
    if not project.summary or not project.objective:
        gaps.append(Missing(_("A summary and an objective."), url=edit, verb=_("Write"), icon="pen"))
    if project.audience == Audience.LEAD:
        gaps.append(Missing(_("An audience wider than the lead agency."), url=edit, verb=_("Choose"), icon="eye"))
    is_open = project.audience in (Audience.VERIFIED, Audience.PUBLIC)
    if not is_open and len(project.still_in()) < 2:
        invite = address("projects:invite", project.ref)
        gaps.append(Missing(_("At least one agency to propose it to."), url=invite, verb=_("Invite"), icon="users"))
    return gaps


def missing_to_be_accepted(project: Project) -> list[Missing]:
    """The answers that are still to come; silence counts as none."""
    partners_url = address("projects:partners", project.ref)
    partners = [row for row in project.still_in() if not row.is_lead]
    gaps = [_answer_of(row, partners_url) for row in partners if not row.is_party]
    if not partners:
        gaps.append(
            Missing(_("A partner."), url=address("projects:invite", project.ref), verb=_("Invite"), icon="users")
        )
    return gaps


def missing_to_activate(project: Project) -> list[Missing]:
    """What an accepted or resting project lacks: another party, or an agreement in force that covers them all."""
    parties = project.parties()
    if len(parties) < 2:
        invite = address("projects:invite", project.ref)
        return [Missing(_("A partner that has accepted."), url=invite, verb=_("Invite"), icon="users")]
    if project.mode == Mode.STUDY or project.covering_agreement is not None:
        return []
    names = and_list([row.agency.acronym for row in parties])
    url = address("projects:agreements", project.ref)
    text = _("An agreement in force that covers %(agencies)s.") % {"agencies": names}
    return [Missing(text, url=url, verb=_("Show agreements"), icon="scale")]


def waits_for(project: Project, actor: Actor) -> str:
    """Whom or what the project waits for, short enough for a table; reads nothing but the prefetched participations."""
    if project.is_draft:
        return _("The proposal of %(agency)s") % {"agency": project.lead.acronym}
    if project.status == Status.PROPOSED:
        return _waits_for_answers(project, actor)
    if project.status == Status.ACCEPTED:
        if project.mode == Mode.STUDY:
            return _("The start by %(agency)s") % {"agency": project.lead.acronym}
        return _("An agreement in force")
    return project.suspension_cause


def _waits_for_answers(project: Project, actor: Actor) -> str:
    asked = [row for row in project.still_in() if row.waits_for_the_agency]
    if any(row.agency_id == actor.agency_id for row in asked):
        return _("Your answer")
    if asked:
        names = and_list([row.agency.acronym for row in asked])
        return ngettext("The answer of %(agencies)s", "The answers of %(agencies)s", len(asked)) % {"agencies": names}
    if any(row.status == Participation.Status.CONDITIONAL for row in project.still_in()):
        return _("%(agency)s on a condition") % {"agency": project.lead.acronym}
    return _("A partner")


def _answer_of(row: Participation, url: str) -> Missing:
    agency = {"agency": row.agency.acronym}
    if row.status == Participation.Status.CONDITIONAL:
        return Missing(
            _("The lead’s word on the condition of %(agency)s.") % agency, url=url, verb=_("Read"), icon="swap"
        )
    if row.status == Participation.Status.NEEDS_CLEARANCE:
        note = _("It has said that it needs clearance first.")
        return Missing(_("The answer of %(agency)s.") % agency, note=note, url=url, verb=_("Show"), icon="shield")
    return Missing(
        _("The answer of %(agency)s.") % agency,
        note=_("Silence is never consent."),
        url=url,
        verb=_("Show"),
        icon="clock",
    )


def and_list(names: list[str]) -> str:
    """JAXA, ESA and CSA."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
