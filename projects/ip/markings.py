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
    items = [item for item in items if owner_of(item).pk != agency.pk]
    now = timezone.now()
    moment = at or now
    border = Border(items, since=moment, now=now)
    refused = {item.ref: border.refusal(item, agency, moment) for item in items}
    return {ref: refusal for ref, refusal in refused.items() if refusal is not None}


class Border:
    """What stands between records and whoever is to receive them: read once, asked for any agency and instant.

    `since` is the earliest instant that will be asked about; `may_be_held` is false where it is known that there is no hold.
    Three queries at most, whatever the number of records.
    """

    def __init__(
        self, items: Sequence[Any], *, since: datetime, now: datetime | None = None, may_be_held: bool = True
    ) -> None:
        self.now = now or timezone.now()
        self._history = _history(items) if items and since < self.now else {}
        determined = [item for item in items if self._was_ever(item, ExportClass.values[1:])]
        controlled = [item for item in determined if self._was_ever(item, [ExportClass.CONTROLLED])]
        self._holds = _holds(determined if may_be_held else [])
        self._permissions = _authorisations(controlled)

    def refusal(self, item: Any, agency: Agency, at: datetime) -> Refusal | None:
        """Why the record must not reach this agency at this instant, or None; within the owning agency nothing crosses."""
        owner = owner_of(item)
        if owner.pk == agency.pk:
            return None
        said = self._class_of(item, at)
        if said == ExportClass.UNDETERMINED:
            return _undetermined(item, said)
        standing = [hold for hold in self._holds[item.ref] if _stands(hold, (agency.pk, owner.pk), at)]
        return (
            _held(item, standing)
            or (_not_authorised(item, agency, self._permissions, at) if said == ExportClass.CONTROLLED else None)
            or _embargo(item, at)
        )

    def _class_of(self, item: Any, at: datetime) -> str:
        """As it is now, or as it was classified at an instant that has passed."""
        if at >= self.now:
            return str(item.export_class)
        then = [said for moment, said in self._history.get(item.ref, []) if moment <= at]
        return then[-1] if then else str(ExportClass.UNDETERMINED)

    def _was_ever(self, item: Any, classes: Sequence[str]) -> bool:
        return item.export_class in classes or any(said in classes for _at, said in self._history.get(item.ref, []))


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
    model = _kind_of(ref)
    if model is None:
        raise Http404
    return get_object_or_404(model.objects.visible_to(actor), ref=ref)  # type: ignore[attr-defined]


def marked_record(ref: str) -> Any:
    """The marked record of this reference, whoever asks, or None; for actions that decide what may cross."""
    model = _kind_of(ref)
    return model._default_manager.filter(ref=ref).first() if model is not None else None


def marked_models() -> list[type[Record]]:
    """Every kind of record of this app that carries a marking."""
    return [
        model
        for model in apps.get_app_config("ip").get_models()
        if issubclass(model, Marked) and issubclass(model, Record)
    ]


def _kind_of(ref: str) -> type[Record] | None:
    prefix = ref.partition("-")[0]
    return next((model for model in marked_models() if prefix == model.REF_PREFIX), None)


def _history(items: Sequence[Any]) -> dict[str, list[tuple[datetime, str]]]:
    """What the records were classified as, and since when, the oldest first."""
    found: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    rows = Classification.objects.of(*[item.ref for item in items]).order_by("at", "pk")
    for item, at, said in rows.values_list("item", "at", "export_class"):
        found[item].append((at, said))
    return found


def _holds(items: Sequence[Any]) -> dict[str, list[ExportHold]]:
    """Every hold there has been on the records, whosever."""
    found: dict[str, list[ExportHold]] = defaultdict(list)
    if items:
        rows = ExportHold.objects.filter(item__in=[item.ref for item in items])
        for hold in rows.select_related("agency").order_by("pk"):
            found[hold.item].append(hold)
    return found


def _stands(hold: ExportHold, sides: tuple[int, int], at: datetime) -> bool:
    """Whether the owner or the receiving agency holds it at that instant."""
    released = hold.released_at is not None and hold.released_at <= at
    return hold.agency_id in sides and hold.placed_at <= at and not released


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
