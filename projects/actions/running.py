"""Starting, resting, resuming and ending the work."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from portal.history import record
from portal.kit.actors import Actor
from projects.actions.locking import PEOPLE, lock, said
from projects.missing import missing_to_activate
from projects.models import Mode, Project, Status


@transaction.atomic
def activate(project: Project, *, actor: Actor) -> Project:
    """Start the work under the agreement that covers every party, or as a study without restricted data."""
    project = lock(project, "activate", actor)
    return _start(project, actor)


@transaction.atomic
def activate_when_covered(project: Project, *, actor: Actor) -> Project:
    """Start the accepted project as soon as an agreement covers every party; asked when one enters into force.

    Does nothing to a project that is not waiting for it. A study is started by its lead alone.
    """
    locked = (
        Project.objects.select_for_update(of=("self",), no_key=True)
        .select_related("lead")
        .prefetch_related(*PEOPLE)
        .get(pk=project.pk)
    )
    if locked.status != Status.ACCEPTED or locked.mode == Mode.STUDY or missing_to_activate(locked):
        return locked
    return _start(locked, actor)


@transaction.atomic
def suspend(project: Project, *, actor: Actor, cause: str) -> Project:
    """Let the work rest and say why; what the agreement obliges to goes on."""
    project = lock(project, "suspend", actor)
    project.move_to(Status.SUSPENDED, reason=said("cause", cause, _("Say why the project is suspended."))).save()
    record("project.suspended", project, actor=actor, agencies=project.agencies())
    return project


@transaction.atomic
def resume(project: Project, *, actor: Actor) -> Project:
    """Take the work up again."""
    project = lock(project, "resume", actor)
    project.move_to(Status.ACTIVE, agreement_ref=_covering_ref(project)).save()
    record(
        "project.resumed", project, actor=actor, agencies=project.agencies(), facts={"agreement": project.active_under}
    )
    return project


@transaction.atomic
def complete(project: Project, *, actor: Actor, note: str = "") -> Project:
    """Say that the work is done."""
    project = lock(project, "complete", actor)
    project.move_to(Status.COMPLETED, reason=said("note", note)).save()
    record("project.completed", project, actor=actor, agencies=project.agencies())
    return project


@transaction.atomic
def cancel_project(project: Project, *, actor: Actor, reason: str) -> Project:
    """End the work before it is done and say why."""
    project = lock(project, "cancel", actor)
    project.move_to(Status.CANCELLED, reason=said("reason", reason, _("Say why the project is cancelled."))).save()
    record("project.cancelled", project, actor=actor, agencies=project.agencies())
    return project


def _start(project: Project, actor: Actor) -> Project:
    project.move_to(Status.ACTIVE, agreement_ref=_covering_ref(project)).save()
    facts = {"agreement": project.active_under, "mode": project.mode}
    record("project.activated", project, actor=actor, agencies=project.agencies(), facts=facts)
    return project


def _covering_ref(project: Project) -> str:
    agreement = project.covering_agreement if project.mode == Mode.AGREEMENT else None
    return agreement.ref if agreement is not None else ""
