"""Around a signature: who hears a question, who is asked to confirm, who is asked again once one is taken back."""

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
from projects.agreements.models import Agreement
from projects.agreements.notifications.told import announce_to_parties, url_of
from projects.policies import DECIDERS

register("agreement.question_asked", _("asked about %(target)s before signing it"), icon="chat")
register("agreement.signature_confirmed", _("confirmed its signature under %(target)s"), icon="seal")
register("agreement.signature_voided", _("took its signature under %(target)s back"), icon="undo")

SIGNING = (*DECIDERS, Role.SIGNATORY)


@hears("agreement.question_asked")
def told_of_question(event: Event, agreement: Agreement, actor: Actor) -> None:
    """Whoever opened the signing answers; the others can read it on the signing page."""
    if agreement.text is not None:
        tell(
            event, agency=agreement.text.frozen_for, roles=DECIDERS, url=f"{_page(agreement)}#questions",
            title=Text(gettext_noop("%(agency)s asks about %(title)s"), agency=actor.agency.acronym, title=agreement.title),
            why=Text(gettext_noop("Before signing version %(text)s"), text=agreement.text.number),
        )  # fmt: skip
    announce_to_parties(agreement)


@hears("agreement.signed")
def ask_to_confirm(event: Event, agreement: Agreement, actor: Actor) -> None:
    """What was signed ad referendum waits for its own agency."""
    if event.facts.get("ad_referendum"):
        ask(
            event, verb="confirm", agency=actor.agency, roles=(Role.SIGNATORY,), url=_page(agreement),
            key=_key(agreement, actor),
            title=Text(gettext_noop("Confirm the signature under %(title)s"), title=agreement.title),
            why=Text(gettext_noop("It was made ad referendum and counts once it is confirmed.")),
        )  # fmt: skip


@hears("agreement.signature_confirmed")
def told_of_confirmation(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle(_key(agreement, actor))
    _tell_others(
        event, agreement, actor, gettext_noop("%(agency)s confirmed its signature under %(title)s"),
        gettext_noop("It counts from now on."),
    )  # fmt: skip


@hears("agreement.signature_voided")
def told_of_voiding(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle(_key(agreement, actor))
    _tell_others(
        event, agreement, actor, gettext_noop("%(agency)s took its signature under %(title)s back"),
        gettext_noop("The reason is on its page. Your own signature stands."),
    )  # fmt: skip


@hears("agreement.reopened", "agreement.declined", "agreement.abandoned", "agreement.fully_signed")
def nothing_to_confirm(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle(f"confirm-signature:{agreement.ref}")


def _tell_others(event: Event, agreement: Agreement, actor: Actor, title: str, why: str) -> None:
    for party in agreement.party_list:
        if party.agency_id != actor.agency_id:
            tell(
                event, agency=party.agency, roles=SIGNING, url=url_of(agreement),
                title=Text(title, agency=actor.agency.acronym, title=agreement.title), why=Text(why),
            )  # fmt: skip
    announce_to_parties(agreement)


def _page(agreement: Agreement) -> str:
    return reverse("agreements:sign", args=[agreement.ref])


def _key(agreement: Agreement, actor: Actor) -> str:
    return f"confirm-signature:{agreement.ref}:{actor.agency.ref}"
