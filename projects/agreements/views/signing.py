"""The signing page: what is signed, for whom, under which mandate; sign, ask or decline."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from agencies import reauthentication
from portal.kit.actors import Request
from portal.kit.forms import attempt, show
from projects.agreements import actions
from projects.agreements.forms import DeclineForm, QuestionForm, SignForm
from projects.agreements.models import Agreement
from projects.agreements.pages import agreement_page
from projects.agreements.signing import challenge
from projects.agreements.signing.consent import language_for
from projects.agreements.signing.page import signing_page
from projects.agreements.signing.passkey import PasskeyAssertion
from projects.agreements.signing.queue import position_of
from projects.agreements.signing.sections import sections
from projects.agreements.views.waiting import IN_QUEUE, next_after

INVALID = 422


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: Request, ref: str) -> HttpResponse:
    """Show the frozen text whole, and take the signature."""
    agreement, context = agreement_page(request, ref, "text")
    # Whoever may not sign is told so before a password is looked at.
    if request.method == "POST":
        context["policy"].require("sign")
    if agreement.text is None:
        messages.warning(request, _("There is no frozen text to sign now. Where the agreement stands is said here."))
        return redirect("agreements:agreement", ref)
    typed = request.POST if request.method == "POST" else None
    form = SignForm(typed, sections=sections(agreement.text.document), person=request.actor.person)
    queued = position_of(agreement, request.actor) if IN_QUEUE in request.GET else None
    if request.method == "POST" and form.is_valid() and _signed(request, agreement, form):
        messages.success(
            request, _("Signed for %(agency)s. It is in the ledger.") % {"agency": request.actor.agency.acronym}
        )
        return redirect(next_after(queued, agreement))
    return _page(request, context, form, queued=queued)


@require_POST
def ask_question(request: Request, ref: str) -> HttpResponse:
    """Ask every party about the text; without words the page comes back with the message beside the field."""
    agreement, context = agreement_page(request, ref, "text")
    context["policy"].require("ask_question")
    form = QuestionForm(request.POST)
    if form.is_valid() and attempt(form, actions.ask_question, agreement, actor=request.actor, **form.cleaned_data):
        messages.success(request, _("Your question was sent. The answer stands on this page."))
        return redirect("agreements:sign", ref)
    return _page(request, context, _empty_form(request, agreement), question_form=form)


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: Request, ref: str) -> HttpResponse:
    """Decline to sign the text that was shown, with a reason, proving again who it is."""
    agreement, context = agreement_page(request, ref, "text")
    context["policy"].require("decline")
    assert agreement.text is not None
    typed = request.POST if request.method == "POST" else None
    form = DeclineForm(typed, request=request, initial={"sha256": agreement.text.sha256})
    if request.method == "POST" and form.is_proved():
        given = {"proof": form.proof, **form.facts}
        if attempt(form, actions.decline, agreement, actor=request.actor, **given):
            own = {"agency": request.actor.agency.acronym if request.actor.agency else ""}
            messages.success(request, _("Declined for %(agency)s. All parties can read why.") % own)
            return redirect("agreements:agreement", ref)
    return render(request, "agreements/decline.html", {**context, "form": form}, status=INVALID if form.errors else 200)


def _signed(request: Request, agreement: Agreement, form: SignForm) -> bool:
    """Prove who it is, then sign; what is missing is shown beside its field."""
    typed = form.cleaned_data
    proof = reauthentication.fresh(request)
    try:
        assertion = PasskeyAssertion.read(typed["passkey"]) if typed["passkey"] else None
        if proof is None and assertion is None and typed["password"]:
            proof = reauthentication.prove(request, password=typed["password"], code=typed["code"])
            reauthentication.remember(request, proof)
    except ValidationError as error:
        show(form, error)
        return False
    given = actions.Consent(
        sha256=typed["sha256"],
        challenge=typed["challenge"],
        given=typed["consent"],
        language=typed["language"],
        typed_name=typed["typed_name"],
        read=tuple(typed["read"]),
        ad_referendum=typed["ad_referendum"],
        declaration=typed["declaration"],
        assertion=assertion,
    )
    return attempt(form, actions.sign, agreement, actor=request.actor, consent=given, proof=proof) is not None


def _page(request: Request, context: dict[str, Any], form: SignForm, **more: Any) -> HttpResponse:
    """The page as it stands, with a challenge of its own: what an earlier one confirmed is confirmed again."""
    policy = context["policy"]
    asked = request.POST.get("language") or request.GET.get("language") or request.GET.get("consent")
    before = request.POST.get("challenge", "")
    ad_referendum = bool((request.POST if form.is_bound else request.GET).get("ad_referendum"))
    context |= signing_page(context["agreement"], policy, language_for(asked), before, ad_referendum=ad_referendum)
    if not form.is_bound:
        form.initial["ad_referendum"] = ad_referendum
    if more.get("queued"):
        form.fields["ad_referendum"].widget.attrs["hx-get"] = f"?{IN_QUEUE}=1"
    context |= {
        # Nobody has confirmed a sentence that stands here for the first time.
        "is_confirmed": bool(form["consent"].value())
        and challenge.sentence_of(before) == context.get("consent_version"),
        "ad_referendum": ad_referendum,
        "form": form,
        "question_form": QuestionForm(),
        "proof": reauthentication.fresh(request),
        "needs_code": reauthentication.needs_code(request.actor.person),
        **more,
    }
    has_errors = bool(form.errors or context["question_form"].errors)
    return render(request, "agreements/sign.html", context, status=INVALID if has_errors else 200)


def _empty_form(request: Request, agreement: Agreement) -> SignForm:
    parts = sections(agreement.text.document) if agreement.text else []
    return SignForm(sections=parts, person=request.actor.person)
