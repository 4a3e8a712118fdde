"""The words of publication clearance: kinds, states, grounds, answers and endings."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _


class PublicationKind(models.TextChoices):
    PAPER = "paper", _("Paper")
    CONFERENCE = "conference", _("Conference contribution")
    PREPRINT = "preprint", _("Preprint")
    DATA = "data", _("Data release")
    SOFTWARE = "software", _("Software release")
    PRESS = "press", _("Press release")
    THESIS = "thesis", _("Thesis or examination")
    OTHER = "other", _("Other")


class PublicationStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    IN_REVIEW = "in_review", _("In review")
    OBJECTED = "objected", _("Objected to")
    AMENDED = "amended", _("Amended, in review again")
    CLEARED = "cleared", _("Cleared")
    PUBLISHED = "published", _("Published")
    RECORDED = "recorded", _("Published and recorded")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Ground(models.TextChoices):
    """Why a party may object; there is no other reason."""

    PROTECTION = "protection", _("It harms the protection of our results or our background")
    CONFIDENTIAL = "confidential", _("It discloses our confidential information or our background")
    EXPORT = "export", _("It would breach an export control")
    INTERESTS = "interests", _("It harms other legitimate interests of ours")


class Answer(models.TextChoices):
    """What a party said to a text."""

    CLEARED = "cleared", _("No objection")
    OBJECTED = "objected", _("Objects")
    SILENT = "silent", _("No word in time")
    NEWER = "newer", _("Got an amended text meanwhile")


class Ending(models.TextChoices):
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SATISFIED = "satisfied", _("Satisfied by an amended text")
    LAPSED = "lapsed", _("Ended by time")


UNDER_REVIEW = (
    PublicationStatus.IN_REVIEW,
    PublicationStatus.AMENDED,
    PublicationStatus.OBJECTED,
    PublicationStatus.CLEARED,
)
# The diagram: while it is under review, time and the parties move it to and fro.
NEXT: Mapping[str, set[PublicationStatus]] = {
    PublicationStatus.PLANNED: {PublicationStatus.IN_REVIEW, PublicationStatus.WITHDRAWN},
    **{status: {*UNDER_REVIEW, PublicationStatus.WITHDRAWN} - {status} for status in UNDER_REVIEW},
    PublicationStatus.PUBLISHED: {PublicationStatus.RECORDED},
    PublicationStatus.RECORDED: set(),
    PublicationStatus.WITHDRAWN: set(),
}
NEXT[PublicationStatus.CLEARED].add(PublicationStatus.PUBLISHED)
