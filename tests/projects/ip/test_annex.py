"""The rows that agreements freeze: plain, stable, in one language."""

from decimal import Decimal

import pytest
from django.utils import translation

from projects.ip import actions
from projects.ip.annex import annex_rows, rows_by_origin
from tests.projects import life


@pytest.fixture
def project(cast):
    project = life.accepted(cast)
    mika, lucien = cast.actor(cast.mika), cast.actor(cast.lucien)
    actions.list_background(
        project, actor=mika, title="Radar", nature="hardware", limits_implementation="Object code only"
    )
    actions.list_background(project, actor=mika, title="Engine", nature="hardware", is_excluded=True)
    actions.list_background(project, actor=lucien, title="Drill", nature="software")
    shares = {"JAXA": Decimal("33.3333"), "ESA": Decimal("66.6667")}
    actions.claim_result(project, actor=lucien, title="Ice map", nature="data", shares=shares)
    return project


def test_rows_come_by_party_and_reference(project):
    rows = annex_rows(project, "background")

    assert [(row["party"], row["title"]) for row in rows] == [("ESA", "Drill"), ("JAXA", "Radar")]
    assert rows[1]["implementation"] == "Object code only"
    assert all(isinstance(cell, str) for row in rows for cell in row.values())


def test_the_negative_list_is_another_list(project):
    assert [row["title"] for row in annex_rows(project, "background", excluded=True)] == ["Engine"]


def test_results_name_their_owners(project):
    (row,) = annex_rows(project, "result")

    assert row["owners"] == "ESA 66.6667 %, JAXA 33.3333 %"


def test_only_the_parties_asked_for(project):
    assert [row["party"] for row in annex_rows(project, "background", parties=["JAXA"])] == ["JAXA"]


def test_the_reader_s_language_does_not_change_the_rows(project):
    plain = annex_rows(project, "background")

    with translation.override("fr"):
        assert annex_rows(project, "background") == plain


def test_withdrawn_entries_are_gone(cast, project):
    asset = project.assets.get(title="Radar")
    actions.withdraw_asset(asset, actor=cast.actor(cast.mika))

    assert [row["title"] for row in annex_rows(project, "background")] == ["Drill"]


def test_several_origins_are_read_in_one_query_for_agencies_that_are_known(cast, project, django_assert_num_queries):
    known = [cast.jaxa, cast.esa]

    with django_assert_num_queries(1):
        rows = rows_by_origin(project, {"background": True, "result": False}, parties=["JAXA", "ESA"], known=known)

    assert [row["title"] for row in rows["background"]] == ["Engine"]
    assert rows["result"] == annex_rows(project, "result")
    with django_assert_num_queries(0):
        assert rows_by_origin(project, {}) == {}


def test_an_owner_that_enters_nothing_is_named_all_the_same(project):
    (row,) = annex_rows(project, "result", parties=["ESA"])

    assert row["owners"] == "ESA 66.6667 %, JAXA 33.3333 %"


def test_a_row_has_the_hash_of_what_the_register_says(project):
    (row,) = annex_rows(project, "result")

    assert row["content"] == project.assets.get(ref=row["ref"]).content_hash()
