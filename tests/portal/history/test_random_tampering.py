"""Random changes by somebody whom nothing stops: each is found against the last witnessed checkpoint, and where it began.

A hundred of them, or as many as TAMPERINGS says: `TAMPERINGS=1000 pytest tests/portal/history/test_random_tampering.py`.
"""

import os
import random
from collections import Counter

import pytest

from portal.history import merkle, notes
from portal.history.audit import Held, audit
from portal.history.canonical import instant
from portal.history.keys import signer
from portal.history.models import Checkpoint
from portal.history.rows import EVENT_COLUMNS, StoredLedger, leaf_hash_of
from portal.history.sealer import seal_batch
from tests.database import superuser
from tests.portal.history.test_tampering import COLUMNS, MORE
from tests.portal.history.watching import Watcher

SIZE, STEP = 120, 20
TAMPERINGS = int(os.environ.get("TAMPERINGS", "100"))
EVENT = "(SELECT event_id FROM history_leaf WHERE index = {})"


class LedgerInside(StoredLedger):
    """The ledger as the forger sees it before the transaction is taken back."""

    def __init__(self, admin):
        self.admin = admin

    def _read(self, query, values=None):
        return self.admin.execute(query, values).fetchall()


class Forger:
    """Does one random thing and says what the first bad place is, "" when only what others hold can tell."""

    def __init__(self, admin, chance, checkpoints):
        self.admin, self.chance, self.checkpoints = admin, chance, checkpoints
        self.index = chance.randrange(SIZE)

    def change_a_column(self):
        column = self.chance.choice(list(COLUMNS))
        value = self.chance.choice([COLUMNS[column], *MORE.get(column, [])])
        self.admin.execute(f"UPDATE history_event SET {column} = {value} WHERE id = {EVENT.format(self.index)}")
        return f"entry {self.index}"

    def delete_an_event(self):
        self.admin.execute(f"DELETE FROM history_event WHERE id = {EVENT.format(self.index)}")
        return f"entry {self.index}"

    def delete_an_entry(self):
        self.admin.execute(f"DELETE FROM history_event WHERE id = {EVENT.format(self.index)}")
        self.admin.execute("DELETE FROM history_leaf WHERE index = %s", [self.index])
        return f"entry {self.index}"

    def insert_an_entry(self):
        """In the middle, with its own hash: what follows moves up by one place, and the nodes above tell."""
        self.admin.execute("UPDATE history_leaf SET index = index + 100000 WHERE index >= %s", [self.index])
        self.admin.execute("UPDATE history_leaf SET index = index - 99999 WHERE index >= 100000")
        self.admin.execute(
            f"""INSERT INTO history_event
                (id, uid, verb, target_kind, target_ref, scope, at, agency_ref, agency_name, agencies, facts)
                SELECT 999999, gen_random_uuid(), verb, target_kind, target_ref, scope, at, agency_ref, agency_name,
                agencies, facts FROM history_event WHERE id = {EVENT.format(0 if self.index else 1)}"""
        )
        (row,) = self.admin.execute(f"SELECT {EVENT_COLUMNS} FROM history_event event WHERE id = 999999").fetchall()
        self.admin.execute("INSERT INTO history_leaf VALUES (%s, %s, 999999)", [self.index, leaf_hash_of(row)])

    def swap_two(self):
        other = (self.index + self.chance.randrange(1, SIZE)) % SIZE
        first, second = sorted((self.index, other))
        (a,), (b,) = (
            self.admin.execute("SELECT event_id FROM history_leaf WHERE index = %s", [place]).fetchone()
            for place in (first, second)
        )
        for place, event in ((first, -1), (second, a), (first, b)):
            self.admin.execute("UPDATE history_leaf SET event_id = %s WHERE index = %s", [event, place])
        return f"entry {first}"

    def cut_the_tail(self):
        """Everything after some checkpoint, the checkpoints too: the ledger was whole then."""
        left = self.chance.randrange(1, SIZE // STEP)
        size = left * STEP
        self.admin.execute("DELETE FROM history_checkpoint WHERE number > %s", [left])
        self.admin.execute(
            "DELETE FROM history_event WHERE id IN (SELECT event_id FROM history_leaf WHERE index >= %s)", [size]
        )
        self.admin.execute("DELETE FROM history_leaf WHERE index >= %s", [size])
        self.admin.execute("DELETE FROM history_node WHERE index >= %s >> level", [size])
        return ""

    def link_the_rest_again(self):
        """Change an event and every hash after it, but sign nothing: the first root that is wrong tells."""
        self.change_facts()
        self.rebuild()
        return f"checkpoint {self.index // STEP + 1}"

    def rebuild_and_sign_again(self):
        """What only a witness can tell: every hash, root and signature fits again."""
        self.change_facts()
        leaves = self.rebuild()
        for row in self.checkpoints:
            root = merkle.root_of(leaves[: row.size])
            note = notes.sign(signer(), size=row.size, root=root, number=row.number, at=instant(row.at))
            self.admin.execute(
                "UPDATE history_checkpoint SET root = %s, signature = %s, note = %s WHERE number = %s",
                [root, note.signature, str(note), row.number],
            )
        return ""

    def change_facts(self):
        self.admin.execute(
            f"""UPDATE history_event SET facts = '{{"forged": true}}' WHERE id = {EVENT.format(self.index)}"""
        )

    def rebuild(self):
        rows = self.admin.execute(
            f"""SELECT leaf.index, {EVENT_COLUMNS} FROM history_leaf leaf
                JOIN history_event event ON event.id = leaf.event_id ORDER BY 1"""
        ).fetchall()
        leaves = [leaf_hash_of(row[1:]) for row in rows]
        cursor = self.admin.cursor()
        cursor.execute("UPDATE history_leaf SET hash = %s WHERE index = %s", [leaves[self.index], self.index])
        grown = merkle.grow(0, leaves, merkle.in_memory(leaves))
        changed = [(hash_, level, index) for level, index, hash_ in grown if level]
        cursor.executemany("UPDATE history_node SET hash = %s WHERE level = %s AND index = %s", changed)
        return leaves


KINDS = [
    Forger.change_a_column,
    Forger.delete_an_event,
    Forger.delete_an_entry,
    Forger.insert_an_entry,
    Forger.swap_two,
    Forger.cut_the_tail,
    Forger.link_the_rest_again,
    Forger.rebuild_and_sign_again,
]
BLIND = {"cut_the_tail", "rebuild_and_sign_again"}


@pytest.mark.django_db(transaction=True)
def test_every_random_change_is_found_against_the_last_witnessed_checkpoint(happen):
    happen(SIZE)
    for _ in range(SIZE // STEP):
        seal_batch(STEP)
    checkpoints = list(Checkpoint.objects.order_by("number"))
    newest = checkpoints[-1]
    line = Watcher().line(newest.note)
    witnessed = Held(notes.parse(notes.unwitnessed(newest.note + line)), "the witnessed checkpoint")
    chance = random.Random(20261123)
    done, missed, alone = Counter(), [], Counter()

    with superuser() as admin:
        ledger = LedgerInside(admin)
        assert list(audit(ledger, against=[witnessed])) == []
        for number in range(TAMPERINGS):
            kind = KINDS[number % len(KINDS)] if number < len(KINDS) else chance.choice(KINDS)
            admin.execute("BEGIN")
            admin.execute("SET LOCAL session_replication_role = replica")
            expected = kind(forger := Forger(admin, chance, checkpoints))
            found = next(audit(ledger, against=[witnessed]), None)
            alone[kind.__name__] += next(audit(ledger), None) is not None
            admin.execute("ROLLBACK")
            done[kind.__name__] += 1
            if found is None or not is_there(found.place, expected, forger.index):
                missed.append((kind.__name__, forger.index, expected, str(found)))
        assert list(audit(ledger, against=[witnessed])) == []

    print(
        f"{TAMPERINGS} changes, {len(missed)} missed or misplaced; found without a witness: {dict(alone)} of {dict(done)}"
    )
    assert missed == []
    # Without what a witness holds, exactly those that leave nothing inconsistent go unnoticed.
    assert {name for name in done if alone[name] < done[name]} == BLIND
    assert {alone[name] for name in BLIND} == {0}


def is_there(place, expected, index):
    """Whether the first finding names the place; of an entry that was put in, a node that spans it."""
    if expected is not None:
        return place == (expected or "the witnessed checkpoint")
    kind, _, at = place.partition(" ")
    level, _, node = at.partition("/")
    return kind == "node" and int(node) << int(level) <= index < (int(node) + 1) << int(level)
