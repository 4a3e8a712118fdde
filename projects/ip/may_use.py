"""May this agency use this asset for this purpose then? One function answers, for one question or for a whole matrix."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import prefetch_related_objects
from django.utils import timezone

from agencies.models import Agency
from portal.kit.actors import Actor
from portal.kit.refusals import Refusal
from projects.ip.access_rules import Grounds
from projects.ip.answers import Answer, Span
from projects.ip.markings import Border
from projects.ip.models import AccessRight, Asset, BackgroundChange, ChangeStatus, Purpose
from projects.ip.narrowing import before_narrowing
from projects.ip.question import Question
from projects.ip.terms import all_terms

Key = tuple[int, int, str]
MOMENT = timedelta(microseconds=1)


def may_use(asset: Asset, agency: Agency, purpose: str, on: date | datetime, *, reader: Actor | None = None) -> Answer:
    """Whether the agency may use the asset for the purpose on a day or at an instant, with source, terms and dates.

    A day is the whole calendar day at the seat of the agency that made the entry: yes means at every instant of it.
    `reader` limits the answer to what somebody may know: what two other agencies granted each other is theirs.
    Raises ValueError for a purpose that there is not and for an instant without a zone.
    """
    answers = may_use_many([asset], [agency], [purpose], on, reader=reader)
    return answers[asset.pk, agency.pk, Purpose(purpose)]


def may_use_many(
    assets: Sequence[Asset],
    agencies: Sequence[Agency],
    purposes: Iterable[str],
    on: date | datetime,
    *,
    reader: Actor | None = None,
) -> dict[Key, Answer]:
    """The same answers for many assets of one project, by keys of asset and agency and the purpose.

    The number of queries is fixed, whatever the number of assets, agencies and purposes.
    """
    wanted = [Purpose(purpose) for purpose in purposes]
    if not assets or not agencies or not wanted:
        return {}
    # Each is read once, and not at all where the caller has read it.
    prefetch_related_objects(list(assets), "project__participations__agency", "shares__agency", "party")
    terms = all_terms(assets[0].project)
    now = timezone.now()
    spans = {asset.party_id: Span.of(on, asset.party.zone) for asset in assets}
    since = min(span.first for span in spans.values())
    has_rights, has_changes, has_holds = _what_there_is(assets, agencies, since)
    rights = _rights(assets, agencies) if has_rights else {}
    changes = _changes(assets, since) if has_changes else {}
    notices = {pk: one for pk, rows in changes.items() for one in rows if one.status == ChangeStatus.PROPOSED}
    before = {
        asset.pk: before_narrowing(asset, changes[asset.pk], spans[asset.party_id])
        for asset in assets
        if asset.pk in changes
    }
    found: dict[Key, Answer] = {}
    border = Border(assets, since=since, now=now, may_be_held=has_holds)
    for agency in agencies:
        for asset in assets:
            own = _concerns(asset, agency, reader)
            granted = rights.get((asset.pk, agency.pk), []) if own else []
            grounds = Grounds(asset, agency, terms, granted, notices.get(asset.pk), before.get(asset.pk))
            span = spans[asset.party_id]
            refusal = _refusal(border, asset, agency, span)
            for purpose in wanted:
                found[asset.pk, agency.pk, purpose] = Question(grounds, purpose, span, knows=own).answer(refusal)
    return found


# Most assets have none of these. Asking once whether there is any costs a third of asking for each through the models.
WHAT_THERE_IS = """
    SELECT EXISTS (SELECT FROM ip_accessright WHERE asset_id = ANY(%s) AND holder_id = ANY(%s)),
           EXISTS (SELECT FROM ip_backgroundchange WHERE asset_id = ANY(%s)
                   AND (status = 'proposed' AND rule = 'notice' OR status = 'effective' AND closed_at > %s)),
           EXISTS (SELECT FROM ip_exporthold WHERE item = ANY(%s))
"""


def _what_there_is(assets: Sequence[Asset], agencies: Sequence[Agency], since: datetime) -> tuple[bool, bool, bool]:
    """Whether there are rights, changes that bear on answers since then, and holds among these."""
    keys, holders = [asset.pk for asset in assets], [agency.pk for agency in agencies]
    with connection.cursor() as cursor:
        cursor.execute(WHAT_THERE_IS, [keys, holders, keys, since, [asset.ref for asset in assets]])
        found: tuple[bool, bool, bool] = cursor.fetchone()
    return found


def _changes(assets: Sequence[Asset], since: datetime) -> dict[int, list[BackgroundChange]]:
    found: dict[int, list[BackgroundChange]] = defaultdict(list)
    for change in BackgroundChange.objects.bearing_on(since).filter(asset__in=assets):
        found[change.asset_id].append(change)
    return found


def _rights(assets: Sequence[Asset], agencies: Sequence[Agency]) -> dict[tuple[int, int], list[AccessRight]]:
    found: dict[tuple[int, int], list[AccessRight]] = defaultdict(list)
    for right in AccessRight.objects.filter(asset__in=assets, holder__in=agencies).order_by("pk"):
        found[right.asset_id, right.holder_id].append(right)
    return found


def _refusal(border: Border, asset: Asset, agency: Agency, span: Span) -> Refusal | None:
    """What export control, a hold or an embargo keeps from the agency at the first or the last instant asked about (R12)."""
    found = border.refusal(asset, agency, span.first)
    return found or (border.refusal(asset, agency, span.over - MOMENT) if span.over else None)


def _concerns(asset: Asset, agency: Agency, reader: Actor | None) -> bool:
    """SECURITY: rights that were granted are known to who granted, who holds and who owns, not to a third party."""
    if reader is None or reader.agency_id == agency.pk:
        return True
    return any(share.agency_id == reader.agency_id for share in asset.shares.all())
