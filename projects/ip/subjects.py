"""What a dispute can be about: a record by kind and reference, found only as far as the actor may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from projects.ip.models import Disclosure, DisputeSubject
from projects.ip.reading import title_of
from projects.ip.terms import all_terms
from projects.models import Project

MOST = 200
# The model of each kind, and the path from it to its project.
MODELS = {
    DisputeSubject.ASSET: ("ip.Asset", "project"),
    DisputeSubject.REQUEST: ("ip.AccessRequest", "asset__project"),
    DisputeSubject.DISCLOSURE: ("ip.Disclosure", "project"),
    DisputeSubject.PUBLICATION: ("ip.PublicationNotice", "project"),
}


@dataclass(frozen=True)
class Subject:
    """A record as it may be shown to somebody who sees it: its words, and its page."""

    kind: str
    ref: str
    words: str
    url: str = ""
    record: Any = None


def find_subject(project: Project, kind: str, ref: str, *, clause: str = "", actor: Actor) -> Subject:
    """The record; ValidationError for "subject_ref" where the actor sees none of that kind in the project.

    What does not exist and what one may not see are answered alike.
    """
    found = (
        _clause(project, ref, clause, actor) if kind == DisputeSubject.CLAUSE else _record(project, kind, ref, actor)
    )
    if found is None:
        raise ValidationError({"subject_ref": [_("There is no such record in this project that you may see.")]})
    return found


def show_subject(project: Project, kind: str, ref: str, *, clause: str = "", actor: Actor) -> Subject:
    """The record for a page: without words and address for who may not see it."""
    found = (
        _clause(project, ref, clause, actor) if kind == DisputeSubject.CLAUSE else _record(project, kind, ref, actor)
    )
    return found or Subject(kind, ref, "")


def _record(project: Project, kind: str, ref: str, actor: Actor) -> Subject | None:
    name, path = MODELS[DisputeSubject(kind)]
    model: Any = apps.get_model(name)
    record = model.objects.visible_to(actor).filter(**{path: project, "ref": ref}).first()
    if record is None:
        return None
    return Subject(kind, ref, _title(record, actor), record.get_absolute_url(), record)


def _title(record: Any, actor: Actor) -> str:
    """SECURITY: who sees the marking of a disclosure does not see its title, nor does who may not be given it now."""
    return title_of(record, actor) if isinstance(record, Disclosure) else getattr(record, "title", "")


def _clause(project: Project, ref: str, clause: str, actor: Actor) -> Subject | None:
    for terms in all_terms(project):
        if terms.agreement == ref and clause in terms.clauses and actor.agency is not None:
            if actor.agency.ref not in terms.parties:
                return None
            return Subject(DisputeSubject.CLAUSE, ref, terms.source(clause), terms.url, terms)
    return None


def offered_subjects(project: Project, actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a form can offer, grouped by kind, the newest first: one query for each kind."""
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    for kind, (name, path) in MODELS.items():
        model: Any = apps.get_model(name)
        rows = model.objects.visible_to(actor).filter(**{path: project}).order_by("-pk")[:MOST]
        words = [(f"{kind}:{row.ref}", f"{row.ref} {_title(row, actor)}".strip()) for row in rows]
        groups.append((str(kind.label), words))
    clauses = [
        (f"{DisputeSubject.CLAUSE}:{terms.agreement}:{code}", terms.source(code))
        for terms in all_terms(project)
        if actor.agency is not None and actor.agency.ref in terms.parties
        for code in terms.clauses
    ]
    groups.append((str(DisputeSubject.CLAUSE.label), clauses))
    return [group for group in groups if group[1]]
