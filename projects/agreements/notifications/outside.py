"""Signatures made outside the portal: the depositary is asked to certify them, the parties to witness what needs a witness."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.models import Role
from portal.history.models import Event
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import ask, settle
from portal.inbox.models import Item
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.agreements.models import Agreement, ExternalSignature
from projects.agreements.models.status import SIGNABLE
from projects.agreements.notifications.told import announce_to_parties, tell_others
from projects.agreements.signing.outside import needs_witness
from projects.policies import DECIDERS

register("agreement.external_submitted", _("handed in a signature under %(target)s that was made outside"), icon="pen")
register(
    "agreement.external_certified", _("certified a signature under %(target)s that waits for a witness"), icon="check"
)
register("agreement.external_refused", _("refused a signature under %(target)s that was made outside"), icon="no")
register("agreement.pdf_to_sign_kept", _("kept the PDF of %(target)s that is signed outside"), icon="file")
register("agreement.external_withdrawn", _("took back what it had handed in under %(target)s"), icon="undo")

SIGNING = (*DECIDERS, Role.SIGNATORY)
CERTIFY = gettext_noop("Certify a signature under %(title)s")
WITNESS = gettext_noop("Witness a signature under %(title)s")
WAITS = gettext_noop("Number %(number)s, for %(agency)s, made outside the portal.")
TITLES = {
    "external_refused": gettext_noop("A signature under %(title)s was refused"),
    "external_withdrawn": gettext_noop("%(agency)s took a signature under %(title)s back"),
}
WHY = {
    "external_refused": gettext_noop("The reason is on its page."),
    "external_withdrawn": gettext_noop("It was handed in and did not count yet."),
}


@hears("agreement.external_submitted", "agreement.external_certified", "agreement.signed")
def ask_to_vouch(event: Event, agreement: Agreement, actor: Actor) -> None:
    look_after(event, agreement)
    announce_to_parties(agreement)


@hears("agreement.external_refused", "agreement.external_withdrawn")
def told_of_end(event: Event, agreement: Agreement, actor: Actor) -> None:
    look_after(event, agreement)
    row = agreement.externals.get(number=event.facts["number"])
    what = event.verb.partition(".")[2]
    tell_others(
        event, agreement, actor, roles=SIGNING, url=page_of(row, agreement),
        title=Text(TITLES[what], agency=actor.agency.acronym, title=agreement.title), why=Text(WHY[what]),
    )  # fmt: skip
    announce_to_parties(agreement)


@hears("agreement.reopened", "agreement.declined", "agreement.abandoned", "agreement.fully_signed")
def nothing_to_vouch(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle(f"external:{agreement.ref}")


def look_after(event: Event, agreement: Agreement) -> None:
    """Ask whoever must look at what waits, each once; settle what waits for nobody any more."""
    asked = {key: (row, agency) for key, row, agency in _asked(agreement)}
    rows = Item.objects.waiting().filter(open_key__startswith=f"external:{agreement.ref}:")
    waiting = set(rows.order_by().values_list("open_key", flat=True))
    for key in sorted(waiting - asked.keys()):
        settle(key)
    for key in sorted(asked.keys() - waiting):
        row, agency = asked[key]
        what = CERTIFY if row.certified_at is None else WITNESS
        why = Text(WAITS, number=row.number, agency=row.party.agency.acronym)
        ask(
            event, verb="review", agency=agency, roles=SIGNING, key=key, url=page_of(row, agreement),
            title=Text(what, title=agreement.title), why=why,
        )  # fmt: skip


def page_of(row: ExternalSignature, agreement: Agreement) -> str:
    return reverse("agreements:external", args=[agreement.ref, row.number])


def _asked(agreement: Agreement) -> Iterator[tuple[str, ExternalSignature, Any]]:
    """The depositary first; then, where a witness is needed, every party, of which one person is enough."""
    if agreement.text_id is None or agreement.status not in SIGNABLE:
        return
    for row in agreement.externals.waiting().filter(text=agreement.text_id).select_related("party__agency"):
        key = f"external:{agreement.ref}:{row.number}"
        if row.certified_at is None:
            yield f"{key}:certify", row, agreement.depositary
        elif row.witnessed_at is None and needs_witness(row):
            for party in agreement.party_list:
                if party.left_on is None:
                    yield f"{key}:witness:{party.agency.ref}", row, party.agency
