"""The JSON door of joint work, and its parity with the pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects import actions
from projects.models import Project
from projects.policies import ProjectPolicy
from tests.cast import Cast
from tests.projects.life import accepted, answered, drafted, proposed

PROJECTS = "/api/v1/projects/"


def url(project: Project, verb: str = "") -> str:
    return f"{PROJECTS}{project.ref}/{verb}"


def post(client: Client, address: str, **body: Any) -> Any:
    return client.post(address, body, content_type="application/json")


def test_whole_life_through_the_api(cast: Cast) -> None:
    mika, lucien = cast.client(cast.mika), cast.client(cast.lucien)

    created = post(mika, PROJECTS, title="Ice map", summary="s", objective="o", mode="study", taxonomy=["TX04"])
    assert created.status_code == 201
    project = Project.objects.get(ref=created.json()["ref"])
    changed = mika.patch(
        url(project), {"title": "Ice maps"}, content_type="application/json", headers={"If-Match": created["ETag"]}
    )
    assert (changed.status_code, changed.json()["title"]) == (200, "Ice maps")
    assert post(mika, url(project, "invite/"), agency="ESA").json()["participations"][1]["agency"] == "ESA"
    assert post(mika, url(project, "propose/")).json()["status"] == "proposed"
    assert post(lucien, url(project, "answer/"), answer="accept", terms_number=1).json()["status"] == "accepted"
    assert post(mika, url(project, "revise/"), summary="t").json()["status"] == "proposed"
    condition = post(lucien, url(project, "answer/"), answer="condition", condition="Funds")
    assert condition.json()["participations"][1]["status"] == "conditional"
    assert post(mika, url(project, "accept-condition/"), agency="ESA").json()["status"] == "accepted"
    assert post(mika, url(project, "activate/")).json()["status"] == "active"
    assert post(mika, url(project, "suspend/"), cause="Funds").json()["suspension_cause"] == "Funds"
    assert post(mika, url(project, "resume/")).json()["status"] == "active"
    assert post(mika, url(project, "complete/")).json()["status"] == "completed"


def test_old_etag_gets_409_with_the_present_version(cast: Cast) -> None:
    project = drafted(cast)
    mika = cast.client(cast.mika)
    actions.edit_draft(project, actor=cast.actor(cast.mika), title="Newer")

    response = mika.patch(url(project), {"title": "Mine"}, content_type="application/json", headers={"If-Match": '"1"'})

    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    assert (response.json()["code"], response.json()["current_version"]) == ("stale-version", 2)


@pytest.mark.parametrize(
    ("name", "status"), [("mika", 200), ("lucien", 200), ("sora", 404), ("tara", 404), ("olga", 404)]
)
def test_who_reads_a_proposal(cast: Cast, name: str, status: int) -> None:
    assert cast.client(getattr(cast, name)).get(url(proposed(cast))).status_code == status


def test_open_proposal_shows_its_overview_only(cast: Cast) -> None:
    project = proposed(cast, audience="verified")

    seen = cast.client(cast.tara).get(url(project)).json()

    assert seen["objective"] == "Measure **ice**."
    assert seen["participations"] is None
    assert seen["terms_number"] is None
    assert cast.client(cast.tara).get("/api/v1/participations/").json()["results"] == []


def test_verbs_are_those_of_the_pages(cast: Cast) -> None:
    project = accepted(cast)

    listed = cast.client(cast.lucien).get(url(project)).json()["verbs"]

    assert listed == ProjectPolicy(cast.actor(cast.lucien), Project.objects.get()).verbs()
    leave = next(verb for verb in listed if verb["verb"] == "leave")
    assert leave["allowed"] is True


VERBS = [
    "propose",
    "invite",
    "answer",
    "revise",
    "withdraw",
    "activate",
    "suspend",
    "resume",
    "complete",
    "cancel",
    "leave",
]
INPUT = {
    "invite": {"agency": "ISRO"},
    "answer": {"answer": "accept"},
    "revise": {"title": "Other"},
    "suspend": {"cause": "c"},
    "cancel": {"reason": "r"},
}


@pytest.mark.parametrize("verb", VERBS)
def test_stranger_gets_404_and_the_wrong_role_403_on_every_verb(cast: Cast, verb: str) -> None:
    project = accepted(cast)

    assert post(cast.client(cast.tara), url(project, f"{verb}/"), **INPUT.get(verb, {})).status_code == 404
    refused = post(cast.client(cast.kenji), url(project, f"{verb}/"), **INPUT.get(verb, {}))
    assert refused.status_code == 403
    assert refused.json()["detail"]
    assert Project.objects.get().status == "accepted"


@pytest.mark.parametrize("verb", ["propose", "suspend", "resume", "complete", "cancel", "activate"])
def test_right_role_at_the_wrong_moment_gets_409_with_the_state(cast: Cast, verb: str) -> None:
    response = post(cast.client(cast.mika), url(accepted(cast), f"{verb}/"), **INPUT.get(verb, {}))

    assert (response.status_code, response.json()["state"]) == (409, "accepted")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": "T", "taxonomy": ["TX99"]}, "taxonomy"),
        ({"title": "T", "planned_start": "2028-01-01", "planned_end": "2027-01-01"}, "planned_end"),
        ({"title": "T", "planned_start": "tomorrow"}, "planned_start"),
        ({"title": "T" * 161}, "title"),
        ({"title": "T", "status": "active"}, "status"),
    ],
)
def test_bad_input_names_its_field(cast: Cast, body: dict[str, Any], field: str) -> None:
    response = post(cast.client(cast.mika), PROJECTS, **body)

    assert response.status_code == 400
    assert field in response.json()["errors"]
    assert not Project.objects.exists()


def test_agency_that_declines_gets_its_answer_confirmed_and_then_404(cast: Cast) -> None:
    project = proposed(cast, audience="partners")
    lucien = cast.client(cast.lucien)

    response = post(lucien, url(project, "answer/"), answer="decline")

    assert response.status_code == 200
    assert response.json()["participations"] is None
    assert lucien.get(url(project)).status_code == 404


def test_filters_and_participations(cast: Cast) -> None:
    moon = proposed(cast, title="Moon", taxonomy=["TX04"])
    drafted(cast, title="Mars")
    mika = cast.client(cast.mika)

    def refs(**filters: str) -> list[str]:
        return [row["ref"] for row in mika.get(PROJECTS, filters).json()["results"]]

    assert refs(status="proposed") == refs(capability="TX04") == refs(q="moon") == [moon.ref]
    assert len(refs(role="lead")) == 2
    rows = mika.get("/api/v1/participations/", {"project": moon.ref}).json()["results"]
    assert {row["agency"] for row in rows} == {"JAXA", "ESA"}
    assert len(mika.get("/api/v1/participations/").json()["results"]) == 3


def test_condition_of_a_partner_is_read_by_participants_only(cast: Cast) -> None:
    project = proposed(cast, audience="public")
    answered(cast, project, cast.lucien, "condition", condition="Secret funds")

    assert "Secret funds" in cast.client(cast.mika).get("/api/v1/participations/").content.decode()
    for address in ("/api/v1/participations/", url(project), f"/projects/{project.ref}/"):
        assert "Secret funds" not in cast.client(cast.tara).get(address).content.decode()


def test_idempotency_key_acts_once(cast: Cast) -> None:
    mika = cast.client(cast.mika)
    for _time in range(2):
        response = mika.post(
            PROJECTS, {"title": "Once"}, content_type="application/json", headers={"Idempotency-Key": "k-1"}
        )
        assert response.status_code == 201

    assert Project.objects.count() == 1


def test_list_costs_the_same_whatever_the_data(cast: Cast) -> None:
    mika = cast.client(cast.mika)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert mika.get(PROJECTS).status_code == 200
        return len(captured)

    for _number in range(3):
        proposed(cast)
    cost()
    few = cost()
    for _number in range(20):
        proposed(cast)

    assert cost() == few <= 8
