"""Disclosures after the seal: the report, sharing across agencies, judging, alarms by the clock, and races."""

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal.history.models import Event
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow
from projects.ip import actions
from projects.ip.alarms import disclosures_blocking_publication, publication_alarm, report_due
from projects.ip.models import Disclosure, DisclosureContributor, DisclosureReport
from projects.ip.reading import read
from projects.models import Project
from tests import cast as casting
from tests import stage
from tests.projects import life
from tests.projects.ip import disclosed
from tests.projects.ip.disclosed import TRIAGE


@pytest.fixture
def project(cast):
    return life.accepted(cast)


@pytest.fixture
def riku(cast):
    return disclosed.ip_manager(cast, cast.jaxa)


def known(cast, person, disclosure):
    return Disclosure.objects.known_to(cast.actor(person)).with_project().filter(pk=disclosure.pk).first()


def keys(person, cast):
    return {item.key for item in Item.objects.for_actor(cast.actor(person)).waiting()}


# --- other parties ----------------------------------------------------------------------------------------------------


def test_a_report_tells_that_there_is_one_and_nothing_else(cast, project):
    chiara = disclosed.ip_manager(cast, cast.esa, "Chiara Brevetti")
    disclosure = disclosed.sealed(cast, project)
    assert known(cast, chiara, disclosure) is None

    actions.report_disclosure(disclosure, actor=cast.actor(cast.mika))

    told = known(cast, chiara, disclosure)
    assert told.reach == "existence"
    assert read(told, cast.actor(chiara)).document is None
    page = cast.client(chiara).get(f"/disclosures/{disclosure.ref}/").content.decode()
    listed = cast.client(chiara).get(f"/projects/{project.ref}/ip/disclosures/").content.decode()
    shown = cast.client(chiara).get(f"/api/v1/disclosures/{disclosure.ref}/").json()
    for text in (page, listed, str(shown)):
        assert disclosure.ref in text
        assert disclosure.title not in text
        assert "Sora" not in text
    assert (shown["status"], shown["document"], shown["title"]) == (None, None, "")
    assert cast.client(chiara).get("/api/v1/disclosures/?status=sealed").json()["results"] == []
    assert cast.client(cast.tara).get(f"/disclosures/{disclosure.ref}/").status_code == 404
    with pytest.raises(NotNow):
        actions.report_disclosure(disclosure, actor=cast.actor(cast.mika))


def test_what_is_not_classified_does_not_cross(cast, project, riku):
    disclosure = disclosed.sealed(cast, project)

    with pytest.raises(NotNow) as refused:
        actions.share_with(disclosure, actor=cast.actor(riku), parties=["ESA"])

    assert refused.value.code == "export-undetermined"
    assert known(cast, cast.lucien, disclosure).reach == "part"
    with pytest.raises(Forbidden):
        actions.share_with(disclosure, actor=cast.actor(cast.mika), parties=["ESA"])


def test_what_is_shared_is_the_sealed_version_and_closes_with_the_class(cast, project, riku):
    disclosure = disclosed.classified(disclosed.sealed(cast, project))
    mika = cast.actor(cast.mika)
    for parties in ([], ["ISRO"], ["JAXA"]):
        with pytest.raises(ValidationError):
            actions.share_with(disclosure, actor=cast.actor(riku), parties=parties)
    actions.share_with(disclosure, actor=cast.actor(riku), parties=["ESA"])
    actions.amend_disclosure(disclosure, actor=mika, reason="More drawings.")
    actions.edit_disclosure(disclosure, actor=mika, version=None, description="Something only JAXA knows.")

    seen = known(cast, cast.lucien, disclosure)
    assert seen.reach == "sealed"
    assert read(seen, cast.actor(cast.lucien)).document["description"].startswith("A plug of ice")
    assert known(cast, cast.ingrid, disclosure).reach == "existence"
    assert known(cast, cast.tara, disclosure) is None

    disclosed.classified(disclosure, "undetermined")
    closed = read(known(cast, cast.lucien, disclosure), cast.actor(cast.lucien))
    assert (closed.document, closed.withheld.code) == (None, "export-undetermined")
    page = cast.client(cast.lucien).get(f"/disclosures/{disclosure.ref}/").content.decode()
    assert "A plug of ice" not in page
    assert "has not determined yet" in page


def test_a_new_version_is_shared_once_an_officer_has_looked_at_it(cast, project, riku):
    judge, mika = cast.actor(riku), cast.actor(cast.mika)
    disclosure = disclosed.classified(disclosed.sealed(cast, project))
    actions.share_with(disclosure, actor=judge, parties=["ESA"])
    actions.amend_disclosure(disclosure, actor=mika, reason="More drawings.")
    disclosed.sealed_again(cast, disclosure)

    with pytest.raises(NotNow) as refusal:
        actions.share_with(disclosure, actor=judge, parties=["ESA"])
    assert refusal.value.code == "export-undetermined"
    assert read(known(cast, cast.lucien, disclosure), cast.actor(cast.lucien)).document is not None
    officer = cast.actor(disclosed.export_officer(cast, cast.jaxa))
    actions.classify(disclosure, actor=officer, export_class="not_controlled", rationale="Read version 2.")
    assert actions.share_with(disclosure, actor=judge, parties=["ESA"]).shared.count() == 2


def test_a_dispute_about_a_disclosure_shows_no_title_that_may_not_cross(cast, project, riku):
    disclosure = disclosed.classified(disclosed.sealed(cast, project))
    actions.share_with(disclosure, actor=cast.actor(riku), parties=["ESA"])
    actions.amend_disclosure(disclosure, actor=cast.actor(cast.mika), reason="A better name.")
    actions.edit_disclosure(disclosure, actor=cast.actor(cast.mika), version=None, title="Only JAXA calls it so")
    subject = {"subject_kind": "disclosure", "subject_ref": disclosure.ref}
    dispute = actions.open_dispute(
        project, actor=cast.actor(cast.lucien), against=["JAXA"], claim="We made it.", sought="Half of it.", **subject
    )
    pages = [dispute.get_absolute_url(), f"/projects/{project.ref}/ip/disputes/new/", f"/disclosures/{disclosure.ref}/"]

    def seen(person, words):
        answers = [cast.client(person).get(page).content.decode() for page in pages]
        return [words in answer for answer in answers]

    assert seen(cast.lucien, disclosure.title) == [True, True, True]
    assert seen(cast.lucien, "Only JAXA calls it so") == [False, False, False]
    assert seen(disclosed.export_officer(cast, cast.jaxa), "Only JAXA calls it so") == [False, False, False]
    disclosed.classified(disclosure, "undetermined")
    assert seen(cast.lucien, disclosure.title) == [False, False, False]


def test_the_duty_to_report_runs_from_the_profile_and_rings_when_it_is_over(cast, riku):
    agreement = stage.agreement_in_force(cast)
    project = Project.objects.get(pk=agreement.project_id)
    disclosure = disclosed.sealed(cast, project)

    due = report_due(disclosure)
    assert due.source.startswith(agreement.ref)
    tokyo = due.due_at.astimezone(cast.actor(cast.mika).zone)
    assert (tokyo.hour, tokyo.minute) == (0, 0)
    assert (tokyo.date() - disclosure.first_sealed_at.astimezone(tokyo.tzinfo).date()).days in (61, 62, 63)
    waiting = Item.objects.waiting().get(key=f"report:{disclosure.ref}")
    assert (waiting.due_at, waiting.roles) == (disclosure.report_last_moment, ["ip_manager"])

    Disclosure.objects.update(first_sealed_at=timezone.now() - timedelta(days=90))
    agreement_began = timezone.now().date() - timedelta(days=80)
    stage.began_on(agreement, agreement_began)
    assert [actions.watch_reports() for _time in range(3)] == [1, 0, 0]
    assert Event.objects.filter(verb="disclosure.report_overdue").count() == 1
    assert "Overdue" in str(Item.objects.waiting().get(key=f"report:{disclosure.ref}").title_id)
    actions.report_disclosure(disclosure, actor=cast.actor(riku))
    assert not Item.objects.waiting().filter(key=f"report:{disclosure.ref}").exists()
    assert DisclosureReport.objects.get().source.startswith(agreement.ref)
    assert actions.watch_reports() == 0
    assert Disclosure.objects.get().report_due_at is None


def test_a_duty_that_has_ended_is_said_to_have_ended_and_asks_nobody(cast):
    agreement = stage.agreement_in_force(cast)
    disclosure = disclosed.sealed(cast, Project.objects.get(pk=agreement.project_id))
    Disclosure.objects.update(first_sealed_at=timezone.now() - timedelta(days=90))
    began = timezone.now().date() - timedelta(days=80)
    agreements = type(agreement).objects.filter(pk=agreement.pk)
    stage.began_on(agreement, began)
    actions.watch_reports()
    waiting = Item.objects.waiting().filter(key=f"report:{disclosure.ref}")
    assert waiting.exists()
    before = Event.objects.filter(verb="disclosure.report_due").count()

    agreements.update(status="signed", in_force_on=None)
    assert [actions.watch_reports(), actions.watch_reports()] == [0, 0]

    assert not waiting.exists()
    assert Disclosure.objects.get().report_due_at is None
    assert Event.objects.filter(verb="disclosure.report_not_due").count() == 1
    assert Event.objects.filter(verb="disclosure.report_due").count() == before
    agreements.update(status="in_force", in_force_on=began)
    assert actions.watch_reports() == 1  # a duty that begins anew is overdue anew


# --- judging ----------------------------------------------------------------------------------------------------------


def test_judging_is_for_ip_managers_in_its_order(cast, project, riku):
    disclosure = disclosed.sealed(cast, project)
    judge = cast.actor(riku)

    with pytest.raises(Forbidden):
        actions.triage_disclosure(disclosure, actor=cast.actor(cast.mika), **TRIAGE)
    with pytest.raises(NotNow, match="not-in-evaluation"):
        actions.evaluate_disclosure(disclosure, actor=judge, evaluation="Good.")
    actions.triage_disclosure(disclosure, actor=judge, **(TRIAGE | {"place": ""}))
    with pytest.raises(NotNow) as refused:
        actions.evaluate_disclosure(disclosure, actor=judge, evaluation="Good.")
    assert "place of making" in refused.value.unblock
    with pytest.raises(ValidationError) as wrong:
        actions.triage_disclosure(
            disclosure, actor=judge, agreement="yes", export="yes", joint="yes", publication="yes"
        )
    assert set(wrong.value.message_dict) == {"agreement_note", "export", "joint_note", "publication"}
    actions.triage_disclosure(disclosure, actor=judge, place="yes")
    with pytest.raises(NotNow, match="not-evaluated"):
        actions.decide_disclosure(disclosure, actor=judge, decision="file", reason="It pays.")
    actions.evaluate_disclosure(disclosure, actor=judge, evaluation="Good.")
    with pytest.raises(ValidationError) as wrong:
        actions.decide_disclosure(disclosure, actor=judge, decision="burn", reason=" ")
    assert set(wrong.value.message_dict) == {"decision", "reason"}
    disclosure = actions.decide_disclosure(disclosure, actor=judge, decision="file", reason="It pays.")

    assert disclosure.status == "decided"
    assert "It pays." not in str(Event.objects.get(verb="disclosure.decided").facts)
    with pytest.raises(NotNow):
        actions.decide_disclosure(disclosure, actor=judge, decision="publish", reason="No.")
    with pytest.raises(NotNow):
        actions.amend_disclosure(disclosure, actor=judge, reason="Late.")


def test_an_application_begins_twelve_months_of_priority(cast, project, riku):
    judge = cast.actor(riku)
    disclosure = disclosed.decided(cast, disclosed.sealed(cast, project), riku)
    with pytest.raises(NotNow, match="filing-pending"):
        actions.close_disclosure(disclosure, actor=judge)
    with pytest.raises(ValidationError):
        ahead = disclosure.today + timedelta(days=1)
        actions.record_filing(disclosure, actor=judge, office="JPO", number="2026-1", filed_on=ahead)
    disclosure = actions.record_filing(
        disclosure, actor=judge, office="JPO", number="2026-1", filed_on=date(2024, 2, 29)
    )
    filing = disclosure.filings.get()

    assert (disclosure.status, filing.priority_ends_on) == ("filed", date(2025, 2, 28))
    with pytest.raises(ValidationError):
        actions.record_filing(disclosure, actor=judge, office="JPO", number="2026-1", filed_on=date(2024, 3, 1))
    disclosure = actions.follow_up(disclosure, actor=judge, filing=filing.pk, status="granted")
    assert disclosure.status == "tracked"
    assert actions.close_disclosure(disclosure, actor=judge).status == "closed"


def test_an_offer_to_a_co_owner_waits_for_its_answer(cast, project, riku):
    judge, lucien = cast.actor(riku), cast.actor(cast.lucien)
    disclosure = disclosed.classified(disclosed.sealed(cast, project))
    disclosure = disclosed.decided(cast, disclosure, riku, "offer_to_co_owner")

    with pytest.raises(ValidationError):
        actions.offer_disclosure(disclosure, actor=judge, to="ESA", terms="Half of the costs.")
    actions.share_with(disclosure, actor=judge, parties=["ESA"])
    actions.offer_disclosure(disclosure, actor=judge, to="ESA", terms="Half of the costs.")
    with pytest.raises(ValidationError):
        actions.offer_disclosure(disclosure, actor=judge, to="ESA", terms="All of the costs.")
    with pytest.raises(NotNow, match="offer-open"):
        actions.close_disclosure(disclosure, actor=judge)
    for person in (cast.mika, cast.ingrid, cast.tara):
        with pytest.raises(Forbidden):
            actions.answer_offer(disclosure, actor=cast.actor(person), answer="accepted")
    actions.answer_offer(disclosure, actor=lucien, answer="declined", words="No budget.")
    with pytest.raises(NotNow):
        actions.answer_offer(disclosure, actor=lucien, answer="accepted")
    assert actions.close_disclosure(disclosure, actor=judge).status == "closed"


def test_what_is_released_is_offered_to_the_inventors_in_person(cast, project, riku):
    disclosure = disclosed.decided(cast, disclosed.sealed(cast, project), riku, "release_to_inventors")

    actions.offer_disclosure(disclosure, actor=cast.actor(riku), to=str(cast.sora.uid), terms="All rights.")
    assert f"offer:{disclosure.ref}" in {key.rpartition(":")[0] for key in keys(cast.sora, cast)}
    with pytest.raises(Forbidden):
        actions.answer_offer(disclosure, actor=cast.actor(cast.lucien), answer="accepted")
    actions.answer_offer(disclosure, actor=cast.actor(cast.sora), answer="accepted")

    assert disclosure.offers.get().answer == "accepted"


# --- the clock --------------------------------------------------------------------------------------------------------


def test_the_alarm_rings_at_the_first_instant_of_its_day_at_the_agency(cast, project):
    """45 days of notice and 30 of filing before 20 March 2027: 4 January, which begins in Tokyo at 15:00 UTC."""
    disclosure = disclosed.sealed(cast, project, public_dates=[(date(2027, 3, 20), "A conference")], filing_days=30)
    before, after = datetime(2027, 1, 3, 14, 59, 59, tzinfo=UTC), datetime(2027, 1, 3, 15, 0, tzinfo=UTC)

    assert publication_alarm(disclosure, at=before) is None
    alarm = publication_alarm(disclosure, at=after)
    assert (alarm.rings_on, alarm.has_passed, alarm.notice_days) == (date(2027, 1, 4), False, 45)
    assert alarm.due_at == datetime(2027, 3, 19, 15, 0, tzinfo=UTC)
    assert publication_alarm(disclosure, at=datetime(2027, 3, 19, 15, 0, tzinfo=UTC)).has_passed


def test_the_alarm_rings_once_for_each_day_and_stops_with_the_filing(cast, project, riku):
    soon = disclosed.tomorrow_and(9, timezone.now().date())
    disclosure = disclosed.sealed(cast, project, public_dates=[(soon, "A conference")])
    key = f"publication:{disclosure.ref}"

    assert [actions.ring_publication_alarms() for _time in range(2)] == [1, 0]
    assert key in keys(riku, cast)
    page = cast.client(riku).get(f"/disclosures/{disclosure.ref}/").content.decode()
    assert 'role="alert"' in page
    assert "nothing is filed" in page
    disclosed.decided(cast, disclosure, riku)
    assert key in keys(riku, cast)
    actions.record_filing(disclosure, actor=cast.actor(riku), office="JPO", number="1", filed_on=date(2026, 1, 5))
    assert key not in keys(riku, cast)
    assert actions.ring_publication_alarms() == 0


def test_what_was_public_before_is_history_and_no_alarm(cast, project):
    disclosure = disclosed.sealed(cast, project, public_dates=[(date(2020, 5, 1), "An old poster")])

    assert publication_alarm(disclosure) is None


def test_what_a_publication_should_wait_for(cast, project, riku):
    on = timezone.now().date() + timedelta(days=10)
    disclosed.drafted(cast, project)
    assert disclosures_blocking_publication(project, on) == []

    undecided = disclosed.sealed(cast, project)
    kept = disclosed.decided(cast, disclosed.sealed(cast, project), riku, "keep_secret")
    pending = disclosed.decided(cast, disclosed.sealed(cast, project), riku)
    disclosed.decided(cast, disclosed.sealed(cast, project), riku, "publish")
    actions.report_disclosure(kept, actor=cast.actor(riku))

    blocks = disclosures_blocking_publication(project, on)
    assert [(block.ref, block.code) for block in blocks] == [
        (undecided.ref, "disclosure-undecided"), (kept.ref, "kept-secret"), (pending.ref, "filing-pending"),
    ]  # fmt: skip
    assert [block.known_to for block in blocks] == [
        {cast.jaxa.pk}, {cast.jaxa.pk, cast.esa.pk}, {cast.jaxa.pk},
    ]  # fmt: skip


# --- races ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_database_commits_no_parts_that_do_not_sum_to_100(transactional_db):
    cast = casting.build()
    disclosure = disclosed.confirming(cast, life.accepted(cast))
    with pytest.raises(IntegrityError, match="sum to 90"):
        DisclosureContributor.objects.filter(percent=60).update(percent=50)
    with pytest.raises(IntegrityError, match="sum to 40"):
        DisclosureContributor.objects.filter(percent=60).delete()
    both_wrote = threading.Barrier(2, timeout=20)
    outcomes = []

    def move(amount):
        """Take a part from one row and give it to another, in a transaction that sums up by itself."""
        try:
            with transaction.atomic():
                DisclosureContributor.objects.create(
                    disclosure=disclosure, name=f"Helper {amount}", agency_name="JAXA", percent=amount
                )
                both_wrote.wait()
                DisclosureContributor.objects.filter(disclosure=disclosure, name="Sora Minazuki").update(
                    percent=Decimal(60) - amount
                )
            outcomes.append("committed")
        except IntegrityError:
            outcomes.append("refused")
        finally:
            connection.close()

    writers = [threading.Thread(target=move, args=(Decimal(amount),)) for amount in (10, 20)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert sorted(outcomes) == ["committed", "refused"]
    assert sum(row.percent for row in DisclosureContributor.objects.all()) == 100
