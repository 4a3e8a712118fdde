"""The page of the register with five thousand assets: the same few queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.ip import actions
from projects.ip.models import Asset, Origin, OwnershipShare
from tests import stage

ASSETS, QUERIES = 5_000, 8


@pytest.fixture
def project(cast):
    agreement = stage.agreement_in_force(cast)
    return agreement.project


def many(cast, project, number):
    """Rows as the actions write them, without their events."""
    parties = [cast.jaxa, cast.esa]
    origins = [Origin.BACKGROUND, Origin.RESULT, Origin.SIDEGROUND]
    assets = Asset.objects.bulk_create(
        Asset(
            ref=f"IP-2020-{place:04d}", project=project, party=parties[place % 2], party_name="Then",
            origin=origins[place % 3], nature="data", title=f"Asset {place}",
        )
        for place in range(number)
    )  # fmt: skip
    OwnershipShare.objects.bulk_create(
        OwnershipShare(asset=asset, agency=asset.party, agency_name="Then", percent=100) for asset in assets
    )


def test_five_thousand_assets_cost_eight_queries(cast, project, monkeypatch):
    # The checkpoint in the footer is read once a second, however many pages are asked for meanwhile.
    monkeypatch.setattr("portal.history.models.tree.LATELY_SECONDS", 600)
    many(cast, project, ASSETS)
    actions.list_background(project, actor=cast.actor(cast.mika), title="Landing radar", nature="hardware")
    mika, address = cast.client(cast.mika), f"/projects/{project.ref}/ip/"
    first = mika.get(address)

    with CaptureQueriesContext(connection) as captured:
        second = mika.get(address + first.context["register"].page.next_url)

    assert second.status_code == 200
    assert len(captured) <= QUERIES, [query["sql"].partition(" FROM ")[2][:90] for query in captured]
    assert "1666 entries" in first.content.decode() or "1667 results" in first.content.decode()


def test_a_project_that_waits_for_its_agreement_costs_no_more(cast, monkeypatch):
    monkeypatch.setattr("portal.history.models.tree.LATELY_SECONDS", 600)
    project = stage.accepted_project(cast, mode="agreement")
    many(cast, project, 30)
    mika, address = cast.client(cast.mika), f"/projects/{project.ref}/ip/"
    mika.get(address)

    with CaptureQueriesContext(connection) as captured:
        mika.get(address)

    assert len(captured) <= QUERIES, [query["sql"].partition(" FROM ")[2][:90] for query in captured]


def test_empty_and_withdrawn_lists_are_counted_all_the_same(cast):
    project = stage.accepted_project(cast)
    asset = actions.list_background(project, actor=cast.actor(cast.mika), title="Landing radar", nature="hardware")
    actions.withdraw_asset(asset, actor=cast.actor(cast.mika))

    page = cast.client(cast.mika).get(f"/projects/{project.ref}/ip/").content.decode()

    assert "1 withdrawn entry" in page
    assert "JAXA has listed nothing." in page
