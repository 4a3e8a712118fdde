"""What may cross from the agency that owns a record to another one: the one place that decides it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from portal.files.markings import ExportClass, Marked, Sharing
from portal.kit.actors import Actor
from portal.kit.records import Record
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.ip.models import Classification, ExportAuthorisation, ExportHold


def refusal_to_share(item: Any, agency: Agency, *, at: datetime | None = None) -> Refusal | None:
    """Why the record must not reach this agency at this instant (now by default), or None when it may cross.

    `item` is an Asset or another Marked record with a `project` and an owning agency, `party` or `agency`. Within the
    owning agency nothing crosses. Two queries at most.
    """
    return refusals_to_share([item], agency, at=at).get(item.ref)


def refusals_to_share(items: Iterable[Any], agency: Agency, *, at: datetime | None = None) -> dict[str, Refusal]:
    """The refusals among many records, by reference; the same few queries, whatever their number."""
    foreign = [item for item in items if owner_of(item).pk != agency.pk]
    if not foreign:
        return {}
    now = timezone.now()
    moment = at or now
    classes = _classes(foreign, moment) if moment < now else {item.ref: item.export_class for item in foreign}
    determined = [item for item in foreign if classes[item.ref] != ExportClass.UNDETERMINED]
    holds = _holds(determined, agency, moment)
    controlled = [item for item in determined if classes[item.ref] == ExportClass.CONTROLLED]
    permissions = _authorisations(controlled)
    found: dict[str, Refusal] = {}
    for item in foreign:
        refusal = (
            _undetermined(item, classes[item.ref])
            or _held(item, holds[item.ref])
            or (_not_authorised(item, agency, permissions, moment) if item in controlled else None)
            or _embargo(item, moment)
        )
        if refusal is not None:
            found[item.ref] = refusal
    return found


def refusal_to_read(item: Any, actor: Actor, *, at: datetime | None = None) -> Refusal | None:
    """Why the actor is not given what the marking guards (description, content, files), or None.

    Ask it of records that the actor may see; what the annex needs (title, nature, owners, limits) is not guarded.
    """
    return withheld([item], actor, at=at).get(item.ref)


def withheld(items: Iterable[Any], actor: Actor, *, at: datetime | None = None) -> dict[str, Refusal]:
    """The same for many records, by reference."""
    items = list(items)
    if actor.agency is None:
        outside = Forbidden(_("Choose an agency to act for."), code="no-agency")
        return {item.ref: outside for item in items}
    kept = {
        item.ref: _kept_inside(item)
        for item in items
        if item.sharing == Sharing.OWN and owner_of(item).pk != actor.agency_id
    }
    return refusals_to_share((item for item in items if item.ref not in kept), actor.agency, at=at) | kept


def owner_of(item: Any) -> Agency:
    """The agency whose export officers classify the record."""
    owner: Agency = item.party if hasattr(item, "party") else item.agency
    return owner


def find_marked(ref: str, actor: Actor) -> Any:
    """The marked record of this reference that the actor sees; Http404 when there is none."""
    prefix = ref.partition("-")[0]
    for model in marked_models():
        if prefix == model.REF_PREFIX:
            return get_object_or_404(model.objects.visible_to(actor), ref=ref)  # type: ignore[attr-defined]
    raise Http404


def marked_models() -> list[type[Record]]:
    """Every kind of record of this app that carries a marking."""
    return [
        model
        for model in apps.get_app_config("ip").get_models()
        if issubclass(model, Marked) and issubclass(model, Record)
    ]


def _classes(items: Sequence[Any], at: datetime) -> dict[str, str]:
    """What the records were classified as at an instant that has passed."""
    then = {item.ref: str(ExportClass.UNDETERMINED) for item in items}
    rows = Classification.objects.of(*then).filter(at__lte=at).order_by("at", "pk")
    return then | dict(rows.values_list("item", "export_class"))


def _holds(items: Sequence[Any], agency: Agency, at: datetime) -> dict[str, list[ExportHold]]:
    """Those that stand at that instant, the owner's and the receiving agency's, by record."""
    found: dict[str, list[ExportHold]] = defaultdict(list)
    if items:
        owners = {item.ref: owner_of(item).pk for item in items}
        placed = ExportHold.objects.filter(
            item__in=list(owners), agency__in={*owners.values(), agency.pk}, placed_at__lte=at
        )
        for hold in placed.exclude(released_at__lte=at).select_related("agency").order_by("pk"):
            if hold.agency_id in (agency.pk, owners[hold.item]):
                found[hold.item].append(hold)
    return found


def _authorisations(items: Sequence[Any]) -> dict[int, list[ExportAuthorisation]]:
    """What the owners hold, whatever its dates, by owner; applications let nothing cross."""
    found: dict[int, list[ExportAuthorisation]] = defaultdict(list)
    if items:
        about = Q(project__in={item.project_id for item in items}) | Q(items__overlap=[item.ref for item in items])
        owners = {owner_of(item).pk for item in items}
        for row in ExportAuthorisation.objects.filter(about, agency__in=owners, granted_at__isnull=False).order_by(
            "pk"
        ):
            found[row.agency_id].append(row)
    return found


def _undetermined(item: Any, export_class: str) -> Refusal | None:
    if export_class != ExportClass.UNDETERMINED:
        return None
    return NotNow(
        _("%(agency)s has not determined yet whether %(ref)s is export controlled.") % _names(item),
        code="export-undetermined",
        unblock=_("An export officer of %(agency)s classifies it; you can ask for it.") % _names(item),
        state=export_class,
    )


def _held(item: Any, holds: list[ExportHold]) -> Refusal | None:
    if not holds:
        return None
    by = holds[0].agency
    return NotNow(
        _("%(agency)s holds %(ref)s for export control.") % {"agency": by.acronym, "ref": item.ref},
        code="export-hold",
        unblock=_("An export officer of %(agency)s releases the hold.") % {"agency": by.acronym},
        state="held",
    )


def _not_authorised(
    item: Any, agency: Agency, permissions: dict[int, list[ExportAuthorisation]], at: datetime
) -> Refusal | None:
    """The nearest miss is said: over, not begun, of other records, for other agencies, none at all."""
    held = permissions[owner_of(item).pk]
    named = [row for row in held if row.names(item, agency.ref)]
    if any(row.is_live(at) for row in named):
        return None
    words = {**_names(item), "to": agency.acronym}
    over = [row for row in named if row.has_ended(at)]
    if over and len(over) == len(named):
        reason = _("The export authorisation of %(ref)s for %(to)s, %(authorisation)s, is over.")
        return _without(reason % {**words, "authorisation": over[-1].ref}, "authorisation-over", words)
    if named:
        reason = _("The export authorisation of %(ref)s for %(to)s, %(authorisation)s, is not valid yet.")
        return _without(reason % {**words, "authorisation": named[-1].ref}, "authorisation-not-begun", words)
    if any(row.is_live(at) for row in held):
        reason = _("%(ref)s is export controlled, and no export authorisation of %(agency)s covers it for %(to)s.")
        return _without(reason % words, "authorisation-out-of-scope", words)
    reason = _("%(ref)s is export controlled, and %(agency)s has no export authorisation for %(to)s.")
    return _without(reason % words, "authorisation-needed", words)


def _without(reason: str, code: str, words: dict[str, str]) -> Refusal:
    unblock = _("An export officer of %(agency)s enters an authorisation that covers it.") % words
    return NotNow(reason, code=code, unblock=unblock, state=str(ExportClass.CONTROLLED))


def _embargo(item: Any, at: datetime) -> Refusal | None:
    until = item.embargo_until
    if until is None or until <= at:
        return None
    return NotNow(
        _("%(ref)s is under embargo until %(moment)s UTC.") % {"ref": item.ref, "moment": f"{until:%Y-%m-%d %H:%M}"},
        code="embargo",
        unblock=_("It opens at that moment by itself, or earlier when %(agency)s lifts the embargo.") % _names(item),
        state="embargo",
    )


def _kept_inside(item: Any) -> Refusal:
    return NotNow(
        _("%(agency)s keeps %(ref)s to itself.") % _names(item),
        code="own-agency-only",
        unblock=_("%(agency)s can open it to the partners of the project.") % _names(item),
        state=str(Sharing.OWN),
    )


def _names(item: Any) -> dict[str, str]:
    return {"agency": owner_of(item).acronym, "ref": item.ref}
