"""Measure answers on access in a large register, on a temporary database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import embedded
from portal.demo import loading
from portal.demo.bench import access, databases


class Command(BaseCommand):
    help = "Measure how long one answer on access takes in a large register."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--assets", type=int, default=100_000)

    def handle(self, **options: Any) -> None:
        try:
            data = databases.data_folder()
        except ValueError as error:
            raise CommandError(str(error)) from error
        embedded.attach(data)
        with databases.portal_database() as name:
            self.stderr.write("Making the world …")
            loading.load()
            found = access.measure(options["assets"], settle=lambda: databases.settle(name))
        self.stdout.write(
            f"Register of {found.assets:,} assets, {found.rights:,} rights: an answer takes {found.answer_ms:.2f} ms "
            f"(99 %: {found.answer_ms_p99:.2f}) in {found.queries} queries, after {found.fetch_ms:.2f} ms to fetch the asset; "
            f"{found.answer_cpu_ms:.2f} CPU-ms together. A page of {access.PAGE} assets for all parties and purposes: "
            f"{found.page_ms:.1f} ms in {found.page_queries} queries."
        )
