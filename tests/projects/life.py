"""Projects in the states that the tests need, reached by their verbs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agencies.models import Person
from projects import actions
from projects.models import Participation, Project
from tests.cast import Cast
from tests.kept import kept


@dataclass
class Covering:
    """The answer to "which agreement covers this project?"; none while the reference is empty."""

    ref: str = ""

    def __call__(self, project: Project) -> Covering | None:
        return self if self.ref else None


@kept
def drafted(cast: Cast, **terms: Any) -> Project:
    """JAXA's draft."""
    words = {"title": "Polar Surveyor", "summary": "Find ice.", "objective": "Measure **ice**."}
    return actions.draft_project(actor=cast.actor(cast.mika), **{**words, **terms})


@kept
def proposed(cast: Cast, **terms: Any) -> Project:
    """Proposed by JAXA to ESA."""
    project = drafted(cast, **terms)
    actions.invite_partner(project, cast.esa, actor=cast.actor(cast.mika))
    return actions.propose(project, actor=cast.actor(cast.mika))


def answered(cast: Cast, project: Project, person: Person, answer: str, **said: Any) -> Participation:
    return actions.answer_invitation(project, actor=cast.actor(person), answer=answer, **said)


@kept
def accepted(cast: Cast, **terms: Any) -> Project:
    """Accepted by ESA."""
    project = proposed(cast, **terms)
    answered(cast, project, cast.lucien, "accept")
    return Project.objects.get(pk=project.pk)


@kept
def among_three(cast: Cast, **terms: Any) -> Project:
    """JAXA's, accepted by ESA and by ISRO."""
    project = drafted(cast, **terms)
    for agency in (cast.esa, cast.isro):
        actions.invite_partner(project, agency, actor=cast.actor(cast.mika))
    actions.propose(project, actor=cast.actor(cast.mika))
    for person in (cast.lucien, cast.tara):
        answered(cast, project, person, "accept")
    return Project.objects.get(pk=project.pk)
