"""Transferring a share: notice first, then what the others say, and at last the new owner in the chain of title."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.zones import today
from portal.kit.actors import Actor
from portal.kit.lines import required
from projects.ip.actions.entries import locked_asset, note
from projects.ip.actions.ownership import Owner, change_owners, owners_of, share_facts
from projects.ip.models import Asset, TitleEntry, TitleKind, TitleTransfer, TransferAnswer, TransferStatus
from projects.ip.policies import AssetPolicy, TransferPolicy
from projects.ip.recipients import recipient_of
from projects.ip.shares import check_percent
from projects.ip.windows import notice

CLAUSE = "protection"


@transaction.atomic
def notify_transfer(
    asset: Asset, *, actor: Actor, percent: Decimal | None, to: str = "", to_name: str = "", reason: str = ""
) -> TitleTransfer:
    """Tell the others to whom a share of one's agency will pass; it passes at the earliest when the notice has run.

    `to` is the reference of another party, `to_name` the name of somebody outside the project.
    """
    asset = locked_asset(asset)
    AssetPolicy(actor, asset).require("notify_transfer")
    agency, name = recipient_of(asset.project, to, to_name, field="to_name")
    if agency == actor.agency:
        raise ValidationError({"to": [_("Name somebody else; your agency owns it already.")]})
    try:
        share = check_percent(percent, of=actor.agency.acronym)
    except ValidationError as error:
        raise ValidationError({"percent": error.messages}) from None
    held = owners_of(asset)[actor.agency]
    if share > held:
        said = _("Your agency owns %(percent)s percent of it.") % {"percent": f"{held.normalize():f}"}
        raise ValidationError({"percent": [said]})
    others = [row.agency for row in asset.project.parties() if row.agency_id != actor.agency_id]
    given = notice(asset.project, "transfer_notice_days", others, among=[actor.agency])
    transfer = TitleTransfer(
        asset=asset,
        from_agency=actor.agency,
        from_name=actor.agency.legal_name,
        to_agency=agency,
        to_name=name,
        percent=share,
        reason=reason.strip(),
        days=given.days,
        source=given.source(CLAUSE),
        ends_at=given.ends_at,
    )
    transfer.full_clean(exclude={"ref"})
    transfer.save()
    note("asset.transfer_noticed", asset, actor=actor, facts={"transfer": transfer.ref, "days": given.days})
    return transfer


@transaction.atomic
def object_to_transfer(transfer: TitleTransfer, *, actor: Actor, reason: str) -> TitleTransfer:
    """Say that one's rights would suffer, and how; the transfer is held until the objection is lifted."""
    transfer = _locked(transfer)
    TransferPolicy(actor, transfer).require("object")
    said = required("reason", reason, _("Say which of your rights would suffer, and how."), 2_000)
    _answer(transfer, actor.agency, consents=False, reason=said)
    if transfer.status == TransferStatus.NOTICED:
        transfer.move_to(TransferStatus.HELD).save()
    note("asset.transfer_objected", transfer.asset, actor=actor, facts={"transfer": transfer.ref})
    return transfer


@transaction.atomic
def consent_to_transfer(transfer: TitleTransfer, *, actor: Actor) -> TitleTransfer:
    """Agree to the transfer, or lift one's objection to it."""
    transfer = _locked(transfer)
    TransferPolicy(actor, transfer).require("consent")
    _answer(transfer, actor.agency, consents=True, reason="")
    transfer = TitleTransfer.objects.with_asset().get(pk=transfer.pk)
    if transfer.status == TransferStatus.HELD and not transfer.objections:
        transfer.move_to(TransferStatus.NOTICED).save()
    note("asset.transfer_consented", transfer.asset, actor=actor, facts={"transfer": transfer.ref})
    return transfer


@transaction.atomic
def complete_transfer(transfer: TitleTransfer, *, actor: Actor, document_hash: str = "") -> TitleTransfer:
    """Write the new owner into the register and into the chain of title."""
    transfer = _locked(transfer)
    TransferPolicy(actor, transfer).require("complete")
    asset, recipient = transfer.asset, transfer.to_agency or transfer.to_name
    transfer.document_hash = "".join(document_hash.split()).lower()
    transfer.full_clean(exclude={"ref"})
    transfer.move_to(TransferStatus.COMPLETED).save()
    owners: dict[Owner, Decimal] = owners_of(asset)
    owners[actor.agency] -= transfer.percent
    owners[recipient] = owners.get(recipient, Decimal(0)) + transfer.percent
    change_owners(asset, {owner: percent for owner, percent in owners.items() if percent})
    TitleEntry.objects.create(
        asset=asset,
        kind=TitleKind.TRANSFERRED,
        from_name=transfer.from_name,
        from_ref=transfer.from_agency.ref,
        to_name=transfer.to_name,
        to_ref=transfer.to_agency.ref if transfer.to_agency else "",
        percent=transfer.percent,
        on=today(actor.agency.zone),
        transfer=transfer,
        document_hash=transfer.document_hash,
    )
    facts = {"transfer": transfer.ref, "document": transfer.document_hash, "shares": share_facts(asset)}
    note("asset.transferred", asset, actor=actor, facts={**facts, "content": asset.content_hash()})
    return transfer


@transaction.atomic
def withdraw_transfer(transfer: TitleTransfer, *, actor: Actor) -> TitleTransfer:
    """Keep the share after all."""
    transfer = _locked(transfer)
    TransferPolicy(actor, transfer).require("withdraw")
    transfer.move_to(TransferStatus.WITHDRAWN).save()
    note("asset.transfer_withdrawn", transfer.asset, actor=actor, facts={"transfer": transfer.ref})
    return transfer


def _answer(transfer: TitleTransfer, agency: Agency, *, consents: bool, reason: str) -> None:
    TransferAnswer.objects.create(transfer=transfer, agency=agency, consents=consents, reason=reason)


def _locked(transfer: TitleTransfer) -> TitleTransfer:
    asset = locked_asset(transfer.asset)
    found = TitleTransfer.objects.with_asset().select_for_update(of=("self",)).get(pk=transfer.pk)
    found.asset = asset
    return found
