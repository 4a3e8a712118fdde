"""Authentic languages: the parties hear that a text is to be translated, and are asked once every language is complete."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agencies.languages import own_name_of
from portal.history.models import Event
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import ask
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.agreements.languages import missing_translations
from projects.agreements.models import Agreement, Status
from projects.agreements.notifications.told import announce_to_parties, settle_all, tell_others, url_of
from projects.policies import DECIDERS

register("agreement.languages_set", _("chose the authentic languages of %(target)s"), icon="globe")
register("agreement.clause_translated", _("translated a clause of %(target)s"), icon="globe")
register("agreement.title_translated", _("translated the title of %(target)s"), icon="globe")


@hears("agreement.languages_set")
def tell_of_languages(event: Event, agreement: Agreement, actor: Actor) -> None:
    """Another language is other work for every party, and another text to agree to."""
    if agreement.status == Status.DRAFT:
        return
    names = ", ".join(map(own_name_of, agreement.all_languages))
    tell_others(
        event, agreement, actor,
        title=Text(gettext_noop("Languages of %(title)s"), title=agreement.title),
        why=Text(gettext_noop("Authentic in: %(names)s"), names=names),
    )  # fmt: skip
    _ask_when_complete(event, agreement, actor)


@hears("agreement.clause_translated", "agreement.title_translated")
def ask_of_translation(event: Event, agreement: Agreement, actor: Actor) -> None:
    if agreement.status != Status.DRAFT:
        _ask_when_complete(event, agreement, actor)


def _ask_when_complete(event: Event, agreement: Agreement, actor: Actor) -> None:
    """Nobody is asked to agree to a text of which a language lacks words; the words that complete it ask everybody."""
    if not missing_translations(agreement):
        settle_all(agreement, "freeze", "agree")
        names = ", ".join(map(own_name_of, agreement.all_languages))
        for party in agreement.party_list:
            if party.agency_id != actor.agency_id:
                ask(
                    event, verb="answer", agency=party.agency, roles=DECIDERS, url=url_of(agreement),
                    key=f"agree:{agreement.ref}:{party.agency.ref}",
                    title=Text(gettext_noop("Text of %(title)s"), title=agreement.title),
                    why=Text(
                        gettext_noop("Complete in %(names)s; last changed by %(agency)s. Silence is not consent."),
                        names=names, agency=actor.agency.acronym,
                    ),
                )  # fmt: skip
    announce_to_parties(agreement)
