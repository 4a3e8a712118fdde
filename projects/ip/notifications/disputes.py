"""What can happen to disputes, in words, and who hears of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop

from agencies.models import Role
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import ask, settle, tell
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.ip.models import Dispute, DisputeStatus

KEEPERS = (Role.IP_MANAGER, Role.MANAGER)
# Whose turn it is at each level, where a party has named nobody.
TURN = {
    DisputeStatus.CONSULTATION: KEEPERS,
    DisputeStatus.HEADS_OF_PROJECT: (Role.MANAGER,),
    DisputeStatus.HEADS_OF_AGENCY: (Role.SIGNATORY, Role.MANAGER),
    DisputeStatus.MEDIATION: KEEPERS,
    DisputeStatus.ARBITRATION: KEEPERS,
    DisputeStatus.CURING: KEEPERS,
}

register("dispute.opened", _("opened the dispute %(target)s about %(about)s"), icon="scale")
register("dispute.answered", _("answered the claim of %(target)s"), icon="chat")
register("dispute.representative_named", _("named who speaks for it in %(target)s"), icon="person")
register("dispute.level_passed", _("passed %(target)s to the next level when its time was over"), icon="up")
register("dispute.reminded", _("reminded the parties that the time of %(target)s is over soon"), icon="clock")
register("dispute.cure_time_over", _("noted that the time to cure the breach of %(target)s is over"), icon="clock")
register("dispute.exhibit_added", _("added exhibit E-%(number)s to %(target)s"), icon="clip")
register("dispute.exhibit_withdrawn", _("withdrew exhibit E-%(number)s of %(target)s"), icon="undo")
register("dispute.urgent_measure_noted", _("noted an urgent measure beside %(target)s"), icon="alert")
register("dispute.neutral_appointed", _("recorded who is appointed in %(target)s"), icon="person-plus")
register("dispute.settled", _("settled %(target)s"), icon="handshake")
register("dispute.withdrawn", _("withdrew the claim of %(target)s"), icon="undo")
register("dispute.decided", _("recorded the decision in %(target)s"), icon="scale")
register("dispute.cured", _("confirmed that the breach of %(target)s is cured"), icon="ok")
register("dispute.not_cured", _("stated that the breach of %(target)s is not cured"), icon="no")

LEVELS = {
    DisputeStatus.CONSULTATION: _noop("Consult on %(ref)s, opened by %(agency)s"),
    DisputeStatus.HEADS_OF_PROJECT: _noop("The heads of the project settle %(ref)s"),
    DisputeStatus.HEADS_OF_AGENCY: _noop("The heads of the agencies settle %(ref)s"),
    DisputeStatus.MEDIATION: _noop("Agree on a mediator for %(ref)s"),
    DisputeStatus.ARBITRATION: _noop("%(ref)s may go to arbitration"),
    DisputeStatus.CURING: _noop("Cure the breach that %(agency)s notifies in %(ref)s"),
}
TOLD = {
    "dispute.answered": _noop("%(agency)s answered the claim of %(ref)s"),
    "dispute.exhibit_added": _noop("%(agency)s added an exhibit to %(ref)s"),
    "dispute.exhibit_withdrawn": _noop("%(agency)s withdrew an exhibit of %(ref)s"),
    "dispute.urgent_measure_noted": _noop("%(agency)s sought an urgent measure beside %(ref)s"),
    "dispute.neutral_appointed": _noop("%(agency)s recorded who is appointed in %(ref)s"),
    "dispute.settled": _noop("%(ref)s is settled"),
    "dispute.withdrawn": _noop("%(agency)s withdrew the claim of %(ref)s"),
    "dispute.decided": _noop("%(agency)s recorded the decision in %(ref)s"),
    "dispute.cured": _noop("%(agency)s confirms that the breach of %(ref)s is cured"),
    "dispute.not_cured": _noop("%(agency)s states that the breach of %(ref)s is not cured"),
}
OPEN = _noop("%(ref)s is left open: the levels are over and nothing further is agreed")
COPY = _noop("A copy of the notice of breach %(ref)s, given by %(agency)s")
SOON = _noop("The time of %(ref)s is over soon")
OVER = _noop("The time to cure of %(ref)s is over: say whether it is cured")
WHY = _noop("In %(project)s, about %(about)s")


@hears("dispute.opened")
def ask_both_sides(event: Any, dispute: Dispute, actor: Actor) -> None:
    ask_whose_turn(event, dispute)
    for party in dispute.parties.all():
        if not party.is_at_odds:
            tell(event, agency=party.agency, roles=KEEPERS, title=_title(COPY, dispute), **_where(dispute))


@hears("dispute.representative_named")
def ask_who_was_named(event: Any, dispute: Dispute, actor: Actor) -> None:
    ask_whose_turn(event, dispute)


@hears("dispute.level_passed")
def ask_the_next_level(event: Any, dispute: Dispute, actor: Actor) -> None:
    """Only the level at which it stands now is asked, also when several were recorded at once."""
    settle(_key(dispute))
    if dispute.status == dispute.current:
        ask_whose_turn(event, dispute)


@hears(*TOLD)
def tell_the_other_side(event: Any, dispute: Dispute, actor: Actor) -> None:
    if dispute.has_ended:
        settle(_key(dispute))
    title = Text(TOLD[event.verb], ref=dispute.ref, agency=actor.agency.acronym)
    for party in dispute.parties.all() if dispute.has_ended else dispute.at_odds():
        if party.agency_id != actor.agency_id:
            tell(event, agency=party.agency, roles=KEEPERS, title=title, **_where(dispute))


@hears("dispute.reminded")
def remind(event: Any, dispute: Dispute, actor: Actor) -> None:
    """Say that the time of a level is over soon."""
    for party in dispute.respondents() if dispute.is_breach else dispute.at_odds():
        tell(event, agency=party.agency, roles=KEEPERS, title=_title(SOON, dispute), icon="clock", **_where(dispute))


@hears("dispute.cure_time_over")
def ask_whether_cured(event: Any, dispute: Dispute, actor: Actor) -> None:
    """The time to cure is over: whoever gave the notice says what became of it."""
    settle(_key(dispute))
    ask(
        event,
        verb="decide",
        agency=dispute.opened_by,
        roles=KEEPERS,
        title=_title(OVER, dispute),
        due_at=dispute.due_at,
        key=f"{_key(dispute)}:{dispute.opened_by.ref}",
        **_where(dispute),
    )


def ask_whose_turn(event: Any, dispute: Dispute) -> None:
    """Ask each side, or in a notice of breach the party that cures, until the level is over."""
    status = dispute.current
    if status not in LEVELS:
        if status == DisputeStatus.OPEN:
            for party in dispute.at_odds():
                tell(event, agency=party.agency, roles=KEEPERS, title=_title(OPEN, dispute), **_where(dispute))
        return
    named = {row.agency_id: row.membership.person for row in dispute.representatives.all() if row.level == status}
    for party in dispute.respondents() if dispute.is_breach else dispute.at_odds():
        whom: dict[str, Any] = {"roles": TURN[DisputeStatus(status)]}
        if party.agency_id in named:
            whom = {"person": named[party.agency_id]}
        ask(
            event,
            verb="answer",
            agency=party.agency,
            title=_title(LEVELS[DisputeStatus(status)], dispute),
            due_at=dispute.due_at,
            key=f"{_key(dispute)}:{party.agency.ref}",
            **whom,
            **_where(dispute),
        )


def _title(words: str, dispute: Dispute) -> Text:
    return Text(words, ref=dispute.ref, agency=dispute.opened_by.acronym)


def _where(dispute: Dispute) -> dict[str, Any]:
    why = Text(WHY, project=dispute.project.title, about=dispute.subject_ref)
    return {"why": why, "url": dispute.get_absolute_url()}


def _key(dispute: Dispute) -> str:
    return f"dispute:{dispute.ref}"
