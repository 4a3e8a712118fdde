"""The signing page: what is signed, for whom, under which mandate; sign or decline."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from agencies import reauthentication
from portal.kit.actors import Request
from portal.kit.forms import attempt, show
from projects.agreements import actions, challenge, consent
from projects.agreements.document import annex_tables
from projects.agreements.forms import ReasonForm, SignForm
from projects.agreements.languages import readable
from projects.agreements.models import Agreement, Status, TextVersion
from projects.agreements.pages import agreement_page
from projects.agreements.paragraphs import paragraphs
from projects.agreements.printed import printed
from projects.agreements.redline import redline
from projects.agreements.views.negotiating import with_reason

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
    form = SignForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _signed(request, agreement, form):
        messages.success(
            request, _("Signed for %(agency)s. It is in the ledger.") % {"agency": request.actor.agency.acronym}
        )
        return redirect("agreements:agreement", ref)
    context |= _signing_context(request, agreement, context["policy"])
    context["form"] = form
    context["decline_form"] = ReasonForm()
    return render(request, "agreements/sign.html", context, status=INVALID if form.errors else 200)


@require_POST
def decline(request: Request, ref: str) -> HttpResponse:
    """Decline with a reason."""
    own = request.actor.agency
    done = _("Declined for %(agency)s. All parties can read why.") % {"agency": own.acronym if own else ""}
    return with_reason(request, ref, "decline", actions.decline, done)


def _signed(request: Request, agreement: Agreement, form: SignForm) -> bool:
    """Prove who it is, then sign; what is missing is shown beside its field."""
    typed = form.cleaned_data
    proof = reauthentication.fresh(request)
    if proof is None and typed["password"]:
        try:
            proof = reauthentication.prove(request, password=typed["password"], code=typed["code"])
        except reauthentication.NotProved as error:
            show(form, error)
            return False
    given = actions.Consent(
        sha256=typed["sha256"],
        challenge=typed["challenge"],
        given=typed["consent"],
    )
    return attempt(form, actions.sign, agreement, actor=request.actor, consent=given, proof=proof) is not None


def _signing_context(request: Request, agreement: Agreement, policy: Any) -> dict[str, Any]:
    text = agreement.text
    assert text is not None
    document = text.document
    may_sign = policy.refusal("sign") is None
    return {
        "text": text,
        "document": document,
        "clauses": [
            {"entry": entry, "paragraphs": paragraphs(entry["number"], entry["text"])} for entry in document["clauses"]
        ],
        "translations": readable(document),
        "printed": printed(document),
        "annexes": annex_tables(document),
        "changes": _changes(agreement, text),
        "challenge": challenge.issue(text_sha256=text.sha256, actor=request.actor, mandate=policy.mandate)
        if may_sign
        else "",
        "mandate": policy.mandate,
        "wording": consent.wording(text=text.number, agency=request.actor.agency, mandate=policy.mandate)
        if may_sign
        else "",
        "proof": reauthentication.fresh(request),
        "needs_code": reauthentication.needs_code(request.actor.person),
        "has_passkey": reauthentication.has_passkey(request.actor.person),
        "refusal": policy.refusal("sign"),
        "is_signing": agreement.status == Status.SIGNING,
    }


def _changes(agreement: Agreement, text: TextVersion) -> list[dict[str, Any]] | None:
    """What changed since the text that was frozen before; None when this is the first."""
    before = agreement.texts.filter(number__lt=text.number).order_by("-number").first()
    if before is None:
        return None
    old = {entry["code"]: entry for entry in before.document["clauses"]}
    changes = []
    for entry in text.document["clauses"]:
        earlier = old.pop(entry["code"], None)
        if earlier is None or earlier["text"] != entry["text"]:
            changes.append({"entry": entry, "redline": redline(earlier["text"] if earlier else "", entry["text"])})
    changes += [{"entry": entry, "redline": redline(entry["text"], "")} for entry in old.values()]
    return changes
