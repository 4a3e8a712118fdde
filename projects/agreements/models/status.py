"""Where an agreement stands: the statuses, what may follow what, and how each looks."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    NEGOTIATING = "negotiating", _("Negotiating")
    TEXT_AGREED = "text_agreed", _("Text agreed")
    SIGNING = "signing", _("Signing")
    SIGNED = "signed", _("Signed, not in force")
    IN_FORCE = "in_force", _("In force")
    SUSPENDED = "suspended", _("Suspended")
    EXPIRED = "expired", _("Expired")
    TERMINATED = "terminated", _("Terminated")
    DECLINED = "declined", _("Declined")
    ABANDONED = "abandoned", _("Abandoned")


# A text that does not bind in law is never said to be in force.
OPERATIVE = {
    Status.SIGNED: _("Signed, not operative"),
    Status.IN_FORCE: _("Operative"),
}

TRANSITIONS: dict[str, set[str]] = {
    Status.DRAFT: {Status.NEGOTIATING, Status.ABANDONED},
    Status.NEGOTIATING: {Status.TEXT_AGREED, Status.ABANDONED},
    Status.TEXT_AGREED: {Status.NEGOTIATING, Status.SIGNING, Status.ABANDONED},
    # A rule such as "two of three" can be satisfied while others may still sign.
    Status.SIGNING: {Status.NEGOTIATING, Status.SIGNED, Status.DECLINED, Status.IN_FORCE},
    Status.DECLINED: {Status.NEGOTIATING, Status.ABANDONED},
    Status.SIGNED: {Status.IN_FORCE},
    Status.IN_FORCE: {Status.SUSPENDED, Status.EXPIRED, Status.TERMINATED},
    Status.SUSPENDED: {Status.IN_FORCE, Status.EXPIRED, Status.TERMINATED},
    Status.EXPIRED: set(),
    Status.TERMINATED: set(),
    Status.ABANDONED: set(),
}

LOOK = {
    Status.DRAFT: ("ring", ""),
    Status.NEGOTIATING: ("swap", "info"),
    Status.TEXT_AGREED: ("check", "info"),
    Status.SIGNING: ("pen", "warn"),
    Status.SIGNED: ("seal", "info"),
    Status.IN_FORCE: ("ok", "good"),
    Status.SUSPENDED: ("clock", "warn"),
    Status.EXPIRED: ("clock", ""),
    Status.TERMINATED: ("no", ""),
    Status.DECLINED: ("no", "bad"),
    Status.ABANDONED: ("no", ""),
}

# While the words may still change.
OPEN = (Status.DRAFT, Status.NEGOTIATING, Status.TEXT_AGREED)
# It has been in force, whatever happened since; its text binds or bound.
EFFECTIVE = (Status.IN_FORCE, Status.SUSPENDED, Status.EXPIRED, Status.TERMINATED)
ENDED = (Status.EXPIRED, Status.TERMINATED)
# What is in force between some stays open for the others that it names.
SIGNABLE = (Status.SIGNING, Status.IN_FORCE)
FROZEN = (Status.SIGNING, Status.SIGNED, *EFFECTIVE)
