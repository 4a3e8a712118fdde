"""The JSON door of the register does what the pages do."""

from decimal import Decimal

import pytest

from projects.ip import actions
from projects.ip.models import Asset
from tests.projects import life

URL = "/api/v1/assets/"


@pytest.fixture
def project(cast):
    return life.accepted(cast)


@pytest.fixture
def asset(cast, project):
    return actions.list_background(project, actor=cast.actor(cast.mika), title="Landing radar", nature="hardware")


def post(client, address, body):
    return client.post(address, body, content_type="application/json")


def test_background_is_listed(cast, project):
    words = {"project": project.ref, "origin": "background", "title": "Radar", "nature": "hardware"}

    created = post(cast.client(cast.mika), URL, words)

    assert created.status_code == 201
    assert created["ETag"] == '"1"'
    assert created.json()["shares"] == [{"agency": "JAXA", "agency_name": cast.jaxa.legal_name, "percent": "100"}]


def test_a_result_comes_with_its_shares(cast, project):
    words = {"project": project.ref, "origin": "result", "title": "Map", "nature": "data"}
    mika = cast.client(cast.mika)
    shares = [{"agency": "JAXA", "percent": "33.3333"}, {"agency": "ESA", "percent": "66.6667"}]

    assert post(mika, URL, words).json()["errors"].keys() == {"shares"}
    assert post(mika, URL, words | {"shares": [*shares, shares[0]]}).json()["errors"].keys() == {"shares"}
    short = post(mika, URL, words | {"shares": shares[:1]})
    assert (short.status_code, "33.3333" in short.json()["errors"]["shares"][0]) == (400, True)
    assert post(mika, URL, words | {"shares": shares}).status_code == 201


def test_the_verbs_come_with_an_asset(cast, asset):
    verbs = {verb["verb"]: verb for verb in cast.client(cast.lucien).get(f"{URL}{asset.ref}/").json()["verbs"]}

    assert verbs["contest"]["allowed"]
    assert verbs["edit"] == {
        "verb": "edit",
        "allowed": False,
        "reason": "Only the keeper of this entry changes it: JAXA.",
        "code": "not-your-entry",
        "unblock": "If it is not right, contest it with your reason.",
    }


@pytest.mark.parametrize("who", ["tara", "sora", "olga"])
def test_strangers_get_404_and_empty_lists(cast, asset, who):
    client = cast.client(getattr(cast, who))

    assert client.get(f"{URL}{asset.ref}/").status_code == 404
    assert client.get(URL).json()["results"] == []
    assert post(client, f"{URL}{asset.ref}/withdraw/", {}).status_code == 404
    words = {"project": asset.project.ref, "origin": "background", "title": "Radar", "nature": "hardware"}
    assert post(client, URL, words).status_code == 404


def test_list_is_filtered(cast, project, asset):
    shares = {"JAXA": Decimal(100)}
    actions.claim_result(project, actor=cast.actor(cast.mika), shares=shares, title="Map", nature="data")
    client = cast.client(cast.lucien)

    def titles(query):
        return [row["title"] for row in client.get(f"{URL}{query}").json()["results"]]

    assert titles("?origin=result") == ["Map"]
    assert titles(f"?project={project.ref}&party=JAXA") == ["Map", "Landing radar"]
    assert titles("?project=P-1999-0001") == []
    assert titles("?origin=%00") == []


def test_patch_needs_the_version_that_was_seen(cast, asset):
    client = cast.client(cast.mika)

    def patch(etag, words):
        headers = {"If-Match": etag} if etag else {}
        return client.patch(f"{URL}{asset.ref}/", words, content_type="application/json", headers=headers)

    assert patch('"1"', {"title": "Radar two"}).json()["title"] == "Radar two"
    stale = patch('"1"', {"title": "Radar three"})
    assert (stale.status_code, stale.json()["code"], stale.json()["current_version"]) == (409, "stale-version", 2)
    assert patch("nonsense", {"title": "Radar three"}).status_code == 400
    assert patch("", {"owner": "me"}).json()["errors"].keys() == {"owner"}
    assert Asset.objects.get().title == "Radar two"


def test_verbs(cast, asset):
    mika, lucien = cast.client(cast.mika), cast.client(cast.lucien)

    assert post(lucien, f"{URL}{asset.ref}/contest/", {"reason": "Ours."}).json()["status"] == "contested"
    refused = post(mika, f"{URL}{asset.ref}/settle/", {})
    assert (refused.status_code, refused.json()["code"]) == (403, "contested-by-another")
    assert post(lucien, f"{URL}{asset.ref}/settle/", {}).json()["status"] == "declared"
    halves = {"shares": [{"agency": "JAXA", "percent": "50"}, {"agency": "ESA", "percent": "50"}]}
    assert len(post(mika, f"{URL}{asset.ref}/set-shares/", halves).json()["shares"]) == 2
    assert post(mika, f"{URL}{asset.ref}/withdraw/", {}).json()["status"] == "withdrawn"
    again = post(mika, f"{URL}{asset.ref}/withdraw/", {})
    assert (again.status_code, again.json()["state"]) == (409, "withdrawn")


def test_list_costs_the_same_however_long(cast, project, django_assert_max_num_queries):
    for number in range(10):
        actions.list_background(project, actor=cast.actor(cast.mika), title=f"Tool {number}", nature="software")
    client = cast.client(cast.lucien)

    with django_assert_max_num_queries(8):
        assert len(client.get(URL).json()["results"]) == 10
