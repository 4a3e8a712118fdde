"""Writing a disclosure, sealing it, and beginning a new version of what is sealed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.files.storage import store
from portal.history import record
from portal.kit.actors import Actor
from portal.kit.lines import check_line
from portal.kit.records import require_version
from projects.ip.alarms import report_due
from projects.ip.disclosed import ALGORITHM, sealing_of
from projects.ip.models import (
    Asset,
    Disclosure,
    DisclosureFile,
    DisclosureStatus,
    DisclosureVersion,
    PublicDate,
)
from projects.ip.policies.disclosing import DisclosingPolicy
from projects.ip.policies.disclosures import DisclosurePolicy
from projects.ip.terms import terms_of
from projects.models import Project

FIELDS = frozenset(
    {
        "title",
        "abstract",
        "problem",
        "novelty",
        "description",
        "effort",
        "conceived_on",
        "reduced_on",
        "made_in",
        "made_element",
        "made_registry",
        "funding",
        "agreement_ref",
        "marking",
        "filing_days",
    }
)
MOST_FILES, MOST_DATES = 50, 50
PublicDates = Iterable[tuple[date, str]]


@transaction.atomic
def draft_disclosure(project: Project, *, actor: Actor, **typed: Any) -> Disclosure:
    """Begin a disclosure; only whoever begins it, and those who keep disclosures for the agency, read it."""
    DisclosingPolicy(actor, project).require("disclose")
    fields, lists = _sorted(typed)
    disclosure = Disclosure(
        project=project, agency=actor.agency, agency_name=actor.agency.legal_name, filer=actor.person, **fields
    )
    disclosure.full_clean(exclude={"ref"})
    _check_agreement(disclosure)
    disclosure.save()
    _write_lists(disclosure, lists, actor=actor)
    note("disclosure.drafted", disclosure, actor=actor)
    return disclosure


@transaction.atomic
def edit_disclosure(disclosure: Disclosure, *, actor: Actor, version: int | None, **typed: Any) -> Disclosure:
    """Change the words of a draft."""
    disclosure = locked(disclosure)
    DisclosurePolicy(actor, disclosure).require("edit")
    fields, lists = _sorted(typed)
    changed = disclosure.edit(version=version, **fields)
    _check_agreement(disclosure)
    more = _write_lists(disclosure, lists, actor=actor)
    if more and not changed:
        disclosure.bump().save()
    if changed or more:
        note("disclosure.edited", disclosure, actor=actor, facts={"fields": sorted([*changed, *more])})
    return disclosure


@transaction.atomic
def attach_file(
    disclosure: Disclosure, *, actor: Actor, content: bytes | IO[bytes], name: str, words: str = ""
) -> DisclosureFile:
    """Add a file; what is sealed names it by its hash."""
    disclosure = locked(disclosure)
    DisclosurePolicy(actor, disclosure).require("attach")
    if disclosure.files.count() >= MOST_FILES:
        raise ValidationError({"file": [_("A disclosure has at most %(most)s files.") % {"most": MOST_FILES}]})
    check_line(words)
    stored = store(content, name, actor=actor, marking=disclosure.marking[:40])
    attached = DisclosureFile.objects.create(disclosure=disclosure, file=stored, note=words)
    note("disclosure.file_attached", disclosure, actor=actor, facts={"sha256": stored.sha256})
    return attached


@transaction.atomic
def detach_file(disclosure: Disclosure, *, actor: Actor, sha256: str) -> Disclosure:
    """Take a file off the draft; a version that was sealed with it keeps its hash."""
    disclosure = locked(disclosure)
    DisclosurePolicy(actor, disclosure).require("detach")
    gone, _each = disclosure.files.filter(file__sha256=sha256).delete()
    if not gone:
        raise ValidationError({"sha256": [_("The disclosure has no such file.")]})
    note("disclosure.file_detached", disclosure, actor=actor, facts={"sha256": sha256})
    return disclosure


@transaction.atomic
def seal_disclosure(disclosure: Disclosure, *, actor: Actor, version: int | None = None) -> Disclosure:
    """Fix these bytes for good; an event in the ledger holds the commitment to them, and nothing of their words."""
    disclosure = locked(disclosure)
    DisclosurePolicy(actor, disclosure).require("seal")
    require_version(disclosure, version)
    sealing = sealing_of(disclosure)
    disclosure.sealed_number = sealing.number
    disclosure.first_sealed_at = disclosure.first_sealed_at or timezone.now()
    disclosure.witness = None
    due = report_due(disclosure)
    disclosure.report_due_at = due.due_at if due is not None else None
    disclosure.move_to(DisclosureStatus.SEALED).save()
    facts = {"commitment": sealing.commitment, "algorithm": ALGORITHM, "number": sealing.number}
    event = note("disclosure.sealed", disclosure, actor=actor, facts=facts | {"previous": sealing.previous})
    DisclosureVersion.objects.create(
        disclosure=disclosure,
        number=sealing.number,
        canonical=sealing.canonical,
        salt=sealing.salt,
        algorithm=ALGORITHM,
        commitment=sealing.commitment,
        previous=sealing.previous,
        event_uid=event.uid,
        sealed_at=event.at,
        sealed_by=actor.person,
    )
    return disclosure


@transaction.atomic
def amend_disclosure(disclosure: Disclosure, *, actor: Actor, reason: str) -> Disclosure:
    """Begin a new version; what was sealed stays, and the new one will name it."""
    disclosure = locked(disclosure)
    DisclosurePolicy(actor, disclosure).require("amend")
    if not reason.strip():
        raise ValidationError({"reason": [_("Say why there is a new version; it is sealed with it.")]})
    disclosure.revision_reason = reason
    disclosure.move_to(DisclosureStatus.DRAFT).save()
    note("disclosure.amended", disclosure, actor=actor, facts={"after": disclosure.sealed_number})
    return disclosure


def locked(disclosure: Disclosure) -> Disclosure:
    """The row as it stands now, nobody else changing it, with all that the policies ask."""
    rows = Disclosure.objects.with_project().select_for_update(of=("self",))
    return rows.prefetch_related("public_dates", "reports", "shared__agency", "offers", "files__file").get(
        pk=disclosure.pk
    )


def note(
    verb: str,
    disclosure: Disclosure,
    *,
    actor: Actor,
    facts: dict[str, Any] | None = None,
    agencies: Iterable[Any] = (),
) -> Any:
    """Record one event, for the disclosing agency and for those it is about."""
    told = list(agencies)
    scope = disclosure.project.ref if told else disclosure.ref
    return record(verb, disclosure, actor=actor, agencies=[disclosure.agency, *told], facts=facts, scope=scope)


def _sorted(typed: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fields of the row, and the lists that belong to it; forms and serializers name them, another is our mistake."""
    lists: dict[str, Any] = {
        name: typed.pop(name) for name in ("background", "results", "public_dates") if name in typed
    }
    if unknown := set(typed) - FIELDS:
        raise TypeError(f"a disclosure has no {sorted(unknown)}")
    return typed, lists


def _write_lists(disclosure: Disclosure, lists: dict[str, Any], *, actor: Actor) -> list[str]:
    """Assets by reference and public dates; returns what really changed."""
    named: list[str] = [name for name in ("background", "results") if name in lists]
    changed: list[str] = [name for name in named if _relate(disclosure, name, set(lists[name]), actor=actor)]
    if "public_dates" in lists:
        wanted = sorted((on, where.strip()) for on, where in lists["public_dates"])
        if len(wanted) > MOST_DATES:
            raise ValidationError({"public_dates": [_("At most %(most)s days.") % {"most": MOST_DATES}]})
        if wanted != [(row.on, row.where) for row in disclosure.public_dates.order_by("on", "where")]:
            disclosure.public_dates.all().delete()
            PublicDate.objects.bulk_create(
                PublicDate(disclosure=disclosure, on=on, where=where) for on, where in wanted
            )
            changed.append("public_dates")
    return changed


def _relate(disclosure: Disclosure, name: str, refs: set[str], *, actor: Actor) -> bool:
    """SECURITY: only assets of the project that the actor sees, so that naming one tells nothing about others."""
    related = getattr(disclosure, name)
    if refs == set(related.values_list("ref", flat=True)):
        return False
    found = list(Asset.objects.visible_to(actor).filter(project=disclosure.project, ref__in=refs))
    if unknown := refs - {asset.ref for asset in found}:
        words = _("%(ref)s is not in the register of this project.") % {"ref": sorted(unknown)[0]}
        raise ValidationError({name: [words]})
    related.set(found)
    return True


def _check_agreement(disclosure: Disclosure) -> None:
    wanted = disclosure.agreement_ref
    binding = [terms for terms in terms_of(disclosure.project) if terms.binds([disclosure.agency.ref])]
    if wanted and wanted not in {terms.agreement for terms in binding}:
        words = _("%(ref)s is no agreement in force that binds your agency here.") % {"ref": wanted}
        raise ValidationError({"agreement_ref": [words]})
