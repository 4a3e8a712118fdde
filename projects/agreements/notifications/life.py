"""The life of an agreement in force: who answers a step, who is told, and what waits until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.models import Agency, Role
from agencies.zones import end_of
from portal.history.models import Event
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import ask, settle, tell
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.agreements.bound import COMMITTING, bound_parties, missing
from projects.agreements.models import Agreement, Handover, Step, StepKind
from projects.agreements.notifications.told import announce_to_parties, tell_others
from projects.agreements.term import over_at
from projects.policies import DECIDERS

register("agreement.withdrawal_notified", _("gave notice of withdrawal from %(target)s"), icon="sign-out")
register("agreement.withdrawal_taken_back", _("took back the notice of withdrawal from %(target)s"), icon="undo")
register("agreement.withdrawn", _("wrote down that a withdrawal from %(target)s took effect"), icon="sign-out")
register("agreement.handover_settled", _("settled a part of the handover under %(target)s"), icon="check")
register("agreement.suspension_proposed", _("proposed to suspend %(target)s"), icon="hold")
register("agreement.suspended", _("suspended %(target)s with the consent of all"), icon="hold")
register("agreement.resumption_proposed", _("proposed to resume %(target)s"), icon="refresh")
register("agreement.resumed", _("resumed %(target)s"), icon="refresh")
register("agreement.breach_notified", _("gave notice of a breach of %(target)s"), icon="alert")
register("agreement.breach_cured", _("declared a breach of %(target)s cured"), icon="ok")
register("agreement.termination_proposed", _("proposed an end under %(target)s"), icon="stop")
register("agreement.termination_agreed", _("completed the consents to an end under %(target)s"), icon="stop")
register("agreement.participation_ended", _("wrote down that the part of a party in %(target)s ended"), icon="stop")
register("agreement.terminated", _("wrote down that %(target)s was terminated"), icon="stop")
register("agreement.renewal_proposed", _("proposed to renew %(target)s"), icon="refresh")
register("agreement.renewed", _("renewed %(target)s until %(until)s"), icon="refresh")
register("agreement.renewal_objected", _("objected to the renewal of %(target)s"), icon="no")
register("agreement.expiry_nears", _("warned of the last day of %(target)s"), icon="clock")
register("agreement.expired", _("wrote down that %(target)s expired"), icon="clock")
register("agreement.step_consented", _("consented to a step in the life of %(target)s"), icon="check")
register("agreement.step_refused", _("refused a step in the life of %(target)s"), icon="no")
register("agreement.step_taken_back", _("took back a proposal about %(target)s"), icon="undo")

TOLD = (*DECIDERS, Role.SIGNATORY)
# What is asked of the parties, by the kind of the step.
ASKED = {
    StepKind.SUSPENSION: gettext_noop("%(agency)s proposes to suspend %(title)s"),
    StepKind.RESUMPTION: gettext_noop("%(agency)s proposes to resume %(title)s"),
    StepKind.TERMINATION: gettext_noop("%(agency)s proposes to end %(title)s"),
    StepKind.RENEWAL: gettext_noop("%(agency)s proposes to renew %(title)s"),
}
OUT = gettext_noop("%(agency)s proposes that %(party)s leaves %(title)s")
SILENCE = gettext_noop("Silence is not consent.")
# What everybody is told, by the verb.
SAID = {
    "agreement.withdrawal_notified": gettext_noop("%(agency)s gave notice of withdrawal from %(title)s"),
    "agreement.withdrawal_taken_back": gettext_noop("%(agency)s took back its notice and stays in %(title)s"),
    "agreement.withdrawn": gettext_noop("%(party)s has left %(title)s"),
    "agreement.suspended": gettext_noop("%(title)s is suspended"),
    "agreement.resumed": gettext_noop("%(title)s goes on"),
    "agreement.breach_notified": gettext_noop("%(agency)s gave %(party)s notice of a breach of %(title)s"),
    "agreement.breach_cured": gettext_noop("%(agency)s declares the breach of %(title)s by %(party)s cured"),
    "agreement.termination_agreed": gettext_noop("All concerned agreed to an end under %(title)s"),
    "agreement.participation_ended": gettext_noop("The part of %(party)s in %(title)s has ended"),
    "agreement.terminated": gettext_noop("%(title)s is terminated"),
    "agreement.renewed": gettext_noop("%(title)s is renewed until %(until)s"),
    "agreement.renewal_objected": gettext_noop("%(agency)s objected to the renewal of %(title)s"),
    "agreement.expired": gettext_noop("%(title)s has expired"),
    "agreement.step_refused": gettext_noop("%(agency)s refused what was proposed about %(title)s"),
    "agreement.step_taken_back": gettext_noop("%(agency)s took back what it proposed about %(title)s"),
}
ON = gettext_noop("With %(on)s")
UNDER = gettext_noop("It ended with %(under)s, under which it stood.")


@hears(
    "agreement.suspension_proposed", "agreement.resumption_proposed", "agreement.termination_proposed",
    "agreement.renewal_proposed",
)  # fmt: skip
def ask_the_others(event: Event, agreement: Agreement, actor: Actor) -> None:
    """Each party whose consent is needed is asked; what commits an agency waits for those who may sign."""
    step = _step(event, agreement)
    roles = TOLD if step.kind in COMMITTING else DECIDERS
    for party in missing(agreement, step):
        ask(
            event, verb="answer", agency=party.agency, roles=roles, key=f"{_key(step)}:{party.agency.ref}", url=life_of(agreement),
            title=_text(OUT if step.about_id else ASKED[StepKind(step.kind)], agreement, step), why=Text(SILENCE), due_at=step.due_at,
        )  # fmt: skip
    announce_to_parties(agreement)


@hears(*SAID)
def tell_everybody(event: Event, agreement: Agreement, actor: Actor) -> None:
    """Every party but the one that acted, also one that has just left."""
    step = _step(event, agreement) if "step" in event.facts else None
    facts, who = event.facts, {"agency": actor.agency.acronym} if actor.agency is not None else {}
    title = _text(SAID[event.verb], agreement, step, until=facts.get("until"), **who)
    why = (
        Text(UNDER, under=facts["under"]) if facts.get("under") else Text(ON, on=facts["on"]) if facts.get("on") else ""
    )
    tell_others(event, agreement, actor, roles=TOLD, url=life_of(agreement), title=title, why=why)
    announce_to_parties(agreement)


@hears("agreement.step_consented")
def tell_who_proposed(event: Event, agreement: Agreement, actor: Actor) -> None:
    step = _step(event, agreement)
    settle(f"{_key(step)}:{actor.agency.ref}")
    words = gettext_noop("%(agency)s consents to what you proposed about %(title)s")
    title = Text(words, agency=actor.agency.acronym, title=agreement.title)
    tell(event, agency=step.agency, roles=TOLD, url=life_of(agreement), title=title)
    announce_to_parties(agreement)


@hears(
    "agreement.step_refused", "agreement.step_taken_back", "agreement.withdrawal_taken_back", "agreement.breach_cured",
    "agreement.suspended", "agreement.resumed", "agreement.termination_agreed", "agreement.participation_ended",
)  # fmt: skip
def nobody_waits(event: Event, agreement: Agreement, actor: Actor) -> None:
    """What was asked because of the step, and because of the one that it followed, is settled."""
    step = _step(event, agreement)
    settle(_key(step))
    if event.verb == "agreement.participation_ended" and step.follows is not None:
        settle(_key(step.follows))
    if event.verb == "agreement.breach_cured":
        for following in step.followed_by.all():
            settle(_key(following))


@hears("agreement.withdrawal_notified")
def ask_to_settle(event: Event, agreement: Agreement, actor: Actor) -> None:
    """The parties that stay settle the handover: its last line is due on the day that the text gives for it."""
    step = _step(event, agreement)
    _ask_to_settle(event, agreement, step, _last_day(step, step.handovers.all()))


@hears("agreement.handover_settled")
def handed_over(event: Event, agreement: Agreement, actor: Actor) -> None:
    """When the line that was due last is settled, the others' last day is what counts; without any line nobody waits."""
    step = _step(event, agreement)
    waiting = [line for line in step.handovers.all() if line.done_at is None]
    if not waiting:
        settle(_key(step))
    else:
        just = max((line for line in step.handovers.all() if line.done_at is not None), key=_settled_at)
        if (last := _last_day(step, waiting)) != _last_day(step, [*waiting, just]):
            _ask_to_settle(event, agreement, step, last)
    announce_to_parties(agreement)


@hears("agreement.breach_notified")
def ask_to_cure(event: Event, agreement: Agreement, actor: Actor) -> None:
    """The party in breach has its time; whoever gave the notice says afterwards what became of it."""
    step = _step(event, agreement)
    assert step.about is not None
    known: dict[str, Any] = {"url": life_of(agreement), "due_at": step.due_at, "roles": TOLD}
    cure = gettext_noop("Cure the breach of %(title)s of which %(agency)s gave notice")
    ask(
        event, verb="answer", agency=step.about.agency, key=f"{_key(step)}:cure", title=_text(cure, agreement, step),
        why=Text(gettext_noop("Or propose a plan that the others accept.")), **known,
    )  # fmt: skip
    decide = gettext_noop("Has %(party)s cured its breach of %(title)s?")
    ask(
        event,
        verb="decide",
        agency=actor.agency,
        key=f"{_key(step)}:decide",
        title=_text(decide, agreement, step),
        **known,
    )


@hears("agreement.expiry_nears")
def ask_to_decide(event: Event, agreement: Agreement, actor: Actor) -> None:
    """Every party decides before the day; asked again at the next threshold, the item is refreshed."""
    day = datetime.fromisoformat(event.facts["on"]).date()
    is_objection = event.facts["what"] == "objection"
    if is_objection:
        title = gettext_noop("%(title)s renews by itself unless a party objects")
    else:
        title = gettext_noop("%(title)s ends in %(days)s days or less")
    for party in bound_parties(agreement):
        ask(
            event, verb="decide", agency=party.agency, roles=DECIDERS, key=f"expiry:{agreement.ref}:{party.agency.ref}",
            url=life_of(agreement), title=Text(title, title=agreement.title, days=event.facts["days"]),
            why=Text(gettext_noop("Last day: %(on)s"), on=event.facts["on"]),
            due_at=end_of(day, party.agency.zone) if is_objection else over_at(day),
        )  # fmt: skip
    announce_to_parties(agreement)


@hears("agreement.renewed", "agreement.renewal_objected")
def decided(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle(f"expiry:{agreement.ref}")
    if "step" in event.facts:
        settle(_key(_step(event, agreement)))


@hears("agreement.expired", "agreement.terminated")
def nothing_is_asked_any_more(event: Event, agreement: Agreement, actor: Actor) -> None:
    """All but what is still to be handed over."""
    settle(f"expiry:{agreement.ref}")
    for step in agreement.life.select_related("agreement").exclude(kind=StepKind.WITHDRAWAL):
        settle(_key(step))


def life_of(agreement: Agreement) -> str:
    return reverse("agreements:life", args=[agreement.ref])


def _ask_to_settle(event: Event, agreement: Agreement, step: Step, last: date) -> None:
    """Days end at the seat of the party that leaves, which hands over."""
    words = gettext_noop("Settle the handover of %(agency)s under %(title)s")
    why = Text(gettext_noop("Tasks, equipment, data, access rights and what is owed."))
    assert step.takes_effect_on is not None
    if last > step.takes_effect_on:
        why = Text(
            gettext_noop("Tasks, access rights and what is owed by %(on)s; equipment and data by %(back)s."),
            on=step.takes_effect_on.isoformat(), back=last.isoformat(),
        )  # fmt: skip
    for party in bound_parties(agreement):
        if party.agency_id != step.agency_id:
            ask(
                event, verb="complete", agency=party.agency, roles=DECIDERS, key=f"{_key(step)}:{party.agency.ref}",
                url=life_of(agreement), title=_text(words, agreement, step), due_at=end_of(last, step.agency.zone), why=why,
            )  # fmt: skip


def _last_day(step: Step, lines: Iterable[Handover]) -> date:
    """The day on which the last of these lines is due; lines without one are due with the notice."""
    assert step.takes_effect_on is not None
    return max((line.due_on or step.takes_effect_on for line in lines), default=step.takes_effect_on)


def _settled_at(line: Handover) -> datetime:
    assert line.done_at is not None
    return line.done_at


def _step(event: Event, agreement: Agreement) -> Step:
    found = agreement.life.select_related("agreement", "agency", "about__agency", "follows__agreement")
    return found.prefetch_related("consents", "followed_by__agreement", "handovers").get(number=event.facts["step"])


def _key(step: Step) -> str:
    return f"life:{step.agreement.ref}:{step.number}"


def _text(msgid: str, agreement: Agreement, step: Step | None, **params: Any) -> Text:
    """The words with the names they may use: who acted, whom it is about."""
    about: Agency | None = step.about.agency if step is not None and step.about is not None else None
    names = {
        "title": agreement.title,
        "agency": step.agency.acronym if step is not None else "",
        "party": about.acronym if about is not None else "",
    }
    return Text(msgid, **{name: value for name, value in {**names, **params}.items() if f"%({name})s" in msgid})
