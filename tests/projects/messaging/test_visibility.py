"""Who reads which thread and which message, as tables."""

import pytest
from django.utils import timezone

from agencies.models import Role
from projects import actions as project_actions
from projects.messaging import actions
from projects.messaging.models import Audience, Message, Thread
from projects.models import Audience as Openness
from projects.models import Participation, TeamMember
from tests.cast import LONG_AGO
from tests.projects import life
from tests.projects.messaging import talk

PEOPLE = ["mika", "kenji", "sora", "lucien", "ingrid", "emil", "tara", "nils", "noor", "olga"]


@pytest.fixture
def project(cast):
    return life.accepted(cast, audience=Openness.PUBLIC)


def readers_of(cast, rows):
    return {who for who in PEOPLE if rows.visible_to(cast.actor(getattr(cast, who))).exists()}


def bodies(cast, who):
    return set(Message.objects.visible_to(cast.actor(getattr(cast, who))).values_list("body", flat=True))


def test_a_thread_on_a_project_is_for_those_inside_it(cast, project):
    talk.on_project(cast, project)

    assert readers_of(cast, Thread.objects) == {"mika", "kenji", "lucien", "ingrid"}


def test_an_agency_of_the_project_that_is_not_listed_reads_nothing(cast, project):
    talk.on_project(cast, project, agencies=[])

    assert readers_of(cast, Thread.objects) == {"mika", "kenji"}


def test_a_contributor_reads_once_on_the_team(cast, project):
    talk.on_project(cast, project)
    own = Participation.objects.get(project=project, agency=cast.jaxa)

    TeamMember.objects.create(participation=own, membership=cast.actor(cast.sora).membership)

    assert "sora" in readers_of(cast, Thread.objects)


@pytest.mark.parametrize("status", ["declined", "withdrawn"])
def test_leaving_the_project_ends_the_reading(cast, project, status):
    talk.on_project(cast, project)

    Participation.objects.filter(agency=cast.esa).update(status=status)

    assert readers_of(cast, Thread.objects) == {"mika", "kenji"}
    assert readers_of(cast, Message.objects) == {"mika", "kenji"}


def test_between_agencies_those_who_reach_every_project_read(cast):
    talk.between(cast)

    assert readers_of(cast, Thread.objects) == {"mika", "kenji", "lucien", "ingrid"}


def test_between_agencies_whoever_wrote_goes_on_reading(cast):
    thread = talk.between(cast)
    talk.say(cast, thread, cast.lucien, "In Paris?")
    membership = cast.actor(cast.lucien).membership
    membership.roles = [Role.CONTRIBUTOR]
    membership.save()

    assert "lucien" in readers_of(cast, Thread.objects)


def test_internal_messages_stay_inside_their_agency(cast, project):
    thread = talk.on_project(cast, project)
    talk.say(cast, thread, cast.kenji, "Our battery is weak.", Audience.INTERNAL)
    talk.say(cast, thread, cast.lucien, "They will never agree.", Audience.INTERNAL)

    assert bodies(cast, "mika") == {"Will 18 W do?", "Our battery is weak."}
    assert bodies(cast, "ingrid") == {"Will 18 W do?", "They will never agree."}


def test_an_agency_added_later_reads_from_then_on(cast):
    thread = talk.between(cast)
    actions.add_agency(thread, actor=cast.actor(cast.mika), agency=cast.isro)
    talk.say(cast, thread, cast.lucien, "Welcome.")

    assert bodies(cast, "tara") == {"Welcome."}


def test_a_person_of_two_agencies_reads_as_the_one_they_act_for(cast, project):
    from agencies.models import Membership

    thread = talk.on_project(cast, project)
    talk.say(cast, thread, cast.kenji, "Our battery is weak.", Audience.INTERNAL)
    Membership.objects.create(person=cast.mika, agency=cast.isro, roles=[Role.MANAGER], starts_on=LONG_AGO)
    actor = cast.actor(cast.mika)

    assert actor.agency == cast.jaxa
    other = type(actor)(person=actor.person, membership=Membership.objects.get(person=cast.mika, agency=cast.isro))
    assert not Message.objects.visible_to(other).exists()


def test_an_ended_membership_reads_nothing(cast):
    talk.between(cast)
    membership = cast.actor(cast.lucien).membership
    membership.ended_at = timezone.now()
    membership.save()

    assert "lucien" not in readers_of(cast, Thread.objects)


def test_an_agency_that_comes_back_reads_nothing_that_was_shared_meanwhile(cast, project):
    mika = cast.actor(cast.mika)
    words = {"title": "Landing site", "body": "Before", "audience": "shared"}
    thread = actions.open_thread(actor=mika, agencies=[cast.esa], project=project, **words)
    project_actions.leave_project(project, actor=cast.actor(cast.lucien))
    actions.post_message(thread, actor=mika, body="While away", audience="shared")

    project_actions.invite_partner(project, cast.esa, actor=mika)
    actions.post_message(thread, actor=mika, body="Back again", audience="shared")

    read = Message.objects.visible_to(cast.actor(cast.lucien)).values_list("body", flat=True)
    assert list(read) == ["Back again"]
