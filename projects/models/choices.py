"""The words a project chooses among: where it stands, who may read it, how it may start, where it goes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a project stands."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    ACCEPTED = "accepted", _("Accepted")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    COMPLETED = "completed", _("Completed")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CANCELLED = "cancelled", _("Cancelled")


class Audience(models.TextChoices):
    """Who may read the proposal: its overview, never what is inside."""

    LEAD = "lead", _("Lead agency only")
    PARTNERS = "partners", _("Partners only")
    VERIFIED = "verified", _("All verified agencies")
    PUBLIC = "public", _("Public")


class Mode(models.TextChoices):
    """What lets the project start."""

    AGREEMENT = "agreement", _("Under an agreement in force")
    STUDY = "study", _("Study without restricted data")


class Destination(models.TextChoices):
    """Where the work goes."""

    GROUND = "ground", _("On the ground")
    EARTH = "earth", _("Earth orbit")
    MOON = "moon", _("Moon")
    MARS = "mars", _("Mars")
    SMALL_BODIES = "small-bodies", _("Asteroids and comets")
    PLANETS = "planets", _("Other planets")
    SUN = "sun", _("Sun and heliosphere")
    DEEP_SPACE = "deep-space", _("Deep space")
