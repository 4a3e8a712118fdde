"""Inviting agencies, taking on their conditions, and choosing one's own team."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.models import Agency, Membership
from portal.kit.actors import Actor
from portal.kit.forms import attempt
from projects import actions
from projects.forms import InviteForm, StepForm, TeamForm, suggest_agencies
from projects.models import Participation, Project
from projects.pages import project_page
from projects.policies import ProjectPolicy

FOUND = 25


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, ref: str) -> HttpResponse:
    """Ask an agency to take part."""
    project, context = project_page(request, ref, "invite")
    actor = context["actor"]
    context["policy"].require("invite")
    form = InviteForm(request.POST if request.method == "POST" else None, actor=actor)
    if request.method == "POST" and form.is_valid():
        participation = attempt(form, actions.invite_partner, project, form.found, actor=actor)
        if participation is not None:
            messages.success(request, _invited(project, participation))
            return redirect("projects:partners", ref=project.ref)
    words = request.POST.get("agency", "")[:200]
    context |= {"form": form, "found": suggest_agencies(words, project, actor)}
    return render(request, "projects/invite.html", context, status=422 if form.errors else 200)


@require_safe
def suggestions(request: HttpRequest, ref: str) -> HttpResponse:
    """At most eight agencies that match what is being typed."""
    actor = request.actor  # type: ignore[attr-defined]
    project = get_object_or_404(Project.objects.visible_to(actor).with_agencies(), ref=ref)
    ProjectPolicy(actor, project).require("invite")
    found = suggest_agencies(request.GET.get("agency", "")[:200], project, actor)
    return render(request, "projects/_suggestions.html", {"found": found})


@require_POST
def take_back(request: HttpRequest, ref: str, agency: str) -> HttpResponse:
    """Take an invitation back."""
    project, invited = _project_and_agency(request, ref, agency)
    form = StepForm(request.POST)
    if attempt(form, actions.withdraw_invitation, project, invited, actor=request.actor) is None:  # type: ignore[attr-defined]
        messages.error(request, " ".join(map(str, form.non_field_errors())))
    else:
        messages.success(request, _("The invitation of %(agency)s is taken back.") % {"agency": invited.acronym})
    return redirect("projects:partners", ref=project.ref)


@require_POST
def accept_condition(request: HttpRequest, ref: str, agency: str) -> HttpResponse:
    """Take on the condition a partner has set."""
    project, partner = _project_and_agency(request, ref, agency)
    form = StepForm(request.POST)
    if attempt(form, actions.accept_condition, project, partner, actor=request.actor) is None:  # type: ignore[attr-defined]
        messages.error(request, " ".join(map(str, form.non_field_errors())))
    else:
        messages.success(request, _("The condition of %(agency)s is accepted.") % {"agency": partner.acronym})
    return redirect("projects:partners", ref=project.ref)


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, ref: str) -> HttpResponse:
    """Choose who of one's own agency works on the project."""
    actor = request.actor  # type: ignore[attr-defined]
    project = get_object_or_404(Project.objects.visible_to(actor).with_teams(), ref=ref)
    ProjectPolicy(actor, project).require("assign_team")
    own = get_object_or_404(project.participations, agency=actor.agency_id)
    present = [member.membership for member in own.team.select_related("membership__person")]
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    people = present + [found for found in _found_members(words, actor) if found not in present]
    choices = [
        (member.ref, f"{member.person.name}, {', '.join(str(role) for role in member.role_names)}") for member in people
    ]
    form = TeamForm(
        request.POST if request.method == "POST" else None,
        choices=choices,
        initial={"members": [member.ref for member in present]},
    )
    if request.method == "POST" and form.is_valid():
        chosen = [member for member in people if member.ref in form.cleaned_data["members"]]
        if attempt(form, actions.assign_team, project, chosen, actor=actor) is not None:
            messages.success(request, _("The team is chosen."))
            return redirect("projects:partners", ref=project.ref)
    context = {"form": form, "project": project, "words": words, "people": people}
    return render(request, "projects/team.html", context, status=422 if form.errors else 200)


def _found_members(words: str, actor: Actor) -> list[Membership]:
    members = Membership.objects.visible_to(actor).live().select_related("person").order_by("person__name", "pk")
    return list(members.filter(person__name__icontains=words)[:FOUND])


def _project_and_agency(request: HttpRequest, ref: str, agency: str) -> tuple[Project, Agency]:
    """Both through what the actor may see: the agency has to take part in the project."""
    actor = request.actor  # type: ignore[attr-defined]
    project = get_object_or_404(Project.objects.visible_to(actor).with_teams(), ref=ref)
    ProjectPolicy(actor, project).require("see_inside")
    row = get_object_or_404(project.participations.select_related("agency"), agency__ref=agency)
    return project, row.agency


def _invited(project: Project, participation: Participation) -> str:
    names = {"agency": participation.agency.acronym}
    if project.is_draft:
        return _("%(agency)s is on the list. It is asked when you propose the project.") % names
    return _("%(agency)s is invited and asked for its answer.") % names
