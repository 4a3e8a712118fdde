"""Export authorisations: applied for, granted, amended, void, and over at the instant that they name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from portal.files.models import StoredFile
from portal.history import record
from portal.kit.actors import Actor
from portal.kit.records import require_version
from projects.ip.markings import marked_models, owner_of
from projects.ip.models import AuthorisationStatus, ExportAuthorisation
from projects.ip.policies.authorisations import AuthorisationPolicy, ExportPolicy
from projects.models import Project

WARNING = timedelta(days=30)
Status = AuthorisationStatus


@transaction.atomic
def apply_for_authorisation(
    project: Project,
    *,
    actor: Actor,
    kind: str,
    number: str,
    authority: str,
    parties: Iterable[str],
    items: Iterable[str] = (),
    conditions: str = "",
    document: StoredFile | None = None,
) -> ExportAuthorisation:
    """Enter what has been applied for; nothing crosses under it, and only the own agency knows of it."""
    ExportPolicy(actor, project).require("apply")
    applied = ExportAuthorisation(
        project=project,
        agency=actor.agency,
        agency_name=actor.agency.legal_name,
        kind=kind,
        number=number.strip(),
        authority=authority.strip(),
        parties=_parties(project, actor.agency, parties),
        items=_items(project, actor.agency, items),
        conditions=conditions.strip(),
        document=document,
    )
    applied.full_clean(exclude={"ref"})
    applied.save()
    _record("authorisation.applied", applied, actor=actor)
    return applied


@transaction.atomic
def grant_authorisation(
    authorisation: ExportAuthorisation,
    *,
    actor: Actor,
    version: int | None,
    valid_from: datetime,
    valid_until: datetime | None = None,
    number: str = "",
    conditions: str | None = None,
    document: StoredFile | None = None,
) -> ExportAuthorisation:
    """Enter the grant; what it covers may cross from its first instant on, until its last."""
    authorisation = _locked(authorisation)
    AuthorisationPolicy(actor, authorisation).require("grant")
    require_version(authorisation, version)
    authorisation.valid_from, authorisation.valid_until = valid_from, valid_until
    authorisation.number = number.strip() or authorisation.number
    authorisation.conditions = conditions.strip() if conditions is not None else authorisation.conditions
    authorisation.document = document or authorisation.document
    authorisation.granted_at = timezone.now()
    return _moved(authorisation, Status.GRANTED, "authorisation.granted", actor)


@transaction.atomic
def amend_authorisation(
    authorisation: ExportAuthorisation,
    *,
    actor: Actor,
    version: int | None,
    parties: Iterable[str],
    items: Iterable[str] = (),
    valid_until: datetime | None,
    conditions: str = "",
    document: StoredFile | None = None,
) -> ExportAuthorisation:
    """Enter an amendment; it counts at once, and the history keeps whom and what it covered before."""
    authorisation = _locked(authorisation)
    AuthorisationPolicy(actor, authorisation).require("amend")
    require_version(authorisation, version)
    authorisation.parties = _parties(authorisation.project, authorisation.agency, parties)
    authorisation.items = _items(authorisation.project, authorisation.agency, items)
    authorisation.valid_until, authorisation.conditions = valid_until, conditions.strip()
    authorisation.document = document or authorisation.document
    authorisation.warned_at = None
    return _moved(authorisation, Status.AMENDED, "authorisation.amended", actor)


@transaction.atomic
def void_authorisation(authorisation: ExportAuthorisation, *, actor: Actor, reason: str) -> ExportAuthorisation:
    """Say that it is refused, withdrawn or revoked; live access under it ends at this instant."""
    authorisation = _locked(authorisation)
    AuthorisationPolicy(actor, authorisation).require("void")
    if not reason.strip():
        raise ValidationError({"reason": [_("Say what happened: refused, withdrawn, or revoked by the authority.")]})
    authorisation.void_reason, authorisation.voided_at = reason.strip(), timezone.now()
    return _moved(authorisation, Status.VOID, "authorisation.voided", actor)


@transaction.atomic
def write_down_what_is_over(*, now: datetime | None = None) -> int:
    """Mark as expired what is past its end, for the lists and the history; access ended at that end, not now."""
    now = now or timezone.now()
    over = ExportAuthorisation.objects.filter(status__in=[Status.GRANTED, Status.AMENDED], valid_until__lte=now)
    rows = list(_with_project(over.select_for_update(of=("self",), skip_locked=True)))
    for row in rows:
        _moved(row, Status.EXPIRED, "authorisation.expired", Actor.system())
    return len(rows)


@transaction.atomic
def warn_before_the_end(*, now: datetime | None = None) -> int:
    """Ask the holder's officers, once for each end, what follows what ends within thirty days."""
    now = now or timezone.now()
    ending = ExportAuthorisation.objects.live(now).filter(valid_until__lte=now + WARNING, warned_at=None)
    rows = list(_with_project(ending.select_for_update(of=("self",), skip_locked=True)))
    for row in rows:
        row.warned_at = now
        row.save(update_fields=["warned_at", "updated_at"])
        _record("authorisation.ending", row, actor=Actor.system())
    return len(rows)


def _moved(authorisation: ExportAuthorisation, status: str, verb: str, actor: Actor) -> ExportAuthorisation:
    authorisation.move_to(status)
    if not actor.is_system:
        authorisation.full_clean()
    authorisation.save()
    _record(verb, authorisation, actor=actor)
    return authorisation


def _locked(authorisation: ExportAuthorisation) -> ExportAuthorisation:
    rows = ExportAuthorisation.objects.select_for_update(of=("self",))
    return _with_project(rows).get(pk=authorisation.pk)


def _with_project(rows: Any) -> Any:
    return rows.select_related("project__lead", "agency").prefetch_related("project__participations__agency")


def _parties(project: Project, holder: Agency, refs: Iterable[str]) -> list[str]:
    """The references of other agencies that take part; ValidationError for none, or for one that does not."""
    known = {row.agency.ref for row in project.still_in() if row.agency_id != holder.pk}
    named = sorted(set(refs))
    if not named:
        raise ValidationError({"parties": [_("Name the agencies that it covers.")]})
    for ref in named:
        if ref not in known:
            raise ValidationError({"parties": [_("%(agency)s takes no part in this project.") % {"agency": ref}]})
    return named


def _items(project: Project, holder: Agency, refs: Iterable[str]) -> list[str]:
    """The references of the holder's marked records in the project, or in none; empty is the whole project."""
    named = sorted(set(refs))
    found: set[str] = set()
    for model in marked_models() if named else []:
        rows = model._default_manager.filter(Q(project=project) | Q(project=None), ref__in=named)
        found |= {row.ref for row in rows if owner_of(row).pk == holder.pk}
    for ref in named:
        if ref not in found:
            raise ValidationError(
                {"items": [_("%(ref)s is no record of %(agency)s in this project.") % {"ref": ref, "agency": holder}]}
            )
    return named


def _record(verb: str, authorisation: ExportAuthorisation, *, actor: Actor) -> None:
    """Its number and its conditions stay out: the history holds whom and what it covers, and when."""
    agencies = {authorisation.agency}
    if authorisation.granted_at is not None:
        rows = authorisation.project.participations.all()
        agencies |= {row.agency for row in rows if row.agency.ref in authorisation.parties}
    facts = {
        "kind": authorisation.kind,
        "parties": authorisation.parties,
        "items": authorisation.items,
        "from": authorisation.valid_from.isoformat() if authorisation.valid_from else "",
        "until": authorisation.valid_until.isoformat() if authorisation.valid_until else "",
        "document": authorisation.document.sha256 if authorisation.document else "",
    }
    record(verb, authorisation, actor=actor, agencies=agencies, facts=facts, scope=authorisation.project.ref)
