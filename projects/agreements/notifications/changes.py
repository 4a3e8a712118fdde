"""Proposed changes, brackets, comments and internal approvals: who has to answer, and who hears of it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from portal.history.models import Event
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import ask, settle, tell
from portal.inbox.live import announce
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.agreements.models import Agreement, Change
from projects.agreements.negotiation import must_answer
from projects.agreements.notifications.told import announce_to_parties, tell_others, topic_of
from projects.policies import DECIDERS

register("agreement.change_proposed", _("proposed change %(change)s to %(target)s"), icon="swap")
register("agreement.change_accepted", _("accepted change %(change)s to %(target)s"), icon="check")
register("agreement.change_refused", _("refused change %(change)s to %(target)s"), icon="no")
register(
    "agreement.change_countered", _("answered change %(counters)s to %(target)s with change %(change)s"), icon="swap"
)
register("agreement.change_withdrawn", _("withdrew change %(change)s to %(target)s"), icon="x")
register(
    "agreement.answers_fell_due",
    _("noted that the day for answers to change %(change)s to %(target)s has passed"),
    icon="clock",
)
register("agreement.bracket_placed", _("put words of %(target)s in brackets"), icon="flag")
register("agreement.bracket_lifted", _("lifted a bracket in %(target)s"), icon="check")
register("agreement.commented", _("commented on %(target)s"), icon="chat")
register("agreement.comment_widened", _("shared a comment on %(target)s with every party"), icon="users")
register("agreement.comment_resolved", _("resolved a comment on %(target)s"), icon="check")
register("agreement.comment_reopened", _("took up again a comment on %(target)s"), icon="chat")
register("agreement.approvals_asked", _("listed the internal approvals for %(target)s"), icon="file")
register("agreement.approved", _("approved the text of %(target)s internally"), icon="check")
register("agreement.approval_taken_back", _("took back an internal approval of %(target)s"), icon="undo")


@hears("agreement.change_proposed", "agreement.change_countered")
def ask_for_answers(event: Event, agreement: Agreement, actor: Actor) -> None:
    """Every other party is asked: also the one whose change was countered."""
    if "counters" in event.facts:
        settle(_key(agreement, event.facts["counters"]))
    change = _change(event, agreement)
    for party in agreement.party_list:
        if must_answer(party, change.agency_id, ()):
            ask(
                event, verb="answer", agency=party.agency, roles=DECIDERS, url=_url(agreement, change),
                key=f"{_key(agreement, change.number)}:{party.agency.ref}",
                title=Text(gettext_noop("Change %(number)s to %(title)s"), number=change.number, title=agreement.title),
                why=Text(gettext_noop("Proposed by %(agency)s. Silence is not consent."), agency=change.agency.acronym),
                due_at=change.due_at,
            )  # fmt: skip
    announce_to_parties(agreement)


@hears("agreement.answers_fell_due")
def remind_who_has_not_answered(event: Event, agreement: Agreement, actor: Actor) -> None:
    """Asked again, nothing decided: the day was a wish, and its passing binds nobody."""
    change, silent = _change(event, agreement), event.facts["waits_for"]
    title = Text(gettext_noop("Change %(number)s to %(title)s"), number=change.number, title=agreement.title)
    why = gettext_noop("The day that %(agency)s named has passed. Silence is not consent.")
    for party in agreement.party_list:
        if party.agency.ref in silent:
            ask(
                event, verb="answer", agency=party.agency, roles=DECIDERS, url=_url(agreement, change),
                key=f"{_key(agreement, change.number)}:{party.agency.ref}", title=title,
                why=Text(why, agency=change.agency.acronym), due_at=change.due_at,
            )  # fmt: skip
    names = ", ".join(party.agency.acronym for party in agreement.party_list if party.agency.ref in silent)
    tell(
        event, agency=change.agency, roles=DECIDERS, url=_url(agreement, change), title=title,
        why=Text(gettext_noop("The day for answers has passed; it still waits for %(names)s."), names=names),
    )  # fmt: skip
    announce_to_parties(agreement)


@hears("agreement.change_accepted")
def told_of_acceptance(event: Event, agreement: Agreement, actor: Actor) -> None:
    change = _change(event, agreement)
    settle(f"{_key(agreement, change.number)}:{actor.agency.ref}")
    if event.facts["applied"]:
        settle(_key(agreement, change.number))
        words = gettext_noop("Every party has accepted change %(number)s to %(title)s")
    else:
        words = gettext_noop("%(agency)s accepted change %(number)s to %(title)s")
    _tell_proposer(event, agreement, change, words, actor)
    for number in event.facts.get("overtaken", ()):
        settle(_key(agreement, number))
        other = agreement.changes.select_related("agency").get(number=number)
        _tell_proposer(
            event, agreement, other, gettext_noop("Your change %(number)s to %(title)s was overtaken"), actor,
            gettext_noop("Change %(by)s was applied first. Propose yours again on the new words."), by=change.number,
        )  # fmt: skip
    announce_to_parties(agreement)


@hears("agreement.change_refused")
def told_of_refused_change(event: Event, agreement: Agreement, actor: Actor) -> None:
    change = _change(event, agreement)
    settle(_key(agreement, change.number))
    words = gettext_noop("%(agency)s refused change %(number)s to %(title)s")
    _tell_proposer(event, agreement, change, words, actor, gettext_noop("The reason is on its page."))
    announce_to_parties(agreement)


@hears("agreement.change_withdrawn")
def told_of_withdrawn_change(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle(_key(agreement, event.facts["change"]))
    announce_to_parties(agreement)


@hears("agreement.bracket_placed", "agreement.bracket_lifted")
def told_of_bracket(event: Event, agreement: Agreement, actor: Actor) -> None:
    words = gettext_noop("%(agency)s put words of %(title)s in brackets")
    if event.verb == "agreement.bracket_lifted":
        words = gettext_noop("%(agency)s lifted a bracket in %(title)s")
    tell_others(event, agreement, actor, title=Text(words, agency=actor.agency.acronym, title=agreement.title))
    announce_to_parties(agreement)


@hears(
    "agreement.commented",
    "agreement.comment_widened",
    "agreement.comment_resolved",
    "agreement.comment_reopened",
    "agreement.approvals_asked",
    "agreement.approved",
    "agreement.approval_taken_back",
)
def look_again(event: Event, agreement: Agreement, actor: Actor) -> None:
    """SECURITY: pages are redrawn only where the event may be read; elsewhere nobody learns that something happened."""
    announce(topic_of(agreement), agencies=list(event.agencies), kind="changed", ref=agreement.ref)


@hears("agreement.abandoned", "agreement.frozen")
def no_change_waits(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle(f"change:{agreement.ref}")


def _change(event: Event, agreement: Agreement) -> Change:
    return agreement.changes.select_related("agency").get(number=event.facts["change"])


def _key(agreement: Agreement, number: int) -> str:
    return f"change:{agreement.ref}:{number}"


def _url(agreement: Agreement, change: Change) -> str:
    return reverse("agreements:change", args=[agreement.ref, change.number])


def _tell_proposer(
    event: Event, agreement: Agreement, change: Change, words: str, actor: Actor, why: str = "", **names: object
) -> None:
    tell(
        event, agency=change.agency, roles=DECIDERS, url=_url(agreement, change),
        title=Text(words, agency=actor.agency.acronym, number=change.number, title=agreement.title),
        why=Text(why, **names) if why else "",
    )  # fmt: skip
