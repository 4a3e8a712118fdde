"""A kept state is the state that was reached, and is used only where nothing can have made another of it."""

from __future__ import annotations

import json

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction

from portal.files.storage import store
from projects.agreements.models import Agreement
from projects.models import Project
from tests import kept, stage
from tests.kept import now, rows_of, writes

pytestmark = pytest.mark.django_db


@pytest.fixture
def runs() -> list[str]:
    return []


@pytest.fixture
def drafted(runs):
    """A step that tells when it is really taken."""

    @kept.kept
    def drafted(cast, **terms):
        runs.append("taken")
        return stage.drafted_project.__wrapped__(cast, **terms)

    return drafted


def everything() -> dict[str, list[str]]:
    """Every row of every table; in which order they lie there is the database's affair."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = json.loads(rows_of([name for (name,) in cursor.fetchall()]))
    return {table: sorted(map(json.dumps, rows)) for table, rows in tables.items()}


def from_the_cast_again(step, *args, **terms):
    """What a second test would get: the step from the same state, after what the first one did was taken back."""
    number = now.number
    with transaction.atomic():
        first = step(*args, **terms)
        reached = everything()
        transaction.set_rollback(True)
    assert not now.is_known
    now.number, now.writes, now.savepoints = number, writes(), []
    return first, reached, step(*args, **terms)


def test_what_is_written_again_is_what_was_reached_row_for_row(cast, drafted, runs):
    first, reached, again = from_the_cast_again(drafted, cast, title="Kept")

    assert runs == ["taken"]
    assert everything() == reached
    assert again == first
    assert again is not first
    assert Project.objects.get().title == "Kept"


def test_a_whole_signing_is_written_again_row_for_row(cast):
    first, reached, again = from_the_cast_again(stage.signed_agreement, cast)

    assert everything() == reached
    assert (again.ref, again.status) == (first.ref, Agreement.objects.get().status)


def test_other_words_are_another_state(cast, drafted, runs):
    _first, _reached, again = from_the_cast_again(drafted, cast, title="One")
    drafted(cast, title="Two")

    assert again.title == "One"
    assert runs == ["taken", "taken"]


def test_whatever_was_written_meanwhile_is_no_known_state(cast, drafted, runs):
    from_the_cast_again(drafted, cast)
    cast.mika.save()

    assert not now.is_known
    drafted(cast)
    assert runs == ["taken", "taken"]


def test_nothing_is_kept_where_a_test_replaces_something(cast, drafted, runs, monkeypatch):
    monkeypatch.setattr(Project, "__str__", lambda project: "another")

    from_the_cast_again(drafted, cast)

    assert runs == ["taken", "taken"]


def test_nothing_is_kept_under_other_settings(cast, drafted, runs, settings):
    settings.LEDGER_ORIGIN = "elsewhere.example/ledger"

    from_the_cast_again(drafted, cast)

    assert runs == ["taken", "taken"]


def test_nothing_is_kept_of_files_in_the_folder_of_one_test(cast, runs, settings, tmp_path):
    @kept.kept
    def filed(cast):
        runs.append("taken")
        return store(ContentFile(b"words"), "words.txt", actor=cast.actor(cast.mika))

    settings.MEDIA_ROOT = tmp_path
    from_the_cast_again(filed, cast)

    assert runs == ["taken", "taken"]
