"""The seam over the job queue: declare a job, defer it in a transaction, and a worker runs it after the commit.

A job may run more than once (a worker can die after the work and before saying so), so it must be idempotent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import JobDeferrer, Status
from procrastinate.manager import JobManager
from procrastinate.psycopg_connector import PsycopgConnector

from portal.inbox.live.listener import connection_params

Function = TypeVar("Function", bound=Callable[..., Any])

TRIES = 12
HEARTBEAT = 5.0
STALLED_AFTER = 20.0
KEEP_HOURS = 24 * 7
PATIENCE = 8.0

_names: dict[Callable[..., Any], str] = {}
# In a worker the queue has connections of its own; what an action defers must share the action's transaction.
_in_this_transaction = JobManager(DjangoConnector())


def job(name: str, *, retry: int = TRIES, every: str = "") -> Callable[[Function], Function]:
    """Declare a job by a name that stays the same for ever, `app.verb`.

    A failed run is tried again up to `retry` times, each time after twice as long. `every` is a cron line, for jobs
    that nobody defers. The function keeps working as a plain function.
    """

    def declare(function: Function) -> Function:
        def run(timestamp: int | None = None, **arguments: Any) -> None:
            function(**arguments)

        task = queue.task(
            name=name,
            queue="portal",
            retry=RetryStrategy(max_attempts=retry, exponential_wait=2),
            queueing_lock=name if every else None,
        )(run)
        if every:
            queue.periodic(cron=every)(task)
        _names[function] = name
        return function

    return declare


def defer(function: Callable[..., Any], *, not_before: datetime | None = None, **arguments: Any) -> int:
    """Run the job after the current transaction commits, or never if it does not; returns the number of the job.

    Arguments are JSON: references and numbers, no records.
    """
    name = _names[function]
    task = queue.tasks[name]
    blank = QueuedJob(queue=task.queue, lock=None, queueing_lock=None, task_name=name, scheduled_at=not_before)
    return JobDeferrer(job_manager=_in_this_transaction, job=blank).defer(**arguments)


async def rescue(after: float = STALLED_AFTER) -> int:
    """Give jobs whose worker has been silent for so many seconds to another one; returns how many.

    A job that has taken its worker down too often is failed instead, so that it cannot do so for ever.
    """
    rescued = 0
    for stalled in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=after):
        if stalled.id is None:
            continue
        if stalled.attempts >= TRIES:
            await queue.job_manager.finish_job_by_id_async(stalled.id, status=Status.FAILED, delete_job=False)
        else:
            await queue.job_manager.retry_job(stalled)
            rescued += 1
    return rescued


def work(*, concurrency: int = 2, wait: bool = True, install_signal_handlers: bool = True) -> None:
    """Run jobs until told to stop (SIGINT, SIGTERM), or with wait=False until none is due; what runs may finish."""
    connector = PsycopgConnector(kwargs=connection_params(), min_size=1, max_size=concurrency + 2)

    async def run(app: App) -> None:
        async with app.open_async():
            await rescue()
            await app.run_worker_async(
                queues=["portal"],
                concurrency=concurrency,
                wait=wait,
                install_signal_handlers=install_signal_handlers,
                delete_jobs="successful",
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=STALLED_AFTER,
                shutdown_graceful_timeout=PATIENCE,
            )

    with queue.replace_connector(connector) as app:
        asyncio.run(run(app))
