"""Owners' shares as people type them, checked so that the reader knows what to correct."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agencies.models import Agency
from projects.ip.models import HUNDRED, Asset, ContributionStatus, TransferStatus
from projects.models import Project

FINEST = Decimal("0.0001")


def check_shares(
    project: Project, shares: Mapping[str, Decimal | None], *, outside: Collection[Decimal] = ()
) -> dict[Agency, Decimal]:
    """Percent by owner out of percent by reference; nothing and zero mean no share.

    `outside` are the shares of owners who are no parties: they stay, and count towards the hundred. Raises
    ValidationError for "shares": owners who are no parties, parts that are none, a sum that is not exactly 100.
    """
    parties = {row.agency.ref: row.agency for row in project.parties()}
    named = {ref: percent for ref, percent in shares.items() if percent}
    for ref in named:
        if ref not in parties:
            raise _wrong(_("%(agency)s is not a party of this project.") % {"agency": ref})
    try:
        check_parts([*named.items(), *(("", percent) for percent in outside)])
    except ValidationError as error:
        raise _wrong(error.messages[0]) from None
    if not named and not outside:
        raise _wrong(_("Say who owns it: the shares must sum to 100."))
    return {parties[ref]: percent for ref, percent in named.items()}


def secured_owners(asset: Asset) -> set[int]:
    """The agencies, by key, to which a part of it passed by a completed transfer or an accepted contribution."""
    passed = [one.to_agency_id for one in asset.transfers.all() if one.status == TransferStatus.COMPLETED]
    accepted = [one.agency_id for one in asset.contributions.all() if one.status == ContributionStatus.ACCEPTED]
    return {agency for agency in (*passed, *accepted) if agency is not None}


def check_parts(parts: Sequence[tuple[str, Decimal | None]]) -> None:
    """Raise ValidationError unless these parts by name sum to exactly 100, or there are none."""
    total = Decimal(0)
    for name, percent in parts:
        check_percent(percent, of=name)
        total += percent or 0
    if parts and total != HUNDRED:
        raise ValidationError(_hint(total))


def check_percent(percent: Decimal | None, *, of: str) -> Decimal:
    """Raise ValidationError for what is no part of a whole; the name says whose."""
    if percent is None or not percent.is_finite() or percent <= 0 or percent > HUNDRED:
        said = _("A share is more than 0 and at most 100 percent; %(agency)s has %(percent)s.")
        raise ValidationError(said % {"agency": of, "percent": percent if percent is not None else "-"})
    if percent != percent.quantize(FINEST):
        said = _("A share has at most four decimal places; %(agency)s has %(percent)s.")
        raise ValidationError(said % {"agency": of, "percent": percent})
    return percent


def _hint(total: Decimal) -> str:
    words = f"{total.normalize():f}"
    said = _("The shares sum to %(total)s. They must sum to 100.") % {"total": words}
    if abs(total - HUNDRED) < Decimal("0.01"):
        said = f"{said} {_('Give the rest to one owner, for example 33.3334.')}"
    return said


def _wrong(message: str) -> ValidationError:
    return ValidationError({"shares": [message]})
