"""The public page and the public API check receipts as the script does, with the same reasons, and against our ledger."""

from __future__ import annotations

import io
import json
import re
import tracemalloc
import zipfile
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from portal.history import sealer
from portal.history.models import Checkpoint
from projects.agreements.views import verifying
from projects.ip import actions
from projects.ip.receipts import bundle, verify
from projects.ip.receipts.building import build_receipt
from projects.ip.receipts.checking import recognise
from tests.projects.ip import forge
from tests.projects.ip.test_deposits import given, newest, sealed, stored


@pytest.fixture(autouse=True)
def uncounted():
    cache.clear()


@pytest.fixture
def receipt(cast):
    """Of a stored deposit between two others."""
    given(cast, cast.lucien, said={"agency": "ESA"})
    sealer.seal()
    row = sealed(stored(cast, cast.mika))
    given(cast, cast.lucien, said={"agency": "ESA", "title": "Later"})
    sealer.seal()
    return build_receipt(row, with_opening=True)


def dropped(*files, **more):
    """What the page answers to files that somebody drops."""
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    answer = Client().post("/verify/", {"file": uploads, **more})
    return answer.status_code, answer.content.decode()


def asked(**body):
    answer = Client().post("/api/v1/verify/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_page_proves_a_receipt_with_its_file(receipt):
    for name, content in (("receipt.json", bundle.as_json(receipt)), ("bundle.zip", bundle.zipped(receipt))):
        status, page = dropped((name, content), ("sketch.txt", forge.CONTENT))

        assert status == 200
        assert re.search(r"Proved: it was in the ledger by \d+ \w+ \d{4}, \d\d:\d\d:\d\d UTC", page)
        assert "bit for bit" in page
        assert "Who invented anything" in page


def test_page_takes_the_hash_of_a_file_that_stayed_in_the_browser(receipt):
    good = f"{forge.digest(forge.CONTENT).hex()} sketch.txt"
    bad = f"{forge.digest(b'x').hex()} sketch.txt"

    assert "bit for bit" in dropped(("receipt.json", bundle.as_json(receipt)), hash=good)[1]
    page = dropped(("receipt.json", bundle.as_json(receipt)), hash=bad)[1]
    assert "Not proved" in page
    assert "sketch.txt was altered" in page


def test_opening_alone_finds_its_deposit(cast, receipt):
    opening = json.dumps(receipt["opening"]).encode()

    assert "Proved: it was in the ledger by" in dropped(("opening.json", opening), ("sketch.txt", forge.CONTENT))[1]
    altered = json.dumps(forge.changed(receipt["opening"], manifest__title="Other")).encode()
    assert "No deposit of this ledger has the commitment" in dropped(("opening.json", altered))[1]


def test_opening_of_what_is_not_sealed_yet_says_so(cast):
    made = stored(cast, cast.mika)

    status, page = dropped(("opening.json", json.dumps(newest(made).kept.as_dict()).encode()))

    assert status == 409
    assert "not sealed in the ledger yet" in page


def test_a_file_alone_does_not_betray_its_deposit(receipt):
    page = Client().get("/verify/", {"sha256": forge.digest(forge.CONTENT).hex()}).content.decode()

    assert "no such file was sealed" in page


LIES = {
    "a changed event": ("not-in-this-tree", lambda good, other: {"event": good["event"].replace("JAXA", "JAXB")}),
    "a proof for another tree": ("not-in-this-tree", lambda good, other: {"entry__proof": other["entry"]["proof"]}),
    "a checkpoint of a forked ledger": (
        "not-our-ledger", lambda good, other: {"checkpoint": other["checkpoint"], "checkpoints": []},
    ),
    "an unknown key": ("unknown-key", lambda good, other: {"checkpoint": other["checkpoint"], "keys": other["keys"]}),
    "an altered opening": ("opening-differs", lambda good, other: {"opening__salt": "00" * 32}),
}  # fmt: skip


@pytest.mark.parametrize("name", LIES)
def test_site_and_script_refuse_for_the_same_reason(receipt, name):
    code, lie = LIES[name]
    false = forge.changed(receipt, **lie(receipt, forge.honest().receipt(3)))

    said = asked(receipt=false)

    assert said["outcome"] == "failed"
    failed = {row["code"]: row["text"] for row in said["findings"] if row["outcome"] == "failed"}
    assert code in failed
    read = verify.read_receipt(false)
    script = {one.code: str(one) for one in verify.check(read) if one.outcome == "failed"}
    ours = {"not-our-ledger", "unknown-key"}
    assert {code: text for code, text in failed.items() if code not in ours} == {
        code: text for code, text in script.items() if code not in ours
    }
    page = dropped(("receipt.json", bundle.as_json(false)))[1]
    assert "Not proved" in page


def test_a_ledger_signed_by_somebody_else_is_not_ours(receipt):
    said = asked(receipt=forge.honest().receipt(3))

    codes = {row["code"]: row["outcome"] for row in said["findings"]}
    assert said["outcome"] == "failed"
    assert codes["unknown-key"] == codes["not-our-ledger"] == "failed"


def test_a_checkpoint_that_was_kept_is_compared(receipt):
    first = Checkpoint.objects.order_by("number").first()
    fork = forge.Ledger().record(*(forge.event(forge.moment(n)) for n in range(first.size))).seal(forge.moment(9))

    assert asked(receipt=receipt, against=first.note)["outcome"] == "proved"
    failed = {
        row["code"]
        for row in asked(receipt=receipt, against=fork.notes[0][1])["findings"]
        if row["outcome"] == "failed"
    }
    assert "forked" in failed
    assert "Forked" in dropped(("receipt.json", bundle.as_json(receipt)), ("kept.txt", fork.notes[0][1].encode()))[1]


def test_old_receipts_stay_true_as_the_ledger_grows(cast, receipt):
    actions.deposit(actor=cast.actor(cast.lucien), commitment="ab" * 32)
    sealer.seal()

    assert asked(receipt=receipt)["outcome"] == "proved"


@pytest.mark.parametrize("body", [{}, {"receipt": 1}, {"files": []}, {"opening": None}, {"receipt": {}, "extra": 1}])
def test_api_says_what_is_missing(db, body):
    answer = Client().post("/api/v1/verify/", json.dumps(body), content_type="application/json")

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "receipt", [{}, {"format": "concord/receipt/1"}, {"format": "concord/receipt/1", "event": 1.5}]
)
def test_what_is_no_receipt_is_undecided(db, receipt):
    said = asked(receipt=receipt)

    assert (said["outcome"], said["findings"]) == ("undecided", [])
    assert said["reason"]


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_small_archive_that_unpacks_to_much_fills_no_memory(method):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive, archive.open("receipt.json", "w") as entry:
        for _part in range(64):
            entry.write(bytes(2**20))
    bomb = bytearray(packed.getvalue())
    size = bomb.rindex(b"PK\x01\x02") + 24
    bomb[size : size + 4] = (1000).to_bytes(4, "little")  # a lie about what it unpacks to
    tracemalloc.start()

    assert recognise(bytes(bomb)) == ("", None)

    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 16 * 2**20


def test_character_that_is_none_is_no_receipt(receipt):
    note = receipt["checkpoint"].replace(receipt["checkpoint"].partition("\n")[0], "\ud800")

    for broken in ({"checkpoint": note}, {"keys": ["\ud800" + receipt["keys"][0]]}):
        status, page = dropped(("receipt.json", json.dumps(receipt | broken).encode()))
        assert (status, "Proved: " in page) == (200, False)


def test_what_an_address_may_have_unpacked_is_limited(receipt, monkeypatch):
    noon = timezone.now().replace(hour=12, minute=0)  # tries are counted by the minute
    monkeypatch.setattr(verifying, "timezone", SimpleNamespace(now=lambda: noon))
    monkeypatch.setattr(verifying, "TRIES_A_MINUTE", 1)
    monkeypatch.setattr(verifying, "recognise", lambda content: ("", None))
    assert dropped(("a.zip", b"PK"))[0] == 200
    monkeypatch.setattr(verifying, "recognise", lambda content: pytest.fail("read"))

    assert dropped(("a.zip", b"PK"))[0] == 429
    assert dropped(("a.zip", b"PK"), ("b.zip", b"PK"))[0] == 429


def test_two_files_without_a_receipt_are_asked_one_by_one(db):
    status, page = dropped(("a.txt", b"a"), ("b.txt", b"b"))

    assert status == 422
    assert "Give one file" in page


def test_nothing_is_kept(receipt):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("portal.files.storage.store", lambda *given, **more: pytest.fail("stored"))
        dropped(("receipt.json", bundle.as_json(receipt)), ("sketch.txt", forge.CONTENT))
