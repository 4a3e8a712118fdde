"""Narrowing of background while an agreement is in force: what it is, and that it goes by proposal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from typing import Any

from django.utils.translation import gettext as _

from agencies.models import Agency
from portal.kit.refusals import NotNow
from projects.ip.answers import Span
from projects.ip.models import Asset, BackgroundChange, ChangeStatus
from projects.ip.terms import Terms, terms_between
from projects.models import Project

CLAUSE = "background_changes"
LIMITS = ("limits_implementation", "limits_exploitation")


def open_under(asset: Asset) -> Terms | None:
    """The agreement in force under which others have access to this background of its party, if there is one."""
    if not asset.is_background or asset.is_excluded:
        return None
    return terms_between(asset.project, [asset.party.ref])


def refuse_narrowing(asset: Asset, changes: Mapping[str, Any]) -> None:
    """Raise NotNow for an edit that takes access away which an agreement in force gives."""
    excludes = bool(changes.get("is_excluded")) and not asset.is_excluded
    limits = any((changes.get(name) or "") not in ("", getattr(asset, name)) for name in LIMITS)
    if (excludes or limits) and (terms := open_under(asset)) is not None:
        raise by_proposal(terms)


def refuse_new_exclusion(project: Project, agency: Agency, *, is_excluded: bool) -> None:
    """Raise NotNow for a further entry of the negative list where all that is not on it is open."""
    terms = terms_between(project, [agency.ref]) if is_excluded else None
    if terms is not None and terms.lists_what_is_excluded:
        raise by_proposal(terms, unblock=_("List it without excluding it, then propose to exclude it."))


def before_narrowing(asset: Asset, changes: Iterable[BackgroundChange], span: Span) -> Asset | None:
    """What the register said of the asset where all of this span lies before a change that narrowed it; a copy to read.

    Whether a job has written down by now what became narrower later changes no answer about an earlier day.
    """
    since = [change for change in changes if change.status == ChangeStatus.EFFECTIVE]
    later = [change for change in since if span.is_within(None, change.counts_from)]
    if not later:
        return None
    stood = copy(asset)
    for change in sorted(later, key=lambda change: change.pk, reverse=True):
        for name, was in change.replaced.items():
            setattr(stood, name, was)
    return stood


def by_proposal(terms: Terms, *, unblock: str = "") -> NotNow:
    """The refusal of a narrowing that was not proposed."""
    return NotNow(
        _("Others have access to it under %(source)s; narrowing that access is proposed to them first.")
        % {"source": terms.source(CLAUSE)},
        code="narrowing-needs-proposal",
        unblock=unblock or _("Propose the change on the page of the entry."),
    )
