"""Sealing: who hears that a sealed PDF could not be made, and that it was."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.models import Role
from portal.history.models import Event
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import ask, tell
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.agreements.models import Agreement
from projects.agreements.notifications.told import announce_to_parties, settle_all, url_of
from projects.policies import DECIDERS

register("agreement.seal_failed", _("could not seal the PDF of %(target)s; it is tried again"), icon="alert")


@hears("agreement.seal_failed")
def told_of_failure(event: Event, agreement: Agreement, actor: Actor) -> None:
    """Parties learn it at once; it waits for the operators until the PDF is sealed."""
    # SECURITY: operators have no window into agencies' work; the reference is all they need.
    ask(
        event, verb="review", roles=["operator"], key=f"seal:{agreement.ref}",
        title=Text(gettext_noop("The PDF of %(agreement)s cannot be sealed"), agreement=agreement.ref),
        why=Text(gettext_noop("It is tried again with growing pauses; the reasons are listed.")),
        url=f"{reverse('admin:agreements_sealfailure_changelist')}?q={agreement.ref}",
    )  # fmt: skip
    for party in agreement.party_list:
        tell(
            event, agency=party.agency, roles=(*DECIDERS, Role.SIGNATORY), url=url_of(agreement),
            title=Text(gettext_noop("The sealed PDF of %(title)s cannot be made yet"), title=agreement.title),
            why=Text(gettext_noop("The signatures are complete and count; the portal tries again.")),
        )  # fmt: skip
    announce_to_parties(agreement)


@hears("agreement.sealed")
def settle_the_failure(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle_all(agreement, "seal")
