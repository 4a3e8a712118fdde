"""Steps of a project's life that deserve a second look: what will happen, then one button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from portal.kit.forms import Form, attempt
from projects import actions
from projects.forms import CauseForm, LeaveForm, NeededReasonForm, NoteForm, ReasonForm, StepForm
from projects.models import Project
from projects.pages import project_page


@dataclass(frozen=True)
class Step:
    """A verb with its words: the button, what it brings about, and what is said when it is done."""

    act: Callable[..., Any]
    button: str | Promise
    consequence: str | Promise
    done: str | Promise
    form: type[Form] = StepForm
    is_dangerous: bool = False


STEPS: dict[str, Step] = {
    "propose": Step(
        lambda project, **words: actions.propose(project, **words),
        _("Propose"),
        _("The invited agencies are asked for their answer. From then on the words are fixed; changes ask them again."),
        _("The project is proposed."),
    ),
    "withdraw": Step(
        actions.withdraw_proposal,
        _("Withdraw the proposal"),
        _("Nobody needs to answer any more. The proposal stays readable, and cannot be taken up again."),
        _("The proposal is withdrawn."),
        form=ReasonForm,
        is_dangerous=True,
    ),
    "activate": Step(
        lambda project, *, actor, version=None: actions.activate(project, actor=actor),
        _("Start the project"),
        _("The work begins today. Every partner is told."),
        _("The project is active."),
    ),
    "suspend": Step(
        actions.suspend,
        _("Suspend the project"),
        _("The work rests until you resume it. What the agreement obliges to goes on."),
        _("The project is suspended."),
        form=CauseForm,
        is_dangerous=True,
    ),
    "resume": Step(
        lambda project, *, actor, version=None: actions.resume(project, actor=actor),
        _("Resume the project"),
        _("The work goes on. Every partner is told."),
        _("The project is active again."),
    ),
    "complete": Step(
        actions.complete,
        _("Complete the project"),
        _("The work is done. The project stays readable; nothing more can be started in it."),
        _("The project is completed."),
        form=NoteForm,
    ),
    "cancel": Step(
        actions.cancel_project,
        _("Cancel the project"),
        _("The work ends before it is done, for every partner. It cannot be taken up again."),
        _("The project is cancelled."),
        form=NeededReasonForm,
        is_dangerous=True,
    ),
    "leave": Step(
        actions.leave_project,
        _("Leave the project"),
        _("Your agency leaves. The others go on, and what your agency has agreed to in writing still binds it."),
        _("Your agency leaves the project."),
        form=LeaveForm,
        is_dangerous=True,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, ref: str, verb: str) -> HttpResponse:
    """Show what a step brings about, or why it cannot be taken now; take it on POST."""
    project, context = project_page(request, ref, verb)
    chosen = STEPS[verb]
    form = chosen.form(request.POST if request.method == "POST" else None, initial={"version": project.version})
    if request.method == "POST":
        context["policy"].require(verb)
        if (
            form.is_valid()
            and attempt(form, chosen.act, project, actor=context["actor"], **form.cleaned_data) is not None
        ):
            messages.success(request, str(chosen.done))
            still_seen = Project.objects.visible_to(context["actor"]).filter(pk=project.pk).exists()
            return redirect(project.get_absolute_url() if still_seen else reverse("projects:list"))
    context |= {"form": form, "step": chosen, "refusal": context["policy"].refusal(verb)}
    return render(request, "projects/step.html", context, status=422 if form.errors else 200)
