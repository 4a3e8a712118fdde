"""Small versions of the trials: kill -9 during signings, and fifty signatories of one agreement at the same instant."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from agencies.models import Person
from portal import embedded
from portal.history.models import Event
from portal.kit.refusals import NotNow
from projects.agreements import actions
from projects.agreements.models import Agreement, SealedPdf, Signature, Status
from tests import stage
from tests.jobs import run_pending
from tests.trials import instant, storm
from tests.trials.world import build

SIGNINGS, KILLS = 12, 4
AT_ONCE = 24


@pytest.mark.slow
@pytest.mark.xdist_group("processes")
def test_what_was_acknowledged_survives_kill_9_once_and_whole(transactional_db: None, tmp_path: Path) -> None:
    told = _trial(tmp_path, f"--signings={SIGNINGS}", f"--kills={KILLS}")

    assert {what: count for what, count in told["faults"].items() if count} == {}
    assert told["killed"] == dict.fromkeys(storm.SHARES, 1)
    assert told["counts"]["signatures"] == told["counts"]["signed events"] == SIGNINGS
    assert told["counts"]["sealed PDFs"] == told["counts"]["fully signed events"] == told["counts"]["agreements"] == 2


def test_fifty_who_click_twice_at_the_same_instant_sign_once_each(
    transactional_db: None, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    world = build(instant.NEEDED)
    agreement, asked = world.open_for_signature(*instant.NEEDED)
    people = [Person.objects.get(email=one.email) for one in asked]
    clicks = [
        (world.cast.actor(person), stage.given_consent(agreement, person)) for person in people
    ] * instant.CLICKS  # fmt: skip

    results = _at_once([
        lambda actor=actor, consent=consent: actions.sign(agreement, actor=actor, consent=consent, proof=stage.proof())
        for actor, consent in clicks
    ])  # fmt: skip

    assert Counter(map(type, results)) == {Signature: len(people), NotNow: len(people)}, results
    assert Counter(row.person_id for row in Signature.objects.all()) == {person.pk: 1 for person in people}
    assert Event.objects.filter(verb="agreement.signed").count() == len(people)
    assert Event.objects.filter(verb="agreement.fully_signed").count() == 1
    assert Agreement.objects.get(pk=agreement.pk).status == Status.SIGNED
    run_pending()
    assert SealedPdf.objects.count() == Event.objects.filter(verb="agreement.sealed").count() == 1


def _trial(folder: Path, *words: str) -> dict[str, Any]:
    """The trial of kills as `make trials` runs it, on a server of its own with the tables of this one."""
    from tests.trials.__main__ import postgresql

    schema, out = folder / "schema.sql", folder / "told.json"
    place = embedded.conninfo(
        Path(settings.DATABASES["default"]["EMBEDDED_IN"]), embedded.SUPERUSER, connection.settings_dict["NAME"]
    )
    dump = [postgresql("pg_dump"), "--exclude-schema=baseline", f"--file={schema}", f"--dbname={place}"]
    subprocess.run(dump, check=True)
    command = [sys.executable, "-m", "tests.trials", "--rounds=0", "--web=1", f"--schema={schema}", f"--out={out}"]
    done = subprocess.run([*command, *words], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert out.exists(), done.stderr
    return json.loads(out.read_text())["trials"]["kill -9"]


def _at_once(functions: list[Any]) -> list[Any]:
    """Call all of them, two dozen at a time from the same moment; what each returned or raised."""
    start, waiting = threading.Event(), ThreadPoolExecutor(AT_ONCE)

    def run(function: Any) -> Any:
        start.wait()
        try:
            return function()
        except Exception as error:
            return error
        finally:
            connection.close()

    with waiting as pool:
        results = [pool.submit(run, function) for function in functions]
        start.set()
        return [result.result() for result in results]
