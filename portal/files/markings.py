"""What a thing is marked with: how far it may be shared, its owner's notice, its export class, personal data, an embargo."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kit.refusals import Forbidden

CLASSIFIED = "classified"
# Banners of classified documents. "Secret" in a sentence, as in "trade secret", is none.
BANNER = re.compile(
    r"\b(TOP SECRET|TR[ÈE]S SECRET|COSMIC TOP|NATO (SECRET|CONFIDENTIAL|RESTRICTED)|(EU|UE) (TOP )?SECRET|SECRET UE"
    r"|CONFIDENTIEL UE|RESTREINT UE|SECRET D[ÉE]FENSE|CONFIDENTIEL D[ÉE]FENSE|STRENG GEHEIM|VS-VERTRAULICH)\b"
    r"|\b(SECRET|CONFIDENTIAL)//|^\W*SECRET\W*$",
    re.IGNORECASE,
)


class Sharing(models.TextChoices):
    """Who may read it at most, the narrowest first."""

    OWN = "own", gettext_lazy("Only the agency that owns it")
    PARTNERS = "partners", gettext_lazy("The partners of the project")
    VERIFIED = "verified", gettext_lazy("Every verified agency")
    PUBLIC = "public", gettext_lazy("Everybody")


class ExportClass(models.TextChoices):
    """What export control says of it. Undetermined is the default, and stays inside the owning agency."""

    UNDETERMINED = "undetermined", gettext_lazy("Not yet determined")
    CONTROLLED = "controlled", gettext_lazy("Controlled")
    NOT_CONTROLLED = "not_controlled", gettext_lazy("Not controlled")


# What somebody can say of what they bring; the last is refused.
DECLARABLE = [*ExportClass.choices, (CLASSIFIED, gettext_lazy("Classified by a state (secret and above)"))]


class Regime(models.TextChoices):
    """The list that a number of control belongs to."""

    EAR = "ear", gettext_lazy("United States, ECCN")
    ITAR = "itar", gettext_lazy("United States, USML")
    EU = "eu", gettext_lazy("European Union, dual-use list")
    MTCR = "mtcr", gettext_lazy("Missile Technology Control Regime")
    WASSENAAR = "wassenaar", gettext_lazy("Wassenaar Arrangement")
    NATIONAL = "national", gettext_lazy("Another national list")


DUAL_USE = r"[0-9][A-E][0-9]{3}(\.[A-Za-z0-9.*-]{1,24})?"
NUMBERS: dict[str, str] = {
    Regime.EAR: rf"({DUAL_USE}|EAR99)",
    Regime.ITAR: r"[IVX]{1,5}(\([a-z0-9]{1,4}\)){0,5}",
    Regime.EU: DUAL_USE,
    Regime.MTCR: r"(I|II)|[0-9]{1,2}(\.[A-E](\.[0-9a-z]{1,4}){0,4})?",
    Regime.WASSENAAR: r"(ML)?[0-9]{1,2}(\.?[A-Ea-e](\.?[0-9a-z]{1,4}){0,6})?",
}
EXAMPLES: dict[str, str] = {
    Regime.EAR: "9A515.x",
    Regime.ITAR: "XV(a)",
    Regime.EU: "9A004",
    Regime.MTCR: "1.A.1",
    Regime.WASSENAAR: "9.A.4",
}


def not_classified(notice: str) -> None:
    """Raise ValidationError for a notice with the banner of classified material."""
    if BANNER.search(notice):
        raise ValidationError(_("Classified material may not be kept here."), code=CLASSIFIED)


def refuse_classified(export_class: str) -> None:
    """Raise the refusal for whoever says that what they bring is classified; nothing of it is kept."""
    if export_class == CLASSIFIED:
        raise Forbidden(
            _("Classified material may not be kept here."),
            code=CLASSIFIED,
            unblock=_(
                "Nothing was saved. Keep it in the system that is approved for it, and refer to it by its number."
            ),
        )


def check_number(regime: str, number: str) -> None:
    """Raise ValidationError, by field, for a control without its list and number, or with one the list cannot have."""
    if regime not in Regime.values:
        raise ValidationError({"regime": [_("Say which list controls it.")]})
    example = EXAMPLES.get(regime)
    if not number:
        raise ValidationError({"number": [_("Give its number on that list.")]})
    if example is not None and not re.fullmatch(NUMBERS[regime], number):
        raise ValidationError(
            {"number": [_("That list has no such number; %(example)s is one.") % {"example": example}]}
        )


def numbered_control(name: str) -> models.CheckConstraint:
    """The constraint of a table of marked records: what is controlled says by which list and number, nothing else does."""
    return models.CheckConstraint(
        condition=Q(export_class="controlled") & ~Q(export_regime="") & ~Q(export_number="")
        | ~Q(export_class="controlled") & Q(export_regime="", export_number=""),
        name=f"{name}_control_has_a_number",
    )


class Marked(models.Model):
    """The marking of a record. What says nothing is undetermined, and does not leave the agency that owns it."""

    Sharing = Sharing
    ExportClass = ExportClass

    sharing = models.CharField(
        gettext_lazy("may be read by"), max_length=8, choices=Sharing, default=Sharing.PARTNERS, editable=False
    )
    marking = models.CharField(
        gettext_lazy("marking"),
        max_length=200,
        blank=True,
        validators=[not_classified],
        help_text=gettext_lazy("As it stands on the thing itself, for example a proprietary notice."),
    )
    export_class = models.CharField(
        gettext_lazy("export class"),
        max_length=14,
        choices=ExportClass,
        default=ExportClass.UNDETERMINED,
        editable=False,
    )
    export_regime = models.CharField(
        gettext_lazy("control list"), max_length=10, choices=Regime, blank=True, editable=False
    )
    export_number = models.CharField(
        gettext_lazy("number on the control list"), max_length=40, blank=True, editable=False
    )
    has_personal_data = models.BooleanField(gettext_lazy("personal data"), default=False, editable=False)
    embargo_until = models.DateTimeField(gettext_lazy("embargo until"), null=True, blank=True, editable=False)
    # Apart from the version of the record: whoever edits its words is not held up by whoever marks it.
    marking_version = models.PositiveIntegerField(gettext_lazy("version of the marking"), default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def mark(self) -> Mark:
        """All of it as one value."""
        return Mark(
            sharing=self.sharing,
            notices=(self.marking,) if self.marking else (),
            export_class=self.export_class,
            controls=(self.control_words,) if self.export_number else (),
            has_personal_data=self.has_personal_data,
            embargo_until=self.embargo_until,
        )

    @property
    def control_words(self) -> str:
        """`9A515.x (United States, ECCN)`, or nothing."""
        return f"{self.export_number} ({Regime(self.export_regime).label})" if self.export_number else ""


@dataclass(frozen=True)
class Mark:
    """A marking as a value: of one thing, or the highest of several."""

    sharing: str
    notices: tuple[str, ...]
    export_class: str
    controls: tuple[str, ...]
    has_personal_data: bool
    embargo_until: datetime | None

    @property
    def needs_acknowledgement(self) -> bool:
        """Whether a reader says that they have read the marking before they are given it."""
        runs = self.embargo_until is not None and self.embargo_until > timezone.now()
        cleared = self.export_class == ExportClass.NOT_CONTROLLED and self.sharing != Sharing.OWN
        return bool(self.notices) or self.has_personal_data or runs or not cleared

    @property
    def words(self) -> list[str]:
        """What is printed: the export class with its numbers, the readers, personal data, the embargo, the notices."""
        export = str(ExportClass(self.export_class).label)
        if self.controls:
            export = f"{export}, {', '.join(self.controls)}"
        readers = Sharing(self.sharing).label
        said = [_("Export class: %(class)s") % {"class": export}, _("For at most: %(readers)s") % {"readers": readers}]
        if self.has_personal_data:
            said.append(_("Holds personal data"))
        if self.embargo_until is not None:
            said.append(_("Embargo until %(moment)s UTC") % {"moment": f"{self.embargo_until:%Y-%m-%d %H:%M}"})
        return [*said, *self.notices]

    @property
    def prefix(self) -> str:
        """What the name of a file starts with, so that the marking stays with it: `CONTROLLED 9A515.x `, or nothing."""
        numbers = " ".join(control.partition(" (")[0] for control in self.controls)
        # SECURITY: a number of a national list is free text, and this becomes a path in a bundle.
        numbers = re.sub(r"[^\w.*() -]|\.{2,}", "-", numbers)
        if self.export_class != ExportClass.NOT_CONTROLLED:
            return f"{self.export_class.upper()} {numbers} ".replace("  ", " ")
        return "MARKED " if self.needs_acknowledgement else ""


def highest(marks: Iterable[Mark]) -> Mark:
    """The mark of a bundle: on each scale the highest of its parts, with every notice and every number.

    Undetermined is higher than controlled, because nobody knows yet what it is. ValueError when there is nothing.
    """
    parts = list(marks)
    if not parts:
        raise ValueError("a bundle has parts")
    return Mark(
        sharing=min((part.sharing for part in parts), key=Sharing.values.index),
        notices=_each(notice for part in parts for notice in part.notices),
        export_class=min((part.export_class for part in parts), key=ExportClass.values.index),
        controls=_each(control for part in parts for control in part.controls),
        has_personal_data=any(part.has_personal_data for part in parts),
        embargo_until=max((part.embargo_until for part in parts if part.embargo_until), default=None),
    )


def _each(words: Iterable[str]) -> tuple[str, ...]:
    """In the order they come in, once."""
    return tuple(dict.fromkeys(words))
