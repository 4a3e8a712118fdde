"""The verbs of threads: what they write, whom they tell, what they refuse."""

import hashlib

import pytest
from django.core.exceptions import ValidationError

from agencies.models import Role
from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.append_only import EvidenceIsFinal
from portal.kit.refusals import Forbidden, NotNow, Stale
from projects.messaging import actions
from projects.messaging.models import LONGEST, Audience, Message, MessageEdit, ReadMark, Thread
from projects.models import Participation, TeamMember
from tests.projects import life
from tests.projects.messaging import talk


@pytest.fixture
def project(cast):
    return life.accepted(cast)


@pytest.fixture
def thread(cast, project):
    return talk.on_project(cast, project)


@pytest.fixture
def announced(monkeypatch):
    """What the open pages are told: topic and agencies."""
    calls = []
    monkeypatch.setattr(
        actions, "announce", lambda topic, *, agencies=(), **rest: calls.append((topic, sorted(agencies)))
    )
    return calls


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_opening_lists_the_agencies_and_writes_the_first_message(cast, project, thread):
    assert thread.ref.startswith("T-")
    assert [agency.ref for agency in thread.readers()] == ["JAXA", "ESA"]
    assert Message.objects.get().body == "Will 18 W do?"
    opened, posted = Event.objects.filter(target_ref=thread.ref).order_by("pk")
    assert (opened.verb, opened.scope, opened.agencies) == ("thread.opened", project.ref, ["ESA", "JAXA"])
    assert (posted.verb, posted.scope) == ("message.posted", thread.ref)


def test_events_hold_hashes_and_only_readers_see_them(cast, thread):
    talk.say(cast, thread, cast.kenji, "Our battery is weak.", Audience.INTERNAL)

    event = Event.objects.filter(verb="message.posted").latest("pk")

    assert event.facts["body"] == sha("Our battery is weak.")
    assert "battery" not in str(event.facts)
    assert event.agencies == ["JAXA"]


def test_internal_is_the_default(cast, thread):
    assert actions.post_message(thread, actor=cast.actor(cast.mika), body="Note").audience == Audience.INTERNAL


def test_open_pages_of_the_readers_are_told(cast, thread, announced):
    talk.say(cast, thread, cast.mika, "Shared")
    talk.say(cast, thread, cast.mika, "Inside", Audience.INTERNAL)

    topic = f"thread-{thread.ref.lower()}"
    assert announced == [(topic, ["ESA", "JAXA"]), (topic, ["JAXA"])]


def test_an_internal_message_does_not_move_the_thread_in_others_lists(cast, thread):
    before = Thread.objects.get().last_message_at

    talk.say(cast, thread, cast.mika, "Inside", Audience.INTERNAL)
    assert Thread.objects.get().last_message_at == before
    talk.say(cast, thread, cast.mika, "Shared")
    assert Thread.objects.get().last_message_at > before


@pytest.mark.parametrize("body", ["", "  \n ", "\u200b\u200e", "\x0b"])
def test_nothing_is_not_a_message(cast, thread, body):
    with pytest.raises(ValidationError) as refused:
        talk.say(cast, thread, cast.mika, body)

    assert refused.value.message_dict == {"body": ["Write something first."]}


def test_the_longest_message_fits_and_one_more_letter_does_not(cast, thread):
    assert len(talk.say(cast, thread, cast.mika, "é" * LONGEST).body) == LONGEST
    with pytest.raises(ValidationError, match="at most"):
        talk.say(cast, thread, cast.mika, "é" * (LONGEST + 1))


def test_line_ends_of_browsers_are_not_counted_twice(cast, thread):
    assert talk.say(cast, thread, cast.mika, " a\r\nb\rc \r\n").body == "a\nb\nc"


@pytest.mark.parametrize("language", ["english please", "x" * 40, "en_US"])
def test_a_language_is_a_tag(cast, thread, language):
    with pytest.raises(ValidationError) as refused:
        actions.post_message(thread, actor=cast.actor(cast.mika), body="Hi", language=language)
    assert "language" in refused.value.message_dict


def test_an_audience_nobody_knows_is_refused(cast, thread):
    with pytest.raises(ValidationError) as refused:
        actions.post_message(thread, actor=cast.actor(cast.mika), body="Hi", audience="everybody")
    assert "audience" in refused.value.message_dict


def test_an_unverified_agency_reaches_nobody(cast):
    with pytest.raises(Forbidden, match="agency-not-verified"):
        actions.open_thread(
            actor=cast.actor(cast.nils), title="Hello", agencies=[cast.esa], body="Hello", audience="shared"
        )
    assert not Thread.objects.exists()


def test_nobody_writes_to_an_unverified_agency(cast):
    with pytest.raises(ValidationError, match="not verified"):
        talk.between(cast, agencies=[cast.nova])


def test_between_agencies_there_are_at_least_two(cast):
    with pytest.raises(ValidationError, match="at least one other"):
        talk.between(cast, agencies=[cast.jaxa])


def test_only_agencies_of_the_project_are_listed_on_its_threads(cast, project):
    with pytest.raises(ValidationError, match="ISRO does not take part"):
        talk.on_project(cast, project, agencies=[cast.isro])


def test_in_a_draft_nobody_else_is_reached(cast):
    project = life.drafted(cast)

    with pytest.raises(ValidationError, match="ESA does not take part"):
        talk.on_project(cast, project)
    assert talk.on_project(cast, project, agencies=[]).pk


def test_a_contributor_opens_threads_on_the_team_s_projects_only(cast, project):
    sora = cast.actor(cast.sora)
    own = Participation.objects.get(project=project, agency=cast.jaxa)
    words = {"title": "Valves", "agencies": [cast.esa], "body": "Which valve?"}

    with pytest.raises(Forbidden, match="not-on-team"):
        actions.open_thread(actor=sora, project=project, **words)
    with pytest.raises(Forbidden, match="role-needed"):
        actions.open_thread(actor=sora, **words)
    TeamMember.objects.create(participation=own, membership=sora.membership)
    project = type(project).objects.get(pk=project.pk)
    assert actions.open_thread(actor=sora, project=project, **words).pk


def test_observers_read_along(cast, project, thread):
    membership = cast.actor(cast.sora).membership
    membership.roles = [Role.OBSERVER]
    membership.save()
    own = Participation.objects.get(project=project, agency=cast.jaxa)
    TeamMember.objects.create(participation=own, membership=membership)

    with pytest.raises(Forbidden, match="role-needed"):
        talk.say(cast, thread, cast.sora, "May I?", Audience.INTERNAL)


def test_an_edit_keeps_the_earlier_words_and_their_hash(cast, thread):
    message = talk.say(cast, thread, cast.mika, "18 W")

    edited = actions.edit_message(message, actor=cast.actor(cast.mika), body="17 W", version=1)

    kept = MessageEdit.objects.get()
    assert (edited.body, edited.version) == ("17 W", 2)
    assert (kept.body, kept.body_sha256, kept.written_at) == ("18 W", sha("18 W"), message.created_at)
    assert Event.objects.latest("pk").facts == {"message": str(message.uid), "body": sha("17 W")}
    with pytest.raises(EvidenceIsFinal):
        kept.delete()


def test_the_same_words_again_are_no_edit(cast, thread):
    message = talk.say(cast, thread, cast.mika, "18 W")

    actions.edit_message(message, actor=cast.actor(cast.mika), body="18 W ", version=1)

    assert not MessageEdit.objects.exists()


def test_an_edit_against_an_old_version_keeps_what_was_typed(cast, thread):
    message = talk.say(cast, thread, cast.mika, "18 W")
    actions.edit_message(message, actor=cast.actor(cast.mika), body="17 W", version=1)

    with pytest.raises(Stale) as refused:
        actions.edit_message(message, actor=cast.actor(cast.mika), body="16 W", version=1)
    assert refused.value.typed == {"body": "16 W"}


@pytest.mark.parametrize(
    ("who", "edits", "withdraws"),
    [("mika", False, True), ("kenji", True, True), ("lucien", False, False), ("ingrid", False, False)],
)
def test_authors_edit_and_their_managers_may_withdraw(cast, thread, who, edits, withdraws):
    message = talk.say(cast, thread, cast.kenji, "18 W")
    actor = cast.actor(getattr(cast, who))

    if edits:
        assert actions.edit_message(message, actor=actor, body="17 W").pk
    else:
        with pytest.raises(Forbidden, match="not-the-author"):
            actions.edit_message(message, actor=actor, body="17 W")
    if withdraws:
        assert actions.withdraw_message(message, actor=actor).is_withdrawn
    else:
        with pytest.raises(Forbidden, match="not-the-author"):
            actions.withdraw_message(message, actor=actor)


def test_a_withdrawn_message_has_no_words_but_its_hash_stays(cast, thread):
    message = talk.say(cast, thread, cast.mika, "Battery margin 3 %")

    withdrawn = actions.withdraw_message(message, actor=cast.actor(cast.mika))

    assert withdrawn.body == ""
    assert Event.objects.latest("pk").facts["body"] == sha("Battery margin 3 %")
    with pytest.raises(NotNow, match="withdrawn"):
        actions.edit_message(message, actor=cast.actor(cast.mika), body="Back")


def test_a_closed_thread_is_only_read_until_it_is_reopened(cast, thread):
    actions.close_thread(thread, actor=cast.actor(cast.mika))

    with pytest.raises(NotNow, match="thread-closed"):
        talk.say(cast, thread, cast.lucien, "One more thing")
    with pytest.raises(NotNow, match="already-closed"):
        actions.close_thread(thread, actor=cast.actor(cast.mika))
    with pytest.raises(Forbidden, match="not-the-opener"):
        actions.reopen_thread(thread, actor=cast.actor(cast.lucien))
    actions.reopen_thread(thread, actor=cast.actor(cast.mika))
    assert talk.say(cast, thread, cast.lucien, "One more thing").pk


def test_only_the_opener_s_agency_widens_the_list(cast):
    thread = talk.between(cast)

    with pytest.raises(Forbidden, match="not-the-opener"):
        actions.add_agency(thread, actor=cast.actor(cast.lucien), agency=cast.isro)
    actions.add_agency(thread, actor=cast.actor(cast.mika), agency=cast.isro)
    with pytest.raises(ValidationError, match="on the list already"):
        actions.add_agency(thread, actor=cast.actor(cast.mika), agency=cast.isro)


def test_an_agency_added_later_hears_nothing_of_older_messages(cast, announced):
    thread = talk.between(cast)
    first = Message.objects.get()
    actions.add_agency(thread, actor=cast.actor(cast.mika), agency=cast.isro)
    announced.clear()

    actions.edit_message(first, actor=cast.actor(cast.mika), body="Shall we meet soon?")

    assert Event.objects.latest("pk").agencies == ["ESA", "JAXA"]
    assert announced[0][1] == ["ESA", "JAXA"]


def test_others_are_told_once_until_they_read(cast, thread):
    news = Item.objects.filter(ref=thread.ref, person=cast.lucien)
    assert news.count() == 1
    talk.say(cast, thread, cast.mika, "And in shadow?")
    assert news.count() == 1

    last = Message.objects.latest("pk")
    actions.mark_read(thread, actor=cast.actor(cast.lucien), up_to=last.pk)
    assert news.get().reads.count() == 1
    talk.say(cast, thread, cast.mika, "Hello?")
    assert news.count() == 2


def test_internal_messages_are_told_to_nobody_outside(cast, thread):
    Item.objects.all().delete()

    talk.say(cast, thread, cast.kenji, "Inside", Audience.INTERNAL)

    assert {item.agency for item in Item.objects.all()} == {cast.jaxa}


def test_a_reading_mark_only_moves_forward_and_no_further_than_one_sees(cast, thread):
    first = Message.objects.get()
    second = talk.say(cast, thread, cast.mika, "Second")
    talk.say(cast, thread, cast.mika, "Inside", Audience.INTERNAL)
    lucien = cast.actor(cast.lucien)

    actions.mark_read(thread, actor=lucien, up_to=10**18)
    assert ReadMark.objects.get().up_to == second.pk
    actions.mark_read(thread, actor=lucien, up_to=first.pk)
    assert ReadMark.objects.get().up_to == second.pk


def test_unread_is_what_others_wrote_since(cast, thread):
    def unread(person):
        return Thread.objects.with_unread(cast.actor(person)).get().is_unread

    assert (unread(cast.mika), unread(cast.lucien)) == (False, True)
    actions.mark_read(thread, actor=cast.actor(cast.lucien), up_to=Message.objects.get().pk)
    assert not unread(cast.lucien)
    talk.say(cast, thread, cast.mika, "Inside", Audience.INTERNAL)
    assert not unread(cast.lucien)
    talk.say(cast, thread, cast.lucien, "Yes, 18 W.")
    assert (unread(cast.mika), unread(cast.lucien)) == (True, False)
