"""What is checked before a disclosure is evaluated: six questions, each answered and stored."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .disclosure import Disclosure


class YesNo(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")


class Checked(models.TextChoices):
    """Whether somebody has looked."""

    YES = "yes", _("Checked")
    NONE = "none", _("Checked: there is none")


class Triage(models.Model):
    """The answers of the IP manager; a blank one is still open."""

    QUESTIONS = ("agreement", "background", "joint", "place", "export", "publication")

    disclosure = models.OneToOneField(Disclosure, models.CASCADE, related_name="triage", verbose_name=_("disclosure"))
    agreement = models.CharField(_("Which agreement covers it?"), max_length=8, choices=Checked, blank=True)
    agreement_note = models.CharField(_("agreement, or why none"), max_length=500, blank=True)
    background = models.CharField(_("Which background does it use?"), max_length=8, choices=Checked, blank=True)
    background_note = models.CharField(_("background, and whose"), max_length=1_000, blank=True)
    joint = models.CharField(_("Is it joint with another party?"), max_length=8, choices=YesNo, blank=True)
    joint_note = models.CharField(_("with whom, and why"), max_length=1_000, blank=True)
    place = models.CharField(_("Is the place of making settled?"), max_length=8, choices=YesNo, blank=True)
    place_note = models.CharField(_("place, and whose law"), max_length=500, blank=True)
    export = models.CharField(_("Is the export class determined?"), max_length=8, choices=YesNo, blank=True)
    export_note = models.CharField(_("class, or who determines it by when"), max_length=500, blank=True)
    publication = models.CharField(_("Is a publication planned?"), max_length=8, choices=YesNo, blank=True)
    publication_note = models.CharField(_("what, when and where"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered"))

    class Meta:
        verbose_name = _("triage")
        verbose_name_plural = _("triages")
        constraints = [
            models.CheckConstraint(
                condition=~Q(agreement="yes") | ~Q(agreement_note=""), name="triage_names_the_agreement"
            )
        ]

    def __str__(self) -> str:
        return str(self.disclosure_id)

    @property
    def open_questions(self) -> list[str]:
        """The words of what nobody has answered."""
        fields = {field.name: field for field in self._meta.fields}
        return [str(fields[name].verbose_name) for name in self.QUESTIONS if not getattr(self, name)]
