"""What does not fit what witnesses hold is found, told to everybody once, and red until it is explained."""

from io import StringIO

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.template.loader import render_to_string

from portal.history import alarms, kept, keys, notes
from portal.history.audit import audit
from portal.history.jobs import check_ledger, mail_checkpoints
from portal.history.models import Alarm, Checkpoint, Cosignature, Event, Mailing
from portal.history.rows import StoredLedger
from portal.history.sealer import seal_batch
from portal.inbox.mail import message
from portal.kit.actors import Actor
from portal.kit.refusals import Forbidden, NotNow
from tests.portal.history.conftest import actor_for
from tests.portal.history.test_tampering import rewrite, tampering
from tests.portal.history.watching import Watcher

SIZE = 40
CHANGE = "UPDATE history_event SET facts = '{}' WHERE id = (SELECT event_id FROM history_leaf WHERE index = 21)"
CUT = (
    "DELETE FROM history_event WHERE id IN (SELECT event_id FROM history_leaf WHERE index >= 30)",
    "DELETE FROM history_leaf WHERE index >= 30",
    "DELETE FROM history_checkpoint WHERE number > 3",
    "DELETE FROM history_node WHERE index >= 30 >> level",
)


@pytest.fixture
def ledger(transactional_db, happen, monkeypatch):
    """Forty entries under four checkpoints."""
    monkeypatch.setattr("tests.portal.history.test_tampering.SIZE", SIZE)
    happen(SIZE)
    for _ in range(4):
        seal_batch(SIZE // 4)
    return StoredLedger()


def checkpoint(number):
    return Checkpoint.objects.get(number=number)


def operator():
    actor = actor_for("JAXA")
    actor.person.is_staff = True
    return Actor(person=actor.person)


def test_a_ledger_that_its_witnesses_know_has_nothing_to_report(ledger):
    for number in (2, 4):
        Watcher().cosigned(checkpoint(number))

    check_ledger()

    assert not Alarm.objects.exists()
    assert len(kept.kept()) == 2


def test_a_history_rewritten_to_the_last_hash_is_found_by_what_a_witness_signed(ledger):
    Watcher().cosigned(checkpoint(3), is_kept=False)

    with tampering(CHANGE) as admin:
        rewrite(admin, 21)
        (found,) = audit(ledger)

    assert found.place == "checkpoint 3 as jaxa.example/witness co-signed it"
    assert found.note == notes.parse(checkpoint(3).note)


def test_a_cosignature_moved_to_the_rewritten_checkpoint_does_not_verify(ledger):
    Watcher().cosigned(checkpoint(3), is_kept=False)

    with tampering(CHANGE) as admin:
        rewrite(admin, 21)
        admin.execute(
            "UPDATE history_cosignature SET note = (SELECT note FROM history_checkpoint WHERE number = checkpoint_id)"
        )
        problems = [finding.problem for finding in audit(ledger)]
        admin.execute("DELETE FROM history_cosignature")

    assert problems == ["its co-signature does not verify"]


def test_an_old_backup_is_noticed_by_what_is_kept_beside_the_database(ledger):
    cosigned = Watcher().cosigned(checkpoint(4))
    kept_note = cosigned.note

    with tampering("DELETE FROM history_cosignature", *CUT):
        assert list(audit(ledger)) == []  # by itself an old backup is a good ledger
        check_ledger()
        (alarm,) = Alarm.objects.all()

    assert (alarm.kind, alarm.note) == ("cut", kept_note)


def test_an_empty_ledger_in_the_place_of_a_witnessed_one_is_noticed(ledger):
    Watcher().cosigned(checkpoint(4))

    with tampering(
        "DELETE FROM history_cosignature",
        "DELETE FROM history_leaf",
        "DELETE FROM history_node",
        "DELETE FROM history_checkpoint",
        "DELETE FROM history_event",
    ):
        assert [finding.problem for finding in alarms.examine() if finding.note] == [
            "history was cut: it was signed over 40 entries, the ledger has 0"
        ]


def test_the_command_takes_files_and_folders_and_raises_the_alarm(ledger, tmp_path):
    watcher = Watcher()
    folder = tmp_path / "held"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"{number}.txt").write_text(checkpoint(number).note, encoding="utf-8")
    witnessed = tmp_path / "witnessed.txt"
    witnessed.write_text(checkpoint(4).note + watcher.line(checkpoint(4).note), encoding="utf-8")
    said, errors = StringIO(), StringIO()

    call_command("ledger", "verify", "--against", str(folder), str(witnessed), stdout=said)
    with tampering(CHANGE) as admin:
        rewrite(admin, 21)
        with pytest.raises(CommandError, match=r"First bad place: the checkpoint in witnessed\.txt") as failed:
            call_command("ledger", "verify", "--against", str(folder), str(witnessed), stderr=errors)
        kinds = [alarm.kind for alarm in Alarm.objects.all()]

    assert said.getvalue().count("only been appended to") == 3
    assert (failed.value.returncode, kinds) == (1, ["rewritten"])
    assert "Alarm LA-" in errors.getvalue()


@pytest.mark.parametrize("content", [b"no checkpoint", b"\xff\xfe", b""])
def test_a_file_that_is_no_checkpoint_stops_the_command(ledger, tmp_path, content):
    (tmp_path / "held.txt").write_bytes(content)

    with pytest.raises(CommandError) as failed:
        call_command("ledger", "verify", "--against", str(tmp_path))
    assert failed.value.returncode == 2


def test_a_folder_without_a_checkpoint_is_not_taken_for_agreement(ledger, tmp_path):
    (tmp_path / "nothing").mkdir()

    with pytest.raises(CommandError) as failed:
        call_command("ledger", "verify", "--against", str(tmp_path / "nothing"))
    assert failed.value.returncode == 2


def test_a_checkpoint_that_is_shown_is_compared_with_the_tree(ledger):
    assert alarms.compare(notes.parse(checkpoint(2).note)) is None

    held, newest = notes.parse(checkpoint(3).note), notes.parse(checkpoint(4).note)
    with tampering(CHANGE) as admin:
        rewrite(admin, 21)
        assert alarms.compare(held).note == held
    with tampering(*CUT):
        assert "the ledger has 30" in alarms.compare(newest).problem


def test_a_text_that_no_key_of_the_ledger_signed_raises_nothing(ledger, settings, tmp_path):
    true = notes.parse(checkpoint(4).note)
    settings.SIGNING_KEY_FILE = tmp_path / "another.pem"
    forged = notes.sign(keys.signer(), size=true.size, root=bytes(32), number=4, at=true.at)
    settings.SIGNING_KEY_FILE = tmp_path / "third.pem"

    with pytest.raises(ValidationError):
        alarms.compare(forged)


def test_an_alarm_is_raised_once_and_told_once(ledger):
    finding = alarms.Finding("the checkpoint shown", "it differs", notes.parse(checkpoint(2).note))

    first = alarms.raise_alarm(finding, actor=Actor.system(), found_for="JAXA")
    again = alarms.raise_alarm(finding, actor=Actor.system(), found_for="ESA")

    assert first == again
    assert Event.objects.filter(verb="ledger.fork_found").count() == 1
    assert again.found_for == "JAXA"


def test_only_the_first_contradiction_inside_the_ledger_is_an_alarm(ledger):
    with tampering("UPDATE history_leaf SET hash = sha256(hash)"):
        check_ledger()
        (alarm,) = Alarm.objects.all()

    assert (alarm.kind, alarm.place, alarm.note) == ("broken", "entry 0", "")


def test_an_alarm_is_red_on_public_pages_until_it_is_explained(ledger, client):
    for path in ("/ledger/", "/verify/", "/"):
        assert "The ledger does not fit" not in client.get(path).content.decode()
    alarm = alarms.raise_alarm(alarms.Finding("entry 7", "it is missing"), actor=Actor.system())

    for path in ("/ledger/", "/verify/", "/"):
        page = client.get(path).content.decode()
        assert "The ledger does not fit" in page
        assert f"/ledger/alarms/{alarm.pk}/" in page

    alarms.explain(alarm, actor=operator(), text="The disk failed; the backup of Monday was restored.")
    page = client.get("/ledger/").content.decode()
    assert "The ledger does not fit" not in page
    assert "The disk failed" in page
    assert "The disk failed" in client.get(f"/ledger/alarms/{alarm.pk}/").content.decode()


def test_the_foot_and_the_banner_are_one_query(ledger, django_assert_num_queries):
    alarms.raise_alarm(alarms.Finding("entry 7", "it is missing"), actor=Actor.system())

    with django_assert_num_queries(1):
        newest = Checkpoint.objects.lately()
        html = render_to_string("history/_alarm.html", {"alarms": newest.open_alarms})

    assert len(newest.open_alarms) == 1
    assert 'data-tone="bad"' in html


def test_only_an_operator_explains_and_only_once(ledger, esa):
    alarm = alarms.raise_alarm(alarms.Finding("entry 7", "it is missing"), actor=Actor.system())

    with pytest.raises(Forbidden):
        alarms.explain(alarm, actor=esa, text="Nothing happened.")
    with pytest.raises(Forbidden):
        token = Actor(person=operator().person, scopes=frozenset({"write"}))
        alarms.explain(alarm, actor=token, text="Nothing happened.")
    for bad in ("", "  ", "x" * 4001, "a\x00b"):
        with pytest.raises(ValidationError):
            alarms.explain(alarm, actor=operator(), text=bad)
    alarms.explain(alarm, actor=operator(), text="Tried out on purpose.")
    with pytest.raises(NotNow):
        alarms.explain(Alarm.objects.get(), actor=operator(), text="Something else.")
    assert Event.objects.filter(verb="ledger.alarm_explained").count() == 1


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30, "-1", "x"])
def test_an_alarm_that_never_was_is_not_found(client, db, number):
    assert client.get(f"/ledger/alarms/{number}/").status_code == 404


def test_the_witnessed_checkpoint_carries_its_cosignatures(ledger, client):
    assert client.get("/ledger/checkpoint?witnessed=1").status_code == 404
    one, two = Watcher(), Watcher("esa.example/witness")
    one.cosigned(checkpoint(2))
    first, second = one.cosigned(checkpoint(3)), two.cosigned(checkpoint(3), agency="ESA")

    text = client.get("/ledger/checkpoint?witnessed=1").content.decode()

    assert text == checkpoint(3).note + first.line + second.line
    assert notes.unwitnessed(text) == checkpoint(3).note


def test_a_new_checkpoint_is_mailed_once_and_is_the_whole_text(ledger):
    Mailing.objects.create(agency_ref="JAXA", addresses=["archive@jaxa.example"])
    Mailing.objects.create(agency_ref="ESA", addresses=[])
    mail_checkpoints()
    mail_checkpoints()

    assert queued() == [("archive@jaxa.example", checkpoint(4).note)]
    sent = message("checkpoint", to="a@b.example", language="", key="k", context={"note": checkpoint(4).note})
    assert notes.parse(sent.body) == notes.parse(checkpoint(4).note)
    assert sent.alternatives == []
    assert mail.outbox == []


def queued():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'to', args->'context'->>'note' FROM procrastinate_jobs WHERE task_name = 'inbox.send_mail'"
        )
        return cursor.fetchall()


def test_a_kept_file_that_is_damaged_does_not_stop_the_check(ledger, settings):
    made = Watcher().cosigned(checkpoint(4))
    (path,) = settings.WITNESSED_DIR.iterdir()
    path.write_bytes(b"\xff")

    assert kept.kept() == []
    kept.keep(Cosignature.objects.get(pk=made.pk))
    assert len(kept.kept()) == 1
