"""The two sides of a comparison: a version, the library's own text for the same answers, or another agreement."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.records import REF_PATTERN
from projects.agreements.canonical import text_hash
from projects.agreements.compare import Comparison, compare
from projects.agreements.models import Agreement
from projects.agreements.models.library import offered
from projects.agreements.profile import assemble
from projects.agreements.versions import KEY, Version, current, document_of, find, first_shown, first_text_shown
from projects.agreements.written import facts_of

MODEL = "model"


@dataclass(frozen=True)
class Side:
    """One of two texts; `version` is None for the library's own, `agreement` for everything but another agreement."""

    key: str
    label: str
    document: Mapping[str, Any]
    version: Version | None = None
    agreement: Agreement | None = None

    @property
    def sha256(self) -> str | None:
        return text_hash(dict(self.document)) if self.version else None


def sides_of(agreement: Agreement, asked: Mapping[str, str], actor: Actor) -> tuple[Side, Side]:
    """The older and the newer side that `from`, `to` and `with` name; without them, what changed last.

    Raises ValidationError keyed by the parameter, and Http404 for what the actor does not know.
    """
    other, older, newer = (asked.get(name, "") for name in ("with", "from", "to"))
    if other and newer:
        raise ValidationError({"with": [_("Compare with one text: another version, or another agreement.")]})
    if other and not _is_reference(other):
        raise ValidationError({"with": [_("Give the reference of an agreement, such as A-2026-0003.")]})
    if other:
        older, newer = older or current(agreement, actor).key, other
    newer = newer or current(agreement, actor).key
    older = older or _before(agreement, newer, actor)
    if MODEL in (older, newer):
        return _beside_model(agreement, older, newer, actor)
    return _side(agreement, older, actor, "from"), _side(agreement, newer, actor, "to")


def comparison_of(before: Side, after: Side) -> Comparison:
    """What differs; the annexes of a revision are those of today, so that only frozen texts and agreements have theirs."""
    has_own = all(side.agreement or (side.version and side.version.is_frozen) for side in (before, after))
    return compare(before.document, after.document, with_annexes=bool(has_own))


def _side(agreement: Agreement, key: str, actor: Actor, parameter: str) -> Side:
    if KEY.fullmatch(key):
        version = find(agreement, key, actor)
        return Side(key, version.label, document_of(agreement, version), version)
    if not _is_reference(key):
        words = _("Name a revision (r7), a frozen text (v1), the model, or another agreement by its reference.")
        raise ValidationError({parameter: [words]})
    other = get_object_or_404(Agreement.objects.visible_to(actor).for_pages(), ref=key)
    version = current(other, actor)
    return Side(key, f"{other.ref}, {version.label}", document_of(other, version), version, other)


def _beside_model(agreement: Agreement, older: str, newer: str, actor: Actor) -> tuple[Side, Side]:
    if older == newer:
        raise ValidationError({"from": [_("The model is the model: choose a version to compare it with.")]})
    is_first = older == MODEL
    real = _side(agreement, newer if is_first else older, actor, "to" if is_first else "from")
    model = _model_of(real, real.agreement or agreement, "from" if is_first else "to")
    return (model, real) if is_first else (real, model)


def _model_of(side: Side, agreement: Agreement, parameter: str) -> Side:
    """What the library writes today for the answers of a text; all else is as in that text."""
    document = side.document
    try:
        library = offered(document["kind"])
        drawn = assemble(document["profile"], document["kind"], facts=facts_of(agreement), library=library)
    except (ValidationError, KeyError) as error:
        words = _("The library has no text for these answers any more.")
        raise ValidationError({parameter: [words]}) from error
    clauses = [
        {"number": clause.number, "code": clause.code, "heading": clause.heading, "text": clause.text}
        for clause in drawn
    ]
    label = _("Model, version %(version)s of the library") % {"version": library.version}
    return Side(MODEL, label, {**document, "clauses": clauses}, None, side.agreement)


def _before(agreement: Agreement, key: str, actor: Actor) -> str:
    """What a version follows: the text frozen before it, or the revision before it; the model before the first."""
    match = KEY.fullmatch(key)
    if match is None:
        return current(agreement, actor).key
    letter, number = match[1], int(match[2])
    first = first_text_shown(agreement, actor) if letter == "v" else first_shown(agreement, actor)
    return f"{letter}{number - 1}" if number > first else MODEL


def _is_reference(key: str) -> bool:
    return re.fullmatch(REF_PATTERN, key) is not None
