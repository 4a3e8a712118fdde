"""Days are the reader's own: groups and words across zones."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.inbox.due import due, group_of, grouped
from portal.inbox.models import Item

TOKYO, PARIS, LA = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Paris"), ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 11, 24, 7, 40, tzinfo=UTC)  # Tuesday, 16:40 in Tokyo, still Monday in Los Angeles


@pytest.mark.parametrize(
    ("moment", "zone", "group"),
    [
        (None, TOKYO, "no-date"),
        (datetime(2026, 11, 24, 7, 39, tzinfo=UTC), TOKYO, "overdue"),
        (datetime(2026, 11, 24, 7, 40, tzinfo=UTC), TOKYO, "this-week"),
        (datetime(2026, 11, 29, 14, 59, tzinfo=UTC), TOKYO, "this-week"),  # Sunday 23:59 in Tokyo
        (datetime(2026, 11, 29, 15, 0, tzinfo=UTC), TOKYO, "this-week"),  # the midnight with which Sunday ends in Tokyo
        (datetime(2026, 11, 29, 15, 1, tzinfo=UTC), TOKYO, "later"),  # Monday 00:01 in Tokyo
        (datetime(2026, 11, 29, 15, 0, tzinfo=UTC), PARIS, "this-week"),  # the same moment is Sunday afternoon there
        (datetime(2026, 11, 30, 7, 30, tzinfo=UTC), LA, "this-week"),  # and this one Sunday night
        (datetime(2026, 11, 30, 8, 1, tzinfo=UTC), LA, "later"),
    ],
)
def test_a_week_ends_with_the_readers_sunday(moment, zone, group):
    assert group_of(moment, NOW, zone) == group


@pytest.mark.parametrize(
    ("moment", "day", "time", "tone"),
    [
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "Since yesterday", "Mon 23 Nov, 18:00 JST", "bad"),
        (datetime(2026, 11, 24, 7, 0, tzinfo=UTC), "Since today", "Tue 24 Nov, 16:00 JST", "bad"),
        (datetime(2025, 11, 20, 9, 0, tzinfo=UTC), "Since Thu 20 Nov 2025", "18:00 JST", "bad"),
        (datetime(2026, 11, 24, 14, 0, tzinfo=UTC), "Today", "Tue 24 Nov, 23:00 JST", "warn"),
        (datetime(2026, 11, 24, 15, 0, tzinfo=UTC), "Today", "Tue 24 Nov, 23:59 JST", "warn"),
        (datetime(2026, 11, 24, 15, 1, tzinfo=UTC), "Tomorrow", "Wed 25 Nov, 00:01 JST", "warn"),
        (datetime(2026, 11, 27, 9, 0, tzinfo=UTC), "Fri 27 Nov", "18:00 JST", ""),
        (datetime(2026, 11, 26, 9, 0, tzinfo=UTC), "Thu 26 Nov", "18:00 JST", "warn"),
    ],
)
def test_a_row_says_the_day_and_the_exact_time_with_its_zone(moment, day, time, tone):
    said = due(moment, NOW, TOKYO)

    assert (said.day, said.time, said.tone) == (day, time, tone)


def test_groups_keep_the_order_and_leave_out_empty_headings():
    soon, over = datetime(2026, 11, 25, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)

    groups = grouped([Item(due_at=over), Item(due_at=soon), Item(due_at=None)], NOW, TOKYO)

    assert [group.slug for group in groups] == ["overdue", "this-week", "no-date"]
