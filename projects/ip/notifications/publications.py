"""What can happen to publications, in words, and who hears of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _noop

from agencies.models import Role
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.inbox import ask, settle, tell
from portal.inbox.texts import Text
from portal.kit.actors import Actor
from projects.ip.models import PublicationNotice, PublicationObjection
from projects.ip.models.publication_choices import PublicationStatus

KEEPERS = (Role.IP_MANAGER, Role.MANAGER, Role.ADMINISTRATOR)

register("publication.planned", _("planned the publication %(target)s"), icon="draft")
register("publication.edited", _("changed the plan of %(target)s"), icon="pen")
register("publication.noticed", _("sent version %(text)s of %(target)s to the parties"), icon="send")
register("publication.amended", _("sent the amended version %(text)s of %(target)s"), icon="swap")
register("publication.passed", _("has no objection to version %(text)s of %(target)s"), icon="check")
register("publication.objected", _("objected to version %(text)s of %(target)s"), icon="hold")
register("publication.answered", _("answered objection %(number)s to %(target)s"), icon="chat")
register("publication.objection_withdrawn", _("withdrew objection %(number)s to %(target)s"), icon="undo")
register(
    "publication.objection_satisfied",
    _("accepted version %(text)s of %(target)s for objection %(number)s"),
    icon="handshake",
)
register("publication.time_passed", _("The time to object to %(target)s, or to delay it, has passed"), icon="clock")
register("publication.published", _("published version %(text)s of %(target)s on %(on)s"), icon="globe")
register("publication.recorded", _("recorded the release of %(target)s"), icon="seal")
register("publication.withdrawn", _("gave up the publication %(target)s"), icon="no")

WHY = _noop("%(title)s, in %(project)s")
CLEARED = _noop("%(ref)s is cleared: it may be published as it was sent")


@hears("publication.noticed", "publication.amended")
def ask_to_review(event: Any, notice: PublicationNotice, actor: Actor) -> None:
    """Each party that the publication waits for reviews until its own last day; the others get to know."""
    settle(_review_key(notice))
    is_new = event.verb == "publication.noticed"
    for review in notice.reviews:
        if not review.holds_up:
            words = _noop("%(agency)s amended a publication that you had no objection to")
            _tell(event, notice, review.agency, Text(words, agency=notice.agency.acronym))
            continue
        words = (
            _noop("Review what %(agency)s intends to publish")
            if is_new
            else _noop("Review the amended text that %(agency)s intends to publish")
        )
        ask(
            event,
            verb="review",
            agency=review.agency,
            roles=KEEPERS,
            title=Text(words, agency=notice.agency.acronym),
            why=_why(notice),
            url=notice.get_absolute_url(),
            due_at=review.last_moment,
            key=f"{_review_key(notice)}:{review.agency.ref}",
        )
    _settle_objections(notice)


@hears("publication.passed")
def told_that_one_has_no_objection(event: Any, notice: PublicationNotice, actor: Actor) -> None:
    settle(f"{_review_key(notice)}:{actor.agency.ref}")
    _tell_publisher(event, notice, Text(_noop("%(agency)s has no objection"), agency=actor.agency.acronym))


@hears("publication.objected")
def ask_to_answer(event: Any, notice: PublicationNotice, actor: Actor) -> None:
    """The publishing party amends, answers or waits; until then the publication stands still."""
    settle(f"{_review_key(notice)}:{actor.agency.ref}")
    objection = _objection(notice, event)
    ask(
        event,
        verb="answer",
        agency=notice.agency,
        roles=KEEPERS,
        title=Text(_noop("%(agency)s objects to a publication"), agency=actor.agency.acronym),
        why=_why(notice),
        url=f"{notice.get_absolute_url()}#objection-{objection.number}",
        due_at=objection.last_moment,
        key=f"{_objection_key(notice)}:{objection.number}",
    )


@hears("publication.answered")
def told_of_an_answer(event: Any, notice: PublicationNotice, actor: Actor) -> None:
    objection = _objection(notice, event)
    other = objection.agency if actor.agency_id == notice.agency_id else notice.agency
    words = _noop("%(agency)s answered objection %(number)s")
    _tell(event, notice, other, Text(words, agency=actor.agency.acronym, number=objection.number))


@hears("publication.objection_withdrawn", "publication.objection_satisfied")
def told_that_an_objection_has_ended(event: Any, notice: PublicationNotice, actor: Actor) -> None:
    settle(f"{_objection_key(notice)}:{event.facts['number']}")
    if notice.review_of(actor.agency_id) is not None and not notice.waiting_reviews():
        settle(f"{_review_key(notice)}:{actor.agency.ref}")
    words = _noop("%(agency)s no longer objects (objection %(number)s)")
    _tell_publisher(event, notice, Text(words, agency=actor.agency.acronym, number=event.facts["number"]))


@hears("publication.time_passed")
def told_that_time_has_passed(event: Any, notice: PublicationNotice, actor: Actor) -> None:
    for ref in event.facts["silent"]:
        settle(f"{_review_key(notice)}:{ref}")
    _settle_objections(notice)
    for number in event.facts["lapsed"]:
        objection = next(one for one in notice.objections.all() if one.number == number)
        words = _noop("Your objection %(number)s has ended: its last day is over")
        _tell(event, notice, objection.agency, Text(words, number=number))
    _tell_publisher(event, notice, Text(_noop("Time has passed for %(ref)s"), ref=notice.ref))


@hears("publication.published", "publication.withdrawn")
def tell_the_others(event: Any, notice: PublicationNotice, actor: Actor) -> None:
    settle(_review_key(notice))
    settle(_objection_key(notice))
    words = (
        _noop("%(agency)s published what you reviewed")
        if event.verb == "publication.published"
        else _noop("%(agency)s gave up a publication")
    )
    for review in notice.reviews:
        _tell(event, notice, review.agency, Text(words, agency=notice.agency.acronym))


def _tell_publisher(event: Any, notice: PublicationNotice, words: Text) -> None:
    """What happened; or rather that it is cleared, when that is what it led to."""
    is_cleared = notice.status == PublicationStatus.CLEARED
    _tell(event, notice, notice.agency, Text(CLEARED, ref=notice.ref) if is_cleared else words)


def _tell(event: Any, notice: PublicationNotice, agency: Any, title: Text) -> None:
    tell(event, agency=agency, roles=KEEPERS, title=title, why=_why(notice), url=notice.get_absolute_url())


def _settle_objections(notice: PublicationNotice) -> None:
    """Nothing waits for an answer about objections that have ended."""
    for objection in notice.objections.all():
        if objection.ending:
            settle(f"{_objection_key(notice)}:{objection.number}")


def _objection(notice: PublicationNotice, event: Any) -> PublicationObjection:
    return notice.objections.select_related("agency").get(number=event.facts["number"])


def _why(notice: PublicationNotice) -> Text:
    return Text(WHY, title=notice.title, project=notice.project.title)


def _review_key(notice: PublicationNotice) -> str:
    return f"review-publication:{notice.ref}"


def _objection_key(notice: PublicationNotice) -> str:
    return f"objection:{notice.ref}"
