"""Putting words in brackets, as lawyers do with what is open, and lifting them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.history import record
from portal.kit.actors import Actor
from portal.kit.records import require_version
from portal.kit.refusals import Forbidden, NotNow
from projects.agreements.actions.clauses import clause_of
from projects.agreements.actions.locking import audience, lock
from projects.agreements.drafts import UNPRINTABLE
from projects.agreements.models import Agreement, Bracket, Status

LENGTH = 500


@transaction.atomic
def place_bracket(
    agreement: Agreement, code: str, *, actor: Actor, words: str = "", note: str = "", version: int | None = None
) -> Bracket:
    """Mark words of a clause as open, or the whole clause; until the bracket is lifted nobody can agree to the text."""
    agreement, _policy = lock(agreement, "place_bracket", actor)
    require_version(agreement, version, typed={"words": words, "note": note})
    clause = clause_of(agreement, code)
    words, note = _checked("words", words), _checked("note", note)
    if words and words not in clause.text:
        raise ValidationError({"words": [_("These words do not occur in the clause as it reads now.")]})
    bracket = Bracket.objects.create(
        agreement=agreement, code=code, words=words, note=note, agency=actor.agency, person=actor.person
    )
    if agreement.status == Status.TEXT_AGREED:
        agreement.move_to(Status.NEGOTIATING)
    _record("placed", agreement, bracket, actor)
    return bracket


@transaction.atomic
def lift_bracket(agreement: Agreement, pk: int, *, actor: Actor, version: int | None = None) -> Bracket:
    """Lift a bracket that the actor's agency placed."""
    agreement, _policy = lock(agreement, "place_bracket", actor)
    bracket = agreement.brackets.select_related("agency").filter(pk=pk).first()
    if bracket is None:
        raise ValidationError({"bracket": [_("This agreement has no such bracket.")]})
    if bracket.agency_id != actor.agency_id:
        raise Forbidden(_("The agency that placed a bracket lifts it."), code="not-your-bracket")
    if not bracket.stands:
        raise NotNow(_("The bracket is lifted already."), code="already-lifted", state=agreement.status)
    require_version(agreement, version)
    bracket.lifted_at, bracket.lifted_by = timezone.now(), actor.person
    bracket.save()
    _record("lifted", agreement, bracket, actor)
    return bracket


def _checked(name: str, words: str) -> str:
    words = words.replace("\r\n", "\n").strip()
    if len(words) > LENGTH or UNPRINTABLE.search(words):
        raise ValidationError({name: [_("At most 500 printable characters.")]})
    return words


def _record(what: str, agreement: Agreement, bracket: Bracket, actor: Actor) -> None:
    agreement.bump().save()
    record(
        f"agreement.bracket_{what}", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"bracket": bracket.pk, "clause": bracket.code},
    )  # fmt: skip
