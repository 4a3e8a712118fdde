"""Who may know of an asset, as a table."""

import pytest

from projects.ip import actions
from projects.ip.models import Asset
from projects.models import Audience, Participation
from tests.projects import life


@pytest.fixture
def assets(cast):
    project = life.accepted(cast, audience=Audience.PUBLIC)
    actions.list_background(project, actor=cast.actor(cast.mika), title="Radar", nature="hardware")
    actions.list_background(project, actor=cast.actor(cast.lucien), title="Drill", nature="hardware")
    return project


def seen(cast, person):
    return set(Asset.objects.visible_to(cast.actor(person)).values_list("title", flat=True))


@pytest.mark.parametrize(
    ("who", "titles"),
    [
        ("mika", {"Radar", "Drill"}),
        ("kenji", {"Radar", "Drill"}),
        ("lucien", {"Radar", "Drill"}),
        ("sora", set()),  # on no team
        ("emil", set()),  # his membership is over
        ("tara", set()),  # sees the public overview of the project, nothing inside
        ("nils", set()),
        ("noor", set()),
        ("olga", set()),
    ],
)
def test_assets_are_for_the_parties_of_the_project(cast, assets, who, titles):
    assert seen(cast, getattr(cast, who)) == titles


@pytest.mark.parametrize("status", ["conditional", "needs_clearance"])
def test_before_it_has_accepted_an_agency_sees_only_what_it_lists_itself(cast, assets, status):
    Participation.objects.filter(agency=cast.esa).update(status=status, condition="If funded")

    assert seen(cast, cast.lucien) == {"Drill"}
    assert seen(cast, cast.mika) == {"Radar", "Drill"}


@pytest.mark.parametrize("status", ["declined", "withdrawn"])
def test_who_no_longer_takes_part_sees_nothing(cast, assets, status):
    Participation.objects.filter(agency=cast.esa).update(status=status)

    assert seen(cast, cast.lucien) == set()
