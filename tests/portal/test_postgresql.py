"""Instants as the database hands them over."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from agencies.models import Person

pytestmark = pytest.mark.django_db
EVENING = "SELECT timestamptz '2026-11-24 16:31:05.25+09', timestamptz '0099-01-01 00:00+00', NULL::timestamptz"


def test_an_instant_comes_in_utc() -> None:
    with connection.cursor() as cursor:
        moment, early, nothing = cursor.execute(EVENING).fetchone()

    assert moment == datetime(2026, 11, 24, 7, 31, 5, 250_000, tzinfo=UTC)
    assert (moment.utcoffset(), moment.tzname()) == (timedelta(0), "UTC")
    assert moment.isoformat() == "2026-11-24T07:31:05.250000+00:00"
    assert early == datetime(99, 1, 1, tzinfo=UTC)
    assert nothing is None


def test_an_instant_is_the_same_whatever_zone_the_session_was_put_in() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'Asia/Tokyo'")
        moment = cursor.execute(EVENING).fetchone()[0]
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")

    assert moment == datetime(2026, 11, 24, 7, 31, 5, 250_000, tzinfo=UTC)


def test_rows_read_in_portions_carry_the_same_instants() -> None:
    person = Person.objects.create(email="clock@example.org", name="Clock")
    (read,) = Person.objects.filter(pk=person.pk).iterator(chunk_size=1)

    assert read.joined_at == Person.objects.get(pk=person.pk).joined_at
    assert read.joined_at.tzname() == "UTC"
    assert read.joined_at <= timezone.now()
