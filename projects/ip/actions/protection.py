"""Recording what happens to rights at their offices, and offering one before it is given up."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.zones import today
from portal.kit.actors import Actor
from portal.kit.lines import required
from portal.kit.refusals import NotNow
from projects.ip.actions.entries import locked_asset, note
from projects.ip.models import AbandonmentOffer, Asset, OfferStatus, ProtectionStep, StepKind, right_of
from projects.ip.policies import AbandonmentPolicy, RightPolicy
from projects.ip.windows import notice

CLAUSE = "protection"


@transaction.atomic
def record_step(
    asset: Asset,
    *,
    actor: Actor,
    kind: str,
    office: str,
    number: str,
    on: date | None,
    territory: str = "",
    remark: str = "",
) -> ProtectionStep:
    """Record what happened to a right; giving one up is recorded on its offer to the others, never here.

    One that somebody took over has no other owner any more (clause "protection").
    """
    asset = locked_asset(asset)
    RightPolicy(actor, asset, office, number).require("record_step")
    if kind == StepKind.ABANDONED:
        raise _offer_first(asset, office, number)
    facts = {"kind": kind, "office": office, "number": number, "territory": territory, "remark": remark, "on": on}
    return _write(asset, actor, **facts)


@transaction.atomic
def offer_abandonment(
    asset: Asset, *, actor: Actor, office: str, number: str, reason: str, territory: str = ""
) -> AbandonmentOffer:
    """Offer a right to the other owners and parties for as long as the agreement says; nothing is given up yet."""
    asset = locked_asset(asset)
    RightPolicy(actor, asset, office, number).require("offer_abandonment")
    said = required("reason", reason, _("Say why, so that the others can decide."), 2_000)
    running = asset.abandonment_offers.filter(status=OfferStatus.OFFERED)
    if any(one.right == right_of(office, number) for one in running):
        raise ValidationError({"number": [_("This right is offered already.")]})
    others = [row.agency for row in asset.project.parties() if row.agency_id != actor.agency_id]
    given = notice(asset.project, "abandonment_notice_days", others, among=[actor.agency])
    offer = AbandonmentOffer(
        asset=asset,
        agency=actor.agency,
        agency_name=actor.agency.legal_name,
        office=office.strip(),
        number=number.strip(),
        territory=territory.strip(),
        reason=said,
        days=given.days,
        source=given.source(CLAUSE),
        ends_at=given.ends_at,
    )
    offer.full_clean(exclude={"ref"})
    offer.save()
    note("asset.abandonment_offered", asset, actor=actor, facts={"offer": offer.ref, "days": given.days})
    return offer


@transaction.atomic
def take_over_protection(offer: AbandonmentOffer, *, actor: Actor) -> AbandonmentOffer:
    """Keep the right alive at one's own expense; its former owner keeps a licence as the agreement says."""
    offer = _locked(offer)
    AbandonmentPolicy(actor, offer).require("take_over")
    offer.move_to(OfferStatus.TAKEN, taken_by=actor.agency).save()
    note("asset.protection_taken_over", offer.asset, actor=actor, facts={"offer": offer.ref})
    return offer


@transaction.atomic
def keep_protection(offer: AbandonmentOffer, *, actor: Actor) -> AbandonmentOffer:
    """Not give the right up after all."""
    offer = _locked(offer)
    AbandonmentPolicy(actor, offer).require("keep")
    offer.move_to(OfferStatus.WITHDRAWN).save()
    note("asset.protection_kept", offer.asset, actor=actor, facts={"offer": offer.ref})
    return offer


@transaction.atomic
def abandon_protection(offer: AbandonmentOffer, *, actor: Actor, on: date | None = None) -> ProtectionStep:
    """Give up the right that nobody took over, and record the step."""
    offer = _locked(offer)
    AbandonmentPolicy(actor, offer).require("abandon")
    offer.move_to(OfferStatus.ABANDONED).save()
    return _write(
        offer.asset,
        actor,
        kind=StepKind.ABANDONED,
        office=offer.office,
        number=offer.number,
        territory=offer.territory,
        remark="",
        on=on or today(actor.agency.zone),
    )


def _write(asset: Asset, actor: Actor, **facts: object) -> ProtectionStep:
    words = {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in facts.items()}
    step = ProtectionStep(asset=asset, agency=actor.agency, **words)
    on = step.on
    if isinstance(on, date) and on > today(actor.agency.zone):
        raise ValidationError({"on": [_("Record it when it has happened; this day is still to come.")]})
    step.full_clean(exclude={"ref"})
    step.save()
    verb = "asset.protection_abandoned" if step.kind == StepKind.ABANDONED else "asset.protection_recorded"
    note(verb, asset, actor=actor, facts={"step": step.ref, "kind": str(step.kind)})
    return step


def _offer_first(asset: Asset, office: str, number: str) -> NotNow:
    offers = asset.abandonment_offers.filter(status=OfferStatus.OFFERED).order_by("pk")
    running = next((one for one in offers if one.right == right_of(office, number)), None)
    return NotNow(
        _("A right is offered to the other owners and parties before it is given up."),
        code="offer-first",
        unblock=_("Record it on the offer %(offer)s, when its time is over.") % {"offer": running.ref}
        if running
        else _("Offer it to them first; if nobody takes it over in time, give it up there."),
        state=asset.status,
    )


def _locked(offer: AbandonmentOffer) -> AbandonmentOffer:
    asset = locked_asset(offer.asset)
    found = AbandonmentOffer.objects.with_asset().select_for_update(of=("self",)).get(pk=offer.pk)
    found.asset = asset
    return found
