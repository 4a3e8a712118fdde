"""The words a disclosure chooses among: where it stands, what was decided, and how much of it somebody reads."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DisclosureStatus(models.TextChoices):
    """Where a disclosure stands."""

    DRAFT = "draft", _("Draft")
    CONFIRMING = "confirming", _("Contributors confirm")
    SEALED = "sealed", _("Sealed")
    TRIAGE = "triage", _("Triage")
    EVALUATING = "evaluating", _("Evaluation")
    DECIDED = "decided", _("Decided")
    FILED = "filed", _("Filed")
    TRACKED = "tracked", _("Tracked")
    CLOSED = "closed", _("Closed")


TRANSITIONS: dict[str, set[str]] = {
    DisclosureStatus.DRAFT: {DisclosureStatus.CONFIRMING, DisclosureStatus.CLOSED},
    DisclosureStatus.CONFIRMING: {DisclosureStatus.DRAFT, DisclosureStatus.SEALED},
    DisclosureStatus.SEALED: {DisclosureStatus.TRIAGE, DisclosureStatus.DRAFT},
    DisclosureStatus.TRIAGE: {DisclosureStatus.EVALUATING, DisclosureStatus.DRAFT},
    DisclosureStatus.EVALUATING: {DisclosureStatus.DECIDED, DisclosureStatus.DRAFT},
    DisclosureStatus.DECIDED: {DisclosureStatus.FILED, DisclosureStatus.CLOSED},
    DisclosureStatus.FILED: {DisclosureStatus.TRACKED, DisclosureStatus.CLOSED},
    DisclosureStatus.TRACKED: {DisclosureStatus.CLOSED},
    DisclosureStatus.CLOSED: set(),
}
LOOK: dict[str, tuple[str, str]] = {
    DisclosureStatus.DRAFT: ("draft", ""),
    DisclosureStatus.CONFIRMING: ("users", "warn"),
    DisclosureStatus.SEALED: ("seal", "info"),
    DisclosureStatus.TRIAGE: ("list", "info"),
    DisclosureStatus.EVALUATING: ("scale", "info"),
    DisclosureStatus.DECIDED: ("flag", "info"),
    DisclosureStatus.FILED: ("ok", "good"),
    DisclosureStatus.TRACKED: ("clock", "good"),
    DisclosureStatus.CLOSED: ("ok", ""),
}

AFTER_DECISION = (DisclosureStatus.FILED, DisclosureStatus.TRACKED, DisclosureStatus.CLOSED)


class Decision(models.TextChoices):
    """What becomes of a disclosure."""

    FILE = "file", _("File for protection")
    KEEP_SECRET = "keep_secret", _("Keep it secret")
    PUBLISH = "publish", _("Publish it")
    RELEASE = "release_to_inventors", _("Release it to the inventors")
    OFFER = "offer_to_co_owner", _("Offer it to a co-owner")


class Effort(models.TextChoices):
    """Whether the parts of several people can be told apart."""

    SINGLE = "single", _("One person")
    JOINT = "joint", _("Joint: the parts cannot be separated")
    MULTIPLE = "multiple", _("Multiple: several parts that can be separated")


class Reach(models.TextChoices):
    """How much of a disclosure somebody may read, the most first."""

    WHOLE = "whole", _("Everything, as it stands now")
    SEALED = "sealed", _("What was sealed")
    PART = "part", _("One's own part")
    MARKING = "marking", _("The marking")
    EXISTENCE = "existence", _("That there is one")


class ContributorRole(models.TextChoices):
    INVENTOR = "inventor", _("Inventor")
    AUTHOR = "author", _("Author")
    CONTRIBUTOR = "contributor", _("Contributor")


class Employer(models.TextChoices):
    """For whom somebody worked when they made their part."""

    EMPLOYEE = "employee", _("Employed by the agency")
    CONTRACTOR = "contractor", _("Working for a contractor")
    GUEST = "guest", _("Guest or seconded")
    STUDENT = "student", _("Student")
    OTHER = "other", _("Other")


class FilingStatus(models.TextChoices):
    FILED = "filed", _("Filed")
    PUBLISHED = "published", _("Published")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    LAPSED = "lapsed", _("Lapsed or given up")


class Answer(models.TextChoices):
    """What is answered to an offer."""

    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
