"""Two agencies act at the same instant, on the real database."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from portal.history.models import Event
from portal.kit.refusals import Refusal
from projects import actions
from projects.models import Project, Status
from tests import cast as casting
from tests.projects.life import proposed


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
def test_two_last_answers_at_once_accept_the_project_once() -> None:
    cast = casting.build()
    project = proposed(cast)
    actions.invite_partner(project, cast.isro, actor=cast.actor(cast.mika))
    lucien, tara = cast.actor(cast.lucien), cast.actor(cast.tara)

    at_once(
        lambda: actions.answer_invitation(project, actor=lucien, answer="accept"),
        lambda: actions.answer_invitation(project, actor=tara, answer="accept"),
    )

    assert Project.objects.get().status == Status.ACCEPTED
    assert Event.objects.filter(verb="project.accepted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_answer_and_new_terms_at_once_never_leave_an_acceptance_of_unread_terms() -> None:
    cast = casting.build()
    project = proposed(cast)
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)

    at_once(
        lambda: actions.answer_invitation(project, actor=lucien, answer="accept", terms_number=1),
        lambda: actions.revise_terms(project, actor=mika, title="Other words"),
    )

    fresh = Project.objects.get()
    assert (fresh.status, fresh.terms_number) == (Status.PROPOSED, 2)
    assert [row.agency for row in fresh.parties()] == [cast.jaxa]
