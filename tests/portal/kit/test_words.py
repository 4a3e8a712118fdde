"""The template words, markdown and pagination: what people read is safe, zoned and complete."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from portal.kit.markdown import render
from portal.kit.pagination import page
from portal.kit.records import next_ref
from portal.kit.templatetags.kit import grouped, hash_groups, zoned_time
from projects.models import Project
from tests import stage


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[click](javascript:alert(1))",
        "![x](x onerror=alert(1))",
        "<img src=x onerror=alert(1)>",
        "[a](data:text/html;base64,xx)",
        '<a href="https://x.example" onclick="x()">x</a>',
    ],
)
def test_markdown_runs_nothing(text):
    html = render(text)

    assert "<script" not in html
    assert "<img" not in html
    assert "onclick=" not in html.replace("&quot;", '"') or "&lt;a" in html
    assert 'href="javascript' not in html
    assert 'href="data:' not in html


def test_markdown_says_what_was_meant():
    assert render("**ice** ~~fire~~\n\n- one") == "<p><strong>ice</strong> <s>fire</s></p>\n<ul>\n<li>one</li>\n</ul>\n"


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Asia/Tokyo", "24 Nov 2026, 06:12 JST"),
        ("Asia/Kolkata", "24 Nov 2026, 02:42 IST"),
        ("America/Sao_Paulo", "23 Nov 2026, 18:12 UTC−3"),
        ("Asia/Kathmandu", "24 Nov 2026, 02:57 UTC+5:45"),
        ("UTC", "23 Nov 2026, 21:12 UTC"),
    ],
)
def test_every_time_has_its_zone(zone, words):
    html = zoned_time(datetime(2026, 11, 23, 21, 12, tzinfo=UTC), ZoneInfo(zone))

    assert words in html
    assert 'datetime="2026-11-23T21:12:00+00:00"' in html


def test_numbers_are_grouped_by_narrow_spaces():
    assert grouped(1234567) == "1\u202f234\u202f567"
    assert grouped(None) == ""


def test_a_hash_is_shown_in_groups_of_eight():
    assert hash_groups("a" * 16).count("<span>aaaaaaaa</span>") == 2


def test_references_count_up_without_gaps(db):
    assert [next_ref("ZZ")[-4:] for _ in range(3)] == ["0001", "0002", "0003"]


def paged(cursor=""):
    request = RequestFactory().get("/", {"cursor": cursor} if cursor else {})
    return page(Project.objects.all(), request, size=2)


def test_every_row_is_met_once_in_both_directions(cast):
    made = [stage.drafted_project(cast, title=f"Project {number}").ref for number in range(5)]

    seen, here = [], paged()
    while True:
        seen += [row.ref for row in here]
        if not here.next_url:
            break
        here = paged(here.next_url.removeprefix("?cursor=").replace("%3D", "="))

    assert seen == made[::-1]
    back = paged(here.previous_url.removeprefix("?cursor=").replace("%3D", "="))
    assert [row.ref for row in back] == seen[2:4]


@pytest.mark.parametrize(
    "cursor", ["x", "e30", "WyJhZnRlciIsWzEsMl1d", "W10", "\x00", "WyJhZnRlciIsWyIyMDI2IixudWxsXV0", "9" * 4000]
)
def test_a_cursor_that_makes_no_sense_shows_the_first_page(cast, cursor):
    ref = stage.drafted_project(cast).ref

    assert [row.ref for row in paged(cursor)] == [ref]


def test_an_old_version_is_refused(cast):
    from portal.kit.refusals import Stale

    project = stage.drafted_project(cast)
    project.edit(version=project.version, title="Newer")

    with pytest.raises(Stale):
        project.edit(version=1, title="Older")


def test_bad_values_are_said_beside_their_field(cast):
    project = stage.drafted_project(cast)

    with pytest.raises(ValidationError) as caught:
        project.edit(version=project.version, title="x" * 500)

    assert "title" in caught.value.message_dict
