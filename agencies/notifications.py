"""What can happen to agencies and their people, and who hears of it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop

from agencies.models import Agency, Invitation, Mandate, Membership, Person, Role
from agencies.witnessing import readers_of_the_ledger
from portal.history.models import Alarm
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import ask, settle, tell
from portal.inbox.texts import Text
from portal.kit.actors import Actor

register("agency.applied", _("applied to join: %(target)s"), icon="flag")
register("agency.verified", _("verified %(target)s"), icon="ok")
register("agency.refused", _("refused the application of %(target)s"), icon="no")
register("agency.reconsidered", _("put %(target)s back into the queue"), icon="refresh")
register("agency.suspended", _("suspended %(target)s"), icon="hold")
register("agency.reinstated", _("reinstated %(target)s"), icon="ok")
register("agency.profile_edited", _("changed the profile of %(target)s"), icon="pen")
register("invitation.sent", _("sent the invitation %(target)s"), icon="mail")
register("invitation.accepted", _("accepted the invitation %(target)s"), icon="ok")
register("invitation.withdrawn", _("withdrew the invitation %(target)s"), icon="no")
register("membership.started", _("began the membership %(target)s"), icon="person-plus")
register("membership.roles_changed", _("changed the roles of the membership %(target)s"), icon="person")
register("membership.ended", _("ended the membership %(target)s"), icon="no")
register("mandate.granted", _("granted the mandate %(target)s"), icon="mandate")
register("mandate.revoked", _("revoked the mandate %(target)s"), icon="no")
register("token.issued", _("issued the API token %(target)s"), icon="key")
register("token.revoked", _("revoked the API token %(target)s"), icon="no")

register("passkey.enrolled", _("enrolled a passkey"), icon="key")
register("passkey.removed", _("removed a passkey"), icon="no")
register("authenticator_app.enrolled", _("enrolled an authenticator app"), icon="key")
register("authenticator_app.removed", _("removed an authenticator app"), icon="no")

FACTORS = {
    "passkey.enrolled": _noop("A passkey was added to your account"),
    "passkey.removed": _noop("A passkey was removed from your account"),
    "authenticator_app.enrolled": _noop("An authenticator app was added to your account"),
    "authenticator_app.removed": _noop("An authenticator app was removed from your account"),
}
DECISIONS = {
    "agency.verified": _noop("%(agency)s is verified: it is in the directory and may reach others"),
    "agency.refused": _noop("The application of %(agency)s was sent back"),
    "agency.reconsidered": _noop("The application of %(agency)s is checked once more"),
    "agency.suspended": _noop("%(agency)s is suspended: nobody may act for it"),
    "agency.reinstated": _noop("%(agency)s may act again"),
}


@hears("agency.applied", "agency.reconsidered")
def ask_the_operators(event: Any, agency: Agency, actor: Actor) -> None:
    """An application waits for the operators until one of them decides."""
    ask(
        event,
        verb="verify",
        roles=["operator"],
        title=Text(_noop("%(agency)s applies to join"), agency=agency.legal_name),
        why=Text(_noop("Until it is verified it reaches nobody.")),
        url=reverse("admin:agencies_agency_change", args=[agency.pk]),
        key=f"vet:{agency.ref}",
    )


@hears("agency.verified", "agency.refused")
def settle_the_application(event: Any, agency: Agency, actor: Actor) -> None:
    """The operators have decided."""
    settle(f"vet:{agency.ref}")


@hears(*DECISIONS)
def tell_the_administrators(event: Any, agency: Agency, actor: Actor) -> None:
    """They hear it as people, because a suspended agency has no inbox to read."""
    title = Text(DECISIONS[event.verb], agency=agency.acronym)
    url = reverse("agencies:account")  # their own page, which also opens when the agency is silenced later
    administrators = Membership.objects.live().with_role(Role.ADMINISTRATOR).filter(agency=agency)
    for membership in administrators.select_related("person"):
        tell(event, person=membership.person, title=title, why=agency.status_reason, url=url)


@hears("invitation.accepted")
def tell_who_joined(event: Any, invitation: Invitation, actor: Actor) -> None:
    """The administrators hear who has joined."""
    title = Text(_noop("%(person)s has joined %(agency)s"), person=actor.person.name, agency=invitation.agency.acronym)
    url = reverse("agencies:people", args=[invitation.agency.ref])
    tell(event, agency=invitation.agency, roles=[Role.ADMINISTRATOR], title=title, url=url)


@hears("membership.roles_changed")
def tell_the_member(event: Any, membership: Membership, actor: Actor) -> None:
    """Nobody's rights change behind their back."""
    if membership.person == actor.person:
        return
    title = Text(_noop("Your roles at %(agency)s were changed"), agency=membership.agency.acronym)
    url = reverse("agencies:people", args=[membership.agency.ref])
    tell(event, agency=membership.agency, person=membership.person, title=title, url=url)


@hears("membership.ended")
def tell_who_left(event: Any, membership: Membership, actor: Actor) -> None:
    """Who was removed hears it outside the agency's inbox, which is closed to them; who left, the administrators hear."""
    agency = membership.agency
    if membership.person == actor.person:
        title = Text(_noop("%(person)s has left %(agency)s"), person=membership.person.name, agency=agency.acronym)
        url = reverse("agencies:people", args=[agency.ref])
        tell(event, agency=agency, roles=[Role.ADMINISTRATOR], title=title, url=url)
        return
    title = Text(_noop("Your membership of %(agency)s has ended"), agency=agency.acronym)
    tell(event, person=membership.person, title=title, url=reverse("agencies:account"))


@hears("mandate.granted", "mandate.revoked")
def tell_the_holder(event: Any, mandate: Mandate, actor: Actor) -> None:
    """The signatory hears what they may sign, and when they no longer may."""
    words = {
        "mandate.granted": _noop("You may sign for %(agency)s under the mandate %(ref)s"),
        "mandate.revoked": _noop("Your mandate %(ref)s to sign for %(agency)s was revoked"),
    }
    title = Text(words[event.verb], agency=mandate.agency.acronym, ref=mandate.ref)
    url = reverse("agencies:mandates", args=[mandate.agency.ref])
    tell(event, agency=mandate.agency, person=mandate.person, title=title, url=url)


@hears(*FACTORS)
def tell_whose_factor_it_is(event: Any, person: Person, actor: Actor) -> None:
    """They hear it as a person, whatever agency they act for; if it was not they, they know at once."""
    why = Text(_noop("If it was not you, change your password and tell the administrators of your agency."))
    tell(event, person=person, title=Text(FACTORS[event.verb]), why=why, url=reverse("mfa_index"))


@hears("ledger.fork_found")
def tell_everybody(event: Any, alarm: Alarm, actor: Actor) -> None:
    """The administrators of every agency hear it, whoever found it."""
    title = Text(_noop("The ledger does not fit a checkpoint that was signed"))
    url = reverse("history:alarm", args=[alarm.pk])
    for agency in readers_of_the_ledger():
        tell(event, agency=agency, roles=[Role.ADMINISTRATOR], title=title, url=url)
