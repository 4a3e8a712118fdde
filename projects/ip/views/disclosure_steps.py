"""The steps of a disclosure: each page says what the step brings about, or why it cannot be taken now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from portal.kit.actors import Request
from portal.kit.forms import attempt
from projects.ip import actions
from projects.ip.forms import disclosure_steps as forms
from projects.ip.views.disclosures import disclosure_page


@dataclass(frozen=True)
class Step:
    """A rule of the policy with its words: the button, what it brings about, and what is said when it is done."""

    rule: str
    act: Callable[..., Any]
    button: str | Promise
    consequence: str | Promise
    done: str | Promise
    form: type[Any] = forms.DisclosureStepForm
    template: str = "ip/disclosures/step.html"


STEPS: dict[str, Step] = {
    "ask-contributors": Step(
        "ask_contributors",
        actions.ask_contributors,
        _("Ask the contributors"),
        _(
            "Each contributor with an account is asked to confirm their own part, role and share. Until you take it back, "
            "the words are fixed."
        ),
        _("The contributors are asked."),
        forms.SeenForm,
    ),
    "recall-disclosure": Step(
        "recall",
        actions.recall_disclosure,
        _("Take it back"),
        _("It is a draft again. Whoever has confirmed a part that you do not change is not asked again."),
        _("It is a draft again."),
    ),
    "confirm-own-part": Step(
        "confirm_part",
        actions.confirm_own_part,
        _("Confirm my part"),
        _("You say that your role, your share and what you contributed are as written here. It is sealed with that."),
        _("Your part is confirmed."),
        forms.SeenForm,
        "ip/disclosures/part.html",
    ),
    "record-unreachable": Step(
        "mark_unreachable",
        actions.record_unreachable,
        _("Record as unreachable"),
        _(
            "Only for somebody who cannot be asked. Their part stays as you wrote it, unconfirmed, and your reason is sealed with it."
        ),
        _("It is recorded."),
        forms.UnreachableForm,
    ),
    "seal-disclosure": Step(
        "seal",
        actions.seal_disclosure,
        _("Seal it"),
        "",
        _("Sealed. The ledger holds the commitment; the words stay with your agency."),
        forms.SeenForm,
        "ip/disclosures/seal.html",
    ),
    "amend-disclosure": Step(
        "amend",
        actions.amend_disclosure,
        _("Begin a new version"),
        _(
            "What was sealed stays as it is. The new version names it, and is sealed with your reason once the contributors have confirmed."
        ),
        _("The new version is a draft."),
        forms.ReasonForm,
    ),
    "dispute-part": Step(
        "dispute_part",
        actions.dispute_part,
        _("Dispute my part"),
        _(
            "A flag with your reason stands beside what was sealed, which is not rewritten. The disclosing agency is told."
        ),
        _("Your flag stands."),
        forms.ReasonForm,
        "ip/disclosures/part.html",
    ),
    "settle-dispute": Step(
        "settle_dispute",
        actions.settle_dispute,
        _("It is settled"),
        _("Your flag is taken away; the history keeps that it stood."),
        _("It is settled."),
        template="ip/disclosures/part.html",
    ),
    "name-witness": Step(
        "name_witness",
        actions.name_witness,
        _("Ask a witness"),
        _("The witness reads the newest sealed version and countersigns that they understood it."),
        _("The witness is asked."),
        forms.WitnessForm,
    ),
    "countersign-disclosure": Step(
        "countersign",
        actions.countersign,
        _("Countersign"),
        _(
            "You say of the version below that you read and understood it. You say nothing about who made it, or whether it is new."
        ),
        _("Countersigned."),
        forms.CountersignForm,
        "ip/disclosures/read_step.html",
    ),
    "report-disclosure": Step(
        "report",
        actions.report_disclosure,
        _("Report that it exists"),
        _(
            "The other parties of the project learn that there is a disclosure, its reference and its date. "
            "Not its title, not a word of it."
        ),
        _("The other parties know that there is one."),
        template="ip/disclosures/report.html",
    ),
    "share-disclosure": Step(
        "share",
        actions.share_with,
        _("Share the content"),
        _("The IP managers of these parties, and the contributors who work for them, read the newest sealed version."),
        _("It is shared."),
        forms.ShareForm,
        "ip/disclosures/share.html",
    ),
    "triage-disclosure": Step(
        "triage",
        actions.triage_disclosure,
        _("Answer the triage"),
        _(
            "Each question is answered before the evaluation. Your agency's keepers of disclosures read the answers, nobody else."
        ),
        _("The answers are kept."),
        forms.TriageForm,
        "ip/disclosures/triage.html",
    ),
    "evaluate-disclosure": Step(
        "evaluate",
        actions.evaluate_disclosure,
        _("Keep the evaluation"),
        _("The decision rests on it. It stays inside your agency."),
        _("The evaluation is kept."),
        forms.EvaluationForm,
        "ip/disclosures/read_step.html",
    ),
    "decide-disclosure": Step(
        "decide",
        actions.decide_disclosure,
        _("Decide"),
        _("The decision is taken once. Whoever filed the disclosure is told, and the next step begins."),
        _("It is decided."),
        forms.DecisionForm,
        "ip/disclosures/read_step.html",
    ),
    "record-filing": Step(
        "record_filing",
        actions.record_filing,
        _("Enter an application"),
        _(
            "With the first application the publication alarm ends. The twelve months of priority are shown for information."
        ),
        _("The application is entered."),
        forms.FilingForm,
    ),
    "follow-up-filing": Step(
        "follow_up",
        actions.follow_up,
        _("Follow up an application"),
        _("Say where it stands at its office now."),
        _("It is noted."),
        forms.FollowUpForm,
    ),
    "offer-disclosure": Step(
        "offer",
        actions.offer_disclosure,
        _("Make the offer"),
        _("They are asked for their answer. Silence answers nothing."),
        _("The offer is made."),
        forms.OfferForm,
    ),
    "answer-offer": Step(
        "answer_offer",
        actions.answer_offer,
        _("Answer"),
        _("Your answer is final, and the disclosing agency is told."),
        _("Answered."),
        forms.AnswerForm,
        "ip/disclosures/offer.html",
    ),
    "close-disclosure": Step(
        "close",
        actions.close_disclosure,
        _("Close it"),
        _("Nothing more happens to it. Everything stays readable to those who read it now."),
        _("It is closed."),
        forms.ClosingForm,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: Request, ref: str, verb: str) -> HttpResponse:
    """Show what a step brings about, or why it cannot be taken now; take it on POST."""
    found, context = disclosure_page(request, ref)
    chosen, policy = STEPS[verb], context["policy"]
    refusal = policy.refusal(chosen.rule)
    if refusal is not None and (request.method == "POST" or refusal.status_code == 403):
        raise refusal
    typed = request.POST if request.method == "POST" else None
    form = chosen.form(typed, disclosure=found, actor=request.actor)
    is_ready = request.method == "POST" and form.is_valid()
    if is_ready and attempt(form, chosen.act, found, actor=request.actor, **form.cleaned_data) is not None:
        messages.success(request, str(chosen.done))
        return redirect(found)
    context |= {"form": form, "step": chosen, "refusal": refusal}
    return render(request, chosen.template, context, status=422 if form.errors else 200)
