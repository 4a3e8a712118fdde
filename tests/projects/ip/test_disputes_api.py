"""The JSON door of disputes does what the pages do."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.history import sealer
from portal.history.models import Event
from projects.ip import actions
from projects.ip.models import AccessRequest, Dispute, DisputeStatus
from tests.projects import life
from tests.projects.ip.test_disputes import CLAIM

URL = "/api/v1/disputes/"


@pytest.fixture
def project(cast):
    return life.accepted(cast)


@pytest.fixture
def radar(cast, project):
    return actions.list_background(project, actor=cast.actor(cast.mika), title="Radar", nature="hardware")


def post(client, address, **body):
    return client.post(f"{URL}{address}", body, content_type="application/json")


def test_a_program_takes_up_a_contest_as_the_page_does(cast, project, radar):
    actions.contest(radar, actor=cast.actor(cast.lucien), reason="Ours.")
    radar.refresh_from_db()

    actions.open_from_contest(radar, actor=cast.actor(cast.lucien), **CLAIM)
    about = {"project": project.ref, "against": ["JAXA"], "subject_kind": "asset", "subject_ref": radar.ref}
    post(cast.client(cast.lucien), "", **about, **CLAIM)

    by_page, by_program = Event.objects.filter(verb="dispute.opened").order_by("pk")
    assert (by_page.facts, by_page.agencies) == (by_program.facts, by_program.agencies)


def test_a_dispute_goes_its_way_by_programs(cast, project, radar):
    lucien, mika = cast.client(cast.lucien), cast.client(cast.mika)
    about = {"project": project.ref, "against": ["JAXA"], "subject_kind": "asset", "subject_ref": radar.ref}

    opened = post(lucien, "", **about, **CLAIM)
    ref = opened.json()["ref"]
    assert (opened.status_code, opened.json()["status"]) == (201, "consultation")
    assert [level["days"] for level in opened.json()["levels"]] == [30, 30, 60]
    assert post(mika, f"{ref}/answer/", answer="Ours.").json()["parties"][1]["answer"] == "Ours."
    file = {"kind": "file", "shows": "The drawing.", "name": "d.pdf", "content": base64.b64encode(b"%PDF-1.7").decode()}
    assert post(lucien, f"{ref}/add-exhibit/", **file).json()["errors"].keys() == {"is_cleared"}
    assert post(lucien, f"{ref}/add-exhibit/", **file | {"content": "?"}).json()["errors"].keys() == {"content"}
    assert post(lucien, f"{ref}/add-exhibit/", **file, is_cleared=True).status_code == 200
    assert post(mika, f"{ref}/add-exhibit/", kind="history", source=radar.ref, shows="Ours.").status_code == 200
    assert post(mika, f"{ref}/add-exhibit/", kind="history", shows="Ours.").json()["errors"].keys() == {"source"}
    assert post(lucien, f"{ref}/withdraw-exhibit/", number=1, reason="Wrong one.").status_code == 200
    sealer.seal()
    assert [row["withdrawn"] for row in mika.get(f"{URL}{ref}/exhibits/").json()] == ["Wrong one.", ""]
    assert [row["exhibit"] for row in mika.get(f"{URL}{ref}/timeline/").json()["entries"]] == ["E-2", "E-1"]
    assert post(mika, f"{ref}/write/", body="Shall we?").status_code == 200
    assert post(mika, f"{ref}/offer/", terms="Half each.").status_code == 200
    room = lucien.get(f"{URL}{ref}/room/").json()
    assert [row["body"] for row in room["messages"]] == ["Shall we?"]
    assert post(lucien, f"{ref}/agree/", sha256="0" * 64).json()["code"] == "other-text"
    settled = post(lucien, f"{ref}/agree/", sha256=room["offers"][0]["sha256"])
    assert (settled.json()["status"], settled.json()["settlement"]["terms"]) == ("settled", "Half each.")


def test_a_request_left_without_an_answer_goes_to_the_second_level_at_once(cast, project, radar, monkeypatch):
    lucien = cast.actor(cast.lucien)
    request = AccessRequest.objects.create(
        asset=radar, requester=cast.esa, requester_name="ESA", owner=cast.jaxa, owner_name="JAXA", need="To dock.",
        purpose="implementation", wanted_from=timezone.now().date(), status="submitted",
        submitted_at=timezone.now(), due_at=timezone.now() + timedelta(days=30),
    )  # fmt: skip
    about = {"against": ["JAXA"], "subject_kind": "request", "subject_ref": request.ref, "start_level": 2} | CLAIM
    body = {"project": project.ref, **about}

    assert post(cast.client(cast.lucien), "", **body).json()["errors"].keys() == {"start_level"}
    later = request.due_at
    monkeypatch.setattr(timezone, "now", lambda: later)
    dispute = actions.open_dispute(project, actor=lucien, **about)

    assert dispute.status == DisputeStatus.HEADS_OF_PROJECT
    assert [level.status for level in dispute.levels.all()] == ["heads_of_project", "heads_of_agency"]


def test_the_list_filters_and_a_stranger_finds_nothing(cast, project, radar):
    about = {"against": ["JAXA"], "subject_kind": "asset", "subject_ref": radar.ref}
    actions.open_dispute(project, actor=cast.actor(cast.lucien), **about, **CLAIM)

    for query, number in ((f"about={radar.ref}", 1), ("about=IP-2020-0001", 0), ("kind=breach", 0), ("project=%00", 0)):
        assert len(cast.client(cast.mika).get(f"{URL}?{query}").json()["results"]) == number
    assert cast.client(cast.tara).get(URL).json()["results"] == []
    assert post(cast.client(cast.tara), "", project=project.ref, **about, **CLAIM).status_code == 404
    assert Dispute.objects.count() == 1
