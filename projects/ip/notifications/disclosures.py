"""Who hears of what happens to disclosures.

SECURITY: what waits for an agency is listed to its managers too, and mailed: the words name a disclosure by its reference
and never by its title.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_noop as _noop

from agencies.models import Role
from portal.history.subscribers import hears
from portal.inbox import ask, settle, tell
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from portal.kit.templatetags.kit import day_words
from projects.ip.alarms import publication_alarm
from projects.ip.models import ContributorState, Decision, Disclosure

JUDGES = (Role.IP_MANAGER,)
WHY = _noop("A disclosure of %(agency)s")


@hears("disclosure.contributors_asked")
def ask_each(event: Any, disclosure: Disclosure, actor: Actor) -> None:
    """Each contributor confirms on a page of their own, on the team or not, of this agency or another."""
    url = reverse("ip:confirm-own-part", args=[disclosure.ref])
    for row in disclosure.contributors.all():
        if row.state == ContributorState.ASKED and row.person is not None:
            ask(
                event,
                verb="confirm",
                agency=row.agency,
                person=row.person,
                title=Text(
                    _noop("%(agency)s names you as a contributor of %(ref)s: confirm your part"),
                    agency=disclosure.agency.acronym,
                    ref=disclosure.ref,
                ),
                why=_why(disclosure),
                url=url,
                key=f"part:{disclosure.ref}:{row.pk}",
            )
    _ask_to_seal(event, disclosure)


@hears("disclosure.recalled")
def ask_nobody(event: Any, disclosure: Disclosure, actor: Actor) -> None:
    settle(f"part:{disclosure.ref}")
    settle(f"seal:{disclosure.ref}")


@hears("disclosure.part_confirmed", "disclosure.contributor_unreachable", "disclosure.dispute_settled")
def ask_for_the_seal(event: Any, disclosure: Disclosure, actor: Actor) -> None:
    for row in disclosure.contributors.all():
        if row.has_settled:
            settle(f"part:{disclosure.ref}:{row.pk}")
    _ask_to_seal(event, disclosure)


@hears("disclosure.part_disputed")
def tell_of_the_dispute(event: Any, disclosure: Disclosure, actor: Actor) -> None:
    title = Text(_noop("A contributor disputes their part in %(ref)s"), ref=disclosure.ref)
    _tell_filer(event, disclosure, title)
    _tell_judges(event, disclosure, title)


@hears("disclosure.sealed")
def ask_for_triage(event: Any, disclosure: Disclosure, actor: Actor) -> None:
    settle(f"seal:{disclosure.ref}")
    _ask_judges(event, disclosure, "review", _noop("%(ref)s is sealed: triage it"), "triage-disclosure")
    _ask_for_the_report(event, disclosure)
    _ring(event, disclosure)
    for row in disclosure.contributors.all():
        if row.person is not None and row.person != actor.person and row.agency_id == disclosure.agency_id:
            title = Text(_noop("%(ref)s, of which you are a contributor, is sealed"), ref=disclosure.ref)
            tell(
                event, agency=row.agency, person=row.person, title=title, why=_why(disclosure),
                url=disclosure.get_absolute_url(),
            )  # fmt: skip


@hears("disclosure.amended", "disclosure.closed")
def stop_judging(event: Any, disclosure: Disclosure, actor: Actor) -> None:
    for kind in ("triage", "witness", "part", "seal", "publication"):
        settle(f"{kind}:{disclosure.ref}")


@hears("disclosure.witness_named")
def ask_the_witness(event: Any, disclosure: Disclosure, actor: Actor) -> None:
    settle(f"witness:{disclosure.ref}")
    ask(
        event,
        verb="sign",
        agency=disclosure.agency,
        person=disclosure.witness,
        title=Text(_noop("Read %(ref)s and countersign it as a witness"), ref=disclosure.ref),
        why=_why(disclosure),
        url=reverse("ip:countersign-disclosure", args=[disclosure.ref]),
        key=f"witness:{disclosure.ref}",
    )


@hears("disclosure.countersigned")
def tell_that_it_is_witnessed(event: Any, disclosure: Disclosure, actor: Actor) -> None:
    settle(f"witness:{disclosure.ref}")
    _tell_filer(event, disclosure, Text(_noop("%(ref)s is countersigned"), ref=disclosure.ref))


@hears("disclosure.report_due", "disclosure.report_overdue", "disclosure.report_not_due")
def ask_to_report(event: Any, disclosure: Disclosure, actor: Actor) -> None:
    """Ask until it is reported, or nobody is to be told any more."""
    _ask_for_the_report(event, disclosure)


@hears("disclosure.reported")
def tell_the_parties(event: Any, disclosure: Disclosure, actor: Actor) -> None:
    settle(f"report:{disclosure.ref}")
    title = Text(
        _noop("%(agency)s reports that it has a disclosure: %(ref)s"),
        agency=disclosure.agency.acronym,
        ref=disclosure.ref,
    )
    for row in disclosure.project.parties():
        if row.agency.ref in event.facts["told"]:
            _tell(event, disclosure, row.agency, title)


@hears("disclosure.shared")
def tell_the_readers(event: Any, disclosure: Disclosure, actor: Actor) -> None:
    title = Text(
        _noop("%(agency)s shares %(ref)s with your agency"), agency=disclosure.agency.acronym, ref=disclosure.ref
    )
    for row in disclosure.project.parties():
        if row.agency.ref in event.facts["with"]:
            _tell(event, disclosure, row.agency, title)


@hears("disclosure.triaged")
def ask_to_evaluate(event: Any, disclosure: Disclosure, actor: Actor) -> None:
    if not event.facts["open"]:
        _ask_judges(event, disclosure, "review", _noop("%(ref)s has passed triage: evaluate it"), "evaluate-disclosure")


@hears("disclosure.evaluated")
def ask_to_decide(event: Any, disclosure: Disclosure, actor: Actor) -> None:
    _ask_judges(
        event, disclosure, "decide", _noop("%(ref)s is evaluated: decide what becomes of it"), "decide-disclosure"
    )


@hears("disclosure.decided")
def tell_the_decision(event: Any, disclosure: Disclosure, actor: Actor) -> None:
    settle(f"triage:{disclosure.ref}")
    if disclosure.decision == Decision.FILE:
        _ask_judges(
            event, disclosure, "complete", _noop("%(ref)s is to be filed: enter the application"), "record-filing"
        )
    if publication_alarm(disclosure) is None:
        settle(f"publication:{disclosure.ref}")
    title = Text(
        _noop("Decided on %(ref)s: %(decision)s"), ref=disclosure.ref, decision=Decision(disclosure.decision).label
    )
    _tell_filer(event, disclosure, title)


@hears("disclosure.filed")
def stop_the_alarm(event: Any, disclosure: Disclosure, actor: Actor) -> None:
    settle(f"triage:{disclosure.ref}")
    settle(f"publication:{disclosure.ref}")
    _tell_filer(event, disclosure, Text(_noop("An application for %(ref)s is filed"), ref=disclosure.ref))


@hears("disclosure.offered")
def ask_for_the_answer(event: Any, disclosure: Disclosure, actor: Actor) -> None:
    for offer in disclosure.offers.select_related("agency", "person"):
        if offer.answer:
            continue
        part = next((row for row in disclosure.contributors.all() if row.person_id == offer.person_id), None)
        ask(
            event,
            verb="answer",
            agency=offer.agency or (part.agency if part is not None else None),
            roles=JUDGES if offer.agency is not None else (),
            person=offer.person,
            title=Text(
                _noop("%(agency)s offers rights in %(ref)s"), agency=disclosure.agency.acronym, ref=disclosure.ref
            ),
            why=_why(disclosure),
            url=reverse("ip:answer-offer", args=[disclosure.ref]),
            key=f"offer:{disclosure.ref}:{offer.pk}",
        )


@hears("disclosure.offer_answered")
def tell_the_answer(event: Any, disclosure: Disclosure, actor: Actor) -> None:
    for offer in disclosure.offers.exclude(answer=""):
        settle(f"offer:{disclosure.ref}:{offer.pk}")
    _tell_judges(event, disclosure, Text(_noop("An offer about %(ref)s is answered"), ref=disclosure.ref))


@hears("disclosure.publication_alarmed")
def ring(event: Any, disclosure: Disclosure, actor: Actor) -> None:
    _ring(event, disclosure)


def _ring(event: Any, disclosure: Disclosure) -> None:
    """Loud: it waits for the IP managers, and is due when the day of the publication begins."""
    alarm = publication_alarm(disclosure)
    if alarm is None:
        return
    title = Text(
        _noop("%(ref)s may become public on %(day)s: decide, or stop the publication"),
        ref=disclosure.ref,
        day=day_words(alarm.on),
    )
    ask(
        event, verb="decide", agency=disclosure.agency, roles=JUDGES, title=title, why=_why(disclosure),
        url=disclosure.get_absolute_url(), due_at=alarm.due_at, key=f"publication:{disclosure.ref}",
    )  # fmt: skip


def _ask_to_seal(event: Any, disclosure: Disclosure) -> None:
    if disclosure.status == Disclosure.Status.CONFIRMING and all(
        row.has_settled for row in disclosure.contributors.all()
    ):
        ask(
            event,
            verb="approve",
            agency=disclosure.agency,
            person=disclosure.filer,
            title=Text(_noop("Every contributor of %(ref)s has answered: seal it"), ref=disclosure.ref),
            why=_why(disclosure),
            url=reverse("ip:seal-disclosure", args=[disclosure.ref]),
            key=f"seal:{disclosure.ref}",
        )


def _ask_for_the_report(event: Any, disclosure: Disclosure) -> None:
    if disclosure.report_due_at is None:
        settle(f"report:{disclosure.ref}")
        return
    words = _noop("Tell the other parties that there is %(ref)s")
    if disclosure.is_report_overdue:
        words = _noop("Overdue: tell the other parties that there is %(ref)s")
    ask(
        event, verb="complete", agency=disclosure.agency, roles=JUDGES, title=Text(words, ref=disclosure.ref),
        why=_why(disclosure), url=reverse("ip:report-disclosure", args=[disclosure.ref]),
        due_at=disclosure.report_last_moment, key=f"report:{disclosure.ref}",
    )  # fmt: skip


def _ask_judges(event: Any, disclosure: Disclosure, verb: str, words: str, page: str) -> None:
    """One step of judging waits at a time."""
    settle(f"triage:{disclosure.ref}")
    ask(
        event, verb=verb, agency=disclosure.agency, roles=JUDGES, title=Text(words, ref=disclosure.ref),
        why=_why(disclosure), url=reverse(f"ip:{page}", args=[disclosure.ref]), key=f"triage:{disclosure.ref}",
    )  # fmt: skip


def _tell_filer(event: Any, disclosure: Disclosure, title: Text) -> None:
    tell(
        event, agency=disclosure.agency, person=disclosure.filer, title=title, why=_why(disclosure),
        url=disclosure.get_absolute_url(),
    )  # fmt: skip


def _tell_judges(event: Any, disclosure: Disclosure, title: Text) -> None:
    _tell(event, disclosure, disclosure.agency, title)


def _tell(event: Any, disclosure: Disclosure, agency: Any, title: Text) -> None:
    tell(event, agency=agency, roles=JUDGES, title=title, why=_why(disclosure), url=disclosure.get_absolute_url())


def _why(disclosure: Disclosure) -> Text:
    """Without the project: a contributor may not know of it."""
    return Text(WHY, agency=disclosure.agency.acronym)
