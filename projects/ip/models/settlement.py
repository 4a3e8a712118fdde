"""What is said in order to settle a dispute: kept apart from all evidence, for those who settle it alone."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar, Self

import rfc8785
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Role
from portal.history.models import DatabaseClock
from portal.kit.actors import Actor
from portal.kit.append_only import AppendOnly, AppendOnlyQuerySet
from projects.ip.models.dispute import Dispute
from projects.ip.models.ladder import DisputeParty, Representative, Side

SETTLERS = (Role.MANAGER, Role.SIGNATORY)


class RoomQuerySet(AppendOnlyQuerySet):
    """Rows of the room that is kept apart; the path to the dispute is the same in each."""

    def visible_to(self, actor: Actor) -> Self:
        """SECURITY: both sides' managers and signatories, and whom they named; nobody else, no role of the portal."""
        if actor.membership is None:
            return self.none()
        here = {"dispute": OuterRef("dispute"), "agency": actor.agency_id}
        at_odds = Exists(DisputeParty.objects.filter(**here).exclude(side=Side.COPY))
        if actor.has_role(*SETTLERS):
            return self.filter(at_odds)
        return self.filter(at_odds, Exists(Representative.objects.filter(membership=actor.membership.pk, **here)))


class WithoutPrejudiceMessage(AppendOnly):
    """Words said in order to settle. No event names them, no search, export or exhibit reaches them."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="+", verbose_name=_("dispute"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("agency"))
    agency_name = models.CharField(_("name of the agency then"), max_length=200)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author"))
    author_name = models.CharField(_("name then"), max_length=200)
    body = models.TextField(_("message"), max_length=10_000)
    at = models.DateTimeField(_("written"), db_default=DatabaseClock(), editable=False)

    objects: ClassVar = RoomQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        verbose_name = _("without-prejudice message")
        verbose_name_plural = _("without-prejudice messages")
        ordering = ["pk"]
        indexes = [models.Index(fields=["dispute", "id"], name="without_prejudice_of_dispute")]
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="without_prejudice_says_something")]

    def __str__(self) -> str:
        return str(self.pk)


class SettlementText(AppendOnly):
    """Terms that a party offers in order to settle; the dispute is settled when every side has agreed to the same hash."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="+", verbose_name=_("dispute"))
    number = models.PositiveSmallIntegerField(_("number"))
    terms = models.TextField(_("terms"), max_length=20_000)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("offered by"))
    agency_name = models.CharField(_("name of the agency then"), max_length=200)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("offered"), db_default=DatabaseClock(), editable=False)

    objects: ClassVar = RoomQuerySet.as_manager()

    class Meta(AppendOnly.Meta):
        verbose_name = _("settlement text")
        verbose_name_plural = _("settlement texts")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["dispute", "number"], name="settlement_text_numbered_once")]

    def __str__(self) -> str:
        return self.sha256

    @staticmethod
    def hash_of(dispute: Dispute, number: int, terms: str) -> str:
        """SHA-256 of the dispute, its sides, the number and the terms, as canonical JSON (RFC 8785)."""
        parties = sorted(party.agency.ref for party in dispute.at_odds())
        said: dict[str, Any] = {"dispute": dispute.ref, "number": number, "parties": parties, "terms": terms}
        return hashlib.sha256(rfc8785.dumps(said)).hexdigest()


class SettlementConsent(AppendOnly):
    """That a party agrees to exactly this settlement text."""

    text = models.ForeignKey(SettlementText, models.PROTECT, related_name="consents", verbose_name=_("text"))
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("agency"))
    agency_name = models.CharField(_("name of the agency then"), max_length=200)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    person_name = models.CharField(_("name then"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    at = models.DateTimeField(_("agreed"), db_default=DatabaseClock(), editable=False)

    class Meta(AppendOnly.Meta):
        verbose_name = _("consent to a settlement")
        verbose_name_plural = _("consents to settlements")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["text", "agency"], name="settlement_consent_once")]

    def __str__(self) -> str:
        return self.agency_name
