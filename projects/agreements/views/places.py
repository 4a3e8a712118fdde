"""The plan of signing in pages: whose turn it is, who is named, and what one can do about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from agencies.models import Membership
from portal.kit.actors import Request
from portal.kit.forms import Form, attempt
from projects.agreements import actions
from projects.agreements.forms import AgreeForm, ApproveForSigningForm
from projects.agreements.forms.places import HandOverForm, NameForm, OrderForm, PlanForm, SignByForm, TermsForm
from projects.agreements.models import Agreement
from projects.agreements.pages import agreement_page
from projects.agreements.policies import AgreementPolicy
from projects.agreements.signing.beside import with_handed_in
from projects.agreements.signing.call import REMIND_DAYS, running_call, usual_terms
from projects.agreements.signing.persons import candidates, membership_refs, without_mandate
from projects.agreements.signing.places import Place, planned_places, turn_words
from projects.agreements.signing.signatures import signature_rows
from projects.agreements.signing.trail import order_changes, trail_of

INVALID = 422


@require_safe
def signing(request: Request, ref: str) -> HttpResponse:
    """Who signs in which order, whose turn it is, and by when."""
    _agreement, context = _shown(request, ref)
    return _page(request, context)


@require_POST
def plan(request: Request, ref: str) -> HttpResponse:
    """Change the plan; under a frozen text the order alone."""
    agreement, context = _shown(request, ref, "plan_signing")
    form = _plan_form(agreement, context["places"], request.POST)
    reason = {"reason": form.cleaned_data["reason"]} if form.is_valid() and agreement.is_frozen else {}
    if form.is_valid() and attempt(
        form, actions.plan_signing, agreement, actor=request.actor, lines=form.lines,
        version=form.cleaned_data["version"], **reason,
    ):  # fmt: skip
        messages.success(request, _("The plan is saved. Whoever’s turn it is once the text is frozen is asked."))
        return redirect("agreements:signing", ref)
    return _page(request, {**context, "plan_form": form})


@require_POST
def name(request: Request, ref: str) -> HttpResponse:
    """Name who of one's agency fills a place, or somebody else instead."""
    agreement, context = _shown(request, ref, "name_signatories")
    place = _typed_place(context["policy"].own_unfilled, request)
    members, unable = _able(agreement, place)
    form = NameForm(request.POST, members=members, unable=unable, auto_id=_ids(place, ""))
    if form.is_valid() and attempt(form, actions.name_signatories, agreement, actor=request.actor, **form.chosen):
        messages.success(request, _("The names are saved, and they alone are asked."))
        return redirect("agreements:signing", ref)
    return _page(request, {**context, "bad": form})


@require_POST
def hand_over(request: Request, ref: str) -> HttpResponse:
    """Hand one's place over to a colleague."""
    agreement, context = _shown(request, ref, "hand_over")
    place = _typed_place(context["policy"].own_to_hand_over, request)
    members, unable = _successors(agreement, place)
    form = HandOverForm(request.POST, members=members, unable=unable, auto_id=_ids(place, "over"))
    if form.is_valid() and attempt(form, actions.hand_over, agreement, actor=request.actor, **form.cleaned_data):
        messages.success(request, _("Your place is handed over. Every party can read it."))
        return redirect("agreements:signing", ref)
    return _page(request, {**context, "bad": form})


@never_cache
@sensitive_post_parameters("password", "code")
@require_POST
def approve(request: Request, ref: str) -> HttpResponse:
    """Approve the text whose hash was shown, proving again who it is."""
    agreement, context = _shown(request, ref, "approve_for_signing")
    form = ApproveForSigningForm(request.POST, request=request)
    if form.is_proved() and attempt(
        form, actions.approve_for_signing, agreement, actor=request.actor, proof=form.proof, **form.facts
    ):
        messages.success(request, _("Approved for %(agency)s.") % {"agency": _acronym(request)})
        return redirect("agreements:signing", ref)
    return _page(request, {**context, "approve_form": form})


@require_POST
def confirm_seen(request: Request, ref: str) -> HttpResponse:
    """Confirm having seen the text whose hash was shown."""
    agreement, context = _shown(request, ref, "confirm_seen")
    form = AgreeForm(request.POST)
    if form.is_valid() and attempt(form, actions.confirm_seen, agreement, actor=request.actor, **form.cleaned_data):
        messages.success(request, _("Confirmed for %(agency)s.") % {"agency": _acronym(request)})
        return redirect("agreements:signing", ref)
    return _page(request, {**context, "bad": form})


@require_POST
def extend(request: Request, ref: str) -> HttpResponse:
    """Name another day."""
    agreement, context = _shown(request, ref, "extend_signing")
    form = SignByForm(request.POST)
    if form.is_valid() and attempt(
        form, actions.extend_signing, agreement, actor=request.actor, sign_by=form.cleaned_data["sign_by"]
    ):
        messages.success(request, _("The day is changed. Whoever is awaited is asked again."))
        return redirect("agreements:signing", ref)
    return _page(request, {**context, "sign_by_form": form})


@require_POST
def freeze(request: Request, ref: str) -> HttpResponse:
    """Freeze the text, with what is asked of the signatories."""
    agreement, context = _shown(request, ref, "freeze")
    form = TermsForm(request.POST)
    if form.is_valid() and attempt(form, actions.freeze, agreement, actor=request.actor, terms=form.asked):
        messages.success(request, _("The text is frozen. Whoever’s turn it is to sign is asked."))
        return redirect("agreements:agreement", ref)
    return _page(request, {**context, "terms_form": form})


def _shown(request: Request, ref: str, verb: str = "") -> tuple[Agreement, dict[str, Any]]:
    """The page's context; a refusal must not hide behind a typing error, so it is asked before a form is read."""
    agreement, context = agreement_page(request, ref, "signing")
    policy: AgreementPolicy = context["policy"]
    policy.require_party()
    if verb:
        policy.require(verb)
    context["places"] = policy.places if agreement.is_frozen else planned_places(agreement)
    return agreement, context


def _page(request: Request, context: dict[str, Any]) -> HttpResponse:
    policy: Any = context["policy"]
    agreement, places = policy.agreement, context["places"]
    context |= {"call": running_call(agreement), "trail": trail_of(agreement), "agency": request.actor.agency}
    if agreement.is_frozen:
        context["places"] = with_handed_in(agreement, places)
        context["told_rows"] = signature_rows(agreement, policy) if any(row.signatures for row in places) else []
    context["order_changes"] = order_changes(agreement)
    context["turn"] = turn_words(places) if agreement.is_frozen else ""
    context["is_over"] = context["call"] is not None and context["call"].is_over(timezone.now())
    context.setdefault("plan_form", _plan_form(agreement, places) if policy.can_plan_signing else None)
    context["names"] = _name_forms(policy, context.get("bad")) if policy.can_name_signatories else []
    context["handing"] = _over_forms(policy, context.get("bad")) if policy.can_hand_over else []
    told = [form for _place, form in (*context["names"], *context["handing"])]
    context["lost"] = bad if (bad := context.get("bad")) not in told else None
    if policy.can_approve_for_signing:
        shown = {"sha256": agreement.text.sha256}
        context.setdefault("approve_form", ApproveForSigningForm(request=request, initial=shown))
    if policy.can_extend_signing:
        call = context["call"]
        context.setdefault("sign_by_form", SignByForm(initial={"sign_by": call.sign_by if call else None}))
    if policy.can_freeze:
        terms = usual_terms(agreement)
        days = ", ".join(str(day) for day in REMIND_DAYS)
        usual = {"terms": "1", "sign_by": terms.sign_by, "remind_days": days, "may_hand_over": True}
        context.setdefault("terms_form", TermsForm(initial=usual))
    typed = (context.get(name) for name in ("plan_form", "approve_form", "sign_by_form", "terms_form", "bad"))
    is_invalid = any(form is not None and form.errors for form in typed)
    return render(request, "agreements/signing.html", context, status=INVALID if is_invalid else 200)


def _plan_form(agreement: Agreement, places: list[Place], typed: Any = None) -> PlanForm | OrderForm:
    return (OrderForm if agreement.is_frozen else PlanForm)(typed, agreement=agreement, places=places)


def _name_forms(policy: AgreementPolicy, bad: Any) -> list[tuple[Place, NameForm]]:
    """One for each place of one's agency that is not filled; what came back stands in its own."""
    return [
        (place, bad if _is_about(bad, NameForm, place) else _name_form(policy, place)) for place in policy.own_unfilled
    ]


def _name_form(policy: AgreementPolicy, place: Place) -> NameForm:
    members, unable = _able(policy.agreement, place)
    return NameForm(members=members, unable=unable, place=place, named=membership_refs(place))


def _over_forms(policy: AgreementPolicy, bad: Any) -> list[tuple[Place, HandOverForm]]:
    rows = []
    for place in policy.own_to_hand_over:
        members, unable = _successors(policy.agreement, place)
        form = HandOverForm(members=members, unable=unable, place=place)
        rows.append((place, bad if _is_about(bad, HandOverForm, place) else form))
    return rows


def _able(agreement: Agreement, place: Place | None) -> tuple[list[Membership], set[Any]]:
    """Who could be named for a place, and which of them hold no mandate for it today."""
    members = candidates(agreement, place.agency, place.role) if place else []
    return members, without_mandate(agreement, place, members) if place else set()


def _successors(agreement: Agreement, place: Place | None) -> tuple[list[Membership], set[Any]]:
    """The same without those who are named already."""
    members, unable = _able(agreement, place)
    named = {row.person_id for row in place.persons} if place else set()
    return [row for row in members if row.person_id not in named], unable


def _is_about(bad: Any, kind: type[Form], place: Place) -> bool:
    """Whether a form that came back is the one of this place."""
    return isinstance(bad, kind) and (bad.data.get("role"), bad.data.get("order")) == (place.role, str(place.order))


def _typed_place(places: list[Place], request: Request) -> Place | None:
    typed = (request.POST.get("role"), request.POST.get("order"))
    return next((place for place in places if (place.role, str(place.order)) == typed), None)


def _ids(place: Place | None, before: str) -> str:
    return f"id_{before}{place.role}{place.order}_%s" if place else "id_%s"


def _acronym(request: Request) -> str:
    return request.actor.agency.acronym if request.actor.agency is not None else ""
