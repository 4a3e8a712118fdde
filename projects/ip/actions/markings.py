"""Classifying, marking and holding: what lets a record cross to another agency, and what stops it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from portal.files.markings import ExportClass, Regime, Sharing, check_number, refuse_classified
from portal.history import record
from portal.kit.actors import Actor
from portal.kit.lines import required
from portal.kit.refusals import Stale
from projects.ip.markings import owner_of
from projects.ip.models import Asset, Basis, Classification, ClassificationRequest, ExportHold
from projects.ip.periods import period
from projects.ip.policies.markings import MarkingPolicy
from projects.ip.terms import answer_to

MARKS = ("sharing", "has_personal_data", "embargo_until")
CLASS = ("export_class", "export_regime", "export_number")


# How answers that are no text are said on a conflict, none at all too; they are sent again as they were.
WORDS: dict[str, Callable[[Any], str]] = {
    "export_class": lambda value: str(ExportClass(value).label if value else ""),
    "regime": lambda value: str(Regime(value).label) if value else _("None"),
    "basis": lambda value: str(Basis(value).label if value else ""),
    "sharing": lambda value: str(Sharing(value).label),
    "has_personal_data": lambda value: _("Yes") if value else _("No"),
    "embargo_until": lambda value: f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if value else _("None"),
}


@transaction.atomic
def classify(
    item: Any,
    *,
    actor: Actor,
    export_class: str,
    rationale: str,
    regime: str = "",
    number: str = "",
    list_version: str = "",
    basis: str = Basis.SELF,
    relies_on: str = "",
    version: int | None = None,
) -> Any:
    """Determine the export class for the owner; from now on the marking says it, and whoever asked is told.

    `version` is that of the marking. It counts on when the content changes too: what was read is what is classified.
    """
    item = _locked(item)
    MarkingPolicy(actor, item).require("classify")
    refuse_classified(export_class)
    typed = {
        "export_class": export_class, "regime": regime, "number": number, "list_version": list_version,
        "basis": basis, "rationale": rationale, "relies_on": relies_on,
    }  # fmt: skip
    _require_marking(item, version, typed, Classification.objects.of(item.ref).newest_first().first())
    if export_class == ExportClass.CONTROLLED:
        number = number.strip()
        check_number(regime, number)
    else:
        regime = number = list_version = ""
    classification = Classification(
        item=item.ref,
        project=item.project,
        agency=owner_of(item),
        agency_name=owner_of(item).legal_name,
        export_class=export_class,
        regime=regime,
        number=number,
        list_version=list_version.strip(),
        basis=basis,
        rationale=required("rationale", rationale, _("Say why it is so, for whoever checks it later."), 4_000),
        relies_on=relies_on.strip(),
        person=actor.person,
        person_name=actor.person.name,
    )
    classification.full_clean()
    classification.save()
    item.export_class, item.export_regime, item.export_number = export_class, regime, number
    _save_marking(item, *CLASS)
    facts = {"class": export_class, "regime": regime, "number": number, "basis": basis}
    _record("marking.classified", item, actor=actor, facts=facts)
    if export_class != ExportClass.UNDETERMINED:
        ClassificationRequest.objects.waiting().filter(item=item.ref).update(answered_at=timezone.now())
    return item


@transaction.atomic
def mark(
    item: Any,
    *,
    actor: Actor,
    sharing: str,
    has_personal_data: bool = False,
    embargo_until: datetime | None = None,
    version: int | None = None,
) -> Any:
    """Say who may read it at most, whether it holds personal data, and until when nothing of it crosses."""
    item = _locked(item)
    MarkingPolicy(actor, item).require("mark")
    wanted = {"sharing": sharing, "has_personal_data": has_personal_data, "embargo_until": embargo_until}
    _require_marking(item, version, wanted, item)
    changed = [name for name in MARKS if getattr(item, name) != wanted[name]]
    if changed:
        for name in changed:
            setattr(item, name, wanted[name])
        item.clean_fields(exclude={field.name for field in item._meta.fields} - set(MARKS))
        _save_marking(item, *changed)
        until = embargo_until.isoformat() if embargo_until else ""
        facts = {"fields": changed, "sharing": sharing, "personal": has_personal_data, "embargo_until": until}
        _record("marking.changed", item, actor=actor, facts=facts)
    return item


@transaction.atomic
def request_classification(item: Any, *, actor: Actor, need: str) -> ClassificationRequest:
    """Ask the owner's export officers; the time that the agreement in force gives them starts to run."""
    item = _locked(item)
    MarkingPolicy(actor, item).require("request_classification")
    owner, now = owner_of(item), timezone.now()
    between = [owner.ref, actor.agency.ref]
    days, terms = answer_to(item.project, "classification_days", between)
    basis, _same = answer_to(item.project, "day_basis", between)
    asked = ClassificationRequest(
        item=item.ref,
        project=item.project,
        agency=owner,
        asked_by=actor.agency,
        person=actor.person,
        need=required("need", need, _("Say what you need it for."), 2_000),
        source=terms.source("export") if terms else "",
        asked_at=now,
        due_at=period(now, days, agency=owner, basis=basis).ends_at,
    )
    asked.full_clean()
    asked.save()
    facts = {"by": actor.agency.ref, "of": owner.ref, "days": days, "due_at": asked.due_at.isoformat()}
    _record("marking.classification_requested", item, actor=actor, facts=facts)
    return asked


@transaction.atomic
def hold(item: Any, *, actor: Actor, reason: str) -> ExportHold:
    """Stop it for one's own side until it is released; whatever had been granted does not cross meanwhile."""
    item = _locked(item)
    MarkingPolicy(actor, item).require("hold")
    placed = ExportHold(
        item=item.ref,
        project=item.project,
        agency=actor.agency,
        agency_name=actor.agency.legal_name,
        reason=required("reason", reason, _("Say why, for your own agency."), 2_000),
        placed_by=actor.person,
    )
    placed.full_clean()
    placed.save()
    _record("marking.held", item, actor=actor, facts={"by": actor.agency.ref})
    return placed


@transaction.atomic
def release(item: Any, *, actor: Actor) -> ExportHold:
    """Lift the hold of one's own agency."""
    item = _locked(item)
    policy = MarkingPolicy(actor, item)
    policy.require("release")
    lifted = policy.own_hold
    assert lifted is not None
    lifted.released_at, lifted.released_by = timezone.now(), actor.person
    lifted.save()
    _record("marking.released", item, actor=actor, facts={"by": actor.agency.ref})
    return lifted


def undetermine(item: Any, *, actor: Actor, change: str) -> dict[str, str]:
    """What changed is not what was classified: set the class back, and return what the event of the change says of it.

    An officer who is reading the content as it was is held up also where there was no class to set back.

    For the action that changes the content, on the row that it has locked; `change` is what happened, for the officers.
    """
    if item.export_class == ExportClass.UNDETERMINED:
        _save_marking(item)
        return {}
    was = str(item.export_class)
    Classification.objects.create(
        item=item.ref,
        project=item.project,
        agency=owner_of(item),
        agency_name=owner_of(item).legal_name,
        export_class=ExportClass.UNDETERMINED,
        basis=Basis.CHANGED,
        rationale=change,
        person=actor.person,
        person_name=actor.person.name,
    )
    item.export_class, item.export_regime, item.export_number = ExportClass.UNDETERMINED, "", ""
    _save_marking(item, *CLASS)
    return {"was_classified": was}


def audience_of(item: Any) -> set[Agency]:
    """Who knows of it: for an asset the parties of the project, unless its owner keeps it; of all else the owner."""
    owner = owner_of(item)
    if not isinstance(item, Asset) or item.sharing == item.Sharing.OWN:
        return {owner}
    return {row.agency for row in item.project.parties()} | {owner}


def _locked(item: Any) -> Any:
    rows = type(item).objects.select_related("project__lead").prefetch_related("project__participations__agency")
    return rows.select_for_update(of=("self",)).get(pk=item.pk)


def _require_marking(item: Any, version: int | None, typed: dict[str, Any], newer: Any) -> None:
    """Raise Stale unless the marking is the one that was seen; None means that the caller did not say.

    `newer` is the row that says now what was typed: the record, or its newest classification.
    """
    if version is None or version == item.marking_version:
        return
    fields = {field.name: field for field in (newer or Classification)._meta.fields}
    stored = {name: (fields[name].verbose_name, getattr(newer, name, "")) for name in typed}
    raise Stale(item, typed, stored, WORDS, version=item.marking_version)


def _save_marking(item: Any, *changed: str) -> None:
    """Save the fields of a marking that changed, and count one more version of it."""
    item.marking_version += 1
    item.save(update_fields=[*changed, "marking_version", "updated_at"])


def _record(verb: str, item: Any, *, actor: Actor, facts: dict[str, Any]) -> None:
    scope = item.project.ref if item.project is not None else item.ref
    record(verb, item, actor=actor, agencies=audience_of(item) | {actor.agency}, facts=facts, scope=scope)
