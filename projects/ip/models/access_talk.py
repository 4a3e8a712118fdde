"""What the two sides of a request for access say to each other: terms, questions and answers, each kept as it was put."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kit.append_only import AppendOnly
from projects.ip.models.right import GrantTerms


class AccessOffer(GrantTerms, AppendOnly):
    """Terms that the owner offers or the requester counters with; each is kept as it was put."""

    request = models.ForeignKey("ip.AccessRequest", models.PROTECT, related_name="offers", verbose_name=_("request"))
    number = models.PositiveIntegerField(_("number"))
    by = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("by"))
    by_name = models.CharField(_("name then"), max_length=200)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    note = models.TextField(_("note"), max_length=4_000, blank=True)

    class Meta(AppendOnly.Meta):
        verbose_name = _("offer of terms")
        verbose_name_plural = _("offers of terms")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="access_offer_once")]

    def __str__(self) -> str:
        return f"{self.request_id} · {self.number}"


class AccessNote(AppendOnly):
    """A question of the owner, or the requester's answer: the conversation of a request."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("asks")
        ANSWER = "answer", _("answers")
        NEED = "need", _("accepts the need")

    request = models.ForeignKey("ip.AccessRequest", models.PROTECT, related_name="notes", verbose_name=_("request"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    by = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", verbose_name=_("by"))
    by_name = models.CharField(_("name then"), max_length=200)
    person = models.ForeignKey("agencies.Person", models.PROTECT, related_name="+", verbose_name=_("person"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    body = models.TextField(_("words"), max_length=4_000)

    class Meta(AppendOnly.Meta):
        verbose_name = _("note on a request")
        verbose_name_plural = _("notes on requests")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.request_id} · {self.kind}"
