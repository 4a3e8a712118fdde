"""Negotiations reached by calling actions: a text of two or three parties, changes proposed and accepted."""

from __future__ import annotations

from typing import Any

from projects import actions as project_actions
from projects.agreements import actions
from projects.agreements.models import Agreement, Change
from projects.agreements.policies import AgreementPolicy
from projects.models import Project
from tests import stage
from tests.cast import Cast
from tests.kept import kept


def fresh(agreement: Agreement) -> Agreement:
    return Agreement.objects.get(pk=agreement.pk)


def text_of(agreement: Agreement, code: str) -> str:
    return agreement.clauses.get(code=code).text


@kept
def three_parties(cast: Cast, **facts: Any) -> Agreement:
    """Negotiated by JAXA, ESA and ISRO, which is no stranger here."""
    project = stage.drafted_project(cast)
    mika = cast.actor(cast.mika)
    project_actions.invite_partner(project, cast.esa, actor=mika)
    project_actions.invite_partner(project, cast.isro, actor=mika)
    project_actions.propose(project, actor=mika)
    for person in (cast.lucien, cast.tara):
        project_actions.answer_invitation(project, actor=cast.actor(person), answer="accept")
    drafted = stage.drafted_agreement(cast, Project.objects.get(pk=project.pk), **facts)
    return fresh(actions.share(drafted, actor=mika))


@kept
def reword(cast: Cast, agreement: Agreement, person: Any, code: str = "notices", text: str = "By letter.") -> Change:
    return actions.propose_change(agreement, actor=cast.actor(person), operation="reword", code=code, text=text)


@kept
def answer(cast: Cast, agreement: Agreement, person: Any, **answers: Any) -> Change:
    return actions.propose_change(agreement, actor=cast.actor(person), operation="answer", answers=answers)


@kept
def accepted(cast: Cast, agreement: Agreement, change: Change, *people: Any) -> Change:
    for person in people:
        change = actions.accept_change(agreement, change.number, actor=cast.actor(person))
    return change


def current_hash(cast: Cast, agreement: Agreement, person: Any) -> str:
    return AgreementPolicy(cast.actor(person), fresh(agreement)).current_hash


@kept
def agree(cast: Cast, agreement: Agreement, *people: Any) -> Agreement:
    for person in people:
        shown = current_hash(cast, agreement, person)
        agreement = actions.agree_to_text(agreement, actor=cast.actor(person), sha256=shown)
    return fresh(agreement)
