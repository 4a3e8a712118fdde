"""The page of an alarm: what does not fit, and what operators say of it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.history import alarms
from portal.history.forms import ExplanationForm
from portal.history.models import Alarm
from portal.history.policies import AlarmPolicy
from portal.history.views import LARGEST, layout_for
from portal.kit.actors import Request
from portal.kit.forms import attempt


@login_not_required
@require_safe
def alarm(request: Request, number: int) -> HttpResponse:
    """One alarm, for everybody."""
    found = _found(request, number)
    context = {"layout": layout_for(request.actor), "alarm": found, "policy": AlarmPolicy(request.actor, found)}
    return render(request, "history/alarm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def explain(request: Request, number: int) -> HttpResponse:
    """Say publicly what happened."""
    found = _found(request, number)
    AlarmPolicy(request.actor, found).require("explain")
    form = ExplanationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        explanation = attempt(form, alarms.explain, found, actor=request.actor, text=form.cleaned_data["text"])
        if explanation is not None:
            messages.success(request, _("The explanation stands on the page of the alarm."))
            return redirect("history:alarm", number)
    return render(request, "history/explain.html", {"alarm": found, "form": form}, status=422 if form.errors else 200)


def _found(request: Request, number: int) -> Alarm:
    if number > LARGEST:
        raise Http404
    found: Alarm = get_object_or_404(Alarm.objects.visible_to(request.actor), pk=number)
    return found
