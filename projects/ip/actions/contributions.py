"""Asserting a part of a result, and what whoever keeps the entry answers for the owners."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.lines import required
from portal.kit.records import require_version
from projects.ip.actions.entries import locked_asset, note
from projects.ip.actions.ownership import check_secured, outside_of, owners_of, replace_owners
from projects.ip.models import Asset, Contribution, ContributionStatus, Status
from projects.ip.policies import AssetPolicy, ContributionPolicy
from projects.ip.shares import check_percent, check_shares


@transaction.atomic
def assert_contribution(asset: Asset, *, actor: Actor, percent: Decimal | None, reason: str) -> Contribution:
    """Say for one's agency that it made a part of the result; whoever keeps it is asked to answer."""
    asset = locked_asset(asset)
    AssetPolicy(actor, asset).require("assert_contribution")
    said = required("reason", reason, _("Say what your agency made, so that it can be checked."), 4_000)
    try:
        share = check_percent(percent, of=actor.agency.acronym)
    except ValidationError as error:
        raise ValidationError({"percent": error.messages}) from None
    contribution = Contribution(
        asset=asset, agency=actor.agency, agency_name=actor.agency.legal_name, percent=share, reason=said
    )
    contribution.full_clean(exclude={"ref"})
    contribution.save()
    note("asset.contribution_asserted", asset, actor=actor, facts={"contribution": contribution.ref})
    return contribution


@transaction.atomic
def accept_contribution(
    contribution: Contribution, *, actor: Actor, version: int | None, shares: Mapping[str, Decimal | None]
) -> Contribution:
    """Agree that they made a part: the shares are set so that the agency owns one from now on.

    `version` is that of the asset, whose shares change.
    """
    contribution = _locked(contribution)
    ContributionPolicy(actor, contribution).require("accept")
    asset = contribution.asset
    require_version(asset, version)
    outside = outside_of(asset, owners_of(asset))
    owners: dict[Any, Any] = {**check_shares(asset.project, shares, outside=outside.values())}
    if contribution.agency not in owners:
        said = _("Give %(agency)s a share, or refuse with a reason.") % {"agency": contribution.agency.acronym}
        raise ValidationError({"shares": [said]})
    check_secured(asset, owners, actor=actor)
    contribution.move_to(ContributionStatus.ACCEPTED).save()
    note("asset.contribution_accepted", asset, actor=actor, facts={"contribution": contribution.ref})
    replace_owners(asset, {**owners, **outside}, actor=actor, facts={"contribution": contribution.ref})
    return contribution


@transaction.atomic
def refuse_contribution(contribution: Contribution, *, actor: Actor, reason: str) -> Contribution:
    """Disagree, with the reason: the result is contested until the agency that asserted says that it is settled."""
    contribution = _locked(contribution)
    ContributionPolicy(actor, contribution).require("refuse")
    said = required("reason", reason, _("Say why, so that they can answer."), 4_000)
    contribution.move_to(ContributionStatus.REFUSED, answer=said).save()
    asset = contribution.asset
    note("asset.contribution_refused", asset, actor=actor, facts={"contribution": contribution.ref})
    if asset.status != Status.CONTESTED:
        asset.contested_by, asset.contested_at = contribution.agency, timezone.now()
        asset.contest_reason = contribution.reason
        asset.move_to(Status.CONTESTED).save()
    return contribution


@transaction.atomic
def withdraw_contribution(contribution: Contribution, *, actor: Actor) -> Contribution:
    """Take the assertion back."""
    contribution = _locked(contribution)
    ContributionPolicy(actor, contribution).require("withdraw")
    contribution.move_to(ContributionStatus.WITHDRAWN).save()
    note("asset.contribution_withdrawn", contribution.asset, actor=actor, facts={"contribution": contribution.ref})
    return contribution


def _locked(contribution: Contribution) -> Contribution:
    asset = locked_asset(contribution.asset)
    found = Contribution.objects.with_asset().select_for_update(of=("self",)).get(pk=contribution.pk)
    found.asset = asset
    return found
