"""Measure signing, sealing, the bundle and /verify/, on a temporary database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import embedded
from portal.demo import founding
from portal.demo.bench import clock, databases, ledger, servers, signing

WEB_PROCESSES = 2


class Command(BaseCommand):
    help = "Measure what signatories wait for: the answer, fifty at the same instant, the PDF, the bundle and /verify/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--agreements", type=int, default=8, help="signed by six parties, one after another")
        parser.add_argument("--ledger", type=int, default=50_000, help="events to seal and to verify; 0: none")

    def handle(self, **options: Any) -> None:
        try:
            data = databases.data_folder()
        except ValueError as error:
            raise CommandError(str(error)) from error
        embedded.attach(data)
        log = data / "bench.log"
        with ExitStack() as stack:
            name = stack.enter_context(databases.portal_database())
            self.stderr.write("Making the world …")
            founding.found()
            url = databases.url(name, embedded.APP_ROLE)
            webs = [stack.enter_context(servers.portal(url, log)) for _ in range(WEB_PROCESSES)]
            admin = stack.enter_context(databases.administrator())
            found = signing.measure(
                webs, _spent(admin, webs, name), agreements=options["agreements"], settle=lambda: databases.settle(name)
            )
            rows = [
                (f"a signature acknowledged, password included (95 % of {found.signed})",
                 f"{found.answer_ms:.0f} ms ({found.answer_ms_p95:.0f})", "1,000 ms"),
                ("the same in CPU time, web process and PostgreSQL", f"{found.answer_cpu_ms:.0f} CPU-ms", ""),
                (f"{found.at_once} signatories of one agreement at the same instant, each with their password",
                 f"{found.at_once_seconds:.1f} s, {found.at_once_cpu_seconds:.1f} CPU-s", "10 s"),
                ("the same, having proved who they are in the minutes before",
                 f"{found.proved_at_once_seconds:.1f} s, {found.proved_at_once_cpu_seconds:.1f} CPU-s", "10 s"),
                ("of all these, not told that they had signed", str(found.refused), "0"),
                ("the sealed PDF of a text of six parties", f"{found.sealed_ms:.0f} ms", ""),
                ("the bundle", f"{found.bundle_ms:.0f} ms", "2,000 ms"),
                ("/verify/ asked for a sealed PDF", f"{found.verify_ms:.0f} ms", "500 ms"),
            ]  # fmt: skip
            if options["ledger"]:
                grown = ledger.measure(options["ledger"], settle=lambda: databases.settle(name))
                rows += [
                    ("events sealed per second", f"{grown.sealed_per_second:,.0f}", "2,000"),
                    ("events verified per second", f"{grown.verified_per_second:,.0f}", "20,000"),
                ]
        self.stdout.write("| | measured | goal |\n| --- | ---: | ---: |")
        for what, measured, goal in rows:
            self.stdout.write(f"| {what} | {measured} | {goal} |")


def _spent(admin: psycopg.Connection, webs: Sequence[servers.Server], dbname: str) -> Callable[[], float]:
    """CPU seconds that the web processes and the backends of their database have used since now."""
    meters = [clock.Meter(admin, server.pid, dbname) for server in webs]
    begun = [meter.read() for meter in meters]

    def spent() -> float:
        since = [meter.since(before) for meter, before in zip(meters, begun, strict=True)]
        return (sum(web for web, _database in since) + since[0][1]) / 1e9

    return spent
