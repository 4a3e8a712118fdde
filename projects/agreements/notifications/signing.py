"""Signing: who is asked, who hears of a signature or a refusal."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext_lazy

from agencies.models import Role
from portal.history.models import Event
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import ask, labels, tell
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.agreements.models import Agreement, Level, Status
from projects.agreements.notifications.told import announce_to_parties, settle_all, tell_others, url_of
from projects.agreements.notifications.turns import keep_asking
from projects.agreements.signing.places import places_of
from projects.policies import DECIDERS

SIGNED_IN_WORDS: dict[str, Any] = {
    Level.WET_INK: _("witnessed a signature by hand: that of %(party)s under %(target)s counts"),
    Level.PADES: _("vouched for a signature by certificate: that of %(party)s under %(target)s counts"),
}


def signed_in_words(facts: dict[str, Any]) -> Any:
    """Who vouches for a signature made outside did not sign; None where the usual words hold."""
    if facts.get("ad_referendum"):
        return _("signed %(target)s ad referendum")
    return SIGNED_IN_WORDS.get(facts.get("level", ""))


register("agreement.signed", _("signed %(target)s"), icon="pen", by_facts=signed_in_words)
register("agreement.fully_signed", _("completed the signatures under %(target)s"), icon="seal")
register("agreement.declined", _("declined to sign %(target)s"), icon="no")
register("agreement.sealed", _("sealed the PDF of %(target)s"), icon="seal")

register("agreement.signing_planned", _("planned who signs %(target)s, and in which order"), icon="users")
register("agreement.signatories_named", _("named who signs %(target)s for its agency"), icon="person-plus")
register("agreement.signing_handed_over", _("handed the signing of %(target)s over to a colleague"), icon="handshake")
register("agreement.approved_for_signing", _("approved %(target)s for signing"), icon="check")
register("agreement.seen_before_signing", _("confirmed having seen %(target)s"), icon="eye")
register("agreement.signing_extended", _("named another day for signing %(target)s"), icon="clock")
register("agreement.signing_nears", _("reminded of the last day for signing %(target)s"), icon="clock")
register("agreement.signing_lapsed", _("wrote down that the time for signing %(target)s is over"), icon="clock")

labels.in_series(
    "sign",
    "sign:",
    "agreements:to-sign",
    ngettext_lazy("%(count)d text waits for your signature", "%(count)d texts wait for your signature", "count"),
)

SIGNING = (*DECIDERS, Role.SIGNATORY)
SIGNED = gettext_noop("%(agency)s signed %(title)s")
AD_REFERENDUM = gettext_noop("%(agency)s signed %(title)s ad referendum")
OUTSIDE = gettext_noop("The signature of %(agency)s under %(title)s, made outside, counts")
OWN_COUNTS = gettext_noop("Your signature under %(title)s, made outside, counts")


@hears("agreement.frozen")
def ask_to_sign(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle_all(agreement, "agree", "freeze")
    keep_asking(event, agreement)
    announce_to_parties(agreement)


@hears("agreement.signed")
def told_of_signature(event: Event, agreement: Agreement, actor: Actor) -> None:
    """The others hear of it, of what was made outside also its own party; whoever comes next is asked."""
    signer = next(party.agency for party in agreement.party_list if party.agency.ref == event.facts["party"])
    is_outside = event.facts["level"] in SIGNED_IN_WORDS
    words = AD_REFERENDUM if event.facts.get("ad_referendum") else OUTSIDE if is_outside else SIGNED
    for party in agreement.party_list:
        if is_outside or party.agency_id != signer.pk:
            is_own = party.agency_id == signer.pk
            tell(
                event, agency=party.agency, roles=SIGNING, url=url_of(agreement),
                title=Text(OWN_COUNTS if is_own else words, agency=signer.acronym, title=agreement.title),
                why=Text(gettext_noop("Version %(text)s"), text=event.facts["text"]),
            )  # fmt: skip
    keep_asking(event, agreement)
    announce_to_parties(agreement)


@hears("agreement.signature_voided")
def asked_again(event: Event, agreement: Agreement, actor: Actor) -> None:
    """The event is written before the signature is void in the database; its agency is asked anew."""
    standing = agreement.standing_signatures
    standing[:] = [row for row in standing if row.evidence_sha256 != event.facts["evidence"]]
    keep_asking(event, agreement)


@hears("agreement.approved_for_signing", "agreement.seen_before_signing", "agreement.signing_handed_over")
def asked_in_turn(event: Event, agreement: Agreement, actor: Actor) -> None:
    keep_asking(event, agreement)
    announce_to_parties(agreement)


@hears("agreement.signatories_named", "agreement.signing_planned")
def asked_by_plan(event: Event, agreement: Agreement, actor: Actor) -> None:
    """A plan of a text that is frozen moves whoever is asked; before, it only shows."""
    if agreement.is_frozen:
        keep_asking(event, agreement)
    if agreement.status != Status.DRAFT:
        announce_to_parties(agreement)


@hears("agreement.signing_extended")
def asked_with_another_day(event: Event, agreement: Agreement, actor: Actor) -> None:
    keep_asking(event, agreement, anew=True)
    tell_others(
        event, agreement, actor, roles=SIGNING,
        title=Text(gettext_noop("Another day for signing %(title)s"), title=agreement.title),
        why=_until(event),
    )  # fmt: skip
    announce_to_parties(agreement)


@hears("agreement.signing_nears")
def reminded(event: Event, agreement: Agreement, actor: Actor) -> None:
    """Only those whose turn it is."""
    keep_asking(event, agreement, anew=True, why=_until(event))


@hears("agreement.signing_lapsed")
def nobody_is_asked(event: Event, agreement: Agreement, actor: Actor) -> None:
    """What waits is settled; the depositary decides whether there is more time."""
    keep_asking(event, agreement)
    ask(
        event, verb="decide", agency=agreement.depositary, roles=DECIDERS, key=f"extend:{agreement.ref}",
        title=Text(gettext_noop("Time for signing %(title)s is over"), title=agreement.title),
        why=Text(gettext_noop("Name a later day, or have the text reopened.")),
        url=reverse("agreements:signing", args=[agreement.ref]),
    )  # fmt: skip
    for party in agreement.party_list:
        if party.agency_id != agreement.depositary_id:
            tell(
                event, agency=party.agency, roles=SIGNING, url=reverse("agreements:signing", args=[agreement.ref]),
                title=Text(gettext_noop("Time for signing %(title)s is over"), title=agreement.title),
                why=Text(gettext_noop("The depositary can name a later day.")),
            )  # fmt: skip
    announce_to_parties(agreement)


@hears("agreement.entered_into_force")
def asked_without_a_day(event: Event, agreement: Agreement, actor: Actor) -> None:
    """Whoever its rule lets sign later has no last day any more."""
    keep_asking(event, agreement, anew=True)


@hears(
    "agreement.signing_extended", "agreement.reopened", "agreement.declined", "agreement.fully_signed",
    "agreement.entered_into_force",
)  # fmt: skip
def no_day_is_missing(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle_all(agreement, "extend")


@hears("agreement.fully_signed")
def nobody_is_awaited(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle_all(agreement, "sign")


@hears("agreement.sealed")
def send_copies(event: Event, agreement: Agreement, actor: Actor) -> None:
    """Whoever the plan gives a copy to is told where it is."""
    for place in places_of(agreement):
        if place.is_copy:
            for person in [row.person for row in place.persons] or [None]:
                tell(
                    event, agency=place.agency, person=person, roles=() if person else DECIDERS,
                    url=reverse("agreements:pdf", args=[agreement.ref]),
                    title=Text(gettext_noop("Your copy of %(title)s"), title=agreement.title),
                    why=Text(gettext_noop("Signed by all and sealed.")),
                )  # fmt: skip


@hears("agreement.declined")
def told_of_refusal(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle_all(agreement, "sign")
    tell_others(
        event, agreement, actor, roles=(*DECIDERS, Role.SIGNATORY),
        title=Text(gettext_noop("%(agency)s declined to sign %(title)s"), agency=actor.agency.acronym, title=agreement.title),
        why=Text(gettext_noop("The reason is on its page.")),
    )  # fmt: skip
    announce_to_parties(agreement)


def _until(event: Event) -> Text:
    day = event.facts["sign_by"]
    if day is None:
        return Text(gettext_noop("Signatures are asked without a last day."))
    return Text(gettext_noop("Signatures are asked until %(day)s."), day=day)
