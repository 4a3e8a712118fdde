"""What the pages of publication clearance show of a notice: its reviews, objections with their exchange, versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.functional import Promise

from projects.ip.forms.publications import AnswerForm
from projects.ip.models import (
    Disclosure,
    ObjectionAnswer,
    PublicationNotice,
    PublicationObjection,
    PublicationReview,
)
from projects.ip.models.publication_choices import Answer, Ending
from projects.ip.policies import PublicationPolicy
from projects.ip.turns import Turn, steps_of, turn


@dataclass(frozen=True)
class Row:
    """One notice in a list."""

    notice: PublicationNotice
    turn: Turn


@dataclass(frozen=True)
class Said:
    """What one party said about the newest text, as of now."""

    review: PublicationReview
    answer: str
    is_open: bool

    @property
    def look(self) -> tuple[str, str, str | Promise]:
        """Icon, tone and words."""
        icons = {
            Answer.CLEARED: ("ok", "good"),
            Answer.OBJECTED: ("hold", "warn"),
            Answer.SILENT: ("clock", "good"),
            Answer.NEWER: ("swap", ""),
        }
        if not self.answer:
            return "wait", "info", ""
        return *icons[Answer(self.answer)], Answer(self.answer).label


@dataclass(frozen=True)
class Objection:
    """One objection with its exchange; `is_readable` says whether the reader is one of its two sides."""

    row: PublicationObjection
    ending: str
    is_readable: bool
    is_own: bool
    answers: list[ObjectionAnswer]
    can_accept: bool
    form: AnswerForm

    @property
    def stands(self) -> bool:
        return not self.ending

    @property
    def ending_words(self) -> str | Promise:
        return Ending(self.ending).label if self.ending else ""


def rows_of(notices: Any) -> list[Row]:
    return [Row(notice, turn(notice)) for notice in notices]


def shown(notice: PublicationNotice, policy: PublicationPolicy) -> dict[str, Any]:
    """Everything that the page of a notice draws, read with as many queries whatever there is of it."""
    now = timezone.now()
    newest = notice.newest_text
    return {
        "now": now,
        "turn": turn(notice, now),
        "steps": steps_of(notice),
        "text": newest,
        "texts": list(reversed(notice.texts.all())),
        "said": [Said(review, review.answer_at(now), review.is_open(now)) for review in notice.reviews],
        "objections": _objections(notice, policy, now),
        "clears_at": notice.clears_at(now),
        "hindrances": policy.hindrances if policy.is_publisher and not notice.is_draft else [],
        "assets": list(notice.assets.select_related("party").order_by("pk")),
        "own_disclosures": _disclosures(notice, policy),
    }


def _objections(notice: PublicationNotice, policy: PublicationPolicy, now: datetime) -> list[Objection]:
    rows = list(notice.objections.all())
    readable = [row for row in rows if policy.may_read(row)]
    answers = ObjectionAnswer.objects.select_related("agency", "person").order_by("pk")
    by_row: dict[int, list[ObjectionAnswer]] = {row.pk: [] for row in readable}
    for answer in answers.filter(objection__in=readable):
        by_row[answer.objection_id].append(answer)
    prefetch_related_objects(readable, "objected_by")
    newest = notice.newest_text
    return [
        Objection(
            row=row,
            ending=row.ending_at(now),
            is_readable=row in readable,
            is_own=row.agency_id == policy.actor.agency_id,
            answers=by_row.get(row.pk, []),
            can_accept=newest is not None and newest.pk != row.text_id,
            form=AnswerForm(initial={"objection": row.number}, auto_id=f"id_{row.number}_%s"),
        )
        for row in rows
    ]


def _disclosures(notice: PublicationNotice, policy: PublicationPolicy) -> list[Disclosure]:
    """SECURITY: those of the reader's own agency that the reader may know of; to others there are none."""
    if not policy.is_publisher or not notice.disclosures:
        return []
    return list(Disclosure.objects.visible_to(policy.actor).filter(ref__in=notice.disclosures).order_by("pk"))
