"""Load the demonstration and say who can sign in."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

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

    def handle(self, *args: Any, **options: Any) -> None:
        # SECURITY: everybody knows the password of these people, so no real installation may ever have them.
        if not settings.DEMO:
            raise CommandError("The demonstration is loaded only where CONCORD_DEMO=1 says that this is one.")
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
        self._print(loading.access())
        self.stdout.write("")
        self.stdout.write(f"Everybody's password: {founding.PASSWORD}")
        self.stdout.write("")
        self.stdout.write("To begin with:")
        for key, why in BEGINNERS.items():
            self.stdout.write(f"  {founding.email_of(key):<24} {why}")
        self.stdout.write(f"  {people.OPERATOR_EMAIL:<24} vets agencies, at /admin/")

    def _print(self, people: list[loading.Access]) -> None:
        rows = [("Sign in as", "Who", "For", "As")]
        rows += [(one.email, one.name, one.agency or "(portal)", ", ".join(one.roles)) for one in people]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        for row in rows:
            padded = "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False))
            self.stdout.write(f"{padded}  {row[3]}")
