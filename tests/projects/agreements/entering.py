"""Agreements of three parties on their way into force: JAXA, ESA, and ISRO, which is no stranger here."""

from __future__ import annotations

from typing import Any

from projects import actions as project_actions
from projects.agreements import actions
from projects.agreements.models import Agreement
from projects.agreements.policies import AgreementPolicy
from projects.models import Project
from tests import stage
from tests.cast import LONG_AGO, Cast
from tests.kept import kept


@kept
def drafted(cast: Cast, **rule: Any) -> Agreement:
    """A draft of JAXA with ESA and ISRO, whose rule of entry into force is set."""
    project = stage.accepted_project(cast)
    project_actions.invite_partner(project, cast.isro, actor=cast.actor(cast.mika))
    project_actions.answer_invitation(project, actor=cast.actor(cast.tara), answer="accept")
    agreement = stage.drafted_agreement(cast, Project.objects.get(pk=project.pk))
    return actions.set_entry_rule(agreement, actor=cast.actor(cast.mika), **rule) if rule else agreement


@kept
def frozen(cast: Cast, **rule: Any) -> Agreement:
    """Agreed by the three and open for signature."""
    agreement = actions.share(drafted(cast, **rule), actor=cast.actor(cast.mika))
    for person in (cast.mika, cast.lucien, cast.tara):
        actor = cast.actor(person)
        shown = AgreementPolicy(actor, Agreement.objects.get(pk=agreement.pk)).current_hash
        actions.agree_to_text(agreement, actor=actor, sha256=shown)
    return actions.freeze(agreement, actor=cast.actor(cast.mika))


@kept
def signed_by(cast: Cast, agreement: Agreement, *people: Any) -> Agreement:
    for person in people:
        stage.sign(cast, agreement, person)
    return fresh(agreement)


def act(cast: Cast, agreement: Agreement, person: Any, kind: str = "completion", **facts: Any) -> Agreement:
    """The person records an act of their agency."""
    facts = {"done_on": LONG_AGO} | facts
    return actions.record_act(agreement, actor=cast.actor(person), kind=kind, **facts)


def fresh(agreement: Agreement) -> Agreement:
    return Agreement.objects.get(pk=agreement.pk)
