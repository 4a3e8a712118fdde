"""The pages and the JSON door of publication clearance: what each reader sees, and what is said beside the field."""

import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from projects import actions as joint
from projects.ip import actions
from projects.ip.models import PublicationNotice, PublicationText
from tests.projects import life
from tests.projects.ip import papers
from tests.projects.ip.papers import TEXT, again, cleared, noticed, objected, planned

API = "/api/v1/publications/"


@pytest.fixture
def project(cast):
    return life.accepted(cast)


@pytest.fixture
def clock(monkeypatch):
    return papers.Clock(monkeypatch)


def read(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.content[:300]
    return answer.content.decode()


def post(client, address, **typed):
    return client.post(address, {"once": str(uuid.uuid4()), **typed})


def test_a_publication_is_planned_and_sent_by_hand(cast, project):
    mika = cast.client(cast.mika)
    address = f"/projects/{project.ref}/ip/publications/"
    assert "Nothing is planned" in read(mika, address)

    words = {"kind": "paper", "title": "Ice at the pole", "authors": "M. Hoshino", "text": TEXT}
    answer = post(mika, f"{address}new/", **words)
    notice = PublicationNotice.objects.get()
    assert answer["Location"] == notice.get_absolute_url()
    assert post(mika, f"{notice.get_absolute_url()}notify/").status_code == 302

    page = read(cast.client(cast.lucien), notice.get_absolute_url())
    assert "ESA has been asked to review this text" in page
    assert "We measured ice" in page
    assert "days to object" in page
    assert "Usual practice: no agreement in force says otherwise." in page
    assert "Reviews until" in read(cast.client(cast.lucien), address)
    assert "To review" in read(cast.client(cast.lucien), "/ip/")


def test_the_same_click_twice_sends_once(cast, project):
    notice = planned(cast, project)
    mika, key = cast.client(cast.mika), str(uuid.uuid4())

    first = mika.post(f"{notice.get_absolute_url()}notify/", {"once": key})
    second = mika.post(f"{notice.get_absolute_url()}notify/", {"once": key})

    assert (first.status_code, second.status_code) == (302, 302)
    assert PublicationText.objects.count() == 1


def test_an_early_date_is_refused_beside_the_field(cast, project):
    words = {"kind": "paper", "title": "Ice", "authors": "M. Hoshino", "planned_on": timezone.now().date().isoformat()}

    answer = post(cast.client(cast.mika), f"/projects/{project.ref}/ip/publications/new/", **words)

    assert answer.status_code == 422
    assert "the earliest date is" in answer.content.decode()


def test_a_file_is_sent_and_given_back_byte_for_byte(cast, project):
    mika = cast.client(cast.mika)
    words = {"kind": "paper", "title": "Ice", "authors": "M. Hoshino"}
    file = SimpleUploadedFile("ice.pdf", b"%PDF-1.7 ice")
    post(mika, f"/projects/{project.ref}/ip/publications/new/", file=file, **words)
    notice = actions.notify_parties(PublicationNotice.objects.get(), actor=cast.actor(cast.mika))

    answer = cast.client(cast.lucien).get(f"{notice.get_absolute_url()}texts/1/")

    assert (answer.content, answer["X-Content-Type-Options"]) == (b"%PDF-1.7 ice", "nosniff")
    assert cast.client(cast.tara).get(f"{notice.get_absolute_url()}texts/1/").status_code == 404
    assert cast.client(cast.lucien).get(f"{notice.get_absolute_url()}texts/2/").status_code == 404


def test_an_objection_is_made_answered_and_satisfied_by_hand(cast, project):
    notice = noticed(cast, project)
    address, lucien, mika = notice.get_absolute_url(), cast.client(cast.lucien), cast.client(cast.mika)

    vague = post(lucien, f"{address}object/", ground="protection", passage="Figure 2")
    assert vague.status_code == 422
    assert "At most 90 days from today" in vague.content.decode()
    typed = papers.REASONS | {"until": cast.esa.local(timezone.now()).date().isoformat()}
    assert post(lucien, f"{address}object/", **typed).status_code == 302
    assert "Leave the mast out of figure 2." in read(mika, address)
    assert post(mika, f"{address}answer/", objection=1, body="We crop it.").status_code == 302
    assert post(mika, f"{address}answer/", objection=1, body="").status_code == 422
    assert "We crop it." in read(lucien, address)
    assert post(mika, f"{address}publish/", published_on="2026-01-01").status_code == 409
    assert post(mika, f"{address}amend/", text="We measured ice.", changes="No figure 2").status_code == 302
    assert "Version 2 satisfies it" in read(lucien, address)
    assert post(lucien, f"{address}accept-amendment/", objection=1).status_code == 302
    assert "Cleared: the text may be published as it was sent" in read(mika, address)


def test_the_words_of_an_objection_stay_between_its_two_sides(cast, project):
    joint.invite_partner(project, cast.isro, actor=cast.actor(cast.mika))
    joint.answer_invitation(project, actor=cast.actor(cast.tara), answer="accept")
    notice = noticed(cast, type(project).objects.get(pk=project.pk))
    objected(cast, notice, harm="Our secret seal", ground="confidential")
    actions.answer_objection(notice, actor=cast.actor(cast.mika), objection=1, body="Which secret?")

    page = read(cast.client(cast.tara), notice.get_absolute_url())
    shown = cast.client(cast.tara).get(f"{API}{notice.ref}/").json()["objections"][0]

    for hidden in ("Our secret seal", "Figure 2 shows what", "Which secret?"):
        assert hidden not in page
    assert "Its words are between JAXA and ESA." in page
    assert "Time does not give it." in page
    assert (shown["harm"], shown["ground"]) == ("", "confidential")
    assert cast.client(cast.lucien).get(f"{API}{notice.ref}/").json()["objections"][0]["harm"] == "Our secret seal"


def test_what_is_past_shows_as_past_while_the_job_is_late(cast, project, clock):
    notice = noticed(cast, project)
    clock.pass_(days=50)

    page = read(cast.client(cast.mika), notice.get_absolute_url())

    assert "No word in time" in page
    assert "Cleared: the text may be published as it was sent" in page
    assert PublicationNotice.objects.get().status == "in_review"
    assert cast.client(cast.mika).get(f"{API}{notice.ref}/").json()["status"] == "cleared"
    late = post(cast.client(cast.lucien), f"{notice.get_absolute_url()}object/", **papers.REASONS)
    assert late.status_code == 409
    assert "No word in time means no objection." in late.content.decode()


def test_both_sides_read_a_deadline_with_their_zones(cast, project, clock):
    clock.set(2026, 11, 2, 9, 0)

    page = read(cast.client(cast.mika), noticed(cast, project).get_absolute_url())

    assert "2 Dec 2026, 23:59 CET" in page
    assert "3 Dec 2026, 07:59 JST" in page


def test_the_release_is_recorded_by_hand_and_the_clearance_printed(cast, project):
    notice = cleared(cast, project)
    mika, address = cast.client(cast.mika), notice.get_absolute_url()
    today = timezone.now().astimezone(cast.actor(cast.mika).zone).date()

    assert post(mika, f"{address}publish/", published_on=today.isoformat()).status_code == 302
    assert post(mika, f"{address}record/", licence="CC-BY-4.0").status_code == 422
    typed = {"licence": "CC-BY-4.0", "doi": "10.1000/182", "embargo_until": "2027-06-01"}
    assert post(mika, f"{address}record/", **typed).status_code == 302

    record = read(cast.client(cast.lucien), f"{address}clearance/")
    assert "No objection" in record
    assert "10.1000/182" in record
    assert "as published" in record
    assert "has no objection to version 1" in record


def test_the_json_door_does_what_the_pages_do(cast, project):
    mika, lucien = cast.client(cast.mika), cast.client(cast.lucien)

    def send(client, address, **typed):
        return client.post(f"{API}{address}", typed, content_type="application/json")

    words = {"project": project.ref, "kind": "preprint", "title": "Ice", "authors": "M. Hoshino", "text": TEXT}
    created = send(mika, "", **words)
    ref = created.json()["ref"]
    assert (created.status_code, created.json()["status"]) == (201, "planned")
    assert lucien.get(f"{API}{ref}/").status_code == 404
    assert send(mika, f"{ref}/notify/").json()["status"] == "in_review"
    sha256 = lucien.get(f"{API}{ref}/").json()["texts"][0]["sha256"]
    assert send(lucien, f"{ref}/clear/", sha256="0" * 64).status_code == 400
    made = send(lucien, f"{ref}/object/", sha256=sha256, until=date(2020, 1, 1).isoformat(), **papers.REASONS)
    assert made.json()["errors"].keys() == {"until"}
    assert (
        send(lucien, f"{ref}/object/", sha256=sha256, **papers.REASONS | {"ground": "confidential"}).status_code == 200
    )
    blocked = send(mika, f"{ref}/publish/", published_on=timezone.now().date().isoformat())
    assert (blocked.status_code, blocked.json()["code"]) == (409, "objection-stands")
    assert send(lucien, f"{ref}/withdraw-objection/", objection=1).json()["status"] == "cleared"
    assert send(lucien, f"{ref}/withdraw-objection/", objection=1).status_code == 409


def test_no_one_else_is_told_of_a_disclosure(cast, project, monkeypatch):
    from types import SimpleNamespace

    from projects.ip import hindrances

    def waiting(agency, code="disclosure-undecided"):
        block = SimpleNamespace(disclosure=SimpleNamespace(agency_id=agency.pk), code=code, ref="ID-2026-0001")
        monkeypatch.setattr(hindrances, "disclosures_blocking_publication", lambda project, on: [block])

    notice = cleared(cast, project)
    address, mika = notice.get_absolute_url(), cast.client(cast.mika)
    open_page = read(mika, f"{address}publish/")

    waiting(cast.esa)
    assert read(mika, f"{address}publish/")[:200] == open_page[:200]
    assert "invention disclosure" not in read(mika, address)
    waiting(cast.jaxa)
    assert "has an invention disclosure in this project" in read(mika, address)
    assert mika.get(f"{address}publish/").status_code == 409
    assert "invention disclosure" not in read(cast.client(cast.lucien), address)
    assert "disclosure-undecided" not in str(cast.client(cast.lucien).get(f"{API}{notice.ref}/").json())
    waiting(cast.jaxa, "kept-secret")  # what is kept secret blocks only what says that it concerns it
    assert mika.get(f"{address}publish/").status_code == 200
    PublicationNotice.objects.update(disclosures=["ID-2026-0001"])
    assert mika.get(f"{address}publish/").status_code == 409
    assert "ID-2026-0001" not in read(cast.client(cast.lucien), address)
    assert again(notice).state() == "cleared"
