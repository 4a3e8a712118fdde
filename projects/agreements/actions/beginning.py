"""How an agreement begins: its first draft is drawn from the library, between parties and under an umbrella that bear it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import Agency, InstrumentKind
from portal.history import record
from portal.kit.actors import Actor
from projects.agreements import profile as clause_profile
from projects.agreements import tree, written
from projects.agreements.drafts import Draft
from projects.agreements.models import Agreement, Part, Party
from projects.agreements.models.library import offered
from projects.agreements.policies import DraftingPolicy
from projects.models import Project

# An amendment and an accession begin at the agreement that they are about.
FROM_A_PROJECT = tuple(
    kind for kind in InstrumentKind if kind not in (InstrumentKind.AMENDMENT, InstrumentKind.ACCESSION)
)


@transaction.atomic
def draft_agreement(
    project: Project,
    *,
    actor: Actor,
    title: str,
    kind: str = InstrumentKind.IP_SHARING,
    answers: dict[str, Any] | None = None,
    parties: list[Agency] | None = None,
    parent: Agreement | None = None,
) -> Agreement:
    """Draw an agreement between the accepted parties of a project; only the drafter sees it until it is shared.

    `parent` is the umbrella it stands under. Raises ValidationError keyed by field for bad answers, an empty title, a
    kind that starts elsewhere, parties that have not accepted the project, or an umbrella that cannot bear it.
    """
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    project = Project.objects.with_agencies().get(pk=project.pk)
    DraftingPolicy(actor, project).require("draft")
    if kind not in FROM_A_PROJECT:
        raise ValidationError({"kind": [_("Choose one of the listed kinds.")]})
    chosen = _parties(project, actor, parties)
    require_bearing(parent, project=project.pk, parties={agency.pk for agency in chosen})
    return begin(
        project, actor=actor, title=title, kind=kind, answers=answers, parent=parent, parties=chosen
    )  # fmt: skip


def begin(
    project: Project,
    *,
    actor: Actor,
    title: str,
    kind: str,
    parties: list[Agency],
    answers: dict[str, Any] | None = None,
    parent: Agreement | None = None,
    newcomer: Agency | None = None,
    amended: Draft | None = None,
) -> Agreement:
    """Write a first draft, its parties and its first revision; whoever calls has asked the policy and holds the lock."""
    profile = clause_profile.clean({**clause_profile.defaults(kind), **(answers or {})}, kind)
    agreement = Agreement.objects.create(
        project=project,
        kind=kind,
        title=checked_title(title),
        parent=parent,
        newcomer=newcomer,
        drafter=actor.agency,
        depositary=parent.depositary if parent is not None else actor.agency,
        profile=profile,
        amended_profile=dict(amended.profile) if amended else {},
        changed_by=actor.agency,
    )
    Party.objects.bulk_create(
        Party(
            agreement=agreement,
            agency=agency,
            agency_name=agency.legal_name,
            native_name=agency.native_name,
            position=position,
        )
        for position, agency in enumerate(parties, start=1)
    )
    drafts: dict[str, Draft] = {Part.OWN: Draft(kind=kind, profile=profile, library=offered(kind))}
    if amended is not None:
        drafts[Part.AMENDED] = amended
    written.begin(agreement, drafts, actor=actor)
    record(
        "agreement.drafted", agreement, actor=actor, agencies=[actor.agency], scope=project.ref,
        facts={"kind": str(agreement.kind), **({"under": parent.ref} if parent is not None else {})},
    )  # fmt: skip
    return agreement


def require_bearing(parent: Agreement | None, *, project: int, parties: set[int], child: int | None = None) -> None:
    """Raise ValidationError, at `parent`, when an instrument between these parties cannot stand under another."""
    if parent is None:
        return
    if why := tree.cannot_stand_under(parent, project=project, parties=parties, child=child):
        raise ValidationError({"parent": [why]})


def checked_title(title: str) -> str:
    """A title as it stands on the signed text; ValidationError for none, or for one that cannot be printed."""
    title = title.strip()
    if not title:
        raise ValidationError({"title": [_("Give the agreement a title.")]})
    if len(title) > 200 or not title.isprintable():
        raise ValidationError({"title": [_("One line of at most 200 characters.")]})
    return title


def _parties(project: Project, actor: Actor, wanted: list[Agency] | None) -> list[Agency]:
    """The drafter first, then the others in the order they joined."""
    accepted = [participation.agency for participation in project.parties()]
    chosen = accepted if wanted is None else [agency for agency in accepted if agency in wanted]
    if wanted is not None and (strangers := [agency.acronym for agency in wanted if agency not in accepted]):
        raise ValidationError(
            {"parties": [_("Not an accepted party of the project: %(names)s.") % {"names": ", ".join(strangers)}]}
        )
    if actor.agency not in chosen or len(chosen) < 2:
        raise ValidationError({"parties": [_("Your agency and at least one other that has accepted the project.")]})
    return sorted(chosen, key=lambda agency: agency != actor.agency)
