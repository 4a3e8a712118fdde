"""Publication clearance: windows, objections that are specific and end, and nothing published before its time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.models import Agency
from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.append_only import EvidenceIsFinal
from portal.kit.refusals import Forbidden, NotNow, Stale
from projects import actions as joint
from projects.ip import actions
from projects.ip.actions.publication_reviews import pass_time
from projects.ip.models import PublicationNotice, PublicationObjection, PublicationReview
from projects.ip.policies import PublicationPolicy
from tests.projects import life
from tests.projects.ip import papers
from tests.projects.ip.papers import REASONS, TEXT, again, cleared, noticed, objected, planned


@pytest.fixture
def clock(monkeypatch):
    return papers.Clock(monkeypatch)


@pytest.fixture
def project(cast):
    return life.accepted(cast)


@pytest.fixture
def mika(cast):
    return cast.actor(cast.mika)


@pytest.fixture
def lucien(cast):
    return cast.actor(cast.lucien)


def refusal(actor, notice, verb):
    return PublicationPolicy(actor, again(notice)).refusal(verb)


# --- plan and send ----------------------------------------------------------------------------------------------------


def test_a_plan_is_seen_by_its_own_agency_only(cast, project, mika, lucien):
    notice = planned(cast, project)

    assert list(PublicationNotice.objects.visible_to(mika)) == [notice]
    assert not PublicationNotice.objects.visible_to(lucien).exists()
    assert Event.objects.get(verb="publication.planned").agencies == ["JAXA"]


def test_sending_fixes_the_text_and_opens_a_window_for_every_other_party(cast, project, mika, lucien, clock):
    clock.set(2026, 11, 2, 9, 0, zone="Europe/Paris")

    notice = noticed(cast, project)

    review = again(notice).review_of(cast.esa.pk)
    assert (review.days, review.basis, review.source) == (30, "calendar", "")  # usual practice: nothing is in force
    assert (review.due_on, review.zone) == (date(2026, 12, 2), "Europe/Paris")
    assert review.due_at == datetime(2026, 12, 2, 23, tzinfo=UTC)  # the end of that day in Paris
    event = Event.objects.get(verb="publication.noticed")
    assert event.facts["sha256"] == notice.texts.get().sha256
    assert event.facts["due"] == {"ESA": "2026-12-02"}
    item = Item.objects.get(verb="review")
    assert (item.agency, item.due_at) == (cast.esa, review.last_moment)
    assert "ice" not in str(event.facts).lower()
    assert again(notice).state() == "in_review"
    assert list(PublicationNotice.objects.visible_to(lucien)) == [notice]


def test_the_hash_of_a_text_is_that_of_its_utf8_bytes_with_plain_line_ends(cast, project):
    import hashlib

    notice = noticed(cast, project, text="Ice é\r\nline two\r\n")

    assert notice.texts.get().sha256 == hashlib.sha256("Ice é\nline two".encode()).hexdigest()


def test_a_date_that_the_notice_does_not_allow_is_refused_with_the_earliest(cast, project, clock):
    clock.set(2026, 11, 2, 9, 0)  # Monday; 45 calendar days end on Thursday 17 December in Paris

    with pytest.raises(ValidationError) as refused:
        planned(cast, project, planned_on=date(2026, 12, 17))
    assert "45 days before" in refused.value.message_dict["planned_on"][0]
    assert "19 Dec 2026" in refused.value.message_dict["planned_on"][0]  # the first whole day in Tokyo after it

    notice = planned(cast, project, planned_on=date(2026, 12, 19))
    clock.pass_(days=1)
    with pytest.raises(ValidationError):  # a day later the same date is too early
        actions.notify_parties(notice, actor=cast.actor(cast.mika))


def test_a_plan_without_a_text_is_not_sent(cast, project, mika):
    notice = planned(cast, project, text="")

    with pytest.raises(NotNow) as refused:
        actions.notify_parties(notice, actor=mika)
    assert refused.value.code == "text-needed"


def test_old_words_do_not_overwrite_newer_ones(cast, project, mika):
    notice = planned(cast, project)
    actions.edit_publication(notice, actor=mika, version=1, title="Ice at the south pole")

    with pytest.raises(Stale):
        actions.edit_publication(notice, actor=mika, version=1, title="Ice")
    with pytest.raises(Stale):
        actions.notify_parties(notice, actor=mika, version=1)


def test_a_text_and_a_file_together_are_refused(cast, project, mika):
    from portal.files.storage import store

    file = store(b"%PDF-1.7 paper", "paper.pdf", actor=mika)
    with pytest.raises(ValidationError) as refused:
        planned(cast, project, file=file)
    assert "text" in refused.value.message_dict
    notice = noticed(cast, project, text="", file=file)
    assert notice.texts.get().sha256 == file.sha256


def test_results_of_other_projects_cannot_be_named(cast, project):
    with pytest.raises(ValidationError) as refused:
        planned(cast, project, assets=["IP-2020-9999"])
    assert "assets" in refused.value.message_dict


# --- counting ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "sent", "due"),
    [
        # Clocks go back on 25 October in Paris: the window is 30 days and an hour more.
        ("Europe/Paris", datetime(2026, 10, 1, 12, tzinfo=UTC), datetime(2026, 11, 2, 23, tzinfo=UTC)),
        # And forward on 28 March 2027: an hour less.
        ("Europe/Paris", datetime(2027, 3, 1, 12, tzinfo=UTC), datetime(2027, 3, 31, 22, tzinfo=UTC)),
        # Half an hour off: 20:00 UTC is 1:30 of the next day there.
        ("Asia/Kolkata", datetime(2026, 11, 1, 20, tzinfo=UTC), datetime(2026, 12, 2, 18, 30, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 11, 2, 18, tzinfo=UTC), datetime(2026, 12, 2, 18, 15, tzinfo=UTC)),
        # Midnight itself is skipped on 6 September 2026 in Santiago; the day before ends at the jump.
        ("America/Santiago", datetime(2026, 8, 6, 12, tzinfo=UTC), datetime(2026, 9, 8, 3, tzinfo=UTC)),
    ],
)
def test_windows_end_with_the_last_day_at_the_recipient(cast, project, clock, zone, sent, due):
    Agency.objects.filter(pk=cast.esa.pk).update(zone=zone)
    clock.moment = sent

    notice = noticed(cast, type(project).objects.get(pk=project.pk))

    assert again(notice).review_of(cast.esa.pk).due_at == due


def test_the_last_second_counts_and_the_next_is_too_late(cast, project, clock, lucien):
    clock.set(2026, 11, 2, 9, 0)
    notice = noticed(cast, project)
    review = again(notice).review_of(cast.esa.pk)

    clock.moment = review.due_at - timedelta(seconds=1)
    assert refusal(lucien, notice, "object") is None
    assert review.days_left == 0
    clock.moment = review.due_at
    with pytest.raises(NotNow) as late:
        objected(cast, notice)
    assert late.value.code == "window-closed"
    assert "2 Dec 2026, 23:59 CET" in late.value.reason
    assert again(notice).state() == "cleared"


def test_terms_in_force_set_the_days(cast, clock):
    from tests import stage

    agreement = stage.agreement_in_force(
        cast,
        answers={
            "publication_notice_days": 60, "publication_objection_days": 20, "publication_delay_days": 15, "day_basis": "working",
        },
    )  # fmt: skip
    clock.pass_(seconds=1)

    notice = noticed(cast, agreement.project)
    objection = objected(cast, notice, until=timezone.now().date() + timedelta(days=5))

    review = again(notice).review_of(cast.esa.pk)
    assert (review.days, review.basis) == (20, "working")
    assert agreement.ref in review.source
    assert agreement.ref in objection.source


# --- clear and object -------------------------------------------------------------------------------------------------


def test_the_word_of_every_party_clears_at_once(cast, project, mika):
    notice = cleared(cast, project)

    assert notice.status == "cleared"
    assert refusal(mika, notice, "publish") is None  # also before the notice period is over: everybody agreed
    assert not Item.objects.waiting().filter(key__startswith="review-publication").exists()


@pytest.mark.parametrize("missing", ["passage", "harm", "change"])
def test_a_vague_objection_is_refused_beside_the_field(cast, project, missing):
    notice = noticed(cast, project)

    with pytest.raises(ValidationError) as refused:
        objected(cast, notice, **{missing: "  "})
    assert set(refused.value.message_dict) == {missing}


def test_an_objection_ends_within_the_longest_delay(cast, project, clock):
    clock.set(2026, 11, 2, 9, 0)
    notice = noticed(cast, project)

    for until in (None, date(2026, 11, 1), date(2027, 2, 2)):
        with pytest.raises(ValidationError) as refused:
            objected(cast, notice, until=until)
        assert set(refused.value.message_dict) == {"until"}
    assert "1 Feb 2027" in str(refused.value)  # the 90th day is a Sunday: it runs on to Monday
    objection = objected(cast, notice, until=date(2027, 1, 29))
    assert objection.until_at == datetime(2027, 1, 29, 23, tzinfo=UTC)


def test_consent_is_not_given_by_time(cast, project, clock, mika):
    notice = noticed(cast, project)
    with pytest.raises(ValidationError) as refused:
        objected(cast, notice, ground="confidential", until=timezone.now().date())
    assert set(refused.value.message_dict) == {"until"}

    objected(cast, notice, ground="confidential")
    clock.pass_(days=4000)
    pass_time()

    assert again(notice).state() == "objected"
    assert again(notice).clears_at() is None
    assert refusal(mika, notice, "publish").code == "objection-stands"
    actions.withdraw_objection(notice, actor=cast.actor(cast.lucien), objection=1)
    assert again(notice).state() == "cleared"
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicationObjection.objects.update(ending="lapsed")


def test_an_objection_without_a_word_of_harm_cannot_be_written_around_the_rules(cast, project):
    objected(cast, noticed(cast, project))

    with pytest.raises(IntegrityError), transaction.atomic():
        PublicationObjection.objects.update(harm="")


def test_nothing_is_published_while_something_stands(cast, project, clock, mika):
    clock.set(2026, 11, 2, 9, 0)
    notice = noticed(cast, project)
    assert refusal(mika, notice, "publish").code == "window-runs"

    objected(cast, notice, until=date(2026, 12, 10))
    assert refusal(mika, notice, "publish").code == "objection-stands"
    clock.set(2026, 12, 11, 9, 0)
    assert refusal(mika, notice, "publish").code == "notice-period-runs"  # silent parties get the whole notice
    with pytest.raises(NotNow):
        actions.publish(notice, actor=mika, published_on=date(2026, 12, 11))
    clock.set(2026, 12, 18, 9, 0)
    assert refusal(mika, notice, "publish") is None


def test_an_objection_lapses_at_its_end_and_the_late_job_says_so_once(cast, project, clock):
    clock.set(2026, 11, 2, 9, 0)
    notice = noticed(cast, project)
    objection = objected(cast, notice, until=date(2026, 11, 20))

    clock.set(2026, 11, 20, 23, 0)  # midnight in Paris
    assert again(notice).state() == "cleared"  # with no job: computed from time
    assert PublicationNotice.objects.get().status == "objected"
    clock.pass_(hours=7)
    assert pass_time() == 1
    assert pass_time() == 0

    objection.refresh_from_db()
    assert (objection.ending, objection.ended_at) == ("lapsed", objection.until_at)
    assert PublicationNotice.objects.get().status == "cleared"
    events = Event.objects.filter(verb="publication.time_passed")
    assert [event.facts["lapsed"] for event in events] == [[1]]
    assert events[0].person_uid is None
    assert not Item.objects.waiting().filter(key__startswith="objection").exists()


def test_silence_clears_and_the_job_writes_it_down_as_of_its_instant(cast, project, clock):
    notice = noticed(cast, project)
    due_at = again(notice).review_of(cast.esa.pk).due_at

    clock.moment = due_at - timedelta(seconds=1)
    assert pass_time() == 0
    clock.moment = due_at + timedelta(days=3)
    assert pass_time() == 1

    review = PublicationReview.objects.get()
    assert (review.answer, review.answered_at, review.answered_by) == ("silent", due_at, None)
    assert Event.objects.filter(verb="publication.time_passed").count() == 1
    assert not Item.objects.waiting().filter(verb="review").exists()


def test_a_verb_that_finds_the_job_late_writes_down_what_passed_first(cast, project, clock, mika):
    notice = noticed(cast, project)
    clock.pass_(days=60)

    actions.publish(notice, actor=mika, published_on=timezone.now().date())

    verbs = list(Event.objects.filter(target_ref=notice.ref).order_by("pk").values_list("verb", flat=True))
    assert verbs[-2:] == ["publication.time_passed", "publication.published"]
    assert pass_time() == 0


# --- amend ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def three(cast, project, mika):
    """ISRO is a party too."""
    joint.invite_partner(project, cast.isro, actor=mika)
    joint.answer_invitation(project, actor=cast.actor(cast.tara), answer="accept")
    return type(project).objects.get(pk=project.pk)


def test_an_amended_text_waits_for_those_concerned_only(cast, three, clock, mika, lucien):
    notice = noticed(cast, three)
    actions.clear_publication(notice, actor=cast.actor(cast.tara))
    objected(cast, notice)
    clock.pass_(days=2)

    amended = actions.amend_publication(notice, actor=mika, text="We measured ice.", changes="Figure 2 is gone.")

    waits = {review.agency.ref: review.holds_up for review in again(amended).reviews}
    assert waits == {"ESA": True, "ISRO": False}
    assert again(notice).state() == "objected"  # the objection stands until ESA says otherwise or its day is over
    actions.accept_amendment(notice, actor=lucien, objection=1)
    assert again(notice).state() == "cleared"
    assert refusal(mika, notice, "publish") is None


def test_whoever_had_no_objection_may_object_to_what_is_new(cast, three, mika, clock):
    notice = noticed(cast, three)
    actions.clear_publication(notice, actor=cast.actor(cast.tara))
    objected(cast, notice)
    actions.amend_publication(notice, actor=mika, text="Now with figure 9.", changes="Figure 9")

    clock.pass_(days=1)
    until = timezone.now().date() + timedelta(days=5)
    actions.object_to_publication(notice, actor=cast.actor(cast.tara), **(REASONS | {"until": until}))

    assert {one.agency.ref for one in again(notice).standing_objections()} == {"ESA", "ISRO"}


def test_an_amendment_that_nobody_asked_for_is_reviewed_by_all_again(cast, three, mika):
    notice = cleared(cast, three)
    actions.clear_publication(notice, actor=cast.actor(cast.tara))
    assert again(notice).state() == "cleared"

    actions.amend_publication(notice, actor=mika, text="Something else.", changes="Rewritten")

    assert all(review.holds_up for review in again(notice).reviews)
    assert again(notice).state() == "amended"
    assert refusal(mika, notice, "publish").code == "window-runs"


def test_the_same_text_is_no_amendment_and_an_old_page_decides_nothing(cast, project, mika, lucien):
    notice = noticed(cast, project)
    read = notice.texts.get().sha256
    with pytest.raises(ValidationError) as refused:
        actions.amend_publication(notice, actor=mika, text=TEXT, changes="")
    assert set(refused.value.message_dict) == {"text", "changes"}

    actions.amend_publication(notice, actor=mika, text="Other", changes="All")
    with pytest.raises(ValidationError):
        actions.clear_publication(notice, actor=lucien, sha256=read)
    assert again(notice).state() == "amended"


def test_texts_and_answers_are_final(cast, project, mika):
    notice = noticed(cast, project)
    objected(cast, notice)
    answer = actions.answer_objection(notice, actor=mika, objection=1, body="We crop figure 2.")

    for row in (notice.texts.get(), answer):
        with pytest.raises(EvidenceIsFinal):
            row.save()


def test_an_objection_is_discussed_by_its_two_sides(cast, three, mika, lucien):
    notice = noticed(cast, three)
    objected(cast, notice)

    actions.answer_objection(notice, actor=mika, objection=1, body="Would cropping do?")
    actions.answer_objection(notice, actor=lucien, objection=1, body="Yes.")
    with pytest.raises(Forbidden):
        actions.answer_objection(notice, actor=cast.actor(cast.tara), objection=1, body="Well")
    with pytest.raises(ValidationError):
        actions.answer_objection(notice, actor=mika, objection=2, body="Which?")
    with pytest.raises(ValidationError):
        actions.answer_objection(notice, actor=mika, objection=1, body=" ")
    assert "crop" not in str(list(Event.objects.filter(verb="publication.answered").values_list("facts")))


def test_only_the_party_that_objected_ends_its_objection(cast, three, mika):
    notice = noticed(cast, three)
    objected(cast, notice)

    for person in (cast.mika, cast.tara):
        with pytest.raises(Forbidden):
            actions.withdraw_objection(notice, actor=cast.actor(person), objection=1)
    with pytest.raises(NotNow):
        actions.accept_amendment(notice, actor=cast.actor(cast.lucien), objection=1)


# --- who --------------------------------------------------------------------------------------------------------------


def test_roles_and_strangers(cast, project, mika, lucien):
    notice = noticed(cast, project)

    assert refusal(cast.actor(cast.kenji), notice, "amend").code == "role-needed"
    assert refusal(cast.actor(cast.ingrid), notice, "clear").code == "role-needed"
    assert refusal(mika, notice, "clear").code == "own-publication"
    assert refusal(lucien, notice, "publish").code == "not-the-publisher"
    for person in (cast.tara, cast.sora, cast.emil, cast.nils, cast.noor, cast.olga):
        assert not PublicationNotice.objects.visible_to(cast.actor(person)).exists()


def test_a_party_that_has_left_answers_what_it_was_sent_and_gets_nothing_new(cast, three, mika, clock):
    notice = noticed(cast, three)
    objected(cast, notice, ground="confidential")
    for person in (cast.lucien, cast.tara):
        joint.leave_project(three, actor=cast.actor(person))
    assert not three.__class__.objects.inside_for(cast.actor(cast.tara)).exists()

    assert again(notice) in PublicationNotice.objects.visible_to(cast.actor(cast.tara))
    actions.amend_publication(notice, actor=mika, text="Less.", changes="Shorter")

    assert not PublicationNotice.objects.visible_to(cast.actor(cast.tara)).exists()
    assert PublicationNotice.objects.visible_to(cast.actor(cast.lucien)).exists()  # its consent is still asked for
    actions.accept_amendment(notice, actor=cast.actor(cast.lucien), objection=1)
    assert again(notice).state() == "cleared"


# --- publish and record -----------------------------------------------------------------------------------------------


def test_what_is_published_is_the_cleared_text_on_a_day_that_has_come(cast, project, mika):
    notice = cleared(cast, project)
    for wrong in (timezone.now().date() + timedelta(days=3), timezone.now().date() - timedelta(days=3)):
        with pytest.raises(ValidationError) as refused:
            actions.publish(notice, actor=mika, published_on=wrong)
        assert set(refused.value.message_dict) == {"published_on"}

    notice = papers.published(cast, project)

    assert notice.published_text == notice.texts.get()
    assert refusal(cast.actor(cast.lucien), notice, "object").state == "published"
    assert refusal(mika, notice, "withdraw").code == "wrong-state"


def test_the_release_record_asks_for_an_address_and_a_licence(cast, project, mika):
    notice = papers.published(cast, project)
    for typed, field in (
        ({"licence": "CC-BY-4.0"}, "doi"),
        ({"licence": "", "doi": "10.1000/182"}, "licence"),
        ({"licence": "MIT", "doi": "not a doi"}, "doi"),
        ({"licence": "MIT", "address": "javascript:alert(1)"}, "address"),
    ):
        with pytest.raises(ValidationError) as refused:
            actions.record_release(notice, actor=mika, **typed)
        assert set(refused.value.message_dict) == {field}

    notice = actions.record_release(notice, actor=mika, licence="CC-BY-4.0", doi="https://doi.org/10.1000/182")

    assert (notice.status, notice.doi) == ("recorded", "10.1000/182")
    assert Event.objects.get(verb="publication.recorded").facts["licence"] == "CC-BY-4.0"
    with pytest.raises(NotNow):
        actions.record_release(notice, actor=mika, licence="MIT", doi="10.1000/1")


def test_a_withdrawn_plan_tells_nobody(cast, project, mika, lucien):
    actions.withdraw_publication(planned(cast, project), actor=mika)

    assert not PublicationNotice.objects.visible_to(lucien).exists()
    assert Event.objects.get(verb="publication.withdrawn").agencies == ["JAXA"]
