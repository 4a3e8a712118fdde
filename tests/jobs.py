"""Running deferred jobs inside a test."""

from importlib import import_module

from django.db import connection
from procrastinate.contrib.django import app as queue


def pending() -> list[tuple[str, dict]]:
    """The jobs that a worker would take, in order: their names and arguments."""
    return [(name, arguments) for _id, name, arguments in _waiting()]


def run_pending(limit: int = 100) -> int:
    """Run the deferred jobs, and those they defer, in this thread and on this test's connection; returns how many ran.

    What a job raises is raised here, so that a test sees it.
    """
    import_module("portal.inbox.jobs")
    ran = 0
    while waiting := _waiting():
        for number, name, arguments in waiting:
            ran += 1
            if ran > limit:
                raise AssertionError(f"more than {limit} jobs: {name} defers for ever")
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [number])
            queue.tasks[name].func(**arguments)
    return ran


def _waiting() -> list[tuple[int, str, dict]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, task_name, args FROM procrastinate_jobs"
            " WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()) ORDER BY priority DESC, id"
        )
        rows = cursor.fetchall()
    return [
        (number, name, arguments if isinstance(arguments, dict) else _loads(arguments))
        for number, name, arguments in rows
    ]


def _loads(arguments: str) -> dict:
    import json

    return json.loads(arguments)
