"""Naming who made an asset, and what each of these persons says of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.lines import required
from portal.kit.records import require_version
from projects.ip.actions.entries import locked_asset, note
from projects.ip.models import Asset, Contributor, ContributorRole, ContributorStatus
from projects.ip.naming import Nameable, nameable
from projects.ip.policies import AssetPolicy, ContributorPolicy
from projects.ip.shares import check_parts


@dataclass(frozen=True)
class Named:
    """A part as it is typed: of a person by uid, or of somebody outside by name."""

    role: str
    percent: Decimal | None
    person: str = ""
    name: str = ""


@transaction.atomic
def set_contributors(
    asset: Asset, *, actor: Actor, version: int | None, contributors: Iterable[Named]
) -> list[Contributor]:
    """Say who made it; whoever is new or whose part has changed is asked, and what the others have said stays."""
    asset = locked_asset(asset)
    AssetPolicy(actor, asset).require("set_contributors")
    require_version(asset, version)
    wanted = _checked(asset, list(contributors), actor)
    standing = {_who(row): row for row in asset.contributors.select_for_update(of=("self",)).order_by("pk")}
    asked: list[Contributor] = []
    removed = [gone for who, gone in standing.items() if who not in wanted]
    for gone in removed:
        gone.delete()
    for who, (named, known) in wanted.items():
        row: Contributor | None = standing.get(who)
        if row is not None and (row.role, row.percent) == (named.role, named.percent):
            continue
        if row is None:
            row = Contributor(asset=asset, named_for=actor.agency)
        elif row.status != ContributorStatus.ASKED:
            row.move_to(ContributorStatus.ASKED)
        row.role, row.name = named.role, known.person.name if known else named.name
        row.percent = named.percent  # type: ignore[assignment] # None is refused by full_clean, with the words of the field
        row.person, row.agency = (known.person, known.agency) if known else (None, None)
        row.full_clean(exclude={"ref", "person", "agency"})
        row.save()
        asked.append(row)
    if asked or removed:
        asset.bump().save()
        facts = {"contributors": [row.ref for row in asked], "removed": [row.ref for row in removed]}
        note("asset.contributors_set", asset, actor=actor, facts=facts)
    return list(asset.contributors.all())


@transaction.atomic
def confirm_part(contributor: Contributor, *, actor: Actor) -> Contributor:
    """Say for oneself that the part is right."""
    contributor = _locked(contributor)
    ContributorPolicy(actor, contributor).require("confirm")
    contributor.move_to(ContributorStatus.CONFIRMED).save()
    note("asset.part_confirmed", contributor.asset, actor=actor, facts={"contributor": contributor.ref})
    return contributor


@transaction.atomic
def deny_part(contributor: Contributor, *, actor: Actor, reason: str) -> Contributor:
    """Say for oneself that the part is not right; whoever keeps the entry corrects it."""
    contributor = _locked(contributor)
    ContributorPolicy(actor, contributor).require("deny")
    said = required("reason", reason, _("Say what is not right, so that it can be corrected."), 2_000)
    contributor.move_to(ContributorStatus.DENIED, said=said).save()
    note("asset.part_denied", contributor.asset, actor=actor, facts={"contributor": contributor.ref})
    return contributor


@transaction.atomic
def mark_unreachable(contributor: Contributor, *, actor: Actor, reason: str) -> Contributor:
    """Record that a person cannot be asked; they may still answer when they can."""
    contributor = _locked(contributor)
    ContributorPolicy(actor, contributor).require("mark_unreachable")
    said = required("reason", reason, _("Say why this person cannot be asked."), 2_000)
    contributor.move_to(ContributorStatus.UNREACHABLE, said=said).save()
    note("asset.part_unreachable", contributor.asset, actor=actor, facts={"contributor": contributor.ref})
    return contributor


def _locked(contributor: Contributor) -> Contributor:
    """The asset first, so that everything about one asset takes its locks in the same order."""
    asset = locked_asset(contributor.asset)
    found = Contributor.objects.with_asset().select_for_update(of=("self",)).get(pk=contributor.pk)
    found.asset = asset
    return found


def _who(row: Contributor) -> tuple[int | None, str]:
    return (row.person_id, "") if row.person_id else (None, row.name.casefold())


def _checked(
    asset: Asset, typed: list[Named], actor: Actor
) -> dict[tuple[int | None, str], tuple[Named, Nameable | None]]:
    """What was typed by who it is; ValidationError for "contributors" says what is wrong."""
    people = {str(one.person.uid): one for one in nameable(asset.project, actor)}
    # Somebody who was named and has left a team since stays named.
    for row in asset.contributors.filter(person__isnull=False).select_related("person", "agency"):
        if row.person is not None:
            people.setdefault(str(row.person.uid), Nameable(row.person, row.agency))
    named: dict[tuple[int | None, str], tuple[Named, Nameable | None]] = {}
    for one in typed:
        name, known = " ".join(one.name.split()), people.get(one.person)
        if one.person and known is None:
            raise _wrong(_("Choose people of your own agency, or of the teams of the project."))
        if not one.person and not name:
            raise _wrong(_("Choose a person, or give the name of somebody outside."))
        if one.role not in ContributorRole.values:
            raise _wrong(_("Say whether each is an inventor, an author or a contributor."))
        who = (known.person.pk, "") if known else (None, name.casefold())
        if who in named:
            raise _wrong(_("Name every person once."))
        named[who] = Named(one.role, one.percent, one.person, name), known
    try:
        check_parts([(known.person.name if known else one.name, one.percent) for one, known in named.values()])
    except ValidationError as error:
        raise _wrong(error.messages[0]) from None
    return named


def _wrong(message: Any) -> ValidationError:
    return ValidationError({"contributors": [message]})
