"""Entry into force: who is asked for what is missing, and who hears that a text binds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.models import Role
from portal.history.models import Event
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import ask, settle, tell
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.agreements.entry import needs_notification
from projects.agreements.models import Agreement
from projects.agreements.notifications.told import announce_to_parties, settle_all, url_of
from projects.policies import DECIDERS

register("agreement.completion_notified", _("notified that its procedures for %(target)s are complete"), icon="check")
register("agreement.entered_into_force", _("confirmed the entry into force of %(target)s"), icon="ok")


@hears("agreement.fully_signed")
def ask_depositary(event: Event, agreement: Agreement, actor: Actor) -> None:
    if needs_notification(agreement):
        for party in agreement.party_list:
            ask(
                event, verb="confirm", agency=party.agency, roles=DECIDERS, key=f"notify:{agreement.ref}:{party.agency.ref}",
                title=Text(gettext_noop("Completion of your procedures for %(title)s"), title=agreement.title), url=url_of(agreement),
                why=Text(gettext_noop("It enters into force when every party has notified it.")),
            )  # fmt: skip
    else:
        _ask_to_confirm(event, agreement)


@hears("agreement.completion_notified")
def told_of_completion(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle(f"notify:{agreement.ref}:{actor.agency.ref}")
    if event.facts["by_all"]:
        _ask_to_confirm(event, agreement)
    announce_to_parties(agreement)


@hears("agreement.entered_into_force")
def told_of_force(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle_all(agreement, "confirm")
    for party in agreement.party_list:
        tell(
            event, agency=party.agency, roles=(*DECIDERS, Role.SIGNATORY), url=url_of(agreement),
            title=Text(gettext_noop("%(title)s is in force"), title=agreement.title),
            why=Text(gettext_noop("Since %(on)s"), on=event.facts["on"]),
        )  # fmt: skip
    announce_to_parties(agreement)


def _ask_to_confirm(event: Event, agreement: Agreement) -> None:
    ask(
        event, verb="confirm", agency=agreement.depositary, roles=DECIDERS, key=f"confirm:{agreement.ref}", url=url_of(agreement),
        title=Text(gettext_noop("Entry into force of %(title)s"), title=agreement.title),
        why=Text(gettext_noop("The rule is satisfied; the depositary confirms.")),
    )  # fmt: skip
