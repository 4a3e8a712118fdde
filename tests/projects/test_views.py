"""The pages of a project: who gets in, what they show, what a form does with bad input."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects import actions
from projects.models import Participation, Project, Status
from tests.cast import Cast
from tests.projects.life import accepted, answered, drafted, proposed

MOST_QUERIES = 12
TERMS = {"title": "Ice map", "mode": "agreement", "audience": "partners", "marking": "partners"}


def url(project: Project, page: str = "") -> str:
    return f"/projects/{project.ref}/{page}"


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


PAGES = ["", "partners/", "history/"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("name", "status"), [("mika", 200), ("kenji", 200), ("lucien", 200), ("sora", 404), ("tara", 404), ("olga", 404)]
)
def test_who_reaches_the_pages_of_a_proposal(cast: Cast, name: str, status: int, page: str) -> None:
    assert cast.client(getattr(cast, name)).get(url(proposed(cast), page)).status_code == status


def test_open_proposal_shows_its_overview_and_says_why_no_more(cast: Cast) -> None:
    project = proposed(cast, audience="verified")
    tara = cast.client(cast.tara)

    overview = text(tara.get(url(project)))

    assert "Find ice." in overview
    assert "You see the overview of this proposal" in overview
    assert "ESA" not in overview
    assert tara.get(url(project, "partners/")).status_code == 403


def test_public_overview_needs_no_account_and_others_lead_to_the_sign_in(cast: Cast) -> None:
    public, closed = proposed(cast, audience="public"), proposed(cast)
    visitor = Client()

    assert visitor.get(url(public)).status_code == 200
    for unseen in (url(closed), "/projects/P-2001-0001/", url(public, "partners/")):
        response = visitor.get(unseen)
        assert (response.status_code, "login" in response["Location"]) == (302, True)


def test_agency_that_declined_finds_nothing(cast: Cast) -> None:
    project = proposed(cast)
    answered(cast, project, cast.lucien, "decline")

    assert cast.client(cast.lucien).get(url(project)).status_code == 404


def test_page_says_what_is_missing(cast: Cast) -> None:
    page = text(cast.client(cast.mika).get(url(accepted(cast))))

    assert "The project cannot become active yet. One thing is missing." in page
    assert "An agreement in force that covers JAXA and ESA." in page


def test_step_line_says_whom_it_waits_for(cast: Cast) -> None:
    project = proposed(cast)

    assert "Waits for: The answer of ESA" in text(cast.client(cast.mika).get(url(project)))
    assert "Waits for: Your answer" in text(cast.client(cast.lucien).get(url(project)))


def test_hours_strip_is_described(cast: Cast) -> None:
    page = text(cast.client(cast.mika).get(url(proposed(cast))))

    assert "Working hours today, in the time of Tokyo" in page
    assert '<rect class="day"' in page


def test_draft_form_keeps_what_was_typed_beside_the_complaint(cast: Cast) -> None:
    typed = {
        **TERMS,
        "title": "",
        "objective": "Words nobody wants to type twice",
        "planned_start": "2028-01-01",
        "planned_end": "2027-01-01",
    }

    response = cast.client(cast.mika).post("/projects/new/", typed)

    assert response.status_code == 422
    assert "Words nobody wants to type twice" in text(response)
    assert "has to end after it starts" in text(response)
    assert not Project.objects.exists()


def test_whole_life_through_the_pages(cast: Cast) -> None:
    mika, lucien = cast.client(cast.mika), cast.client(cast.lucien)
    draft = {**TERMS, "summary": "A map.", "objective": "Map it.", "mode": "study", "taxonomy": ["TX04", "TX08"]}

    assert mika.post("/projects/new/", draft).status_code == 302
    project = Project.objects.get()
    assert mika.post(url(project, "invite/"), {"agency": "esa"}).status_code == 302
    assert mika.post(url(project, "propose/"), {"version": project.version}).status_code == 302
    answer = {"answer": "condition", "condition": "Budget 2028", "terms_number": 1}
    assert lucien.post(url(project, "answer/"), answer).status_code == 302
    assert "Budget 2028" in text(mika.get(url(project, "partners/")))
    assert mika.post(url(project, "partners/ESA/accept-condition/")).status_code == 302
    assert mika.post(url(project, "activate/")).status_code == 302
    assert mika.post(url(project, "suspend/"), {"cause": ""}).status_code == 422
    assert mika.post(url(project, "suspend/"), {"cause": "Funds"}).status_code == 302
    assert "Suspended: Funds" in text(lucien.get(url(project)))
    assert mika.post(url(project, "resume/")).status_code == 302
    assert mika.post(url(project, "complete/"), {"note": "Done"}).status_code == 302

    assert Project.objects.get().status == Status.COMPLETED


def test_answer_page_shows_the_terms_and_what_changed_in_them(cast: Cast) -> None:
    project = accepted(cast)
    actions.revise_terms(project, actor=cast.actor(cast.mika), objective="Drill deeper")

    page = text(cast.client(cast.lucien).get(url(project, "answer/")))

    assert "What changed from terms 1 to terms 2" in page
    assert "Measure **ice**." in page
    assert "Drill deeper" in page


def test_declining_leads_away_from_what_one_sees_no_more(cast: Cast) -> None:
    project = proposed(cast)

    response = cast.client(cast.lucien).post(url(project, "answer/"), {"answer": "decline", "terms_number": 1})

    assert (response.status_code, response["Location"]) == (302, "/projects/")


def test_answer_for_another_agency_is_refused_and_nothing_is_written(cast: Cast) -> None:
    project = proposed(cast)

    for name, status in [("mika", 403), ("ingrid", 403), ("tara", 404)]:
        response = cast.client(getattr(cast, name)).post(
            url(project, "answer/"), {"answer": "accept", "terms_number": 1}
        )
        assert response.status_code == status

    assert Participation.objects.get(agency=cast.esa).status == "invited"


def test_old_version_gets_409_and_keeps_the_text(cast: Cast) -> None:
    project = drafted(cast)
    mika = cast.client(cast.mika)
    assert mika.post(url(project, "edit/"), {**TERMS, "title": "First", "version": 1}).status_code == 302

    response = mika.post(url(project, "edit/"), {**TERMS, "title": "Second", "version": 1})

    assert response.status_code == 409
    assert "Second" in text(response)
    assert "First" in text(response)
    assert Project.objects.get().title == "First"


@pytest.mark.parametrize("version", ["", "0", "-1", "999999999999999999999", "one"])
def test_odd_versions_do_no_harm(cast: Cast, version: str) -> None:
    project = drafted(cast)

    response = cast.client(cast.mika).post(url(project, "edit/"), {**TERMS, "version": version})

    assert response.status_code in (302, 422)


def test_two_clicks_on_propose_propose_once(cast: Cast) -> None:
    project = drafted(cast, audience="verified")
    mika = cast.client(cast.mika)
    form = {"once": "4b1c", "version": project.version}

    first, second = mika.post(url(project, "propose/"), form), mika.post(url(project, "propose/"), form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Project.objects.get().terms_number == 1


def test_step_that_cannot_be_taken_now_shows_its_reason_beside_a_disabled_button(cast: Cast) -> None:
    project = drafted(cast)

    page = cast.client(cast.mika).get(url(project, "propose/"))

    assert page.status_code == 200
    assert "The draft is not complete yet." in text(page)
    assert "disabled" in text(page)
    assert cast.client(cast.mika).post(url(project, "propose/")).status_code == 409


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [("", "Say which agency"), ("Nobody", "No verified agency"), ("nova", "No verified agency"), ("JAXA", "leads")],
)
def test_invitation_names_what_is_wrong(cast: Cast, typed: str, complaint: str) -> None:
    response = cast.client(cast.mika).post(url(drafted(cast), "invite/"), {"agency": typed})

    assert response.status_code == 422
    assert complaint in text(response)


def test_suggestions_are_few_verified_and_for_the_lead_only(cast: Cast) -> None:
    project = proposed(cast)

    found = text(cast.client(cast.mika).get(url(project, "invite/suggestions/"), {"agency": "space"}))

    assert "Indian Space Research" in found
    assert "European Space Agency" not in found
    assert cast.client(cast.lucien).get(url(project, "invite/suggestions/"), {"agency": "s"}).status_code == 403


def test_team_page_chooses_colleagues_by_name(cast: Cast) -> None:
    project = proposed(cast)
    member = cast.actor(cast.sora).membership
    mika = cast.client(cast.mika)

    assert "Sora Minazuki" in text(mika.get(url(project, "team/"), {"q": "sora"}))
    assert mika.post(url(project, "team/"), {"members": [member.ref]}).status_code == 302

    assert cast.client(cast.sora).get(url(project)).status_code == 200


def test_list_filters_live_in_the_address(cast: Cast) -> None:
    moon, mars = proposed(cast, title="Moon ice", taxonomy=["TX04"]), drafted(cast, title="Mars wind")
    mika = cast.client(cast.mika)

    def shown(**filters: str) -> set[str]:
        page = text(mika.get("/projects/", filters))
        return {title for title in ("Moon ice", "Mars wind") if f">{title}</a>" in page}

    assert shown() == {"Moon ice", "Mars wind"}
    assert shown(q="moon") == {"Moon ice"}
    assert shown(q="esa") == {"Moon ice"}
    assert shown(status="draft") == {"Mars wind"}
    assert shown(capability="TX04") == {"Moon ice"}
    assert shown(role="partner") == set()
    assert shown(status="nonsense", role="\x00") == {"Moon ice", "Mars wind"}
    assert mika.get("/projects/", {"q": mars.ref.lower()})["Location"] == url(mars)
    assert moon.status == "proposed"


def test_search_by_partner_does_not_betray_the_partners_of_an_open_call(cast: Cast) -> None:
    proposed(cast, title="Moon ice", audience="verified")

    page = text(cast.client(cast.tara).get("/projects/", {"q": "ESA"}))

    assert "Moon ice" not in page


def count_queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_list_costs_the_same_whatever_the_data(cast: Cast) -> None:
    mika = cast.client(cast.mika)
    for number in range(3):
        proposed(cast, title=f"Project {number}")
    mika.get("/projects/")
    few = count_queries(mika, "/projects/")
    for number in range(37):
        proposed(cast, title=f"Project {number}")

    many = count_queries(mika, "/projects/")

    assert many == few <= MOST_QUERIES


@pytest.mark.parametrize("make", [drafted, proposed, accepted])
@pytest.mark.parametrize("page", PAGES)
def test_project_page_costs_the_same_whatever_the_data(cast: Cast, make: Any, page: str) -> None:
    project = make(cast)
    mika = cast.client(cast.mika)
    mika.get(url(project, page))
    few = count_queries(mika, url(project, page))
    kenji, sora = cast.actor(cast.kenji).membership, cast.actor(cast.sora).membership
    for members in ([], [kenji, sora]) * 5:
        actions.assign_team(project, members, actor=cast.actor(cast.mika))
    if make is not accepted:
        actions.invite_partner(project, cast.isro, actor=cast.actor(cast.mika))

    many = count_queries(mika, url(project, page))

    assert many == few <= MOST_QUERIES


def test_operator_sees_metadata_of_projects_never_their_words(cast: Cast) -> None:
    project = proposed(cast)
    olga = cast.client(cast.olga)

    listing = text(olga.get("/admin/projects/project/"))
    page = text(olga.get(f"/admin/projects/project/{project.pk}/change/"))

    assert project.ref in listing
    for words in ("Polar Surveyor", "Find ice.", "Measure"):
        assert words not in listing
        assert words not in page
