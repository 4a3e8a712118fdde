"""Who hears of what happens to agencies and their people."""

from __future__ import annotations

import pytest

from agencies import actions
from agencies.models import Person
from portal.history.models import Event
from portal.inbox.models import Item
from tests.cast import Cast
from tests.factories import agencies as make

APPLICATION = "Instituto Andino de Estudios Espaciales applies to join"


def titles(cast: Cast, person: Person, kind: str = "to_know") -> list[str]:
    """What a person reads in their inbox, newest first."""
    items = Item.objects.for_actor(cast.actor(person)).filter(kind=kind, settled_at=None)
    return [item.title for item in items.order_by("-pk")]


def test_application_waits_for_the_operators_until_one_decides(cast: Cast) -> None:
    agency = make.applied_agency(cast)
    assert titles(cast, cast.olga, "waiting") == [APPLICATION]

    actions.verify(agency, actor=cast.actor(cast.olga))

    assert titles(cast, cast.olga, "waiting") == []
    assert titles(cast, cast.noor) == ["IAEE is verified: it is in the directory and may reach others"]


def test_refused_applicant_reads_why_and_waits_again_after_sending_it_once_more(cast: Cast) -> None:
    agency = make.refused_agency(cast)
    item = Item.objects.for_actor(cast.actor(cast.noor)).get()
    assert (item.title, item.why) == ("The application of IAEE was sent back", "The statute is missing.")

    actions.apply_again(agency, actor=cast.actor(cast.noor))

    assert titles(cast, cast.olga, "waiting") == [APPLICATION]


def test_reconsidered_application_waits_for_the_operators_again(cast: Cast) -> None:
    actions.reconsider(make.refused_agency(cast), actor=cast.actor(cast.olga))

    assert titles(cast, cast.olga, "waiting") == [APPLICATION]
    assert titles(cast, cast.noor)[0] == "The application of IAEE is checked once more"


def test_administrators_hear_of_a_suspension_although_they_act_for_nobody(cast: Cast) -> None:
    agency = actions.suspend(cast.jaxa, actor=cast.actor(cast.olga), reason="The domain was lost.")
    assert titles(cast, cast.mika) == ["JAXA is suspended: nobody may act for it"]
    assert titles(cast, cast.kenji) == []

    actions.reinstate(agency, actor=cast.actor(cast.olga))

    assert titles(cast, cast.mika)[0] == "JAXA may act again"


@pytest.mark.parametrize("verb", ["verified", "refused"])
def test_agency_reads_in_its_history_who_decided(cast: Cast, verb: str) -> None:
    if verb == "verified":
        make.verified_agency(cast)
    else:
        make.refused_agency(cast)

    event = Event.objects.visible_to(cast.actor(cast.noor)).get(verb=f"agency.{verb}")
    assert (event.agencies, event.person_uid, event.agency_ref) == (["IAEE"], cast.olga.uid, "")


def test_corrected_agency_reads_who_changed_what(cast: Cast) -> None:
    actions.correct(cast.jaxa, actor=cast.actor(cast.olga), version=1, legal_name="Another Name")

    event = Event.objects.visible_to(cast.actor(cast.mika)).get(verb="agency.profile_edited")
    assert (event.facts, event.person_uid) == ({"fields": ["legal_name"]}, cast.olga.uid)
    with pytest.raises(TypeError):
        actions.correct(cast.jaxa, actor=cast.actor(cast.olga), city="Chofu")


def test_administrators_hear_who_joins_and_who_leaves(cast: Cast) -> None:
    joined = actions.accept_invitation(make.invitation(cast), actor=cast.actor(cast.noor), consent=True)
    actions.end_membership(joined, actor=cast.actor(cast.noor))

    assert titles(cast, cast.mika) == ["Noor Alleen has left JAXA", "Noor Alleen has joined JAXA"]


def test_member_hears_of_other_roles_and_of_the_end(cast: Cast) -> None:
    membership = make.membership_of(cast.sora, cast.jaxa)
    mika = cast.actor(cast.mika)

    actions.change_roles(membership, actor=mika, proof=make.proof(), roles=["observer"])
    assert titles(cast, cast.sora) == ["Your roles at JAXA were changed"]
    actions.end_membership(membership, actor=mika)

    # What was said inside the agency stays there.
    assert titles(cast, cast.sora) == ["Your membership of JAXA has ended"]


def test_holder_hears_of_a_mandate_and_of_its_revocation(cast: Cast) -> None:
    mandate = make.mandate(cast)
    actions.revoke_mandate(mandate, actor=cast.actor(cast.mika))

    assert titles(cast, cast.kenji) == [
        f"Your mandate {mandate.ref} to sign for JAXA was revoked",
        f"You may sign for JAXA under the mandate {mandate.ref}",
    ]
    assert titles(cast, cast.sora) == []


def test_the_ledger_keeps_no_address_and_no_reason(cast: Cast) -> None:
    make.invitation(cast, "secret.person@jaxa.example")
    make.refused_agency(cast)

    facts = str(list(Event.objects.values_list("facts", flat=True)))
    assert "secret.person" not in facts
    assert "statute" not in facts
