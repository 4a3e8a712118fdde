"""Signing: who is asked, who hears of a signature or a refusal."""

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
from projects.agreements.notifications.told import announce_to_parties, settle_all, url_of
from projects.policies import DECIDERS

register("agreement.signed", _("signed %(target)s"), icon="pen")
register("agreement.fully_signed", _("completed the signatures under %(target)s"), icon="seal")
register("agreement.declined", _("declined to sign %(target)s"), icon="no")
register("agreement.sealed", _("sealed the PDF of %(target)s"), icon="seal")


@hears("agreement.frozen")
def ask_to_sign(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle_all(agreement, "agree", "freeze")
    for party in agreement.party_list:
        ask(
            event, verb="sign", agency=party.agency, roles=(Role.SIGNATORY,), key=f"sign:{agreement.ref}:{party.agency.ref}",
            title=Text(gettext_noop("Sign %(title)s"), title=agreement.title),
            url=reverse("agreements:sign", args=[agreement.ref]),
            why=Text(
                gettext_noop("Version %(text)s, for %(agency)s."), text=event.facts["text"], agency=party.agency.acronym,
            ),
        )  # fmt: skip
    announce_to_parties(agreement)


@hears("agreement.signed")
def told_of_signature(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle(f"sign:{agreement.ref}:{actor.agency.ref}")
    for party in agreement.party_list:
        if party.agency_id != actor.agency_id:
            tell(
                event, agency=party.agency, roles=(*DECIDERS, Role.SIGNATORY), url=url_of(agreement),
                title=Text(gettext_noop("%(agency)s signed %(title)s"), agency=actor.agency.acronym, title=agreement.title),
                why=Text(gettext_noop("Version %(text)s"), text=event.facts["text"]),
            )  # fmt: skip
    announce_to_parties(agreement)


@hears("agreement.declined")
def told_of_refusal(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle_all(agreement, "sign")
    for party in agreement.party_list:
        if party.agency_id != actor.agency_id:
            tell(
                event, agency=party.agency, roles=(*DECIDERS, Role.SIGNATORY), url=url_of(agreement),
                title=Text(gettext_noop("%(agency)s declined to sign %(title)s"), agency=actor.agency.acronym, title=agreement.title),
                why=Text(gettext_noop("The reason is on its page.")),
            )  # fmt: skip
    announce_to_parties(agreement)
