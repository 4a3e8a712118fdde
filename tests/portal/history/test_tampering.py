"""The ledger against somebody whom no trigger and no grant stops: every change of every row is found, and located."""

from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import Error

from portal.history import merkle, notes
from portal.history.audit import Held, Tree, audit, check_entries, check_nodes
from portal.history.canonical import instant
from portal.history.keys import signer
from portal.history.models import Checkpoint, Event, Leaf, Node, SigningKey
from portal.history.rows import EVENT_COLUMNS, StoredLedger, leaf_hash_of
from portal.history.sealer import seal_batch
from portal.kit.append_only import EvidenceIsFinal
from tests.database import superuser

SIZE = 1000
COLUMNS = {
    "uid": "gen_random_uuid()",
    "verb": "verb || 'x'",
    "target_kind": "upper(target_kind)",
    "target_ref": "target_ref || ' '",
    "scope": "''",
    "at": "at + interval '1 microsecond'",
    "person_uid": "NULL",
    "agency_ref": "'ISRO'",
    "agency_name": "replace(agency_name, 'A', 'Α')",
    "agencies": "agencies || '{ISRO}'",
    "facts": """facts || '{"number": 4711}'""",
}
MORE = {
    "at": ["'infinity'", "'-infinity'", "'4714-11-24 00:00:00+00 BC'", "at + interval '1 day'"],
    "person_uid": ["gen_random_uuid()"],
    "agencies": ["'{}'", "'{JAXA,ESA}'", "'{ESA,NULL}'", "'{{ESA,JAXA}}'"],
    "facts": [
        "'{}'",
        "'[]'",
        "'null'",
        "'1e400'",
        """facts || '{"number": 5.0}'""",
        "facts - 'text'",
        """facts || '{"number": 1e30}'""",
    ],
}


@pytest.fixture
def ledger(transactional_db, happen):
    """A thousand sealed events under ten checkpoints, three more waiting."""
    happen(1)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO history_event
                (uid, verb, target_kind, target_ref, scope, person_uid, agency_ref, agency_name, agencies, facts)
            SELECT gen_random_uuid(), verb, target_kind, target_ref, scope, person_uid, agency_ref, agency_name,
                agencies, facts || jsonb_build_object('number', number)
            FROM history_event, generate_series(1, %s) AS number
            """,
            [SIZE - 1],
        )
    for _ in range(10):
        seal_batch(SIZE // 10)
    happen(3)
    return StoredLedger()


@contextmanager
def tampering(*statements):
    """Run the statements as a superuser with triggers and foreign keys off, and take them back afterwards."""
    with superuser() as admin:
        admin.execute("SET session_replication_role = replica")
        tables = ["event", "leaf", "node", "checkpoint", "signingkey", "unsealed"]
        for table in tables:
            admin.execute(f"CREATE TEMP TABLE kept_{table} AS TABLE history_{table}")
        try:
            for statement in statements:
                assert admin.execute(statement).rowcount > 0, statement
            yield admin
        finally:
            for table in tables:
                admin.execute(f"DELETE FROM history_{table}")
                admin.execute(f"INSERT INTO history_{table} SELECT * FROM kept_{table}")
                admin.execute(f"DROP TABLE kept_{table}")


def first(ledger, *statements):
    with tampering(*statements):
        return next(audit(ledger), None)


def held(number):
    return Held(notes.parse(Checkpoint.objects.get(number=number).note))


def test_an_untouched_ledger_has_nothing_to_report(ledger):
    assert list(audit(ledger)) == []
    assert list(audit(ledger, against=[held(4)])) == []


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_of_every_event_is_found_out_at_its_entry(ledger, column):
    """An audit judges an entry by its own row: one statement changes all thousand, each is judged among true ones."""
    true = ledger.entries(0, SIZE)

    with tampering(f"UPDATE history_event SET {column} = {COLUMNS[column]}"):
        changed = ledger.entries(0, SIZE)

    assert len(changed) == SIZE
    for index in range(SIZE):
        start = max(0, index - 2)
        rows = [*true[start:index], changed[index], *true[index + 1 : index + 3]]
        assert [finding.place for finding in check_entries(start, rows)[1]] == [f"entry {index}"]


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("index", [0, 511, 999])
def test_the_audit_of_the_whole_ledger_begins_with_the_changed_event(ledger, column, index):
    where = f"WHERE id = (SELECT event_id FROM history_leaf WHERE index = {index})"

    for value in [COLUMNS[column], *MORE.get(column, [])]:
        found = first(ledger, f"UPDATE history_event SET {column} = {value} {where}")
        assert found is not None
        assert found.place == f"entry {index}"


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("DELETE FROM history_event WHERE id = (SELECT event_id FROM history_leaf WHERE index = 300)", "entry 300"),
        ("DELETE FROM history_leaf WHERE index = 300", "entry 300"),
        ("DELETE FROM history_leaf WHERE index = 0", "entry 0"),
        ("DELETE FROM history_leaf WHERE index = 999", "entry 999"),
        ("UPDATE history_leaf SET index = 5000 WHERE index = 300", "entry 300"),
        ("UPDATE history_leaf SET hash = sha256('x') WHERE index = 300", "entry 300"),
        ("UPDATE history_leaf SET hash = '' WHERE index = 300", "entry 300"),
        ("UPDATE history_leaf SET event_id = (SELECT max(id) FROM history_event) WHERE index = 300", "entry 300"),
        ("UPDATE history_event SET id = -id WHERE id = (SELECT min(event_id) FROM history_leaf)", "entry 0"),
        ("UPDATE history_node SET hash = sha256('x') WHERE level = 3 AND index = 20", "node 3/20"),
        ("UPDATE history_node SET level = 40 WHERE level = 3 AND index = 20", "node 3/20"),
        ("UPDATE history_node SET index = 4000 WHERE level = 3 AND index = 20", "node 3/20"),
        ("DELETE FROM history_node WHERE level = 1 AND index = 0", "node 1/0"),
        ("INSERT INTO history_node (level, index, hash) VALUES (3, 125, sha256('x'))", "node 3/125"),
        ("UPDATE history_checkpoint SET size = 450 WHERE number = 4", "checkpoint 4"),
        ("UPDATE history_checkpoint SET root = sha256('x') WHERE number = 4", "checkpoint 4"),
        ("UPDATE history_checkpoint SET at = at + interval '1 second' WHERE number = 4", "checkpoint 4"),
        ("UPDATE history_checkpoint SET at = 'infinity' WHERE number = 4", "checkpoint 4"),
        ("UPDATE history_checkpoint SET key_id = '00000000' WHERE number = 4", "checkpoint 4"),
        ("UPDATE history_checkpoint SET signature = sha512('x') WHERE number = 4", "checkpoint 4"),
        ("UPDATE history_checkpoint SET note = replace(note, 'concord', 'discord') WHERE number = 4", "checkpoint 4"),
        ("UPDATE history_checkpoint SET note = note || ' ' WHERE number = 4", "checkpoint 4"),
        ("UPDATE history_checkpoint SET number = 44 WHERE number = 4", "checkpoint 4"),
        ("DELETE FROM history_checkpoint WHERE number = 4", "checkpoint 4"),
        ("DELETE FROM history_checkpoint WHERE number = 10", "entry 900"),
        ("DELETE FROM history_signingkey", "key"),
        ("UPDATE history_signingkey SET public_key = sha256('x')", "key"),
        ("UPDATE history_signingkey SET since = since - interval '1 year'", "key"),
        ("INSERT INTO history_signingkey SELECT 'deadbeef', 'x', sha256('x'), now()", "key deadbeef"),
        ("DELETE FROM history_unsealed WHERE event_id = (SELECT max(event_id) FROM history_unsealed)", "event"),
        ("DELETE FROM history_event WHERE id = (SELECT max(event_id) FROM history_unsealed)", "event row"),
        ("INSERT INTO history_unsealed SELECT event_id FROM history_leaf WHERE index = 7", "entry 7"),
    ],
)  # fmt: skip
def test_every_kind_of_change_is_found_and_located(ledger, statement, place):
    found = first(ledger, statement)

    assert found is not None
    assert found.place.startswith(place)


def test_two_events_that_change_places_are_found(ledger):
    tenth, twentieth = (Leaf.objects.get(index=index).event_id for index in (10, 20))

    found = first(
        ledger,
        "UPDATE history_leaf SET event_id = -1 WHERE index = 10",
        f"UPDATE history_leaf SET event_id = {tenth} WHERE index = 20",
        f"UPDATE history_leaf SET event_id = {twentieth} WHERE index = 10",
    )

    assert found.place == "entry 10"


def test_every_leaf_and_every_node_changed_alone_is_found(ledger):
    """One statement changes a whole table; each row is then judged among true ones, as the audit judges it."""
    true = ledger.entries(0, SIZE)
    with tampering("UPDATE history_leaf SET hash = sha256(hash)"):
        changed = ledger.entries(0, SIZE)
    for index in range(SIZE):
        assert [finding.place for finding in check_entries(index, [changed[index]])[1]] == [f"entry {index}"]
        assert not check_entries(index, [true[index]])[1]

    stored = [(node.level, node.index) for node in Node.objects.all()]
    assert len(stored) == sum(SIZE >> level for level in range(1, 10))
    remembered = Remembered(ledger)
    grown = Tree().extend([row.hash for row in true])
    assert not check_nodes(remembered, grown)
    for at in stored:
        remembered.changed_node = at
        assert [finding.place for finding in check_nodes(remembered, grown)] == [f"node {at[0]}/{at[1]}"]


def test_a_cut_tail_is_found_by_its_checkpoint(ledger):
    found = first(
        ledger,
        "DELETE FROM history_event WHERE id IN (SELECT event_id FROM history_leaf WHERE index >= 950)",
        "DELETE FROM history_leaf WHERE index >= 950",
    )

    assert found.place == "entry 950"


def test_an_inserted_event_is_found_unless_it_went_through_the_queue(ledger):
    with tampering(
        """
        INSERT INTO history_event
            (uid, verb, target_kind, target_ref, scope, at, agency_ref, agency_name, agencies, facts)
        VALUES (gen_random_uuid(), 'a.b', '', '', '', now(), '', '', '{}', '{}')"""
    ):
        assert "neither in the ledger nor in the queue" in next(audit(ledger)).problem


def test_a_ledger_rewritten_to_the_last_hash_is_exposed_by_a_checkpoint_kept_elsewhere(ledger):
    saved, early = [held(5)], [held(2)]

    with tampering(
        "UPDATE history_event SET facts = '{}' WHERE id = (SELECT event_id FROM history_leaf WHERE index = 321)"
    ) as admin:
        rewrite(admin, 321)

        assert list(audit(ledger)) == []  # by itself it cannot know: everything fits together again
        assert next(audit(ledger, against=saved)).place == "the checkpoint given"
        assert "rewritten" in next(audit(ledger, against=saved)).problem
        assert list(audit(ledger, against=early)) == []  # what came before that checkpoint is as it was


def test_a_ledger_cut_back_with_its_checkpoints_is_exposed_by_a_checkpoint_kept_elsewhere(ledger):
    saved = [held(10)]

    with tampering(
        "DELETE FROM history_event WHERE id IN (SELECT event_id FROM history_leaf WHERE index >= 900)",
        "DELETE FROM history_leaf WHERE index >= 900",
        "DELETE FROM history_checkpoint WHERE number > 9",
        "DELETE FROM history_node WHERE index >= 900 >> level",
    ):
        assert list(audit(ledger)) == []
        assert "cut" in next(audit(ledger, against=saved)).problem


def test_a_saved_checkpoint_by_a_foreign_key_is_not_accepted(ledger, settings, tmp_path):
    saved = notes.parse(Checkpoint.objects.get(number=5).note)
    own, settings.SIGNING_KEY_FILE = settings.SIGNING_KEY_FILE, tmp_path / "another.pem"
    forged = notes.sign(signer(), size=saved.size, root=saved.root, number=saved.number, at=saved.at)

    settings.SIGNING_KEY_FILE = own

    assert next(audit(ledger, against=[Held(forged)])).place == "the checkpoint given"


def test_the_command_names_the_first_bad_entry_and_fails(ledger, tmp_path):
    saved = tmp_path / "checkpoint.txt"
    out = StringIO()
    call_command("ledger", "checkpoint", stdout=out)
    saved.write_text(out.getvalue(), encoding="utf-8")
    said = StringIO()

    call_command("ledger", "verify", "--against", str(saved), stdout=said)

    assert "1000 entries, 10 checkpoints, 3 events waiting" in said.getvalue()
    errors = StringIO()
    change = "UPDATE history_event SET verb = 'x' WHERE id = (SELECT event_id FROM history_leaf WHERE index = 77)"
    with tampering(change), pytest.raises(CommandError, match="First bad place: entry 77") as failed:
        call_command("ledger", "verify", stderr=errors)
    assert failed.value.returncode == 1
    assert "entry 77: its event is not the one that was sealed" in errors.getvalue()


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff\xfe", b"a\n" * 100_000])
def test_the_command_says_when_a_file_is_no_checkpoint(db, tmp_path, content):
    (tmp_path / "saved").write_bytes(content)

    with pytest.raises(CommandError, match="cannot be read as a checkpoint"):
        call_command("ledger", "verify", "--against", str(tmp_path / "saved"))


@pytest.mark.parametrize("model", [Event, Leaf, Node, SigningKey, Checkpoint])
def test_the_application_can_neither_change_nor_remove_evidence(ledger, model):
    table = model._meta.db_table
    column = model._meta.concrete_fields[-1].column

    for statement in (
        f'UPDATE {table} SET "{column}" = "{column}"',
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        with pytest.raises(Error, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    row = model.objects.order_by("pk").first()
    for change in (
        row.save,
        row.delete,
        model.objects.all().delete,
        lambda: model.objects.update(**{model._meta.concrete_fields[-1].name: None}),
        lambda: model.objects.bulk_update([row], [model._meta.concrete_fields[-1].name]),
    ):
        with pytest.raises(EvidenceIsFinal):
            change()


@pytest.mark.parametrize("model", [Event, Leaf, Node, SigningKey, Checkpoint])
def test_not_even_the_owner_can_change_or_remove_evidence(ledger, model):
    table = model._meta.db_table
    column = model._meta.concrete_fields[-1].column

    for statement in (
        f'UPDATE {table} SET "{column}" = "{column}"',
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        with superuser() as admin, pytest.raises(Exception, match="evidence is final"):
            admin.execute(statement)


class Remembered:
    """The stored nodes, read once from the database, with one of them changed."""

    def __init__(self, ledger):
        self.stored = ledger.nodes([(level, 0, SIZE >> level) for level in range(1, 10)])
        self.changed_node = None

    def nodes(self, ranges):
        return self.stored | ({self.changed_node: bytes(32)} if self.changed_node else {})


def rewrite(admin, start):
    """What a careful forger does: recompute every hash from the changed entry on, and sign all over again."""
    rows = admin.execute(
        f"""
        SELECT leaf.index, {EVENT_COLUMNS}
        FROM history_leaf leaf JOIN history_event event ON event.id = leaf.event_id ORDER BY 1
        """
    ).fetchall()
    leaves = [leaf_hash_of(row[1:]) for row in rows]
    admin.cursor().executemany(
        "UPDATE history_leaf SET hash = %s WHERE index = %s", [(leaves[n], n) for n in range(start, SIZE)]
    )
    grown = [(hash_, level, index) for level, index, hash_ in merkle.grow(0, leaves, merkle.in_memory(leaves)) if level]
    admin.cursor().executemany("UPDATE history_node SET hash = %s WHERE level = %s AND index = %s", grown)
    for checkpoint in Checkpoint.objects.filter(size__gt=start):
        root = merkle.root_of(leaves[: checkpoint.size])
        note = notes.sign(
            signer(), size=checkpoint.size, root=root, number=checkpoint.number, at=instant(checkpoint.at)
        )
        admin.execute(
            "UPDATE history_checkpoint SET root = %s, signature = %s, note = %s WHERE number = %s",
            [root, note.signature, str(note), checkpoint.number],
        )
