"""What was sealed, byte by byte, and who countersigned that they read and understood it: rows that are written once."""

from __future__ import annotations

import json
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.kit.append_only import AppendOnly

from .disclosure import Disclosure

# SECURITY: the bytes, their commitment and the event belong together, and the time is the event's, whatever is inserted.
SEALS = """
    IF encode(sha256(NEW.salt || NEW.canonical), 'hex') IS DISTINCT FROM NEW.commitment
    THEN RAISE EXCEPTION 'the bytes do not give the commitment'; END IF;
    SELECT at INTO NEW.sealed_at FROM history_event
        WHERE uid = NEW.event_uid AND verb = 'disclosure.sealed' AND facts->>'commitment' = NEW.commitment;
    IF NOT FOUND THEN RAISE EXCEPTION 'this is not the event of the version'; END IF;
    RETURN NEW;
"""


class DisclosureVersion(AppendOnly):
    """One sealed state: its canonical bytes, the salt, and the commitment that an event in the ledger holds.

    The commitment is of the salt and the bytes together, so that the ledger gives nothing away and cannot be guessed
    at; the bytes name the commitment of the version before, which chains the versions.
    """

    disclosure = models.ForeignKey(Disclosure, models.PROTECT, related_name="versions", verbose_name=_("disclosure"))
    number = models.PositiveIntegerField(_("number"))
    canonical = models.BinaryField(_("canonical bytes"))
    salt = models.BinaryField(_("salt"))
    algorithm = models.CharField(_("algorithm"), max_length=40)
    commitment = models.CharField(_("commitment"), max_length=64, unique=True)
    previous = models.CharField(_("commitment of the version before"), max_length=64, blank=True)
    event_uid = models.UUIDField(_("event"), unique=True)
    sealed_at = models.DateTimeField(_("sealed"))
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sealed by")
    )

    class Meta(AppendOnly.Meta):
        verbose_name = _("sealed version")
        verbose_name_plural = _("sealed versions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["disclosure", "number"], name="disclosure_version_numbered_once"),
            models.CheckConstraint(
                condition=Q(number=1, previous="") | Q(number__gt=1) & ~Q(previous=""),
                name="disclosure_version_chained",
            ),
        ]
        triggers = [
            *AppendOnly.Meta.triggers,
            pgtrigger.Trigger(name="seals", operation=pgtrigger.Insert, when=pgtrigger.Before, func=SEALS),
        ]

    def __str__(self) -> str:
        return f"{self.disclosure_id} version {self.number}"

    @cached_property
    def document(self) -> dict[str, Any]:
        """What was sealed, as `projects.ip.disclosed.document_of` wrote it."""
        document: dict[str, Any] = json.loads(bytes(self.canonical))
        return document


class Countersignature(AppendOnly):
    """A technically competent person says of one version that they read and understood it."""

    version = models.OneToOneField(
        DisclosureVersion, models.PROTECT, related_name="countersignature", verbose_name=_("version")
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("witness"))
    name = models.CharField(_("name then"), max_length=150)
    agency_name = models.CharField(_("name of the agency then"), max_length=200)
    competence = models.TextField(_("why competent"), max_length=2_000)
    at = models.DateTimeField(_("countersigned"))

    class Meta(AppendOnly.Meta):
        verbose_name = _("countersignature")
        verbose_name_plural = _("countersignatures")

    def __str__(self) -> str:
        return f"{self.name}, {self.agency_name}"
