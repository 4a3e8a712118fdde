"""Sealing: every committed event gets exactly one place, in order, under a signed checkpoint."""

import base64
import os
import signal
import stat
import subprocess
import sys
import threading
import time

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from portal.history import keys, merkle, notes, record
from portal.history.audit import audit
from portal.history.keys import PublicKey
from portal.history.management.commands.seal import seal_if_waiting
from portal.history.models import Checkpoint, Event, Leaf, Node, SigningKey, Unsealed
from portal.history.rotation import rotate
from portal.history.rows import StoredLedger
from portal.history.sealer import seal, seal_batch
from tests.portal.history.conftest import HAPPENED, Thing


@pytest.mark.django_db
def test_sealing_gives_places_in_order_and_empties_the_queue(happen):
    events = happen(11)

    checkpoint = seal()

    assert [leaf.event_id for leaf in Leaf.objects.order_by("index")] == [event.pk for event in events]
    assert [leaf.index for leaf in Leaf.objects.order_by("index")] == list(range(11))
    assert not Unsealed.objects.exists()
    assert checkpoint.size == 11
    assert bytes(checkpoint.root) == merkle.root_of(
        [merkle.leaf_hash(event.canonical) for event in Event.objects.order_by("id")]
    )


@pytest.mark.django_db
def test_sealing_nothing_signs_nothing(happen):
    assert seal() is None

    happen()
    assert seal().number == 1
    assert seal() is None
    assert Checkpoint.objects.count() == 1


@pytest.mark.django_db
def test_batches_of_any_size_make_the_same_tree(happen):
    happen(37)

    for limit in (1, 2, 5, 8, 13, 100):
        seal_batch(limit)

    assert [checkpoint.size for checkpoint in Checkpoint.objects.order_by("number")] == [1, 3, 8, 16, 29, 37]
    assert Node.objects.count() == sum(37 >> level for level in range(1, 6))
    assert list(audit(StoredLedger())) == []


@pytest.mark.django_db
def test_the_checkpoint_is_a_signed_note_that_anyone_can_verify(happen):
    happen(3)

    checkpoint = seal()

    text, _, signature = checkpoint.note.partition("\n\n")
    origin, size, root, *_ = text.split("\n")
    assert (origin, size, base64.b64decode(root)) == ("concord.example/ledger", "3", bytes(checkpoint.root))
    key = PublicKey(checkpoint.key.name, bytes(checkpoint.key.public_key))
    raw = base64.b64decode(signature.split(" ")[2])
    assert signature.startswith("\u2014 concord.example/ledger ")
    assert raw[:4].hex() == key.key_id
    assert key.verifies(raw[4:], (text + "\n").encode())
    assert notes.parse(checkpoint.note).is_signed_by(key)


def test_a_note_has_one_spelling_and_any_changed_character_spoils_it():
    signer = keys.signer()
    note = notes.sign(signer, size=3, root=bytes(range(32)), number=1, at="2026-11-23T04:38:14.123456Z")
    text = str(note)

    assert notes.parse(text) == note
    for position in range(len(text)):
        for letter in ("0", "A", " ", "\n"):
            changed = text[:position] + letter + text[position + 1 :]
            if changed != text:
                assert not is_good(changed, signer.public)
        assert not is_good(text[:position] + text[position + 1 :], signer.public)
    assert not is_good(text + "\n", signer.public)
    assert not is_good("", signer.public)


def test_the_key_is_made_once_and_only_its_owner_can_read_it(settings):
    first = keys.signer().public

    assert stat.S_IMODE(settings.SIGNING_KEY_FILE.stat().st_mode) == 0o600
    assert keys.signer().public == first
    assert [path.name for path in settings.SIGNING_KEY_FILE.parent.iterdir()] == [settings.SIGNING_KEY_FILE.name]


def test_processes_that_need_a_key_at_the_same_moment_agree_on_one():
    found = []
    together = threading.Barrier(8)

    def look():
        together.wait()
        found.append(keys.signer().public)

    run_all([look] * 8)

    assert len(set(found)) == 1


def test_a_file_that_is_no_ed25519_key_is_refused(settings):
    settings.SIGNING_KEY_FILE.parent.mkdir()
    settings.SIGNING_KEY_FILE.write_text("not a key")

    with pytest.raises(ImproperlyConfigured):
        keys.signer()


@pytest.mark.django_db
def test_a_new_key_signs_on_and_the_old_checkpoints_stay_verifiable(happen):
    happen(2)
    seal()
    rotate()
    happen(2)
    seal()

    assert SigningKey.objects.count() == 2
    assert len({checkpoint.key_id for checkpoint in Checkpoint.objects.all()}) == 2
    assert list(audit(StoredLedger())) == []


@pytest.mark.django_db(transaction=True)
def test_recording_from_many_threads_while_sealing_loses_nothing(jaxa):
    writing = threading.Event()

    def write():
        for number in range(60):
            try:
                with transaction.atomic():
                    record(HAPPENED, Thing(), actor=jaxa, agencies=[jaxa.agency], facts={"number": number})
                    if number % 6 == 5:
                        raise RuntimeError  # every sixth action fails and must leave nothing
            except RuntimeError:
                continue

    def seal_on():
        while not writing.is_set():
            seal()

    sealers = [threading.Thread(target=closing(seal_on)) for _ in range(2)]
    for thread in sealers:
        thread.start()
    run_all([write] * 4)
    writing.set()
    for thread in sealers:
        thread.join()
    seal()

    assert Event.objects.count() == 4 * 50
    assert sorted(Leaf.objects.values_list("index", flat=True)) == list(range(200))
    assert not Unsealed.objects.exists()
    assert list(audit(StoredLedger())) == []


@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_is_sealed_late_and_not_lost(happen, jaxa):
    begun, finish = threading.Event(), threading.Event()

    def slowly():
        with transaction.atomic():
            record(HAPPENED, Thing("T-2026-0009"), actor=jaxa, agencies=[])
            begun.set()
            finish.wait(10)

    thread = threading.Thread(target=closing(slowly))
    thread.start()
    begun.wait(10)
    happen(1)
    assert seal().size == 1
    finish.set()
    thread.join()

    assert seal().size == 2
    assert Leaf.objects.get(index=1).event.target_ref == "T-2026-0009"
    assert list(audit(StoredLedger())) == []


@pytest.mark.django_db(transaction=True)
def test_a_sealer_that_dies_leaves_no_half_of_a_batch(happen, monkeypatch):
    happen(5)
    monkeypatch.setattr("portal.history.sealer._sign", lambda *args: (_ for _ in ()).throw(RuntimeError))

    with pytest.raises(RuntimeError):
        seal()

    assert not Leaf.objects.exists()
    assert not Node.objects.exists()
    assert Unsealed.objects.count() == 5


@pytest.mark.django_db
def test_many_events_are_sealed_in_several_batches_and_verify(happen):
    """How fast is measured by `manage.py bench`; here only that a large ledger is the same tree."""
    happen(1)
    seal()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO history_event
                (uid, verb, target_kind, target_ref, scope, agency_ref, agency_name, agencies, facts)
            SELECT gen_random_uuid(), verb, target_kind, target_ref, scope, agency_ref, agency_name, agencies, facts
            FROM history_event, generate_series(1, 6000)
            """
        )

    seal()

    assert Leaf.objects.count() == 6001
    assert not Unsealed.objects.exists()
    assert list(audit(StoredLedger())) == []


@pytest.mark.django_db(transaction=True)
def test_the_sealer_waits_for_a_database_that_went_away(happen, monkeypatch):
    happen(1)

    def gone():
        raise OperationalError("the connection is lost")

    with monkeypatch.context() as broken:
        broken.setattr("portal.history.management.commands.seal.seal", gone)
        assert not seal_if_waiting()
    assert seal_if_waiting()
    assert not seal_if_waiting()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ended_is_replaced(happen):
    happen(1)
    with connection.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    assert any(seal_if_waiting() for _ in range(2))
    assert Checkpoint.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_seal_forever_seals_within_seconds_and_stops_at_a_signal(happen, database_environment, settings):
    environment = {**database_environment, "CONCORD_SIGNING_KEY_FILE": str(settings.SIGNING_KEY_FILE)}
    environment["DJANGO_SETTINGS_MODULE"] = os.environ["DJANGO_SETTINGS_MODULE"]
    process = subprocess.Popen(
        [sys.executable, "manage.py", "seal", "--forever"], env=environment, cwd=settings.BASE_DIR
    )
    try:
        happen(3)
        deadline = time.monotonic() + 30
        while Unsealed.objects.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()

    assert Leaf.objects.count() == 3


@pytest.mark.django_db
def test_seal_says_what_it_did(happen, capsys):
    happen(2)

    call_command("seal")
    call_command("seal")

    assert capsys.readouterr().out == "Checkpoint 1 over 2 entries.\nNothing to seal.\n"


def is_good(text, key):
    try:
        return notes.parse(text).is_signed_by(key)
    except notes.BadNote:
        return False


def closing(function):
    def run():
        try:
            function()
        finally:
            connection.close()

    return run


def run_all(functions):
    threads = [threading.Thread(target=closing(function)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
