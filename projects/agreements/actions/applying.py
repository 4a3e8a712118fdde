"""What an accepted change does: the next revision of the text, and the open changes that it overtakes."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Membership
from portal.kit.actors import Actor
from portal.kit.refusals import NotNow
from projects.agreements import written
from projects.agreements.drafts import Draft
from projects.agreements.models import Agreement, Change, Decision
from projects.agreements.proposals import ON_WORDS, is_overtaken, proposed


def drafts_of(agreement: Agreement, change: Change) -> tuple[Draft, Draft]:
    """The part of the text that a change is about, before and after it; raises ValidationError keyed by field."""
    if change.part not in written.parts_of(agreement):
        raise ValidationError({"part": [_("The text has no such part.")]})
    before = written.draft_of(agreement, change.part)
    after = proposed(before, change)
    written.rule_after(agreement, change.part, before.profile, after.profile)
    return before, after


def apply(agreement: Agreement, change: Change, others: Iterable[Change]) -> list[int]:
    """Write the change as the next revision, in the name of who proposed it; gives the numbers that it overtook."""
    try:
        before, after = drafts_of(agreement, change)
    except ValidationError as error:
        raise NotNow(" ".join(error.messages), code="change-does-not-fit", state=agreement.status) from error
    proposer = Actor(person=change.person, membership=Membership(person=change.person, agency=change.agency, roles=[]))
    written.next_revision(agreement, {change.part: after}, actor=proposer)
    change.applied_in = agreement.revision
    change.move_to(Decision.ACCEPTED, at=timezone.now())
    change.save()
    same_part = [other for other in others if other.pk != change.pk and other.part == change.part]
    return overtake(agreement, same_part, before, after, applied=change)


def overtake(
    agreement: Agreement, others: Iterable[Change], before: Draft, after: Draft, *, applied: Change | None = None
) -> list[int]:
    """Close every open change that cannot be meant any more as it was proposed; gives their numbers."""
    revisions = dict(agreement.clauses.values_list("code", "revision"))
    overtaken = []
    for other in others:
        if is_overtaken(other, before, after, applied):
            other.move_to(Decision.OVERTAKEN, at=timezone.now())
            other.save(update_fields=["status", "decided_at"])
            overtaken.append(other.number)
        elif other.operation in ON_WORDS and other.code in revisions:
            # In the words that it changes, nothing but the number of another clause is new.
            other.based_on = revisions[other.code]
            other.save(update_fields=["based_on"])
    return overtaken
