"""Entry into force in pages: the rule, who has done what, what is missing, and the depositary's confirmation."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.kit.actors import Request
from portal.kit.forms import attempt
from projects.agreements import actions
from projects.agreements.entry.grammar import to_json
from projects.agreements.entry.provisional import provisional_of
from projects.agreements.entry.standings import party_standings
from projects.agreements.forms.force import ActForm, EntryRuleForm
from projects.agreements.models import Agreement
from projects.agreements.pages import agreement_page

INVALID = 422


@require_safe
def force(request: Request, ref: str) -> HttpResponse:
    """The rule in words, where each party stands, and what one's own agency can do now."""
    agreement, context = agreement_page(request, ref, "force")
    return _page(request, agreement, context)


@require_POST
def record_act(request: Request, ref: str) -> HttpResponse:
    """Record an act of one's own agency."""
    agreement, context = agreement_page(request, ref, "force")
    context["policy"].require("record_act")
    form = ActForm(request.POST, kinds=context["policy"].open_acts)
    if form.is_valid() and attempt(form, actions.record_act, agreement, actor=request.actor, **form.cleaned_data):
        messages.success(request, _("The act is recorded. The other parties are told."))
        return redirect("agreements:force", ref)
    return _page(request, agreement, {**context, "act_form": form})


@require_POST
def set_entry_rule(request: Request, ref: str) -> HttpResponse:
    """Say when the instrument enters into force."""
    agreement, context = agreement_page(request, ref, "force")
    context["policy"].require("set_entry_rule")
    form = EntryRuleForm(request.POST, agreement=agreement)
    if form.is_valid() and attempt(form, actions.set_entry_rule, agreement, actor=request.actor, **form.chosen):
        messages.success(request, _("The rule is saved; the text follows it."))
        return redirect("agreements:force", ref)
    return _page(request, agreement, {**context, "rule_form": form})


@require_POST
def enter_into_force(request: Request, ref: str) -> HttpResponse:
    """The depositary's confirmation."""
    agreement = get_object_or_404(Agreement.objects.visible_to(request.actor), ref=ref)
    done = actions.enter_into_force(agreement, actor=request.actor)
    words = _("The agreement is in force.") if done.is_binding else _("The instrument is operative.")
    messages.success(request, words)
    return redirect("agreements:agreement", ref)


def _page(request: Request, agreement: Agreement, context: dict[str, Any]) -> HttpResponse:
    policy = context["policy"]
    if "act_form" not in context and policy.can_record_act:
        context["act_form"] = ActForm(kinds=policy.open_acts)
    if "rule_form" not in context and policy.can_set_entry_rule:
        context["rule_form"] = EntryRuleForm(agreement=agreement)
    is_invalid = any(form.errors for name in ("act_form", "rule_form") if (form := context.get(name)))
    context |= party_standings(agreement, policy.standing)
    context["confirm_url"] = next(filter(None, (row["confirm_url"] for row in context["parties"])), "")
    context["provisional"] = provisional_of(agreement, policy.facts)
    context["rule_json"] = json.dumps(to_json(context["rule"]), indent=2)
    return render(request, "agreements/force.html", context, status=INVALID if is_invalid else 200)
