"""A page about one thing that belongs to an asset: what it is, in facts, and what the reader may do about it now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise

from portal.kit.actors import Request
from portal.kit.policies import Policy
from portal.kit.refusals import NotNow

Text = str | Promise


@dataclass(frozen=True)
class Fact:
    """A label with words, an agency, a day or an instant."""

    label: Text
    words: Text = ""
    agency: Any = None
    day: date | None = None
    at: datetime | None = None
    note: Text = ""


@dataclass(frozen=True)
class Deed:
    """A verb as a control: a link to its form, or a button; what cannot be done now says why."""

    verb: str
    label: Text
    icon: str
    url_name: str
    is_form: bool = False
    is_first: bool = False
    url: str = ""
    reason: Text = ""


def deeds_of(policy: Policy, ref: str, deeds: Iterable[Deed]) -> list[Deed]:
    """Those that are the reader's to do; what another agency or role does is not shown."""
    shown = []
    for deed in deeds:
        refusal = policy.refusal(deed.verb)
        if refusal is not None and not isinstance(refusal, NotNow):
            continue
        reason = refusal.reason if refusal is not None else ""
        url = reverse(f"ip:{deed.url_name}", args=[ref])
        shown.append(Deed(deed.verb, deed.label, deed.icon, deed.url_name, deed.is_form, deed.is_first, url, reason))
    return shown


def detail_page(
    request: Request, record: Any, *, title: Text, lead: Text, facts: Iterable[Fact], deeds: Iterable[Deed], **more: Any
) -> HttpResponse:
    """Draw it under the asset that it belongs to."""
    context = {
        "asset": record.asset,
        "project": record.asset.project,
        "record": record,
        "title": title,
        "lead": lead,
        "facts": [fact for fact in facts if fact.words or fact.agency or fact.day or fact.at],
        "deeds": list(deeds),
    }
    return render(request, "ip/detail.html", {**context, **more})
