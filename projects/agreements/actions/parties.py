"""What the text says of its parties: as what each of them is bound."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.history import record
from portal.kit.actors import Actor
from portal.kit.records import require_version
from projects.agreements.actions.locking import audience, lock
from projects.agreements.models import Agreement, Status
from projects.agreements.policies.parties import PartyPolicy

BOUND_AS_LENGTH = 200
# What the field of a party is called in a form, before its reference.
FIELD = "bound_as_"


@transaction.atomic
def set_bound_as(
    agreement: Agreement, *, actor: Actor, bound_as: Mapping[str, str], version: int | None = None
) -> Agreement:
    """Say in the text as what parties are bound, by reference; every party has to agree to the text again.

    Raises ValidationError keyed `bound_as` for nobody's, or for words that are not one printable line of 200 characters.
    """
    agreement, policy = lock(agreement, "set_bound_as", actor)
    parties = {party.agency.ref: party for party in agreement.party_list}
    if bound_as.keys() - parties.keys():
        raise ValidationError({"bound_as": [_("Parties alone are bound.")]})
    require_version(
        agreement, version, typed={FIELD + ref: words for ref, words in bound_as.items()},
        newer={FIELD + ref: (party.agency.acronym, party.bound_as) for ref, party in parties.items()},
    )  # fmt: skip
    changed = [ref for ref, words in bound_as.items() if words.strip() != parties[ref].bound_as]
    for ref in changed:
        PartyPolicy(policy, parties[ref]).require("set_bound_as")
        try:
            check_bound_as(bound_as[ref].strip())
        except ValidationError as error:
            raise ValidationError({"bound_as": error.messages}) from error
    if not changed:
        return agreement
    for ref in changed:
        parties[ref].bound_as = bound_as[ref].strip()
        parties[ref].save(update_fields=["bound_as"])
    if agreement.status == Status.TEXT_AGREED:
        agreement.move_to(Status.NEGOTIATING)
    agreement.bump().save()
    record(
        "agreement.bound_as_set", agreement, actor=actor, agencies=audience(agreement), scope=agreement.project.ref,
        facts={"parties": sorted(changed)},
    )  # fmt: skip
    return agreement


def check_bound_as(words: str) -> None:
    """Raise ValidationError for what cannot stand beside the name of a party."""
    if len(words) > BOUND_AS_LENGTH or not words.isprintable():
        raise ValidationError(_("One line of at most %(count)s characters.") % {"count": BOUND_AS_LENGTH})
