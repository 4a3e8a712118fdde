"""The life of a project as its page draws it: the step line, and the verbs a reader may use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kit.actors import Actor
from portal.kit.addresses import address
from portal.kit.refusals import NotNow
from portal.kit.templatetags.kit import day
from projects.missing import and_list, waits_for
from projects.models import Mode, Project, Status
from projects.policies import ProjectPolicy

DONE, CURRENT, STOPPED, AHEAD = "done", "current", "stopped", ""
VERBS: dict[str, tuple[str | Promise, str]] = {
    "edit": (gettext_lazy("Edit the draft"), "pen"),
    "propose": (gettext_lazy("Propose"), "send"),
    "answer": (gettext_lazy("Answer"), "swap"),
    "activate": (gettext_lazy("Start the project"), "ok"),
    "invite": (gettext_lazy("Invite a partner"), "users"),
    "revise": (gettext_lazy("Propose changed terms"), "swap"),
    "assign_team": (gettext_lazy("Choose our team"), "person-plus"),
    "suspend": (gettext_lazy("Suspend the project"), "hold"),
    "resume": (gettext_lazy("Resume the project"), "refresh"),
    "complete": (gettext_lazy("Complete the project"), "check"),
    "leave": (gettext_lazy("Leave the project"), "sign-out"),
    "withdraw": (gettext_lazy("Withdraw the proposal"), "undo"),
    "cancel": (gettext_lazy("Cancel the project"), "no"),
}
# What cannot be done now is shown with its reason where it comes next, not where it is long past or far ahead.
NEXT: dict[str, set[str]] = {
    Status.DRAFT: {"propose"},
    Status.PROPOSED: {"activate"},
    Status.ACCEPTED: {"activate"},
    Status.SUSPENDED: {"resume"},
}
FIRST = ("answer", "propose", "activate", "resume", "edit", "revise")


@dataclass(frozen=True)
class Step:
    """One station of the step line."""

    name: str
    note: str = ""
    state: str = AHEAD


@dataclass(frozen=True)
class Deed:
    """A verb as a control: allowed, or shown with the reason why not now."""

    verb: str
    label: str | Promise
    icon: str
    url: str
    reason: str
    unblock: str

    @property
    def is_allowed(self) -> bool:
        return not self.reason


def deeds(policy: ProjectPolicy) -> list[Deed]:
    """The verbs that are this reader's to use, now or next; what another role or agency does is not shown."""
    shown = []
    for verb, (label, icon) in VERBS.items():
        refusal = policy.refusal(verb)
        is_next = isinstance(refusal, NotNow) and verb in NEXT.get(policy.project.status, set())
        if refusal is not None and not is_next:
            continue
        reason, unblock = (str(refusal.reason), str(refusal.unblock)) if refusal else ("", "")
        url = address(f"projects:{verb.replace('_', '-')}", policy.project.ref)
        shown.append(Deed(verb, label, icon, url, reason, unblock))
    return shown


def first_deed(shown: list[Deed]) -> Deed | None:
    """The one to put forward: the first of the moment's verbs that is allowed."""
    by_verb = {deed.verb: deed for deed in shown}
    allowed = (by_verb[verb] for verb in FIRST if verb in by_verb and by_verb[verb].is_allowed)
    return next(allowed, None)


def steps_of(project: Project, actor: Actor) -> list[Step]:
    """Where the project stands and whom it waits for."""
    stations = [_draft(project, actor), _proposed(project, actor), _accepted(project, actor)]
    if project.mode == Mode.AGREEMENT:
        stations.append(_covered(project, actor))
    return [*stations, _active(project, actor), _completed(project, actor)]


def _draft(project: Project, actor: Actor) -> Step:
    state = CURRENT if project.is_draft else DONE
    note = waits_note(project, actor) if project.is_draft else _day(project.created_at, actor)
    return Step(_("Draft"), note, state)


def _proposed(project: Project, actor: Actor) -> Step:
    if project.proposed_at:
        return Step(_("Proposed"), _day(project.proposed_at, actor), DONE)
    return _ended(project, actor, _("Proposed")) if project.has_ended else Step(_("Proposed"))


def _accepted(project: Project, actor: Actor) -> Step:
    name = _("Accepted")
    if project.accepted_at:
        note = format_html("{}, {}", _counted(project), _day(project.accepted_at, actor))
        return Step(name, note, DONE)
    if project.status == Status.PROPOSED:
        return Step(name, waits_note(project, actor), CURRENT)
    return _ended(project, actor, name) if project.has_ended and project.proposed_at else Step(name)


def _covered(project: Project, actor: Actor) -> Step:
    name = _("Agreement in force")
    if project.active_under:
        return Step(name, project.active_under, DONE)
    if project.status != Status.ACCEPTED:
        return Step(name)
    parties = and_list([row.agency.acronym for row in project.parties()])
    return Step(name, _("Has to cover %(agencies)s") % {"agencies": parties}, CURRENT)


def _active(project: Project, actor: Actor) -> Step:
    name = _("Active")
    if project.status == Status.SUSPENDED:
        return Step(name, _("Suspended: %(cause)s") % {"cause": project.suspension_cause}, STOPPED)
    if project.active_on:
        since = format_html("{} {}", _("Since"), day(project.active_on))
        return Step(name, since, CURRENT if project.status == Status.ACTIVE else DONE)
    if project.status == Status.ACCEPTED and project.mode == Mode.STUDY:
        return Step(name, waits_note(project, actor), CURRENT)
    return Step(name, _planned(project.planned_start))


def _completed(project: Project, actor: Actor) -> Step:
    name = _("Completed")
    if project.status == Status.COMPLETED:
        return Step(name, _day(project.ended_at, actor), DONE)
    if project.status == Status.CANCELLED:
        return _ended(project, actor, name)
    return Step(name, _planned(project.planned_end))


def _ended(project: Project, actor: Actor, name: str) -> Step:
    label = Status(project.status).label
    return Step(str(label), format_html("{}", _day(project.ended_at, actor)), STOPPED)


def waits_note(project: Project, actor: Actor) -> str:
    words = waits_for(project, actor)
    return _("Waits for: %(what)s") % {"what": words} if words else ""


def _counted(project: Project) -> str:
    parties = len(project.parties())
    return _("%(accepted)s of %(all)s") % {"accepted": parties, "all": len(project.still_in())}


def _planned(on: date | None) -> str:
    return format_html("{} {}", _("Planned"), day(on)) if on else ""


def _day(moment: datetime | None, actor: Actor) -> str:
    return day(moment.astimezone(actor.zone).date()) if moment else ""
