"""The pages of the register: what stands where, what is refused beside the field, and how many queries it takes."""

import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.ip import actions
from projects.ip.models import Asset
from tests.projects import life

QUERIES = 14


@pytest.fixture
def project(cast):
    return life.accepted(cast)


@pytest.fixture
def asset(cast, project):
    return actions.list_background(project, actor=cast.actor(cast.mika), title="Landing radar", nature="hardware")


def typed(**words):
    return {"title": "Ice map", "nature": "data", "once": str(uuid.uuid4())} | words


def test_register_says_loudly_what_is_not_listed(cast, project, asset):
    page = cast.client(cast.mika).get(f"/projects/{project.ref}/ip/").content.decode()

    assert "Background that is not listed stays outside the access rights." in page
    assert "ESA has listed nothing." in page
    assert "JAXA has listed nothing." not in page
    assert "Landing radar" in page


def test_positive_and_negative_list_stand_apart(cast, project, asset):
    actions.list_background(project, actor=cast.actor(cast.mika), title="Engine", nature="hardware", is_excluded=True)

    page = cast.client(cast.lucien).get(f"/projects/{project.ref}/ip/").content.decode()

    assert page.index("Included") < page.index("Landing radar") < page.index("Excluded: outside") < page.index("Engine")


def test_results_show_each_party_s_share(cast, project):
    shares = {"JAXA": Decimal("33.3333"), "ESA": Decimal("66.6667")}
    actions.claim_result(project, actor=cast.actor(cast.mika), shares=shares, title="Ice map", nature="data")

    page = cast.client(cast.lucien).get(f"/projects/{project.ref}/ip/").content.decode()

    assert "Owner, 33.3333 %" in page
    assert "Owner, 66.6667 %" in page


def test_an_invited_agency_reads_only_its_own_list(cast):
    project = life.proposed(cast)
    actions.list_background(project, actor=cast.actor(cast.mika), title="Landing radar", nature="hardware")

    page = cast.client(cast.lucien).get(f"/projects/{project.ref}/ip/").content.decode()

    assert "Landing radar" not in page
    assert "JAXA has listed nothing." not in page
    assert "open when your agency has accepted the project" in page


@pytest.mark.parametrize("who", ["tara", "sora", "noor", "olga"])
@pytest.mark.parametrize(
    "page", ["/projects/{project}/ip/", "/ip/{asset}/", "/ip/{asset}/edit/", "/ip/{asset}/contest/"]
)
def test_strangers_find_nothing(cast, project, asset, who, page):
    address = page.format(project=project.ref, asset=asset.ref)

    assert cast.client(getattr(cast, who)).get(address).status_code == 404


def test_a_partner_may_see_but_not_edit_and_is_told_why(cast, asset):
    lucien = cast.client(cast.lucien)

    assert lucien.get(f"/ip/{asset.ref}/").status_code == 200
    refused = lucien.get(f"/ip/{asset.ref}/edit/")
    assert refused.status_code == 403
    assert "Only the keeper of this entry changes it: JAXA." in refused.content.decode()


def test_listing_background_by_the_form(cast, project):
    mika = cast.client(cast.mika)
    address = f"/projects/{project.ref}/ip/background/new/"

    assert mika.get(address).status_code == 200
    assert mika.post(address, typed(title="Landing radar", is_excluded="on")).status_code == 302
    assert Asset.objects.get().is_excluded


def test_two_clicks_list_once(cast, project):
    mika = cast.client(cast.mika)
    words = typed()

    first = mika.post(f"/projects/{project.ref}/ip/background/new/", words)
    second = mika.post(f"/projects/{project.ref}/ip/background/new/", words)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Asset.objects.count() == 1


def test_wrong_shares_are_said_beside_them_and_everything_typed_is_kept(cast, project):
    words = typed(description="Maps of ice", share_JAXA="60", share_ESA="50")

    response = cast.client(cast.mika).post(f"/projects/{project.ref}/ip/results/new/", words)
    page = response.content.decode()

    assert response.status_code == 422
    assert "The shares sum to 110. They must sum to 100." in page
    assert "Maps of ice" in page
    assert 'value="50"' in page
    assert not Asset.objects.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"title": ""}, "required"),
        ({"title": "x" * 201}, "at most 200"),
        ({"nature": "magic"}, "magic"),
        ({"protected_on": "31.02.2026"}, "valid date"),
        ({"title": "a\x00b"}, "Null characters"),
        ({"share_JAXA": "sixty"}, "Enter a number"),
    ],
)
def test_bad_input_is_named(cast, project, words, said):
    address = f"/projects/{project.ref}/ip/results/new/"

    response = cast.client(cast.mika).post(address, typed(share_JAXA="100") | words)

    assert response.status_code == 422
    assert said in response.content.decode()


def test_an_old_version_is_a_conflict_that_keeps_the_text(cast, asset):
    mika = cast.client(cast.mika)
    words = typed(title="Radar two", nature="hardware", version="1")
    mika.post(f"/ip/{asset.ref}/edit/", words)

    response = mika.post(f"/ip/{asset.ref}/edit/", typed(title="Radar three", nature="hardware", version="1"))

    assert response.status_code == 409
    assert "Radar three" in response.content.decode()
    assert Asset.objects.get().title == "Radar two"


def test_setting_shares_by_the_form(cast, project):
    shares = {"JAXA": Decimal(100)}
    asset = actions.claim_result(project, actor=cast.actor(cast.mika), shares=shares, title="Ice map", nature="data")
    mika = cast.client(cast.mika)

    assert 'value="100"' in mika.get(f"/ip/{asset.ref}/shares/").content.decode()
    half = typed(version="1", share_JAXA="50", share_ESA="50")
    assert mika.post(f"/ip/{asset.ref}/shares/", half).status_code == 302
    assert [share.words for share in asset.owners()] == ["50", "50"]


def test_contest_and_settlement_by_the_pages(cast, asset):
    lucien = cast.client(cast.lucien)

    assert lucien.post(f"/ip/{asset.ref}/contest/", typed(reason=" ")).status_code == 422
    assert lucien.post(f"/ip/{asset.ref}/contest/", typed(reason="It is ours.")).status_code == 302
    page = cast.client(cast.mika).get(f"/ip/{asset.ref}/").content.decode()
    assert "ESA contests this entry" in page
    assert "It is ours." in page
    for verb in ("shares", "license", "transfer"):
        form = cast.client(cast.mika).get(f"/ip/{asset.ref}/{verb}/").content.decode()
        assert "ESA contests this entry" in form, verb
    assert lucien.post(f"/ip/{asset.ref}/settle/", typed()).status_code == 302
    assert "contests this entry" not in lucien.get(f"/ip/{asset.ref}/").content.decode()


def test_withdrawal_leaves_the_list_and_stays_readable(cast, project, asset):
    mika = cast.client(cast.mika)

    assert mika.post(f"/ip/{asset.ref}/withdraw/", typed()).status_code == 302

    mika.get(f"/projects/{project.ref}/ip/")  # the message is shown once
    assert "Landing radar" not in mika.get(f"/projects/{project.ref}/ip/").content.decode()
    assert "Landing radar" in mika.get(f"/projects/{project.ref}/ip/?show=withdrawn").content.decode()


def test_hostile_words_are_text(cast, project):
    hostile = "<script>alert(1)</script>\u202egnp.exe"
    asset = actions.list_background(
        project,
        actor=cast.actor(cast.mika),
        title=hostile,
        nature="data",
        description=f"{hostile} [x](javascript:alert(1))",
    )
    lucien = cast.client(cast.lucien)

    for address in (f"/ip/{asset.ref}/", f"/projects/{project.ref}/ip/"):
        page = lucien.get(address).content.decode()
        assert "<script>alert" not in page
        assert 'href="javascript' not in page
        assert "<bdi>&lt;script&gt;" in page


@pytest.mark.parametrize("address", ["/projects/{project}/ip/", "/ip/{asset}/"])
def test_pages_cost_the_same_however_much_is_listed(cast, project, asset, address):
    mika = cast.client(cast.mika)
    address = address.format(project=project.ref, asset=asset.ref)
    with CaptureQueriesContext(connection) as few:
        mika.get(address)
    for number in range(12):
        shares = {"JAXA": Decimal(50), "ESA": Decimal(50)}
        actions.claim_result(project, actor=cast.actor(cast.mika), shares=shares, title=f"Map {number}", nature="data")
        actions.list_background(project, actor=cast.actor(cast.lucien), title=f"Tool {number}", nature="software")

    with CaptureQueriesContext(connection) as many:
        mika.get(address)

    assert len(many) <= len(few) <= QUERIES, [query["sql"][:150] for query in many]


def test_pages_of_the_register(cast, project):
    for number in range(105):
        actions.list_background(project, actor=cast.actor(cast.mika), title=f"Tool {number:03}", nature="software")
    shares = {"JAXA": Decimal(100)}
    actions.claim_result(project, actor=cast.actor(cast.mika), shares=shares, title="Ice map", nature="data")
    mika = cast.client(cast.mika)

    first = mika.get(f"/projects/{project.ref}/ip/")
    second = mika.get(f"/projects/{project.ref}/ip/{first.context['register'].page.next_url}")

    assert "1 result, on another page" in first.content.decode()
    assert "Tool 104" in second.content.decode()
    assert "Ice map" in second.content.decode()
    assert mika.get(f"/projects/{project.ref}/ip/?cursor=nonsense").status_code == 200
