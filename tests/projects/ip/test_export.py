"""The register as a document: what one may see, text only, and nothing that runs."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.ip import actions
from projects.ip.export import LISTS, register_document
from projects.models import Project
from tests.projects import life


@pytest.fixture
def project(cast):
    project = life.accepted(cast)
    mika = cast.actor(cast.mika)
    actions.list_background(
        project, actor=mika, title="=cmd|' /C calc'!A0", nature="software", description="\x0bSecret sauce"
    )
    shares = {"JAXA": Decimal("33.3333"), "ESA": Decimal("66.6667")}
    asset = actions.claim_result(project, actor=mika, title="+Ice map", nature="data", shares=shares, made_in="JP")
    actions.set_contributors(
        asset, actor=mika, version=None, contributors=[actions.Named("author", Decimal(100), name="@Ada")]
    )
    return project


def document(cast, project, person):
    found = Project.objects.with_agencies().get(pk=project.pk)
    return register_document(found, actor=cast.actor(person))


def test_every_list_is_there_and_every_value_is_text(cast, project):
    found = document(cast, project, cast.mika)

    assert (found["format"], found["version"]) == ("concord.ip-register", 1)
    (result,) = found["results"]
    assert result["place_of_making"] == "Japan"
    assert {row["owner"]: row["percent"] for row in found["owners"] if row["asset"] == result["ref"]} == {
        "JAXA": "33.3333", "ESA": "66.6667",
    }  # fmt: skip
    assert [row["name"] for row in found["contributors"]] == ["@Ada"]
    assert len(found["title"]) == 3
    assert all(isinstance(value, str) for name in LISTS for row in found[name] for value in row.values())


def test_what_a_marking_withholds_is_not_exported(cast, project):
    own, theirs = document(cast, project, cast.mika), document(cast, project, cast.lucien)

    assert "Secret sauce" in own["background_included"][0]["description"]
    assert theirs["background_included"][0]["description"] == ""
    assert "has not determined" in theirs["background_included"][0]["withheld"]


def test_an_invited_agency_exports_only_its_own(cast):
    project = life.proposed(cast)
    actions.list_background(project, actor=cast.actor(cast.mika), title="Radar", nature="hardware")

    assert document(cast, project, cast.lucien)["background_included"] == []


def test_the_workbook_holds_text_and_no_formula(cast, project):
    response = cast.client(cast.mika).get(f"/projects/{project.ref}/ip/register.xlsx")

    book = openpyxl.load_workbook(BytesIO(response.content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert book.sheetnames == ["about", *LISTS]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell.value for cell in cells if cell.value.startswith(("=", "+", "-", "@"))]
    assert "'=cmd|' /C calc'!A0" in [cell.value for cell in cells]


def test_the_page_and_the_api_give_the_same(cast, project):
    mika = cast.client(cast.mika)

    page = mika.get(f"/projects/{project.ref}/ip/register.json").json()
    api = mika.get(f"/api/v1/projects/{project.ref}/ip-register/").json()

    assert {**page, "exported_at": ""} == {**api, "exported_at": ""}
    assert mika.get(f"/api/v1/projects/{project.ref}/ip-register.xlsx").content[:2] == b"PK"
    for address in (
        "/projects/{}/ip/register.json",
        "/projects/{}/ip/register.xlsx",
        "/api/v1/projects/{}/ip-register/",
    ):
        assert cast.client(cast.tara).get(address.format(project.ref)).status_code == 404


def test_more_assets_cost_no_more_queries(cast, project):
    with CaptureQueriesContext(connection) as few:
        document(cast, project, cast.mika)
    for number in range(6):
        actions.list_background(project, actor=cast.actor(cast.mika), title=f"Tool {number}", nature="software")

    with CaptureQueriesContext(connection) as many:
        document(cast, project, cast.mika)

    assert len(many) <= len(few)
