"""Two people act on one agency at the same instant, on the real database."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from agencies import actions
from agencies.models import Membership, Role
from portal.history.models import Event
from portal.kit.actors import Actor
from portal.kit.refusals import NotNow, Refusal
from tests import cast as casting
from tests.factories import agencies as make


def at_once(*verbs: Callable[[], Any]) -> list[Any]:
    """Call each in a thread of its own, all together; returns what each returned or was refused with."""
    barrier, results = Barrier(len(verbs)), [None] * len(verbs)

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = verbs[number]()
        except Refusal as refusal:
            results[number] = refusal
        finally:
            connection.close()

    threads = [Thread(target=run, args=[number]) for number in range(len(verbs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_two_administrators_removing_each_other_leave_one() -> None:
    cast = casting.build()
    Membership.objects.filter(person=cast.kenji).update(roles=[Role.ADMINISTRATOR])
    mika, kenji = cast.actor(cast.mika), cast.actor(cast.kenji)

    results = at_once(
        lambda: actions.end_membership(kenji.membership, actor=mika),
        lambda: actions.end_membership(mika.membership, actor=kenji),
    )

    assert [isinstance(result, NotNow) for result in results].count(True) == 1
    assert Membership.objects.live().with_role(Role.ADMINISTRATOR).filter(agency=cast.jaxa).count() == 1
    assert Event.objects.filter(verb="membership.ended").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_administrators_giving_up_the_role_leave_one() -> None:
    cast = casting.build()
    Membership.objects.filter(person=cast.kenji).update(roles=[Role.ADMINISTRATOR])
    mika, kenji = cast.actor(cast.mika), cast.actor(cast.kenji)

    def give_up(actor: Actor) -> None:
        actions.change_roles(actor.membership, actor=actor, proof=make.proof(), roles=["observer"])

    at_once(lambda: give_up(mika), lambda: give_up(kenji))

    assert Membership.objects.live().with_role(Role.ADMINISTRATOR).filter(agency=cast.jaxa).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clicks_on_an_invitation_make_one_member() -> None:
    cast = casting.build()
    invitation, noor = make.invitation(cast), cast.actor(cast.noor)

    at_once(*[lambda: actions.accept_invitation(invitation, actor=noor, consent=True)] * 2)

    assert Membership.objects.filter(person=cast.noor).count() == 1
    assert Event.objects.filter(verb="invitation.accepted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_operators_decide_once() -> None:
    cast = casting.build()
    agency, olga = make.applied_agency(cast), cast.actor(cast.olga)

    at_once(
        lambda: actions.verify(agency, actor=olga),
        lambda: actions.refuse(agency, actor=olga, reason="The statute is missing."),
    )

    assert Event.objects.filter(verb__in=["agency.verified", "agency.refused"]).count() == 1
