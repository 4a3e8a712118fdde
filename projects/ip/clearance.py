"""What every verb of publication clearance does alike: lock, count, write a text with its reviews, let time pass."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import Agency
from agencies.zones import start_of, zone
from portal.files.models import StoredFile
from portal.history import record
from portal.kit.actors import Actor
from portal.kit.templatetags.kit import day_words
from projects.ip.models import (
    Asset,
    PublicationNotice,
    PublicationObjection,
    PublicationReview,
    PublicationText,
)
from projects.ip.models.publication_choices import UNDER_REVIEW, Answer, Ending
from projects.ip.periods import CALENDAR, Period, period
from projects.ip.terms import Terms, answer_to
from projects.models import Project

CLAUSE = "publication"
NOTICE, OBJECTION, DELAY = "publication_notice_days", "publication_objection_days", "publication_delay_days"


def days_between(project: Project, key: str, *agencies: Agency) -> tuple[int, str, Terms | None]:
    """A period of the profile between these agencies: its length, the kind of its days, and whose answer that is."""
    refs = [agency.ref for agency in agencies]
    days, terms = answer_to(project, key, refs)
    basis, _terms = answer_to(project, "day_basis", refs)
    return int(days), str(basis or CALENDAR), terms


def window(notice: PublicationNotice, reviewer: Agency, at: datetime) -> tuple[Period, int, str, str]:
    """How long a party may object to a text that it is sent at an instant: the period, its days, their kind, its source."""
    days, basis, terms = days_between(notice.project, OBJECTION, notice.agency, reviewer)
    source = terms.source(CLAUSE) if terms is not None else ""
    return period(at, days, agency=reviewer, basis=basis), days, basis, source


def longest_delay(notice: PublicationNotice, objector: Agency, at: datetime) -> tuple[Period, int, str]:
    """Until when an objection made at an instant may delay the publication: the period, its days, its source."""
    days, basis, terms = days_between(notice.project, DELAY, notice.agency, objector)
    source = terms.source(CLAUSE) if terms is not None else ""
    return period(at, days, agency=objector, basis=basis), days, source


def notice_end(project: Project, publisher: Agency, at: datetime) -> datetime | None:
    """When the notice period is over for every other party, for a text sent at an instant; None without other parties."""
    ends = []
    for row in project.parties():
        if row.agency_id != publisher.pk:
            days, basis, _terms = days_between(project, NOTICE, publisher, row.agency)
            ends.append(period(at, days, agency=row.agency, basis=basis).ends_at)
    return max(ends, default=None)


def first_day_after(moment: datetime, zone_key: str) -> date:
    """The first day in a zone that begins at a moment or after it."""
    day = moment.astimezone(zone(zone_key)).date()
    return day if start_of(day, zone_key) >= moment else day + timedelta(days=1)


def check_planned_day(project: Project, publisher: Agency, planned_on: date | None, at: datetime) -> None:
    """Raise ValidationError for "planned_on" when it is earlier than a notice sent at that instant allows."""
    ends = notice_end(project, publisher, at)
    if planned_on is None or ends is None:
        return
    earliest = first_day_after(ends, publisher.zone)
    if planned_on < earliest:
        days = max(
            days_between(project, NOTICE, publisher, row.agency)[0]
            for row in project.parties()
            if row.agency_id != publisher.pk
        )
        words = ngettext(
            "The other parties get the text %(days)s day before. Sent today, the earliest date is %(day)s.",
            "The other parties get the text %(days)s days before. Sent today, the earliest date is %(day)s.",
            days,
        )
        raise ValidationError({"planned_on": [words % {"days": days, "day": day_words(earliest)}]})


def fingerprint(body: str, file: StoredFile | None) -> str:
    """SHA-256 of the bytes of the file, or of the text in UTF-8 with lines that end in LF."""
    return file.sha256 if file is not None else hashlib.sha256(body.encode()).hexdigest()


def one_content(text: str, file: StoredFile | None) -> str:
    """The text with plain line ends. Raises ValidationError when there is both a text and a file."""
    body = "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip("\n")
    if body.strip() and file is not None:
        raise ValidationError({"text": [_("Paste the text or upload a file, not both: one of them is published.")]})
    return body if body.strip() else ""


def locked(notice: PublicationNotice) -> PublicationNotice:
    """The notice with everything its rules read; nobody else changes it until the transaction ends."""
    return PublicationNotice.objects.with_reviews().with_project().select_for_update(of=("self",)).get(pk=notice.pk)


def send(
    notice: PublicationNotice,
    body: str,
    file: StoredFile | None,
    *,
    to: dict[Agency, bool],
    actor: Actor,
    at: datetime,
    changes: str = "",
) -> PublicationText:
    """Write the next version and a review for every recipient; `to` says for which of them the publication waits."""
    newest = notice.newest_text
    text = PublicationText.objects.create(
        notice=notice,
        number=newest.number + 1 if newest is not None else 1,
        body=body,
        file=file,
        sha256=fingerprint(body, file),
        changes=changes,
        sent_at=at,
        sent_by=actor.person,
    )
    for agency, holds_up in to.items():
        span, days, basis, source = window(notice, agency, at)
        PublicationReview.objects.create(
            text=text,
            agency=agency,
            agency_name=agency.legal_name,
            holds_up=holds_up,
            days=days,
            basis=basis,
            zone=agency.zone,
            due_on=span.last_day,
            due_at=span.ends_at,
            source=source,
        )
    return text


def reread(notice: PublicationNotice) -> PublicationNotice:
    """Read texts, reviews and objections anew after some were written."""
    notice._prefetched_objects_cache.clear()  # type: ignore[attr-defined]
    known = PublicationNotice.objects.with_reviews().with_project()
    prefetch_related_objects([notice], *known._prefetch_related_lookups)  # type: ignore[attr-defined]
    return notice


def settle_state(notice: PublicationNotice, now: datetime) -> PublicationNotice:
    """Store the status that the reviews and objections make at this instant; counts one version."""
    state = reread(notice).state(now)
    if notice.status in UNDER_REVIEW and state != notice.status:
        notice.move_to(state).save()
    else:
        notice.bump().save()
    return notice


def overdue(notice: PublicationNotice, now: datetime) -> tuple[list[PublicationReview], list[PublicationObjection]]:
    """What has ended by time and is not written down yet: reviews without a word, objections past their last day."""
    silent = [review for review in notice.reviews if not review.answer and now >= review.due_at]
    lapsed = [one for one in notice.objections.all() if not one.ending and not one.stands(now)]
    return silent, lapsed


def let_time_pass(notice: PublicationNotice, now: datetime) -> bool:
    """Write down what has ended by time, as of the instant it ended, with one event; False when nothing has.

    A verb that finds the job late does it first, so that the history has things in their order.
    """
    if notice.status not in UNDER_REVIEW:
        return False
    silent, lapsed = overdue(notice, now)
    if not silent and not lapsed:
        return False
    for review in silent:
        review.answer, review.answered_at = Answer.SILENT, review.due_at
        review.save(update_fields=["answer", "answered_at"])
    for objection in lapsed:
        objection.ending, objection.ended_at = Ending.LAPSED, objection.until_at
        objection.save(update_fields=["ending", "ended_at"])
    settle_state(notice, now)
    enter(
        "publication.time_passed",
        notice,
        actor=Actor.system(),
        facts={
            "silent": sorted(review.agency.ref for review in silent),
            "lapsed": sorted(objection.number for objection in lapsed),
            "state": notice.status,
            **sent_facts(notice),
        },
    )
    return True


def sent_facts(notice: PublicationNotice) -> dict[str, Any]:
    """The newest text by number and hash."""
    text = notice.newest_text
    return {"text": text.number, "sha256": text.sha256} if text is not None else {}


def recipients(notice: PublicationNotice) -> set[Agency]:
    """Whoever reads the notice: its agency, and once it was sent the parties and who got the newest text."""
    if notice.sent_at is None:
        return {notice.agency}
    return {
        notice.agency,
        *(row.agency for row in notice.project.parties()),
        *(review.agency for review in notice.reviews),
    }


def enter(verb: str, notice: PublicationNotice, *, actor: Actor, facts: dict[str, Any] | None = None) -> None:
    """Record what happened, for whoever reads the notice."""
    record(verb, notice, actor=actor, agencies=recipients(notice), facts=facts, scope=notice.project.ref)


def check_assets(project: Project, refs: Iterable[str], actor: Actor) -> list[Asset]:
    """The results that these references name. Raises ValidationError for "assets" on others."""
    wanted = list(dict.fromkeys(refs))
    known = {
        asset.ref: asset for asset in Asset.objects.visible_to(actor).standing().filter(project=project, ref__in=wanted)
    }
    if missing := [ref for ref in wanted if ref not in known]:
        words = _("%(refs)s: not in the register of this project.") % {"refs": ", ".join(missing[:5])}
        raise ValidationError({"assets": [words]})
    return [known[ref] for ref in wanted]
