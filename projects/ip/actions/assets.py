"""What people do in the IP register: each verb checks, writes, and records one event."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.lines import required
from portal.kit.records import require_version
from projects.ip.actions.entries import locked_asset, note
from projects.ip.actions.markings import undetermine
from projects.ip.actions.ownership import (
    check_secured,
    first_owners,
    leave_agreement,
    outside_of,
    owners_of,
    replace_owners,
    share_facts,
)
from projects.ip.annex import says_the_same
from projects.ip.keepers import keeper_names
from projects.ip.models import HUNDRED, Asset, Origin, Status
from projects.ip.narrowing import refuse_narrowing, refuse_new_exclusion
from projects.ip.policies import AssetPolicy, RegisterPolicy
from projects.ip.shares import check_shares
from projects.models import Project

Shares = Mapping[str, Decimal | None]
FIELDS = frozenset(
    {
        "title",
        "nature",
        "description",
        "is_excluded",
        "limits_implementation",
        "limits_exploitation",
        "protection_office",
        "protection_number",
        "protected_on",
        "marking",
        "generated_on",
        "made_in",
        "made_element",
        "made_registry",
        "artefact_licence",
    }
)


@transaction.atomic
def list_background(project: Project, *, actor: Actor, **fields: Any) -> Asset:
    """Put something one's agency brings on its positive or negative list; the agency owns it in full."""
    RegisterPolicy(actor, project).require("list_background")
    refuse_new_exclusion(project, actor.agency, is_excluded=bool(fields.get("is_excluded")))
    return _declare(project, Origin.BACKGROUND, {actor.agency: HUNDRED}, actor=actor, **fields)


@transaction.atomic
def claim_result(project: Project, *, actor: Actor, shares: Shares, **fields: Any) -> Asset:
    """Claim something made in the project, with its owners' shares; the others see it and may contest it."""
    RegisterPolicy(actor, project).require("claim_result")
    return _declare(project, Origin.RESULT, check_shares(project, shares), actor=actor, **fields)


@transaction.atomic
def declare_sideground(project: Project, *, actor: Actor, **fields: Any) -> Asset:
    """Declare what one's agency makes meanwhile outside the project, so that nobody takes it for a result."""
    RegisterPolicy(actor, project).require("declare_sideground")
    return _declare(project, Origin.SIDEGROUND, {actor.agency: HUNDRED}, actor=actor, **fields)


@transaction.atomic
def edit_asset(asset: Asset, *, actor: Actor, version: int | None, **fields: Any) -> Asset:
    """Change the words of an entry; one agreed in an agreement is no longer agreed until it says the same again."""
    asset = locked_asset(asset)
    AssetPolicy(actor, asset).require("edit")
    require_version(asset, version, typed=fields)
    refuse_narrowing(asset, fields)
    changed = asset.edit(version=version, **_known(fields))
    if changed:
        leave_agreement(asset)
        facts = {"fields": sorted(changed), "content": asset.content_hash()}
        if "description" in changed:
            facts |= undetermine(asset, actor=actor, change=_("The description was changed."))
        note("asset.edited", asset, actor=actor, facts=facts)
    return asset


@transaction.atomic
def set_shares(asset: Asset, *, actor: Actor, version: int | None, shares: Shares) -> Asset:
    """Say anew who owns which part; the database refuses to commit anything but exactly 100 percent."""
    asset = locked_asset(asset)
    AssetPolicy(actor, asset).require("set_shares")
    require_version(asset, version)
    outside = outside_of(asset, owners_of(asset))
    owners: dict[Any, Decimal] = {**check_shares(asset.project, shares, outside=outside.values())}
    check_secured(asset, owners, actor=actor)
    replace_owners(asset, {**owners, **outside}, actor=actor)
    return asset


@transaction.atomic
def withdraw_asset(asset: Asset, *, actor: Actor) -> Asset:
    """Take an entry out of the register; from then on it is outside the lists and their access rights."""
    asset = locked_asset(asset)
    AssetPolicy(actor, asset).require("withdraw")
    asset.move_to(Status.WITHDRAWN).save()
    note("asset.withdrawn", asset, actor=actor)
    return asset


@transaction.atomic
def contest(asset: Asset, *, actor: Actor, reason: str) -> Asset:
    """Flag an entry of another party as not right, with the reason; the entry itself is not rewritten."""
    asset = locked_asset(asset)
    AssetPolicy(actor, asset).require("contest")
    missing = _("Say what is not right, so that %(party)s can answer.") % {"party": keeper_names(asset)}
    reason = required("reason", reason, missing, 4_000)
    asset.contested_by, asset.contested_at, asset.contest_reason = actor.agency, timezone.now(), reason
    asset.move_to(Status.CONTESTED).save()
    note("asset.contested", asset, actor=actor)
    return asset


@transaction.atomic
def settle_contest(asset: Asset, *, actor: Actor) -> Asset:
    """Say for the agency that contested it that the matter is settled; the entry stands again."""
    asset = locked_asset(asset)
    AssetPolicy(actor, asset).require("settle")
    stands = Status.AGREED if asset.agreed_in and not asset.differs_from_agreed else Status.DECLARED
    asset.move_to(stands).save()
    note("asset.settled", asset, actor=actor)
    return asset


@transaction.atomic
def agree_assets(
    project: Project, rows: Mapping[str, Mapping[str, Any]], *, actor: Actor, agreement_ref: str
) -> list[Asset]:
    """Mark what an agreement lists as agreed in it, when it enters into force; what is contested stays contested.

    `rows` are the annex rows that were signed, by reference. An asset that says something else now was not agreed in
    these words: it is left as it is. Called by the action that puts the agreement into force, which asked its own policy.
    """
    listed = Asset.objects.standing().filter(project=project, ref__in=list(rows))
    assets = [
        asset
        for asset in listed.with_project().select_for_update(of=("self",)).order_by("pk")
        if says_the_same(asset, rows[asset.ref])
    ]
    for asset in assets:
        asset.agreed_in, asset.agreed_hash = agreement_ref, asset.content_hash()
        if asset.status == Status.DECLARED:
            asset.move_to(Status.AGREED)
        asset.save()
        note("asset.agreed", asset, actor=actor, facts={"agreement": agreement_ref, "content": asset.agreed_hash})
    return assets


def _declare(project: Project, origin: str, owners: Mapping[Any, Decimal], *, actor: Actor, **fields: Any) -> Asset:
    asset = Asset(
        project=project, party=actor.agency, party_name=actor.agency.legal_name, origin=origin, **_known(fields)
    )
    asset.full_clean(exclude={"ref"})
    asset.save()
    first_owners(asset, owners)
    facts = {"origin": origin, "nature": asset.nature, "excluded": asset.is_excluded}
    note(
        "asset.declared",
        asset,
        actor=actor,
        facts={**facts, "shares": share_facts(asset), "content": asset.content_hash()},
    )
    return asset


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    """Only what the register asks for; forms and serializers name the fields, so another one is a mistake of ours."""
    if unknown := set(fields) - FIELDS:
        raise TypeError(f"the register has no {sorted(unknown)}")
    return fields
