"""Load the demonstration, say who can sign in, and run it."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from portal.demo import founding, loading, people

BEGINNERS = {
    "mika": "runs the projects of JAXA and has questions to answer",
    "kenji": "has an agreement to sign for JAXA",
    "lucien": "is her partner at ESA",
    "yildiz": "waits for her agency to be verified",
}


class Command(BaseCommand):
    help = "Load the demonstration world, unless it is there, and print who can sign in."
    requires_system_checks = []  # they read every URL, and this runs before each start of the demonstration

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--serve", action="store_true", help="bring the schema up to date first, and run the portal afterwards"
        )
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")

    def handle(self, *, serve: bool, host: str, port: int, **options: Any) -> None:
        # SECURITY: everybody knows the password of these people, so no real installation may ever have them.
        if not settings.DEMO:
            raise CommandError("The demonstration is loaded only where CONCORD_DEMO=1 says that this is one.")
        # One process for all of it: each one more would import everything once more.
        if serve and _has_to_migrate():
            call_command("migrate", verbosity=0)
        began = time.monotonic()
        try:
            is_new = loading.load()
        except loading.OwnData as error:
            raise CommandError(
                "This database holds agencies of its own; the demonstration needs an empty one."
            ) from error
        seconds = time.monotonic() - began
        self.stdout.write(
            f"The demonstration world was loaded in {seconds:.0f} s."
            if is_new
            else "The demonstration world is there already."
        )
        self.stdout.write("")
        self._print(loading.who_can_sign_in())
        self.stdout.write("")
        self.stdout.write(f"Everybody's password: {founding.PASSWORD}")
        self.stdout.write("")
        self.stdout.write("To begin with:")
        for key, why in BEGINNERS.items():
            self.stdout.write(f"  {founding.email_of(key):<24} {why}")
        self.stdout.write(f"  {people.OPERATOR_EMAIL:<24} vets agencies, at /admin/")
        if serve:
            self.stdout.flush()
            call_command("run", host=host, port=port)

    def _print(self, people: list[loading.Access]) -> None:
        rows = [("Sign in as", "Who", "For", "As")]
        rows += [(one.email, one.name, one.agency or "(portal)", ", ".join(one.roles)) for one in people]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for row in rows:
            padded = "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False))
            self.stdout.write(f"{padded}  {row[3]}")


def _has_to_migrate() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
