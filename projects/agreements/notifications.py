"""What happens to agreements, in words, and who hears of it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.models import Role
from portal.history.models import Event
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import ask, settle, tell
from portal.inbox.live import announce
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.agreements.entry import needs_notification
from projects.agreements.models import Agreement
from projects.policies import DECIDERS

register("agreement.drafted", _("drafted %(target)s"), icon="file")
register("agreement.profile_changed", _("changed the clause profile of %(target)s"), icon="pen")
register("agreement.clause_worded", _("changed the words of a clause of %(target)s"), icon="pen")
register("agreement.shared", _("shared the draft of %(target)s with the other parties"), icon="users")
register("agreement.text_agreed", _("agreed to the text of %(target)s"), icon="check")
register("agreement.frozen", _("froze the text of %(target)s for signature"), icon="lock")
register("agreement.reopened", _("reopened the text of %(target)s"), icon="swap")
register("agreement.signed", _("signed %(target)s"), icon="pen")
register("agreement.fully_signed", _("completed the signatures under %(target)s"), icon="seal")
register("agreement.declined", _("declined to sign %(target)s"), icon="no")
register("agreement.completion_notified", _("notified that its procedures for %(target)s are complete"), icon="check")
register("agreement.sealed", _("sealed the PDF of %(target)s"), icon="seal")
register("agreement.entered_into_force", _("confirmed the entry into force of %(target)s"), icon="ok")
register("agreement.abandoned", _("gave up %(target)s"), icon="no")


@hears("agreement.shared", "agreement.clause_worded", "agreement.profile_changed", "agreement.reopened")
def ask_to_agree(event: Event, agreement: Agreement, actor: Actor) -> None:
    """The words are new to the other parties: each is asked again."""
    if agreement.status == "draft":
        return
    _settle(agreement, "sign", "freeze", "confirm", "agree")
    if event.verb == "agreement.reopened":
        words = gettext_noop("%(agency)s reopened it; its history says why. Silence is not consent.")
    else:
        words = gettext_noop("Revision %(revision)s, changed by %(agency)s. Silence is not consent.")
    for party in agreement.party_list:
        if party.agency_id != actor.agency_id:
            ask(
                event, verb="answer", agency=party.agency, roles=DECIDERS, key=f"agree:{agreement.ref}:{party.agency.ref}",
                title=Text(gettext_noop("Text of %(title)s"), title=agreement.title), url=_url(agreement),
                why=Text(words, revision=agreement.revision, agency=actor.agency.acronym),
            )  # fmt: skip
    _announce(agreement)


@hears("agreement.text_agreed")
def told_of_agreement_to_text(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle(f"agree:{agreement.ref}:{actor.agency.ref}")
    for party in agreement.party_list:
        if party.agency_id != actor.agency_id:
            tell(
                event, agency=party.agency, roles=DECIDERS, url=_url(agreement),
                title=Text(gettext_noop("%(agency)s agreed to the text of %(title)s"), agency=actor.agency.acronym, title=agreement.title),
                why=Text(gettext_noop("Revision %(revision)s"), revision=agreement.revision),
            )  # fmt: skip
    if event.facts["by_all"]:
        ask(
            event, verb="complete", agency=agreement.drafter, roles=DECIDERS, key=f"freeze:{agreement.ref}", url=_url(agreement),
            title=Text(gettext_noop("Freeze the text of %(title)s"), title=agreement.title),
            why=Text(gettext_noop("Every party has agreed to it.")),
        )  # fmt: skip
    _announce(agreement)


@hears("agreement.frozen")
def ask_to_sign(event: Event, agreement: Agreement, actor: Actor) -> None:
    _settle(agreement, "agree", "freeze")
    for party in agreement.party_list:
        ask(
            event, verb="sign", agency=party.agency, roles=(Role.SIGNATORY,), key=f"sign:{agreement.ref}:{party.agency.ref}",
            title=Text(gettext_noop("Sign %(title)s"), title=agreement.title),
            url=reverse("agreements:sign", args=[agreement.ref]),
            why=Text(
                gettext_noop("Version %(text)s, for %(agency)s."), text=event.facts["text"], agency=party.agency.acronym,
            ),
        )  # fmt: skip
    _announce(agreement)


@hears("agreement.signed")
def told_of_signature(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle(f"sign:{agreement.ref}:{actor.agency.ref}")
    for party in agreement.party_list:
        if party.agency_id != actor.agency_id:
            tell(
                event, agency=party.agency, roles=(*DECIDERS, Role.SIGNATORY), url=_url(agreement),
                title=Text(gettext_noop("%(agency)s signed %(title)s"), agency=actor.agency.acronym, title=agreement.title),
                why=Text(gettext_noop("Version %(text)s"), text=event.facts["text"]),
            )  # fmt: skip
    _announce(agreement)


@hears("agreement.fully_signed")
def ask_depositary(event: Event, agreement: Agreement, actor: Actor) -> None:
    if needs_notification(agreement):
        for party in agreement.party_list:
            ask(
                event, verb="confirm", agency=party.agency, roles=DECIDERS, key=f"notify:{agreement.ref}:{party.agency.ref}",
                title=Text(gettext_noop("Completion of your procedures for %(title)s"), title=agreement.title), url=_url(agreement),
                why=Text(gettext_noop("It enters into force when every party has notified it.")),
            )  # fmt: skip
    else:
        _ask_to_confirm(event, agreement)


@hears("agreement.completion_notified")
def told_of_completion(event: Event, agreement: Agreement, actor: Actor) -> None:
    settle(f"notify:{agreement.ref}:{actor.agency.ref}")
    if event.facts["by_all"]:
        _ask_to_confirm(event, agreement)
    _announce(agreement)


@hears("agreement.declined")
def told_of_refusal(event: Event, agreement: Agreement, actor: Actor) -> None:
    _settle(agreement, "sign")
    for party in agreement.party_list:
        if party.agency_id != actor.agency_id:
            tell(
                event, agency=party.agency, roles=(*DECIDERS, Role.SIGNATORY), url=_url(agreement),
                title=Text(gettext_noop("%(agency)s declined to sign %(title)s"), agency=actor.agency.acronym, title=agreement.title),
                why=Text(gettext_noop("The reason is on its page.")),
            )  # fmt: skip
    _announce(agreement)


@hears("agreement.entered_into_force")
def told_of_force(event: Event, agreement: Agreement, actor: Actor) -> None:
    _settle(agreement, "confirm")
    for party in agreement.party_list:
        tell(
            event, agency=party.agency, roles=(*DECIDERS, Role.SIGNATORY), url=_url(agreement),
            title=Text(gettext_noop("%(title)s is in force"), title=agreement.title),
            why=Text(gettext_noop("Since %(on)s"), on=event.facts["on"]),
        )  # fmt: skip
    _announce(agreement)


@hears("agreement.abandoned")
def nothing_waits(event: Event, agreement: Agreement, actor: Actor) -> None:
    _settle(agreement, "agree", "freeze", "sign", "confirm")


def _ask_to_confirm(event: Event, agreement: Agreement) -> None:
    ask(
        event, verb="confirm", agency=agreement.depositary, roles=DECIDERS, key=f"confirm:{agreement.ref}", url=_url(agreement),
        title=Text(gettext_noop("Entry into force of %(title)s"), title=agreement.title),
        why=Text(gettext_noop("The rule is satisfied; the depositary confirms.")),
    )  # fmt: skip


def _settle(agreement: Agreement, *keys: str) -> None:
    for key in keys:
        settle(f"{key}:{agreement.ref}")


def _url(agreement: Agreement) -> str:
    return reverse("agreements:agreement", args=[agreement.ref])


def _announce(agreement: Agreement) -> None:
    announce(
        f"agreement-{agreement.ref.lower()}",
        agencies=[party.agency.ref for party in agreement.party_list],
        kind="changed",
        ref=agreement.ref,
    )
