"""Licensing an asset: notice to the other owners first, then the licence itself."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import Agency
from portal.kit.actors import Actor
from portal.kit.lines import required
from projects.ip.actions.entries import locked_asset, note
from projects.ip.clearance import first_day_after
from projects.ip.models import Asset, Licence, LicenceAnswer, LicenceStatus
from projects.ip.policies import AssetPolicy, LicencePolicy
from projects.ip.policies.licences import notice_running
from projects.ip.recipients import recipient_of
from projects.ip.terms import answer_to
from projects.ip.windows import notice

CLAUSE = "joint_results"


@transaction.atomic
def license_asset(
    asset: Asset,
    *,
    actor: Actor,
    starts_on: date,
    ends_on: date | None = None,
    licensee: str = "",
    licensee_name: str = "",
    is_exclusive: bool = False,
    field: str = "",
    territory: str = "",
) -> Licence:
    """License it: recorded at once by its only owner; with other owners it begins as notice to them.

    Raises NotNow where it would begin before the notice has run, with the earliest day (rule R8, DESCA).
    """
    asset = locked_asset(asset)
    AssetPolicy(actor, asset).require("license")
    agency, name = recipient_of(asset.project, licensee, licensee_name, field="licensee_name")
    if agency == actor.agency:
        raise ValidationError({"licensee": [_("Name somebody else; your agency owns it.")]})
    others = [share.agency for share in asset.owners() if share.agency_id != actor.agency_id]
    known = [other for other in others if other is not None]
    # An owner outside is owed the notice too, and has no seat that the portal knows: its days are those of the licensor.
    given = notice(asset.project, "joint_licence_notice_days", known or [actor.agency], among=[actor.agency])
    is_joint = bool(others)
    first_day = first_day_after(given.ends_at, actor.agency.zone)
    if is_joint and starts_on < first_day:
        raise notice_running(first_day, asset.status)
    licence = Licence(
        asset=asset,
        licensor=actor.agency,
        licensor_name=actor.agency.legal_name,
        licensee=agency,
        licensee_name=name,
        is_exclusive=is_exclusive,
        field=field.strip(),
        territory=territory.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        consent_asked=is_joint and _asks_consent(asset, others),
        days=given.days if is_joint else 0,
        source=given.source(CLAUSE) if is_joint else "",
        first_day=first_day if is_joint else starts_on,
        notice_ends_at=given.ends_at if is_joint else None,
    )
    licence.full_clean(exclude={"ref"})
    if not is_joint:
        licence.move_to(LicenceStatus.RECORDED)
    licence.save()
    verb = "asset.licence_noticed" if is_joint else "asset.licence_recorded"
    note(verb, asset, actor=actor, facts={"licence": licence.ref, "exclusive": is_exclusive})
    return licence


@transaction.atomic
def consent_to_licence(licence: Licence, *, actor: Actor) -> Licence:
    """Agree, as another owner, to a licence that needs it."""
    licence = _locked(licence)
    LicencePolicy(actor, licence).require("consent")
    LicenceAnswer.objects.create(licence=licence, agency=actor.agency, consents=True)
    note("asset.licence_answered", licence.asset, actor=actor, facts={"licence": licence.ref, "consents": True})
    return licence


@transaction.atomic
def refuse_licence(licence: Licence, *, actor: Actor, reason: str) -> Licence:
    """Disagree, as another owner, with a licence that needs consent; it is not recorded while that stands."""
    licence = _locked(licence)
    LicencePolicy(actor, licence).require("refuse")
    said = required("reason", reason, _("Say why; consent may not be withheld without a reason."), 2_000)
    LicenceAnswer.objects.create(licence=licence, agency=actor.agency, consents=False, reason=said)
    note("asset.licence_answered", licence.asset, actor=actor, facts={"licence": licence.ref, "consents": False})
    return licence


@transaction.atomic
def record_licence(licence: Licence, *, actor: Actor) -> Licence:
    """Record the licence as given; its notice has run and, where it is needed, every owner has consented."""
    licence = _locked(licence)
    LicencePolicy(actor, licence).require("record")
    licence.move_to(LicenceStatus.RECORDED).save()
    facts = {"licence": licence.ref, "exclusive": licence.is_exclusive}
    note("asset.licence_recorded", licence.asset, actor=actor, facts=facts)
    return licence


@transaction.atomic
def withdraw_licence(licence: Licence, *, actor: Actor) -> Licence:
    """Not give it after all."""
    licence = _locked(licence)
    LicencePolicy(actor, licence).require("withdraw")
    licence.move_to(LicenceStatus.WITHDRAWN).save()
    note("asset.licence_withdrawn", licence.asset, actor=actor, facts={"licence": licence.ref})
    return licence


@transaction.atomic
def end_licence(licence: Licence, *, actor: Actor) -> Licence:
    """Say that it has ended before its last day."""
    licence = _locked(licence)
    LicencePolicy(actor, licence).require("end")
    licence.move_to(LicenceStatus.ENDED).save()
    note("asset.licence_ended", licence.asset, actor=actor, facts={"licence": licence.ref})
    return licence


def _locked(licence: Licence) -> Licence:
    asset = locked_asset(licence.asset)
    found = Licence.objects.with_asset().select_for_update(of=("self",)).get(pk=licence.pk)
    found.asset = asset
    return found


def _asks_consent(asset: Asset, others: list[Agency | None]) -> bool:
    """Whether the agreement in force between the owners has every licence wait for the consent of all."""
    owners = [asset.party.ref, *(other.ref for other in others if other is not None)]
    answer, _terms = answer_to(asset.project, "joint_licensing", owners)
    return answer == "consent"
