"""Jobs run after the commit, never without one, and again when their worker died."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import connection, transaction

from agencies.models import Person
from portal.inbox import jobs
from portal.inbox.jobs import defer, job
from tests.jobs import pending, run_pending
from tests.portal.inbox import workshop


def test_a_deferred_job_runs_after_the_commit(cast):
    with transaction.atomic():
        defer(workshop.rename, uid=str(cast.mika.uid), name="Mika Renamed")

    assert run_pending() == 1
    assert Person.objects.get(pk=cast.mika.pk).name == "Mika Renamed"


def test_a_job_of_a_transaction_that_fails_never_runs(cast):
    with pytest.raises(RuntimeError), transaction.atomic():
        defer(workshop.rename, uid=str(cast.mika.uid), name="Mika Renamed")
        raise RuntimeError

    assert pending() == []


def test_deferring_is_one_statement_on_the_connection_of_the_action(cast, django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(1):
        defer(workshop.rename, uid=str(cast.mika.uid), name="x")


def test_jobs_that_defer_jobs_run_to_the_end(cast):
    defer(workshop.rename_later, uid=str(cast.mika.uid), name="Mika Later")

    assert run_pending() == 2
    assert Person.objects.get(pk=cast.mika.pk).name == "Mika Later"


def test_a_job_stays_a_function(cast):
    workshop.rename(uid=str(cast.mika.uid), name="Mika Direct")

    assert Person.objects.get(pk=cast.mika.pk).name == "Mika Direct"


def test_two_jobs_cannot_share_a_name():
    from procrastinate.exceptions import TaskAlreadyRegistered

    with pytest.raises(TaskAlreadyRegistered):
        job(name="workshop.rename")(lambda: None)


@pytest.mark.django_db(transaction=True)
def test_chores_run_on_the_database_of_the_unprivileged_role(cast):
    from portal.inbox import chores

    chores.forget_once_keys()
    chores.forget_old()
    chores.rescue_jobs()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_worker_command_runs_what_is_due_and_stops(cast, database_environment):
    with transaction.atomic():
        defer(workshop.rename, uid=str(cast.mika.uid), name="x")  # nobody in that process knows it: it waits
    jobs.defer(_chore(), kind="invitation", to="a@b.example", language="en", key="k", context={"url": "/"})

    command = [sys.executable, "manage.py", "worker", "--once"]
    subprocess.run(command, env=_environment(database_environment), cwd=settings.BASE_DIR, check=True, timeout=60)

    assert "inbox.send_mail" not in [name for name, _arguments in pending()]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_running_worker_hears_of_a_job_and_stops_when_told(cast, database_environment):
    with _worker(database_environment) as process:
        _until(lambda: _workers() == 1)
        started = time.monotonic()
        defer(workshop.rename_later, uid=str(cast.mika.uid), name="Mika Renamed")
        _until(lambda: Person.objects.get(pk=cast.mika.pk).name == "Mika Renamed", 4)
        took = time.monotonic() - started

        process.send_signal(signal.SIGTERM)
        process.wait(10)

    assert took < 2, took
    assert process.returncode == 0
    assert _workers() == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_job_is_finished_before_the_worker_stops(cast, database_environment):
    Person.objects.filter(pk=cast.mika.pk).update(native_name="")
    with _worker(database_environment) as process:
        defer(workshop.nap, uid=str(cast.mika.uid), seconds=2)
        _until(lambda: Person.objects.get(pk=cast.mika.pk).native_name.startswith("worker"))
        process.send_signal(signal.SIGINT)
        process.wait(10)

    assert Person.objects.get(pk=cast.mika.pk).name == "rested"
    assert not [name for name, _arguments in pending() if name.startswith("workshop.")]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_was_killed_is_run_by_another(cast, database_environment):
    Person.objects.filter(pk=cast.mika.pk).update(native_name="")
    defer(workshop.nap, uid=str(cast.mika.uid), seconds=60)
    with _worker(database_environment) as killed:
        _until(lambda: Person.objects.get(pk=cast.mika.pk).native_name.startswith("worker"))
        killed.kill()
        killed.wait(10)
    assert async_to_sync(jobs.rescue)(after=600) == 0, "a worker that was heard of lately is left its job"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")

    with _worker(database_environment):
        _until(lambda: Person.objects.get(pk=cast.mika.pk).name == "rested")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_is_tried_again_later(cast, database_environment):
    defer(workshop.fail, uid=str(cast.mika.uid))
    with _worker(database_environment):
        _until(lambda: _job("workshop.fail")[1] >= 1)

    status, attempts = _job("workshop.fail")
    assert (status, attempts >= 1) == ("todo", True)


@pytest.mark.django_db(transaction=True)
def test_a_job_that_has_killed_too_many_workers_is_given_up(cast):
    number = defer(workshop.rename, uid=str(cast.mika.uid), name="x")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s WHERE id = %s", [jobs.TRIES, number]
        )

    assert async_to_sync(jobs.rescue)() == 0
    assert _job("workshop.rename")[0] == "failed"


def _chore() -> Callable[..., None]:
    from portal.inbox.mail import send

    return send


@contextmanager
def _worker(environment: dict[str, str]) -> Iterator[subprocess.Popen]:
    command = [sys.executable, "-m", "tests.portal.inbox.workshop"]
    with subprocess.Popen(command, env=_environment(environment), cwd=settings.BASE_DIR) as process:
        try:
            yield process
        finally:
            process.kill()


def _environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]}


def _workers() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        return int(cursor.fetchone()[0])


def _job(name: str) -> tuple[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status, attempts FROM procrastinate_jobs WHERE task_name = %s ORDER BY id DESC LIMIT 1", [name]
        )
        return cursor.fetchone()


def _until(condition: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)
