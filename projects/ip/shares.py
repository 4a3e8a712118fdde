"""Owners' shares as people type them, checked so that the reader knows what to correct."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agencies.models import Agency
from projects.ip.models import HUNDRED
from projects.models import Project

FINEST = Decimal("0.0001")


def check_shares(project: Project, shares: Mapping[str, Decimal | None]) -> dict[Agency, Decimal]:
    """Percent by owner out of percent by reference; nothing and zero mean no share.

    Raises ValidationError for "shares": owners who are no parties, parts that are none, a sum that is not exactly 100.
    """
    parties = {row.agency.ref: row.agency for row in project.parties()}
    named = {ref: percent for ref, percent in shares.items() if percent}
    for ref, percent in named.items():
        if ref not in parties:
            raise _wrong(_("%(agency)s is not a party of this project.") % {"agency": ref})
        if not percent.is_finite() or percent < 0 or percent > HUNDRED:
            raise _wrong(
                _("A share is more than 0 and at most 100 percent; %(agency)s has %(percent)s.")
                % {"agency": ref, "percent": percent}
            )
        if percent != percent.quantize(FINEST):
            raise _wrong(
                _("A share has at most four decimal places; %(agency)s has %(percent)s.")
                % {"agency": ref, "percent": percent}
            )
    total = sum(named.values(), Decimal(0))
    if total != HUNDRED:
        raise _wrong(_hint(total, len(named)))
    return {parties[ref]: percent for ref, percent in named.items()}


def _hint(total: Decimal, owners: int) -> str:
    if not owners:
        return _("Say who owns it: the shares must sum to 100.")
    words = f"{total.normalize():f}"
    said = _("The shares sum to %(total)s. They must sum to 100.") % {"total": words}
    if abs(total - HUNDRED) < Decimal("0.01"):
        said = f"{said} {_('Give the rest to one owner, for example 33.3334.')}"
    return said


def _wrong(message: str) -> ValidationError:
    return ValidationError({"shares": [message]})
