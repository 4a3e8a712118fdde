"""Measure the pages against the floor, print the table and keep it as JSON."""

from __future__ import annotations

import logging
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from portal import embedded
from portal.demo import founding, loading
from portal.demo.bench import clock, databases, deposits, growth, ledger, pages, report, servers, starting
from portal.demo.bench.measuring import Bench, Target
from portal.history.sealer import seal


class Command(BaseCommand):
    help = "Measure pages in CPU time against a bare Django page, in one run, on temporary databases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cycles", type=int, default=6, help="how often the pages take turns (default 6)")
        parser.add_argument("--block", type=int, default=20, help="requests of one turn (default 20)")
        parser.add_argument("--projects", type=int, default=500)
        parser.add_argument("--events", type=int, default=2_000)
        parser.add_argument("--messages", type=int, default=5_000)
        parser.add_argument(
            "--ledger", type=int, default=50_000, help="events of the ledger's own measurement; 0: none"
        )
        parser.add_argument("--only-ledger", action="store_true", help="measure the ledger and deposits, no page")
        parser.add_argument("--no-start", action="store_true", help="do not measure the start of the demonstration")
        parser.add_argument("--only", nargs="*", default=[], metavar="PAGE", help="pages by their name in the table")

    def handle(self, **options: Any) -> None:
        if not Path("/proc/self/schedstat").exists():
            raise CommandError("CPU time is read from /proc/<pid>/schedstat, which this system does not have.")
        try:
            data = databases.data_folder()
        except ValueError as error:
            raise CommandError(str(error)) from error
        embedded.attach(data)
        logging.getLogger("django.request").setLevel(logging.ERROR)
        logging.getLogger("portal.request").setLevel(logging.ERROR)
        log = data / "bench.log"
        log.write_text("")
        with ExitStack() as stack:
            portal_name = stack.enter_context(databases.portal_database())
            if options["only_ledger"]:
                founding.found()
                self._ledger(portal_name, options["ledger"])
                return
            targets = self._world(portal_name, options)
            floor_name = stack.enter_context(databases.temporary("floor"))
            floor_page = self._floor(databases.url(floor_name, embedded.OWNER_ROLE))
            databases.settle(floor_name)
            admin = stack.enter_context(databases.administrator())
            portal = stack.enter_context(servers.portal(databases.url(portal_name, embedded.APP_ROLE), log))
            floor = stack.enter_context(servers.floor(databases.url(floor_name, embedded.OWNER_ROLE), log))
            self.stderr.write(
                f"Measuring {len(targets)} pages, {options['cycles']} times {options['block']} requests …"
            )
            bench = Bench(
                (portal, clock.Meter(admin, portal.pid, portal_name)),
                (floor, clock.Meter(admin, floor.pid, floor_name)),
                floor_page,
            )
            base, figures = bench.run(targets, cycles=options["cycles"], block=options["block"])
            self.stdout.write(report.table(base, targets, figures))
            sealed = self._ledger(portal_name, options["ledger"])
        start = None if options["no_start"] else self._start()
        world = {name: options[name] for name in ("projects", "events", "messages")}
        target = settings.BASE_DIR / ".data" / "bench.json"
        report.write(target, base, targets, figures, ledger=sealed, start=start, world=world)
        self.stderr.write(f"Written to {target.relative_to(settings.BASE_DIR)}.")

    def _world(self, name: str, options: dict[str, Any]) -> list[Target]:
        self.stderr.write("Making the world …")
        loading.load()
        reader = loading.reader()
        growth.grow(reader, projects=options["projects"], events=options["events"], messages=options["messages"])
        seal()
        databases.settle(name)
        targets = [one for one in pages.targets(reader) if not options["only"] or one.name in options["only"]]
        connection.close()
        return targets

    def _floor(self, url: str) -> Target:
        environment = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "portal.demo.bench.floor.settings"}
        command = [sys.executable, "-m", "portal.demo.bench.floor.world"]
        done = subprocess.run(
            command,
            env=servers.environment_with(environment),
            cwd=settings.BASE_DIR,
            check=True,
            capture_output=True,
            text=True,
        )
        cookie = f"sessionid={done.stdout.split()[-1]}"
        return Target("F", "/", {"Host": "localhost", "Cookie": cookie})

    def _ledger(self, name: str, events: int) -> ledger.LedgerFigures | None:
        if not events:
            return None
        deposits.deposit()
        found = ledger.measure(events, settle=lambda: databases.settle(name))
        self.stdout.write(
            f"Ledger of {found.size:,} entries: {found.sealed_per_second:,.0f} events sealed per second, "
            f"{found.verified_per_second:,.0f} verified; "
            f"a proof costs {found.proof_cpu_ms:.2f} CPU-ms and takes {found.proof_ms:.1f} ms (99 %: {found.proof_ms_p99:.1f})."
        )
        proved = deposits.measure()
        self.stdout.write(
            f"Receipt of a deposit in {proved.size:,} entries: built in {proved.receipt_ms:.1f} ms "
            f"(99 %: {proved.receipt_ms_p99:.1f}), checked in {proved.checked_ms:.1f} ms."
        )
        return found

    def _start(self) -> tuple[float, float]:
        empty, again = starting.measure()
        self.stdout.write(
            f"First page of the demonstration: {empty:.0f} s in an empty folder, {again:.1f} s when started again."
        )
        return empty, again
