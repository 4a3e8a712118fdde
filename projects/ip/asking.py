"""A question as somebody asks it, with references: found among what they may know, answered, and what they can do then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.zones import today
from portal.kit.actors import Actor
from portal.kit.forms import Form
from portal.kit.refusals import Refusal
from projects.ip.answers import Answer
from projects.ip.may_use import may_use
from projects.ip.models import AccessRequest, Asset, Purpose, askable_by
from projects.ip.policies import AskingPolicy


@dataclass(frozen=True)
class Asked:
    """The question, its answer, and the reader's next step where there is one."""

    asset: Asset
    agency: Agency
    purpose: Purpose
    on: date | datetime
    answer: Answer
    is_own: bool
    refusal: Refusal | None
    request: AccessRequest | None


def answer_for(actor: Actor, *, asset: str, agency: str, purpose: str, on: date | datetime | None) -> Asked:
    """Find the asset and the agency among what the actor may know, and answer.

    Raises ValidationError by field for what they cannot know, as for what there is not.
    """
    errors = {}
    found = askable_by(actor).with_owners().with_project().filter(ref=asset).first()
    if found is None:
        errors["asset"] = [_("There is no asset of this reference that you may see.")]
    named = _agency(actor, found, agency)
    if named is None:
        errors["agency"] = [_("There is no agency of this reference that you may see.")]
    if found is None or named is None:
        raise ValidationError(errors)
    day = on if on is not None else today(found.party.zone)
    is_own = named.pk == actor.agency_id
    given = may_use(found, named, purpose, day, reader=actor)
    refusal = AskingPolicy(actor, found, purpose).refusal("request") if is_own and not given.allowed else None
    own = AccessRequest.objects.visible_to(actor).open().filter(asset=found, purpose=purpose, requester=named)
    waiting = own.order_by("-pk").first() if not given.allowed else None
    return Asked(found, named, Purpose(purpose), day, given, is_own, refusal, waiting)


def read_question(form: Form, actor: Actor) -> Asked | None:
    """The answer to a form that is valid; what cannot be found is said beside its field, and None comes back."""
    try:
        return answer_for(actor, **form.cleaned_data)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            form.add_error(name, messages)
        return None


def _agency(actor: Actor, asset: Asset | None, ref: str) -> Agency | None:
    """A party of the project, or any agency that the actor may find in the directory."""
    if asset is not None:
        for row in asset.project.participations.all():
            if row.agency.ref == ref and (row.joined_on is not None or row.agency_id == actor.agency_id):
                return row.agency
    return Agency.objects.visible_to(actor).filter(ref=ref).first()
