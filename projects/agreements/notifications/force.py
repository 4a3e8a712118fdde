"""Entry into force: who is asked for what is missing, and who hears that a text binds."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.models import Role
from portal.history.models import Event
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import ask, settle, tell
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.agreements.entry.current import facts_of, rule_of, with_deed
from projects.agreements.entry.evaluating import Standing, evaluate
from projects.agreements.entry.facts import SIGNATURE, Deed
from projects.agreements.entry.joining import acts_asked_of
from projects.agreements.models import Agreement, Status
from projects.agreements.notifications.negotiating import ask_to_agree
from projects.agreements.notifications.told import announce_to_parties, settle_all, tell_others
from projects.policies import DECIDERS

register("agreement.completion_notified", _("notified that its procedures for %(target)s are complete"), icon="check")
register("agreement.act_recorded", _("recorded an act that brings %(target)s into force"), icon="check")
register("agreement.entered_into_force", _("confirmed the entry into force of %(target)s"), icon="ok")


@hears("agreement.profile_changed")
def ask_about_rule(event: Event, agreement: Agreement, actor: Actor) -> None:
    """A rule that is set in a shared text makes the text new to the other parties; a draft has no others."""
    if "rule" in event.facts and agreement.status != Status.DRAFT:
        ask_to_agree(event, agreement, actor)


@hears("agreement.signed")
def ask_for_acts(event: Event, agreement: Agreement, actor: Actor) -> None:
    """Whoever has signed is asked for what the rule wants beside it; what it has recorded already is not asked again."""
    assert actor.agency is not None
    if acts_asked_of(rule_of(agreement), actor.agency.ref) and _lacks_acts(agreement, actor.agency.ref):
        ask(
            event, verb="confirm", agency=actor.agency, roles=DECIDERS, key=f"act:{agreement.ref}:{actor.agency.ref}",
            title=Text(gettext_noop("Acts of your agency for %(title)s"), title=agreement.title), url=_url(agreement),
            why=Text(gettext_noop("It enters into force when they are recorded.")),
        )  # fmt: skip
    _ask_to_confirm(event, agreement, _standing_with(agreement, actor.agency.ref, SIGNATURE, event))


@hears("agreement.act_recorded")
def told_of_act(event: Event, agreement: Agreement, actor: Actor) -> None:
    assert actor.agency is not None
    kind = str(event.facts["kind"])
    if not _lacks_acts(agreement, actor.agency.ref, but=kind):
        settle(f"act:{agreement.ref}:{actor.agency.ref}")
    tell_others(
        event, agreement, actor, url=_url(agreement),
        title=Text(gettext_noop("%(agency)s recorded an act for %(title)s"), agency=actor.agency.acronym, title=agreement.title),
        why=Text(gettext_noop("The page says what is still missing.")),
    )  # fmt: skip
    _ask_to_confirm(event, agreement, _standing_with(agreement, actor.agency.ref, kind, event))
    announce_to_parties(agreement)


@hears("agreement.entered_into_force")
def told_of_force(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle_all(agreement, "confirm")
    words = gettext_noop("%(title)s is in force") if agreement.is_binding else gettext_noop("%(title)s is operative")
    for party in agreement.party_list:
        tell(
            event, agency=party.agency, roles=(*DECIDERS, Role.SIGNATORY), url=_url(agreement),
            title=Text(words, title=agreement.title),
            why=Text(gettext_noop("Since %(on)s"), on=event.facts["on"]),
        )  # fmt: skip
    announce_to_parties(agreement)


@hears("agreement.reopened", "agreement.declined")
def nothing_is_asked(event: Event, agreement: Agreement, actor: Actor) -> None:
    """Acts count under one frozen text."""
    settle_all(agreement, "act", "confirm")


def _lacks_acts(agreement: Agreement, ref: str, *, but: str = "") -> bool:
    done = next(party.acts for party in facts_of(agreement).parties if party.ref == ref)
    return bool(acts_asked_of(rule_of(agreement), ref) - done.keys() - {but})


def _standing_with(agreement: Agreement, ref: str, kind: str, event: Event) -> Standing:
    """Where the rule stands with what the event tells of, which is written only after it."""
    return evaluate(rule_of(agreement), with_deed(facts_of(agreement), ref, kind, Deed(event.at)))


def _ask_to_confirm(event: Event, agreement: Agreement, standing: Standing) -> None:
    """The depositary is asked once nothing but time is missing."""
    if agreement.is_effective or (standing.day is None and standing.earliest is None):
        return
    if standing.day is not None:
        why = Text(gettext_noop("The rule is satisfied; the depositary confirms."))
    else:
        why = Text(gettext_noop("The depositary can confirm it from %(on)s on."), on=str(standing.earliest))
    ask(
        event, verb="confirm", agency=agreement.depositary, roles=DECIDERS, key=f"confirm:{agreement.ref}", url=_url(agreement),
        title=Text(gettext_noop("Entry into force of %(title)s"), title=agreement.title), why=why,
    )  # fmt: skip


def _url(agreement: Agreement) -> str:
    return reverse("agreements:force", args=[agreement.ref])
