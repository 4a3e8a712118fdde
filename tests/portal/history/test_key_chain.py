"""The chain of keys against who owns the database, and against who found a former key: neither is believed."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from portal.history import alarms, notes, rotation, statements
from portal.history.audit import audit
from portal.history.canonical import instant
from portal.history.chain import known_chain, path_of
from portal.history.keys import PublicKey, Signer, signer
from portal.history.models import Checkpoint
from portal.history.rotation import NotVouched, rotate, vouch
from portal.history.rows import StoredLedger
from portal.history.sealer import seal
from portal.history.statements import BadStatement, Statement
from tests.database import superuser

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_seal(settings, tmp_path):
    settings.SEAL_KEY_FILE = settings.SEAL_CERTIFICATE_FILE = tmp_path / "seal.pem"


def somebody():
    """A key of somebody else's, under the name of this ledger."""
    return rotation._signer_of(rotation.generate())


def stated(former, new, size, *, by_former=None, by_new=None):
    """A statement about two signers, signed by them unless others are told."""
    text = Statement(former.public, new.public, size, bytes(32), "2026-11-24T09:00:00.000000Z", b"", b"").text.encode()
    signed = [(by_former or former).sign(text), (by_new or new).sign(text)]
    return Statement(former.public, new.public, size, bytes(32), "2026-11-24T09:00:00.000000Z", *signed)


def put(statement):
    path_of(statement.new).write_text(str(statement), encoding="utf-8")


def insert(key, since="now()"):
    with superuser() as admin:
        admin.execute(
            f"INSERT INTO history_signingkey (key_id, name, public_key, since) VALUES (%s, %s, %s, {since})",
            [key.key_id, key.name, key.raw],
        )


@pytest.fixture
def rotated(happen):
    """Four entries by a first key, three by a second, one by a third; the signers of all three."""
    first = signer()
    happen(4)
    seal()
    rotate()
    second = signer()
    happen(3)
    rotate()
    happen(1)
    seal()
    return first, second, signer()


def problems():
    return [str(finding) for finding in audit(StoredLedger())]


def test_each_key_counts_for_the_entries_of_its_time(rotated):
    chain = known_chain()

    assert [(link.key, link.start, link.end) for link in chain.links] == [
        (rotated[0].public, 0, 4), (rotated[1].public, 4, 7), (rotated[2].public, 7, None),
    ]  # fmt: skip
    assert problems() == []
    first, second, third = (one.public.key_id for one in rotated)
    assert [chain.covers(first, index) for index in (0, 3, 4, None)] == [True, True, False, False]
    assert [chain.covers(second, index) for index in (3, 4, 6, 7, None)] == [False, True, True, False, False]
    assert [chain.covers(third, index) for index in (6, 7, None)] == [False, True, True]
    assert not chain.covers("00000000", 0)


def test_what_waits_is_sealed_by_the_former_key_before_the_new_one_takes_over(happen):
    former = signer().public
    happen(2)

    told = rotate()

    assert (told.former, told.size, told.root) == (former, 2, bytes(Checkpoint.objects.newest().root))
    assert Checkpoint.objects.newest().key_id == former.key_id
    assert statements.parse(path_of(told.new).read_text()) == told


def test_a_ledger_of_one_key_needs_no_statement(happen):
    happen(3)
    seal()

    assert [link.key for link in known_chain().links] == [signer().public]
    assert problems() == []


def test_a_key_put_into_the_database_is_believed_by_nobody(rotated):
    forger = somebody()
    insert(forger.public, "(SELECT at FROM history_checkpoint WHERE number = 1)")

    assert forger.public not in known_chain().keys.values()
    assert f"key {forger.public.key_id}: nothing proves that it was ever a key of this ledger" in problems()


def test_a_checkpoint_by_an_inserted_key_is_no_checkpoint_of_this_ledger(rotated):
    forger, newest = somebody(), Checkpoint.objects.newest()
    insert(forger.public)
    forged = notes.sign(forger, size=newest.size, root=bytes(32), number=newest.number, at=instant(newest.at))

    with pytest.raises(ValidationError):
        alarms.compare(forged)


def test_the_public_half_of_a_former_key_cannot_be_replaced(rotated):
    former, forger = rotated[0].public, somebody().public
    with superuser() as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE history_signingkey SET public_key = %s WHERE key_id = %s", [forger.raw, former.key_id])

    assert known_chain().keys[former.key_id] == former
    assert f"key {former.key_id}: its name and its bytes belong to another key id" in problems()


@pytest.mark.parametrize("side", ["by_former", "by_new"])
def test_a_statement_signed_by_another_key_proves_nothing(rotated, side):
    first, second, third = rotated
    put(stated(second, third, 7, **{side: somebody()}))

    assert [link.key for link in known_chain().links] == [third.public]
    assert f"the key {first.public.key_id} that signed it was ever" in "".join(problems())


def test_without_its_statement_a_former_key_proves_nothing(rotated):
    path_of(rotated[1].public).unlink()

    assert [link.key for link in known_chain().links] == [rotated[1].public, rotated[2].public]
    assert problems()[0].startswith("checkpoint 1: nothing proves that the key")


def test_a_former_key_introduces_no_second_successor(rotated):
    """Who found a former private key states that it handed over to theirs: nothing leads there from the key in use."""
    forger = somebody()
    put(stated(rotated[1], forger, 5))

    assert len(known_chain().links) == 3
    assert forger.public not in known_chain().keys.values()


def test_times_that_overlap_end_the_chain(rotated):
    _first, second, third = rotated
    put(stated(second, third, 3))

    assert [link.key for link in known_chain().links] == [second.public, third.public]


def test_a_key_signs_no_checkpoint_outside_its_time(rotated):
    first, _second, third = rotated
    newest = Checkpoint.objects.newest()
    note = notes.sign(first, size=newest.size, root=bytes(newest.root), number=newest.number, at=instant(newest.at))
    with superuser() as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(
            "UPDATE history_checkpoint SET key_id = %s, signature = %s, note = %s WHERE number = %s",
            [first.public.key_id, note.signature, str(note), newest.number],
        )

    assert f"checkpoint {newest.number}: the key {first.public.key_id} signed it outside its time" in problems()
    assert third.public in known_chain().keys.values()


def test_a_history_that_does_not_fit_a_statement_was_rewritten(rotated):
    _first, second, third = rotated
    put(stated(second, third, 7))

    assert problems() == [
        f"the statement of key {third.public.key_id}: history was rewritten: the first 7 entries are not those it was signed over"
    ]


def test_a_lost_key_is_believed_once_the_present_one_vouches_for_it(happen, settings):
    lost = signer().public
    happen(3)
    seal()
    settings.SIGNING_KEY_FILE.unlink()
    happen(1)
    seal()
    before = problems()

    call_command("keys", "--vouch", lost.verifier)

    assert any(f"the key {lost.key_id} that signed it was ever" in one for one in before)
    assert problems() == []
    assert [(link.key, link.end) for link in known_chain().links] == [(lost, 3), (signer().public, None)]


def test_nobody_is_vouched_for_who_signed_nothing_here(rotated, settings):
    with pytest.raises(NotVouched, match="a predecessor already"):
        vouch(somebody().public)
    settings.SIGNING_KEY_FILE.unlink()
    for key in (somebody().public, signer().public, PublicKey("another.example/ledger", rotated[0].public.raw)):
        with pytest.raises(NotVouched):
            vouch(key)
    with pytest.raises(CommandError, match="Not vouched for"):
        call_command("keys", "--vouch", "nonsense")


def test_what_stands_in_the_place_of_a_statement_is_not_taken_for_one(happen, settings):
    lost = signer().public
    happen(2)
    seal()
    settings.SIGNING_KEY_FILE.unlink()
    path_of(signer().public).write_text("half a statem", encoding="utf-8")

    with pytest.raises(CommandError, match="is there already and says something else"):
        call_command("keys", "--vouch", lost.verifier)


def test_no_key_follows_one_whose_time_has_not_come(rotated, settings):
    third = rotated[2]
    put(stated(rotated[1], third, 5_000))

    with pytest.raises(CommandError, match="began with entry 5000, which this ledger has not reached"):
        call_command("keys", "--rotate", "ledger")

    assert signer().public == third.public
    path_of(third.public).unlink()
    call_command("keys", "--vouch", rotated[1].public.verifier)
    assert [(link.key, link.end) for link in known_chain().links][-2:] == [(rotated[1].public, 7), (third.public, None)]


def test_the_page_names_the_new_key_as_soon_as_it_signs(happen, client):
    former = signer().public
    happen(2)
    rotate()

    page = client.get("/ledger/").content.decode()

    assert page.index(signer().public.verifier) < page.index("Keys before it") < page.index(former.verifier)


def test_a_statement_has_one_spelling():
    one, other = (Signer(key.public, key.private) for key in (somebody(), somebody()))
    whole = str(stated(one, other, 12))

    assert str(statements.parse(whole)) == whole
    for place in range(len(whole)):
        for changed in (whole[:place] + whole[place + 1 :], whole[:place] + "\x00" + whole[place + 1 :], whole + whole):
            try:
                read = statements.parse(changed)
            except BadStatement:
                continue
            assert not read.is_right, changed


def test_anybody_reads_the_chain_on_the_page_and_in_json(rotated, client):
    first, second, third = (one.public for one in rotated)

    page = client.get("/ledger/").content.decode()
    rows = client.get("/api/v1/ledger/keys/").json()

    assert all(key.verifier in page for key in (first, second, third))
    assert "Keys before it" in page
    assert [(row["verifier"], row["first"], row["end"]) for row in rows] == [
        (first.verifier, 0, 4), (second.verifier, 4, 7), (third.verifier, 7, None),
    ]  # fmt: skip
    assert rows[0]["statement"] is None
    assert statements.parse(rows[2]["statement"]).is_right


def test_the_page_shows_no_key_that_only_the_database_knows(rotated, client):
    forger = somebody().public
    insert(forger)
    with superuser() as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE history_checkpoint SET key_id = %s", [forger.key_id])

    page = client.get("/ledger/").content.decode()

    assert forger.verifier not in page
    assert forger.verifier not in client.get("/api/v1/ledger/keys/").content.decode()


def test_the_operator_is_told_of_a_key_that_nothing_proves(rotated, capsys):
    forger = somebody().public
    insert(forger)

    call_command("keys")

    said = capsys.readouterr().out
    assert f"NOT OURS {forger.verifier}" in said
    assert f"now      {rotated[2].public.verifier}, from entry 7 on" in said
    assert f"former   {rotated[0].public.verifier}, from entry 0 up to 4" in said
