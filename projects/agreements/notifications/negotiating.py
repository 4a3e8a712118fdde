"""Drafting and negotiating: who is asked to agree, and who hears that the words are new."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from portal.history.models import Event
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import ask, settle
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.agreements.models import Agreement
from projects.agreements.notifications.told import announce_to_parties, settle_all, tell_others, url_of
from projects.policies import DECIDERS

register("agreement.drafted", _("drafted %(target)s"), icon="file")
register("agreement.profile_changed", _("changed the clause profile of %(target)s"), icon="pen")
register("agreement.clause_worded", _("changed the words of a clause of %(target)s"), icon="pen")
register("agreement.clause_added", _("added a clause to %(target)s"), icon="pen")
register("agreement.clause_removed", _("left a clause out of %(target)s"), icon="pen")
register("agreement.clause_moved", _("moved a clause of %(target)s"), icon="pen")
register("agreement.shared", _("shared the draft of %(target)s with the other parties"), icon="users")
register("agreement.text_agreed", _("agreed to the text of %(target)s"), icon="check")
register("agreement.frozen", _("froze the text of %(target)s for signature"), icon="lock")
register("agreement.reopened", _("reopened the text of %(target)s"), icon="swap")
register("agreement.abandoned", _("gave up %(target)s"), icon="no")


@hears(
    "agreement.shared", "agreement.change_accepted", "agreement.reopened", "agreement.caught_up",
    "agreement.beneficiary_named", "agreement.beneficiary_dropped",
)  # fmt: skip
def ask_to_agree(event: Event, agreement: Agreement, actor: Actor) -> None:
    """The words are new to the other parties: each is asked again; a change that all accepted is new in every text."""
    is_applied = bool(event.facts.get("applied"))
    if agreement.status == "draft" or (event.verb == "agreement.change_accepted" and not is_applied):
        return
    settle_all(agreement, "sign", "freeze", "confirm", "agree")
    if event.verb == "agreement.reopened":
        words = gettext_noop("%(agency)s reopened it; its history says why. Silence is not consent.")
    else:
        words = gettext_noop("Revision %(revision)s, changed by %(agency)s. Silence is not consent.")
    changed_by = agreement.changed_by if is_applied and agreement.changed_by is not None else actor.agency
    for party in agreement.party_list:
        if is_applied or party.agency_id != actor.agency_id:
            ask(
                event, verb="answer", agency=party.agency, roles=DECIDERS, key=f"agree:{agreement.ref}:{party.agency.ref}",
                title=Text(gettext_noop("Text of %(title)s"), title=agreement.title), url=url_of(agreement),
                why=Text(words, revision=agreement.revision, agency=changed_by.acronym),
            )  # fmt: skip
    announce_to_parties(agreement)


@hears("agreement.text_agreed")
def told_of_agreement_to_text(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle(f"agree:{agreement.ref}:{actor.agency.ref}")
    tell_others(
        event, agreement, actor,
        title=Text(gettext_noop("%(agency)s agreed to the text of %(title)s"), agency=actor.agency.acronym, title=agreement.title),
        why=Text(gettext_noop("Revision %(revision)s"), revision=agreement.revision),
    )  # fmt: skip
    if event.facts["by_all"]:
        ask(
            event, verb="complete", agency=agreement.drafter, roles=DECIDERS, key=f"freeze:{agreement.ref}", url=url_of(agreement),
            title=Text(gettext_noop("Freeze the text of %(title)s"), title=agreement.title),
            why=Text(gettext_noop("Every party has agreed to it.")),
        )  # fmt: skip
    announce_to_parties(agreement)


@hears("agreement.abandoned")
def nothing_waits(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle_all(agreement, "agree", "freeze", "sign", "confirm")
