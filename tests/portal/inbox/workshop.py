"""Jobs for the tests of the queue, and a worker process that knows them: `python -m tests.portal.inbox.workshop`."""

from __future__ import annotations

import os
import time

import django

if __name__ == "__main__":
    django.setup()

from agencies.models import Person
from portal.inbox import jobs
from portal.inbox.jobs import defer, job

NAP = "workshop.nap"


@job(name="workshop.rename")
def rename(*, uid: str, name: str) -> None:
    Person.objects.filter(uid=uid).update(name=name)


@job(name="workshop.rename_later")
def rename_later(*, uid: str, name: str) -> None:
    defer(rename, uid=uid, name=name)


@job(name=NAP)
def nap(*, uid: str, seconds: float) -> None:
    """Write who works, sleep, and write that it is done; the second run does not sleep."""
    person = Person.objects.get(uid=uid)
    is_first = not person.native_name
    Person.objects.filter(uid=uid).update(native_name=f"worker {os.getpid()}")
    if is_first:
        time.sleep(seconds)
    Person.objects.filter(uid=uid).update(name="rested")


@job(name="workshop.fail", retry=3)
def fail(*, uid: str) -> None:
    Person.objects.filter(uid=uid).update(name="tried")
    raise ConnectionError("not today")


if __name__ == "__main__":
    jobs.work(concurrency=2)
