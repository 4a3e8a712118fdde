"""Who made what a disclosure describes: naming them, asking each, and what each says of the own part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.records import require_version
from projects.ip.actions.disclosing import locked, note
from projects.ip.models import (
    ContributorState,
    Disclosure,
    DisclosureContributor,
    DisclosureStatus,
)
from projects.ip.parts import Part, check_parts
from projects.ip.policies.disclosures import DisclosurePolicy


@transaction.atomic
def name_contributors(
    disclosure: Disclosure, *, actor: Actor, version: int | None, contributors: list[Mapping[str, Any]]
) -> Disclosure:
    """Say who made it, with roles and shares; whoever's part is another one now is asked anew."""
    disclosure = locked(disclosure)
    DisclosurePolicy(actor, disclosure).require("set_contributors")
    require_version(disclosure, version)
    parts = check_parts(disclosure, contributors)
    standing = {_who(row): row for row in disclosure.contributors.all()}
    kept = {part.key for part in parts}
    DisclosureContributor.objects.filter(pk__in=[row.pk for key, row in standing.items() if key not in kept]).delete()
    for position, part in enumerate(parts):
        _write_part(disclosure, standing.get(part.key), part, position)
    disclosure.bump().save()
    facts = {"contributors": len(parts)}
    note("disclosure.contributors_named", disclosure, actor=actor, facts=facts)
    return locked(disclosure)


@transaction.atomic
def ask_contributors(disclosure: Disclosure, *, actor: Actor, version: int | None = None) -> Disclosure:
    """Ask every contributor who has not confirmed the part as it stands; the words are fixed meanwhile."""
    disclosure = locked(disclosure)
    DisclosurePolicy(actor, disclosure).require("ask_contributors")
    require_version(disclosure, version)
    disclosure.contributors.filter(state=ContributorState.UNASKED).update(state=ContributorState.ASKED)
    disclosure.move_to(DisclosureStatus.CONFIRMING).save()
    disclosure = locked(disclosure)
    note("disclosure.contributors_asked", disclosure, actor=actor)
    return disclosure


@transaction.atomic
def recall_disclosure(disclosure: Disclosure, *, actor: Actor) -> Disclosure:
    """Take it back to correct it."""
    disclosure = locked(disclosure)
    DisclosurePolicy(actor, disclosure).require("recall")
    disclosure.move_to(DisclosureStatus.DRAFT).save()
    note("disclosure.recalled", disclosure, actor=actor)
    return disclosure


@transaction.atomic
def confirm_own_part(disclosure: Disclosure, *, actor: Actor, version: int | None = None) -> Disclosure:
    """Confirm one's own part, role and share, as the page of this version showed them."""
    disclosure = locked(disclosure)
    policy = DisclosurePolicy(actor, disclosure)
    policy.require("confirm_part")
    require_version(disclosure, version)
    _answer(policy.part, ContributorState.CONFIRMED, disputed_at=None, dispute_reason="")
    return _answered("disclosure.part_confirmed", disclosure, actor=actor)


@transaction.atomic
def record_unreachable(disclosure: Disclosure, *, actor: Actor, contributor: int, reason: str) -> Disclosure:
    """Record that somebody could not be reached, with the reason; it is sealed with that."""
    disclosure = locked(disclosure)
    DisclosurePolicy(actor, disclosure).require("mark_unreachable")
    part = next((row for row in disclosure.contributors.all() if row.pk == contributor), None)
    if part is None or part.state != ContributorState.ASKED:
        raise ValidationError({"contributor": [_("Choose somebody who is asked and has not answered.")]})
    if not reason.strip():
        raise ValidationError({"reason": [_("Say what was tried, so that others can judge it later.")]})
    _answer(part, ContributorState.UNREACHABLE, unreachable_reason=reason)
    return _answered("disclosure.contributor_unreachable", disclosure, actor=actor)


@transaction.atomic
def dispute_part(disclosure: Disclosure, *, actor: Actor, reason: str) -> Disclosure:
    """Say that one's part is not right: a flag with the reason, beside what was sealed, which stays."""
    disclosure = locked(disclosure)
    policy = DisclosurePolicy(actor, disclosure)
    policy.require("dispute_part")
    if not reason.strip():
        raise ValidationError({"reason": [_("Say what is not right.")]})
    _flag(policy.part, disputed_at=timezone.now(), dispute_reason=reason)
    return _answered("disclosure.part_disputed", disclosure, actor=actor)


@transaction.atomic
def settle_dispute(disclosure: Disclosure, *, actor: Actor) -> Disclosure:
    """Take one's own flag away."""
    disclosure = locked(disclosure)
    policy = DisclosurePolicy(actor, disclosure)
    policy.require("settle_dispute")
    _flag(policy.part, disputed_at=None, dispute_reason="")
    return _answered("disclosure.dispute_settled", disclosure, actor=actor)


def _who(row: DisclosureContributor) -> tuple[Any, ...]:
    return (row.person_id,) if row.person_id else (row.name.casefold(), row.agency_name.casefold())


def _write_part(disclosure: Disclosure, row: DisclosureContributor | None, part: Part, position: int) -> None:
    """A part that is the same keeps its answer; any other is asked again."""
    if row is None:
        DisclosureContributor.objects.create(disclosure=disclosure, position=position, **part.fields)
        return
    is_same = all(getattr(row, name) == value for name, value in part.fields.items())
    row.position = position
    if not is_same:
        for name, value in part.fields.items():
            setattr(row, name, value)
        row.state, row.answered_at, row.unreachable_reason = ContributorState.UNASKED, None, ""
    row.save()


def _answer(part: DisclosureContributor | None, state: str, **facts: Any) -> None:
    facts = {"unreachable_reason": ""} | facts
    _flag(part, state=state, answered_at=timezone.now(), **facts)


def _flag(part: DisclosureContributor | None, **facts: Any) -> None:
    assert part is not None
    for name, value in facts.items():
        setattr(part, name, value)
    part.save()


def _answered(verb: str, disclosure: Disclosure, *, actor: Actor) -> Disclosure:
    disclosure = locked(disclosure)
    waiting = sum(not row.has_settled for row in disclosure.contributors.all())
    note(verb, disclosure, actor=actor, facts={"waiting": waiting})
    return disclosure
