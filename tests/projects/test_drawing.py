"""The strip of working hours."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from projects.drawing import Clock, hours_strip

TOKYO, PARIS, TORONTO = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Paris"), ZoneInfo("America/Toronto")
TUESDAY_AFTERNOON_IN_TOKYO = datetime(2026, 11, 24, 7, 40, tzinfo=UTC)


def test_hours_of_others_are_told_in_the_readers_zone() -> None:
    clocks = [Clock("JAXA", TOKYO), Clock("ESA", PARIS), Clock("CSA", TORONTO)]

    drawn = hours_strip(clocks, now=TUESDAY_AFTERNOON_IN_TOKYO, zone=TOKYO)

    assert "JAXA works 09:00–17:00." in drawn
    assert "ESA works 00:00–01:00, 17:00–24:00." in drawn
    assert "CSA works 00:00–07:00, 23:00–24:00." in drawn
    assert "It is 16:40." in drawn
    assert ">02:40</text>" in drawn


def test_free_days_have_no_bar() -> None:
    sunday = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)

    drawn = hours_strip(
        [Clock("ESA", PARIS), Clock("UAESA", ZoneInfo("Asia/Dubai"), (1, 2, 3, 4, 7))], now=sunday, zone=PARIS
    )

    assert "ESA does not work today." in drawn
    assert drawn.count('class="bar"') == 1


def test_names_cannot_break_out_of_the_drawing() -> None:
    assert "<b>" not in hours_strip([Clock("<b>", TOKYO)], now=TUESDAY_AFTERNOON_IN_TOKYO, zone=TOKYO)
