"""What the other parties do about a publication: clear it, object, answer, and end an objection; and what time does."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agencies.zones import end_of, today
from portal.kit.actors import Actor
from portal.kit.lines import required
from portal.kit.templatetags.kit import day_words
from projects.ip.clearance import enter, let_time_pass, locked, longest_delay, overdue, sent_facts, settle_state
from projects.ip.models import ObjectionAnswer, PublicationNotice, PublicationObjection, PublicationReview
from projects.ip.models.publication_choices import Answer, Ending, Ground
from projects.ip.policies.publications import PublicationPolicy

LONGEST = 4_000
ASKED_FOR = {
    "passage": gettext_lazy("Say which passage, so that it can be found: a page, a figure, a sentence."),
    "harm": gettext_lazy("Say what harm it would do, and to what of yours."),
    "change": gettext_lazy(
        "Say which change would remove the harm. An objection without one bars the publication for nothing."
    ),
}


@transaction.atomic
def clear_publication(notice: PublicationNotice, *, actor: Actor, sha256: str = "") -> PublicationNotice:
    """Say for one's agency that it has no objection to the newest text; this is final for that text."""
    notice, now = locked(notice), timezone.now()
    PublicationPolicy(actor, notice).require("clear")
    _same_text(notice, sha256)
    let_time_pass(notice, now)
    review = _own_review(notice, actor)
    _answer(review, Answer.CLEARED, actor, now)
    settle_state(notice, now)
    enter("publication.passed", notice, actor=actor, facts={**sent_facts(notice), "state": notice.status})
    return notice


@transaction.atomic
def object_to_publication(
    notice: PublicationNotice,
    *,
    actor: Actor,
    ground: str,
    passage: str,
    harm: str,
    change: str,
    until: date | None = None,
    sha256: str = "",
) -> PublicationObjection:
    """Hold the publication up for one specific reason, until a day at most, or until consent where the clause asks for it."""
    notice, now = locked(notice), timezone.now()
    PublicationPolicy(actor, notice).require("object")
    _same_text(notice, sha256)
    typed = {"passage": passage.strip(), "harm": harm.strip(), "change": change.strip()}
    until_on, until_at, source = _check_objection(notice, actor, ground, typed, until, now)
    let_time_pass(notice, now)
    review = _own_review(notice, actor)
    newest = notice.newest_text
    assert newest is not None
    if review.answer != Answer.OBJECTED:
        _answer(review, Answer.OBJECTED, actor, now)
    objection = PublicationObjection.objects.create(
        notice=notice,
        number=notice.objections.count() + 1,
        text=newest,
        agency=actor.agency,
        agency_name=actor.agency.legal_name,
        ground=ground,
        objected_at=now,
        objected_by=actor.person,
        zone=actor.agency.zone,
        until_on=until_on,
        until_at=until_at,
        source=source,
        **typed,
    )
    settle_state(notice, now)
    facts = {"number": objection.number, "ground": ground, "until": until_on.isoformat() if until_on else ""}
    enter("publication.objected", notice, actor=actor, facts={**facts, **sent_facts(notice)})
    return objection


@transaction.atomic
def answer_objection(notice: PublicationNotice, *, actor: Actor, objection: int, body: str) -> ObjectionAnswer:
    """Add to the exchange about an objection; both sides read it, nobody changes it afterwards."""
    notice, now = locked(notice), timezone.now()
    PublicationPolicy(actor, notice).require("answer")
    standing = _standing(notice, actor, objection, now)
    body = required("body", body, _("Write your answer."), LONGEST)
    let_time_pass(notice, now)
    answer = ObjectionAnswer.objects.create(
        objection=standing,
        agency=actor.agency,
        agency_name=actor.agency.legal_name,
        person=actor.person,
        body=body,
        sent_at=now,
    )
    enter("publication.answered", notice, actor=actor, facts={"number": standing.number})
    return answer


@transaction.atomic
def withdraw_objection(notice: PublicationNotice, *, actor: Actor, objection: int) -> PublicationNotice:
    """Take an objection back; for background and confidential information this is the written consent."""
    return _end(notice, actor, objection, "withdraw_objection", Ending.WITHDRAWN, "publication.objection_withdrawn")


@transaction.atomic
def accept_amendment(notice: PublicationNotice, *, actor: Actor, objection: int) -> PublicationNotice:
    """Say that the newest text removes the harm; for confidential information this consents to that text."""
    return _end(notice, actor, objection, "accept_amendment", Ending.SATISFIED, "publication.objection_satisfied")


def pass_time(now: datetime | None = None) -> int:
    """Write down every window and objection that has ended by time; returns in how many notices. Doing it twice changes nothing."""
    now = now or timezone.now()
    late = [
        notice.pk
        for notice in PublicationNotice.objects.running().due(now).with_reviews()
        if any(overdue(notice, now)) or notice.state(now) != notice.status
    ]
    return sum(_pass_time(pk, now) for pk in late)


@transaction.atomic
def _pass_time(pk: int, now: datetime) -> bool:
    return let_time_pass(locked(PublicationNotice(pk=pk)), now)


def _end(notice: PublicationNotice, actor: Actor, number: int, rule: str, ending: str, verb: str) -> PublicationNotice:
    notice, now = locked(notice), timezone.now()
    PublicationPolicy(actor, notice).require(rule)
    objection = _standing(notice, actor, number, now)
    newest = notice.newest_text
    if ending == Ending.SATISFIED and newest is not None and objection.text_id == newest.pk:
        raise ValidationError({"objection": [_("No amended text has been sent since this objection.")]})
    let_time_pass(notice, now)
    objection.ending, objection.ended_at = ending, now
    objection.ended_by_text = newest if ending == Ending.SATISFIED else None
    objection.save(update_fields=["ending", "ended_at", "ended_by_text"])
    review = notice.review_of(actor.agency_id)
    others = [one for one in notice.standing_objections(now) if one.agency_id == actor.agency_id and one != objection]
    if review is not None and not others and review.answer in ("", Answer.OBJECTED):
        _answer(review, Answer.CLEARED, actor, now)
    settle_state(notice, now)
    facts = {"number": objection.number, "ground": objection.ground, "state": notice.status}
    enter(verb, notice, actor=actor, facts={**facts, **sent_facts(notice)})
    return notice


def _standing(notice: PublicationNotice, actor: Actor, number: int, now: datetime) -> PublicationObjection:
    """One that stands, between the actor's agency and the other side; ValidationError for "objection" on another number."""
    is_publisher = actor.agency_id == notice.agency_id
    for objection in notice.standing_objections(now):
        if objection.number == number and (is_publisher or objection.agency_id == actor.agency_id):
            return objection
    raise ValidationError({"objection": [_("No objection of this number stands.")]})


def _own_review(notice: PublicationNotice, actor: Actor) -> PublicationReview:
    review = notice.review_of(actor.agency_id)
    assert review is not None
    return review


def _answer(review: PublicationReview, answer: str, actor: Actor, now: datetime) -> None:
    review.answer, review.answered_at, review.answered_by = answer, now, actor.person
    review.save(update_fields=["answer", "answered_at", "answered_by"])


def _same_text(notice: PublicationNotice, sha256: str) -> None:
    """Whoever says something says it of the text they read."""
    newest = notice.newest_text
    if sha256 and newest is not None and sha256 != newest.sha256:
        raise ValidationError(
            _("An amended text has been sent since you opened this page. Read it first; nothing was entered.")
        )


def _check_objection(
    notice: PublicationNotice, actor: Actor, ground: str, typed: dict[str, str], until: date | None, now: datetime
) -> tuple[date | None, datetime | None, str]:
    """The end of the objection and its source. Raises ValidationError by field for what is vague or endless."""
    errors: dict[str, list[str]] = {name: [str(ASKED_FOR[name])] for name, words in typed.items() if not words}
    for name, words in typed.items():
        if len(words) > LONGEST:
            errors[name] = [_("Use at most 4 000 characters; this has %(n)s.") % {"n": len(words)}]
    if ground not in Ground.values:
        errors["ground"] = [_("Choose one of the grounds; there is no other.")]
    span, days, source = longest_delay(notice, actor.agency, now)
    if ground == Ground.CONFIDENTIAL:
        if until is not None:
            errors["until"] = [_("This ground ends by your written consent, not by a day. Leave the day empty.")]
        until_at = None
    elif until is None:
        errors["until"] = [_("Say until when at most; the last day possible is %(day)s.") % _day(span.last_day)]
    elif until < today(actor.agency.zone):
        errors["until"] = [_("This day is over. The last day possible is %(day)s.") % _day(span.last_day)]
    elif until > span.last_day:
        words = ngettext(
            "A publication is delayed by at most %(days)s day from the objection: until %(day)s.",
            "A publication is delayed by at most %(days)s days from the objection: until %(day)s.",
            days,
        )
        errors["until"] = [words % {"days": days, **_day(span.last_day)}]
    else:
        until_at = end_of(until, actor.agency.zone)
    if errors:
        raise ValidationError(errors)
    return until, until_at, source


def _day(value: date) -> dict[str, str]:
    return {"day": day_words(value)}
