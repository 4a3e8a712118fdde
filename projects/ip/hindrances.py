"""What keeps a publication from being published now: windows, objections, the notice period, and what is unprotected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.zones import today, zone
from portal.kit.actors import Actor
from portal.kit.templatetags.kit import day_words, zone_name
from projects.ip.alarms import disclosures_blocking_publication
from projects.ip.models import PublicationNotice

KEPT_SECRET = "kept-secret"
OWN_DISCLOSURES: dict[str, Promise] = {
    "disclosure-undecided": gettext_lazy(
        "Your agency has an invention disclosure in this project on which nothing is decided yet."
    ),
    "filing-pending": gettext_lazy(
        "Your agency has decided to file for protection of an invention in this project, and has not filed yet."
    ),
    KEPT_SECRET: gettext_lazy("Your agency has decided to keep secret what the disclosures named here describe."),
}


@dataclass(frozen=True)
class Hindrance:
    """One reason why not now, and what removes it."""

    code: str
    words: str | Promise
    unblock: str | Promise = ""


def hindrances(notice: PublicationNotice, actor: Actor) -> list[Hindrance]:
    """Everything in the way, what has to go first at the head.

    SECURITY: of disclosures only the publishing agency's own count, and only its people are told of them; a disclosure
    of another agency never shows in whether this publication may go out.
    """
    now = timezone.now()
    found = [*_objections(notice, now), *_windows(notice, now), *_notice_period(notice, now)]
    return [*found, *_unprotected(notice)] if actor.agency_id == notice.agency_id else found


def _objections(notice: PublicationNotice, now: datetime) -> list[Hindrance]:
    found = []
    for objection in notice.standing_objections(now):
        names = {"agency": objection.agency.acronym, "number": objection.number}
        last = objection.last_moment
        if last is None:
            words = _("Objection %(number)s of %(agency)s stands until %(agency)s consents.") % names
        else:
            until = moment_words(last, objection.zone)
            words = _("Objection %(number)s of %(agency)s stands, at most until %(until)s.") % {**names, "until": until}
        unblock = _("Amend the text as it asks, or agree with %(agency)s that it is withdrawn.") % names
        found.append(Hindrance("objection-stands", words, unblock))
    return found


def _windows(notice: PublicationNotice, now: datetime) -> list[Hindrance]:
    return [
        Hindrance(
            "window-runs",
            _("%(agency)s may object until %(until)s.")
            % {"agency": review.agency.acronym, "until": moment_words(review.last_moment, review.zone)},
            _("It says earlier that it has no objection, or the time passes."),
        )
        for review in notice.waiting_reviews(now)
    ]


def _notice_period(notice: PublicationNotice, now: datetime) -> list[Hindrance]:
    ends = notice.notice_ends_at
    if ends is None or now >= ends or notice.is_cleared_by_word():
        return []
    return [
        Hindrance(
            "notice-period-runs",
            _("The notice period runs until %(until)s.") % {"until": moment_words(ends, notice.agency.zone)},
            _("It is moot once every other party says that it has no objection."),
        )
    ]


def _unprotected(notice: PublicationNotice) -> list[Hindrance]:
    """What a publication would take the novelty from; what is kept secret only where the notice names it."""
    blocks = disclosures_blocking_publication(notice.project, today(notice.agency.zone))
    own = [block for block in blocks if block.disclosure.agency_id == notice.agency_id]
    undecided = [block for block in own if block.code != KEPT_SECRET or block.ref in notice.disclosures]
    codes = {block.code for block in undecided}
    return [
        Hindrance(code, words, _("Ask your IP manager: a publication before the filing can cost the protection."))
        for code, words in OWN_DISCLOSURES.items()
        if code in codes
    ]


def moment_words(moment: datetime, zone_key: str) -> str:
    """`24 Nov 2026, 23:59 JST`: a moment at the seat of a party, in a sentence."""
    local = moment.astimezone(zone(zone_key))
    return f"{day_words(local.date())}, {local:%H:%M} {zone_name(local)}"
