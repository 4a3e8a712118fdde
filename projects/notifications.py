"""What can happen to a project, and who hears of it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop

from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import ask, settle, tell
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.models import Mode, Participation, Project, Status

register("project.drafted", _("began the draft %(target)s"), icon="draft")
register("project.edited", _("edited the draft %(target)s"), icon="pen")
register("project.proposed", _("proposed %(target)s"), icon="flag")
register("project.partner_invited", _("invited %(invited)s to %(target)s"), icon="person-plus")
register("project.invitation_withdrawn", _("took back the invitation of %(invited)s to %(target)s"), icon="undo")
register("project.partner_accepted", _("accepted terms %(terms)s of %(target)s"), icon="ok")
register("project.partner_set_condition", _("accepted terms %(terms)s of %(target)s with a condition"), icon="hold")
register("project.partner_needs_clearance", _("needs clearance before answering %(target)s"), icon="shield")
register("project.partner_declined", _("declined to take part in %(target)s"), icon="no")
register("project.condition_accepted", _("accepted the condition of %(partner)s in %(target)s"), icon="ok")
register("project.terms_revised", _("proposed terms %(terms)s of %(target)s"), icon="swap")
register("project.accepted", _("completed the acceptance of %(target)s"), icon="handshake")
register("project.declined", _("left %(target)s without a partner"), icon="no")
register("project.activated", _("started %(target)s"), icon="ok")
register("project.suspended", _("suspended %(target)s"), icon="hold")
register("project.resumed", _("resumed %(target)s"), icon="ok")
register("project.completed", _("completed %(target)s"), icon="ok")
register("project.withdrawn", _("withdrew %(target)s"), icon="no")
register("project.cancelled", _("cancelled %(target)s"), icon="no")
register("project.partner_left", _("leaves %(target)s on %(on)s"), icon="sign-out")
register("project.team_changed", _("changed its team for %(target)s"), icon="users")

ANSWERS = {
    "project.partner_accepted": _noop("%(agency)s accepted %(title)s"),
    "project.partner_set_condition": _noop("%(agency)s accepted %(title)s with a condition"),
    "project.partner_needs_clearance": _noop("%(agency)s needs clearance before it answers %(title)s"),
    "project.partner_declined": _noop("%(agency)s declined %(title)s"),
    "project.partner_left": _noop("%(agency)s leaves %(title)s"),
}
STEPS = {
    "project.accepted": _noop("%(title)s is accepted by all partners"),
    "project.activated": _noop("%(title)s is active"),
    "project.suspended": _noop("%(title)s is suspended"),
    "project.resumed": _noop("%(title)s is active again"),
    "project.completed": _noop("%(title)s is completed"),
    "project.withdrawn": _noop("%(agency)s withdrew %(title)s"),
    "project.declined": _noop("No invited agency takes part in %(title)s"),
    "project.cancelled": _noop("%(agency)s cancelled %(title)s"),
}


@hears("project.proposed")
def ask_the_invited(event: Any, project: Any, actor: Actor) -> None:
    """An invitation made in the draft reaches its agency now."""
    for row in project.still_in():
        if not row.is_lead:
            _ask_for_answer(event, project, row)


@hears("project.partner_invited")
def ask_the_newly_invited(event: Any, project: Any, actor: Actor) -> None:
    """Of a draft nobody hears."""
    row = next((row for row in project.still_in() if row.agency.ref == event.facts["invited"]), None)
    if row is not None and not project.is_draft:
        _ask_for_answer(event, project, row)


@hears("project.terms_revised")
def ask_again(event: Any, project: Any, actor: Actor) -> None:
    """New terms need new answers: an earlier acceptance, or a condition that was set, counts no more."""
    settle(f"condition:{project.ref}")
    settle(f"start:{project.ref}")
    for row in project.still_in():
        if not row.is_lead:
            _ask_for_answer(event, project, row)


@hears(*ANSWERS)
def tell_the_lead(event: Any, project: Any, actor: Actor) -> None:
    """The lead hears every answer; a condition waits for its decision."""
    settle(f"answer:{project.ref}:{actor.agency.ref}")
    settle(f"condition:{project.ref}:{actor.agency.ref}")
    partners = reverse("projects:partners", args=[project.ref])
    title = Text(ANSWERS[event.verb], agency=actor.agency.acronym, title=project.title)
    if event.verb == "project.partner_set_condition":
        why = Text(_noop("Its acceptance counts once you accept the condition."))
        key = f"condition:{project.ref}:{actor.agency.ref}"
        ask(event, verb="decide", agency=project.lead, title=title, url=partners, why=why, key=key)
    else:
        tell(event, agency=project.lead, title=title, url=partners)


@hears("project.partner_needs_clearance")
def keep_waiting(event: Any, project: Any, actor: Actor) -> None:
    """Clearance is not yet an answer: it goes on waiting for the agency."""
    row = project.participation_of(actor.agency_id)
    if row is not None:
        _ask_for_answer(event, project, row)


@hears("project.condition_accepted")
def tell_the_partner(event: Any, project: Any, actor: Actor) -> None:
    """The agency that set the condition hears that it is taken on."""
    partner = event.facts["partner"]
    settle(f"condition:{project.ref}:{partner}")
    row = next((row for row in project.still_in() if row.agency.ref == partner), None)
    if row is not None:
        title = Text(
            _noop("%(agency)s accepted your condition in %(title)s"), agency=project.lead.acronym, title=project.title
        )
        tell(event, agency=row.agency, title=title, url=project.get_absolute_url())


@hears("project.invitation_withdrawn")
def nothing_to_answer(event: Any, project: Any, actor: Actor) -> None:
    """What was taken back needs no answer."""
    settle(f"answer:{project.ref}:{event.facts['invited']}")
    settle(f"condition:{project.ref}:{event.facts['invited']}")


@hears(*STEPS)
def tell_everybody(event: Any, project: Any, actor: Actor) -> None:
    """A step of the project is news for every agency that takes part, except the one that took it."""
    if project.has_ended:
        settle(f"answer:{project.ref}")
        settle(f"condition:{project.ref}")
    settle(f"start:{project.ref}")
    agency = actor.agency.acronym if actor.agency is not None else ""
    title = Text(STEPS[event.verb], agency=agency, title=project.title)
    for row in project.still_in():
        if row.agency_id != actor.agency_id and (
            row.is_lead or event.verb != "project.withdrawn" or project.proposed_at
        ):
            _tell_agency_and_team(event, project, row, title)
    if project.status == Status.ACCEPTED and project.mode == Mode.STUDY:
        why = Text(_noop("All partners have accepted. A study without restricted data needs no agreement to start."))
        start = Text(_noop("Start of %(title)s"), title=project.title)
        url = reverse("projects:activate", args=[project.ref])
        ask(event, verb="decide", agency=project.lead, title=start, url=url, why=why, key=f"start:{project.ref}")


@hears("project.team_changed")
def tell_the_newcomers(event: Any, project: Any, actor: Actor) -> None:
    """Whoever is put on a team hears it."""
    row = project.participation_of(actor.agency_id)
    joined = set(event.facts["joined"])
    for member in row.team.select_related("membership__person") if row is not None else ():
        person = member.membership.person
        if member.membership.ref in joined and person != actor.person:
            title = Text(
                _noop("You are on the team of %(agency)s for %(title)s"),
                agency=actor.agency.acronym,
                title=project.title,
            )
            tell(event, agency=actor.agency, person=person, title=title, url=project.get_absolute_url())


def _ask_for_answer(event: Any, project: Project, row: Participation) -> None:
    asked_again = row.terms_number and row.terms_number < project.terms_number
    words = (
        _noop("Changed terms of %(agency)s: %(title)s") if asked_again else _noop("Invitation of %(agency)s: %(title)s")
    )
    title = Text(words, agency=project.lead.acronym, title=project.title)
    if row.status == Participation.Status.NEEDS_CLEARANCE:
        why = Text(_noop("You have said that you need clearance first. Silence is never consent."))
    else:
        why = Text(_noop("Silence is never consent: the project waits for your answer."))
    url = reverse("projects:answer", args=[project.ref])
    ask(
        event,
        verb="answer",
        agency=row.agency,
        title=title,
        url=url,
        why=why,
        key=f"answer:{project.ref}:{row.agency.ref}",
    )


def _tell_agency_and_team(event: Any, project: Project, row: Participation, title: Text) -> None:
    url = project.get_absolute_url()
    tell(event, agency=row.agency, title=title, url=url)
    for member in row.team.all():
        if not member.membership.sees_all_projects and member.membership.is_live:
            tell(event, agency=row.agency, person=member.membership.person, title=title, url=url)
