"""Protection steps of an asset, and offers before a right is given up."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kit.actors import Request
from projects.ip import actions
from projects.ip.detail import Deed, Fact, deeds_of, detail_page
from projects.ip.forms.belongings import OfferForm, StepForm
from projects.ip.models import AbandonmentOffer, Asset
from projects.ip.policies import AbandonmentPolicy, AssetPolicy
from projects.ip.views.verbs import find_asset, form_verb


@require_http_methods(["GET", "POST"])
def record_step(request: Request, ref: str) -> HttpResponse:
    """Say what happened to a right."""
    found = find_asset(request, ref)
    return form_verb(
        request,
        found,
        policy=AssetPolicy(request.actor, found),
        rule="record_step",
        form=partial(StepForm, initial=_last_right(found)),
        act=lambda form: form.typed(),
        action=partial(actions.record_step, found),
        title=_("Record a protection step"),
        lead=_(
            "Steps stay as they were recorded. What was entered wrongly is set right by a further step with a remark."
        ),
        button=_("Record it"),
        back=found.get_absolute_url(),
    )


@require_http_methods(["GET", "POST"])
def offer_abandonment(request: Request, ref: str) -> HttpResponse:
    """Offer a right before giving it up."""
    found = find_asset(request, ref)
    return form_verb(
        request,
        found,
        policy=AssetPolicy(request.actor, found),
        rule="offer_abandonment",
        form=partial(OfferForm, initial=_last_right(found)),
        act=lambda form: form.typed(),
        action=partial(actions.offer_abandonment, found),
        title=_("Offer a right before giving it up"),
        lead=_(
            "The other owners and parties may take it over at their own expense. Only when nobody did in time may you give it up."
        ),
        button=_("Offer it"),
        back=found.get_absolute_url(),
    )


@require_safe
def abandonment(request: Request, ref: str) -> HttpResponse:
    """The offer, until when it runs, and what became of it."""
    found = _find(request, ref)
    deeds = [
        Deed("take_over", _("Take it over"), "handshake", "take-over", is_first=True),
        Deed("keep", _("Keep it after all"), "undo", "keep-protection"),
        Deed("abandon", _("Give it up"), "no", "abandon-protection"),
    ]
    facts = [
        Fact(_("Offered by"), agency=found.agency),
        Fact(_("Right"), f"{found.office}, {found.number}", note=found.territory),
        Fact(_("Reason"), found.reason),
        Fact(_("Offered"), at=found.created_at),
        Fact(_("Can be taken over until"), at=found.ends_at, note=found.source),
        Fact(_("Taken over by"), agency=found.taken_by),
        Fact(_("Closed"), at=found.closed_at),
    ]
    is_open = found.closed_at is None
    return detail_page(
        request,
        found,
        title=_("Offer before a right is given up"),
        lead=_("Whoever takes it over pays for it from then on; its former owner keeps a free licence for its own use.")
        if is_open
        else "",
        facts=facts,
        deeds=deeds_of(AbandonmentPolicy(request.actor, found), found.ref, deeds) if is_open else [],
    )


@require_POST
def take_over(request: Request, ref: str) -> HttpResponse:
    """Take the right over."""
    return redirect(actions.take_over_protection(_find(request, ref), actor=request.actor))


@require_POST
def keep(request: Request, ref: str) -> HttpResponse:
    """Not give it up after all."""
    return redirect(actions.keep_protection(_find(request, ref), actor=request.actor))


@require_POST
def abandon(request: Request, ref: str) -> HttpResponse:
    """Give the right up."""
    return redirect(actions.abandon_protection(_find(request, ref), actor=request.actor))


def _find(request: Request, ref: str) -> AbandonmentOffer:
    return get_object_or_404(AbandonmentOffer.objects.visible_to(request.actor).with_asset(), ref=ref)


def _last_right(asset: Asset) -> dict[str, Any]:
    """What was typed last time, or what the entry says."""
    last = asset.protection_steps.order_by("-pk").first()
    if last is not None:
        return {"office": last.office, "number": last.number, "territory": last.territory}
    return {"office": asset.protection_office, "number": asset.protection_number}
