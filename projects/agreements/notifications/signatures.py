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
from projects.agreements.notifications.told import announce_to_parties, tell_others
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
            event, verb="confirm", agency=actor.agency, roles=SIGNING, url=_page(agreement),
            key=_key(event, agreement, actor),
            title=Text(gettext_noop("Confirm the signature under %(title)s"), title=agreement.title),
            why=Text(gettext_noop("It was made ad referendum and counts once it is confirmed.")),
        )  # fmt: skip


@hears("agreement.signature_confirmed")
def told_of_confirmation(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle(_key(event, agreement, actor))
    title = Text(gettext_noop("%(agency)s confirmed its signature under %(title)s"), **_named(agreement, actor))
    tell_others(event, agreement, actor, roles=SIGNING, title=title, why=Text(gettext_noop("It counts from now on.")))
    announce_to_parties(agreement)


@hears("agreement.signature_voided")
def told_of_voiding(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle(_key(event, agreement, actor))
    title = Text(gettext_noop("%(agency)s took its signature under %(title)s back"), **_named(agreement, actor))
    why = Text(gettext_noop("The reason is on its page. Your own signature stands."))
    tell_others(event, agreement, actor, roles=SIGNING, title=title, why=why)
    announce_to_parties(agreement)


@hears("agreement.reopened", "agreement.declined", "agreement.abandoned", "agreement.fully_signed")
def nothing_to_confirm(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle(f"confirm-signature:{agreement.ref}")


def _named(agreement: Agreement, actor: Actor) -> dict[str, str]:
    return {"agency": actor.agency.acronym, "title": agreement.title}


def _page(agreement: Agreement) -> str:
    return reverse("agreements:sign", args=[agreement.ref])


def _key(event: Event, agreement: Agreement, actor: Actor) -> str:
    """Of one signature: an agency that signs by several may have several to confirm."""
    return f"confirm-signature:{agreement.ref}:{actor.agency.ref}:{event.facts['evidence']}"
