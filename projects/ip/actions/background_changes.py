"""Narrowing the access to background under an agreement in force: propose, answer, take effect."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.lines import required
from projects.ip.actions.entries import locked_asset, note
from projects.ip.actions.ownership import leave_agreement
from projects.ip.models import Asset, BackgroundAnswer, BackgroundChange, ChangeKind, ChangeRule, ChangeStatus, Status
from projects.ip.narrowing import CLAUSE, LIMITS, open_under
from projects.ip.policies import AssetPolicy, BackgroundChangePolicy
from projects.ip.windows import notice

# What a change may rewrite in the entry.
REPLACED = ("status", "is_excluded", *LIMITS)


@transaction.atomic
def propose_narrowing(
    asset: Asset,
    *,
    actor: Actor,
    kind: str,
    reason: str,
    limits_implementation: str = "",
    limits_exploitation: str = "",
) -> BackgroundChange:
    """Propose to withdraw, exclude or limit background; until it takes effect the access stays as it is."""
    asset = locked_asset(asset)
    AssetPolicy(actor, asset).require("propose_narrowing")
    said = required("reason", reason, _("Say why, so that the others can answer."), 2_000)
    limits = {
        "limits_implementation": limits_implementation.strip(),
        "limits_exploitation": limits_exploitation.strip(),
    }
    if kind == ChangeKind.LIMIT and all(limits[name] in ("", getattr(asset, name)) for name in LIMITS):
        raise ValidationError({"limits_implementation": [_("Say what the limit will be.")]})
    terms = open_under(asset)
    assert terms is not None  # the policy has asked
    others = [row.agency for row in asset.project.parties() if row.agency_id != actor.agency_id]
    given = notice(asset.project, "background_change_days", others, among=[actor.agency])
    change = BackgroundChange(
        asset=asset,
        agency=actor.agency,
        kind=kind,
        reason=said,
        rule=terms.answers.get("background_change", ChangeRule.CONSENT),
        agreement=terms.agreement,
        source=terms.source(CLAUSE),
        days=given.days,
        ends_at=given.ends_at,
        **(limits if kind == ChangeKind.LIMIT else {}),
    )
    change.full_clean(exclude={"ref"})
    change.save()
    facts = {"change": change.ref, "kind": kind, "rule": str(change.rule), "days": given.days}
    note("asset.narrowing_proposed", asset, actor=actor, facts=facts)
    return change


@transaction.atomic
def consent_to_narrowing(change: BackgroundChange, *, actor: Actor) -> BackgroundChange:
    """Agree for one's party; the consent that completes all of them lets the change take effect."""
    change = _locked(change)
    BackgroundChangePolicy(actor, change).require("consent")
    BackgroundAnswer.objects.create(change=change, agency=actor.agency, consents=True)
    change = _locked(change)
    note("asset.narrowing_answered", change.asset, actor=actor, facts={"change": change.ref, "consents": True})
    if not BackgroundChangePolicy(actor, change).missing():
        _apply(change, actor)
    return change


@transaction.atomic
def refuse_narrowing(change: BackgroundChange, *, actor: Actor, reason: str) -> BackgroundChange:
    """Disagree for one's party; the access stays as it is, and the proposal is closed."""
    change = _locked(change)
    BackgroundChangePolicy(actor, change).require("refuse")
    said = required("reason", reason, _("Say why, so that they can propose something else."), 2_000)
    BackgroundAnswer.objects.create(change=change, agency=actor.agency, consents=False, reason=said)
    change.move_to(ChangeStatus.REFUSED).save()
    note("asset.narrowing_answered", change.asset, actor=actor, facts={"change": change.ref, "consents": False})
    return change


@transaction.atomic
def withdraw_narrowing(change: BackgroundChange, *, actor: Actor) -> BackgroundChange:
    """Take the proposal back."""
    change = _locked(change)
    BackgroundChangePolicy(actor, change).require("withdraw")
    change.move_to(ChangeStatus.WITHDRAWN).save()
    note("asset.narrowing_withdrawn", change.asset, actor=actor, facts={"change": change.ref})
    return change


@transaction.atomic
def let_change_take_effect(change: BackgroundChange) -> BackgroundChange:
    """Write down what counts since the notice has run or the last party without a consent has left; never twice."""
    change, system = _locked(change), Actor.system()
    is_agreed = change.rule == ChangeRule.CONSENT and not BackgroundChangePolicy(system, change).missing()
    if change.status == ChangeStatus.PROPOSED and (change.is_in_effect or is_agreed):
        _apply(change, system)
    return change


def _apply(change: BackgroundChange, actor: Actor) -> None:
    """The register says what is agreed now; an entry that was withdrawn meanwhile stays as it is."""
    asset = change.asset
    before = {name: getattr(asset, name) for name in REPLACED}
    if asset.status != Status.WITHDRAWN:
        if change.kind == ChangeKind.WITHDRAW:
            asset.move_to(Status.WITHDRAWN).save()
        else:
            _narrow(asset, change)
    change.replaced = {name: was for name, was in before.items() if getattr(asset, name) != was}
    change.move_to(ChangeStatus.EFFECTIVE).save()
    note("asset.narrowed", asset, actor=actor, facts={"change": change.ref, "content": asset.content_hash()})


def _narrow(asset: Asset, change: BackgroundChange) -> None:
    limits = {name: getattr(change, name) for name in LIMITS if getattr(change, name)}
    told: dict[str, Any] = {"is_excluded": True} if change.kind == ChangeKind.EXCLUDE else limits
    asset.edit(version=None, **told)
    leave_agreement(asset)


def _locked(change: BackgroundChange) -> BackgroundChange:
    asset = locked_asset(change.asset)
    found = BackgroundChange.objects.with_asset().select_for_update(of=("self",)).get(pk=change.pk)
    found.asset = asset
    return found
