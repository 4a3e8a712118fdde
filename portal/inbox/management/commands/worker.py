"""Run the jobs that actions have deferred, until stopped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.inbox import jobs


class Command(BaseCommand):
    help = "Run deferred jobs until stopped with Ctrl-C or SIGTERM; what is running is given time to finish."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--jobs", type=int, default=2, metavar="N", help="how many jobs run at once (2)")
        parser.add_argument("--once", action="store_true", help="run what is due, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        jobs.work(concurrency=max(1, options["jobs"]), wait=not options["once"])
