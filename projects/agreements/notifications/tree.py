"""Amendments, accessions and third parties: who hears that an agreement has changed, and whose consent is asked."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from portal.history.models import Event
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import ask, settle, tell
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.agreements.models import Agreement
from projects.agreements.notifications.told import announce_to_parties, url_of
from projects.agreements.policies import AgreementPolicy
from projects.policies import DECIDERS

register("agreement.placed", _("settled what %(target)s stands under"), icon="swap")
register("agreement.caught_up", _("took over into %(target)s what was amended meanwhile"), icon="swap")
register("agreement.beneficiary_named", _("named a third party that may rely on a clause of %(target)s"), icon="users")
register("agreement.beneficiary_dropped", _("took a third party out of %(target)s"), icon="users")
register("agreement.third_party_consented", _("consented as a third party to %(target)s"), icon="check")
register("agreement.amended", _("amended %(target)s"), icon="pen")
register("agreement.acceded", _("let another agency accede to %(target)s"), icon="users")


@hears("agreement.text_agreed")
def ask_third_parties(event: Event, agreement: Agreement, actor: Actor) -> None:
    """The words are agreed: who may rely on a changed clause is asked before they can be frozen."""
    if not agreement.amends or not event.facts["by_all"]:
        return
    missing = {row.agency_id: row.agency for row in AgreementPolicy(actor, agreement).missing_consents}
    for agency in missing.values():
        ask(
            event, verb="answer", agency=agency, roles=DECIDERS, key=_key(agreement, agency.ref), url=url_of(agreement),
            title=Text(gettext_noop("Consent to %(title)s"), title=agreement.title),
            why=Text(gettext_noop("It changes a clause on which your agency may rely. Silence is not consent.")),
        )  # fmt: skip


@hears("agreement.third_party_consented")
def told_of_consent(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle(_key(agreement, actor.agency.ref))
    for party in agreement.party_list:
        tell(
            event, agency=party.agency, roles=DECIDERS, url=url_of(agreement),
            title=Text(gettext_noop("%(agency)s consented to %(title)s"), agency=actor.agency.acronym, title=agreement.title),
            why=Text(gettext_noop("It may rely on a clause that the amendment changes.")),
        )  # fmt: skip
    announce_to_parties(agreement)


@hears("agreement.amended", "agreement.acceded")
def told_of_change(event: Event, agreement: Agreement, actor: Actor) -> None:
    words = (
        gettext_noop("%(title)s was amended")
        if event.verb == "agreement.amended"
        else gettext_noop("%(title)s has a new party")
    )
    for party in agreement.party_list:
        tell(
            event, agency=party.agency, roles=DECIDERS, url=reverse("agreements:in-force", args=[agreement.ref]),
            title=Text(words, title=agreement.title),
            why=Text(gettext_noop("By %(by)s, from %(on)s"), by=event.facts["by"], on=event.facts["on"]),
        )  # fmt: skip
    announce_to_parties(agreement)


def _key(agreement: Agreement, agency: str) -> str:
    return f"third-party:{agreement.ref}:{agency}"
