"""Measure a large negotiation, on a temporary database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal import embedded
from portal.demo import loading
from portal.demo.bench import agreements, databases


class Command(BaseCommand):
    help = "Measure the page, the PDF and the freezing of a text of 80 clauses between 12 parties."

    def handle(self, **options: Any) -> None:
        try:
            data = databases.data_folder()
        except ValueError as error:
            raise CommandError(str(error)) from error
        embedded.attach(data)
        with databases.portal_database() as name:
            self.stderr.write("Making the world …")
            loading.load()
            found = agreements.measure(settle=lambda: databases.settle(name))
        self.stdout.write(
            f"Negotiation of {found.clauses} clauses, {found.parties} parties, {found.comments} comments, {found.changes} open "
            f"changes: its page takes {found.page_ms:.0f} ms in {found.queries} queries, its PDF {found.pdf_ms:.0f} ms, "
            f"freezing it {found.freeze_ms:.0f} ms."
        )
