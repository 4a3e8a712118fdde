"""Time stamps of an independent authority: verified before they are kept; a failure is shown as a failure."""

from __future__ import annotations

import io
import json
import subprocess
import uuid
from shutil import which
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives import serialization

from portal.history import sealer
from portal.history.models import Event
from portal.kit.refusals import NotNow
from projects.ip import actions
from projects.ip.jobs.deposits import time_stamp
from projects.ip.models import CommitmentState, TimeStamp
from projects.ip.receipts import bundle, verify
from projects.ip.receipts.building import build_receipt
from tests.projects.ip import forge, stamping
from tests.projects.ip.test_deposits import given, newest

LIES = {
    "refusal": "refused",
    "nonsense": "cannot be read",
    "another imprint": "does not verify",
    "another nonce": "does not verify",
    "wrong signature": "does not verify",
    "cut off": "IncompleteRead",
    "no status": "220 mail.example",
}


@pytest.fixture(scope="module")
def authority():
    return stamping.Authority()


@pytest.fixture
def configured(authority, settings, tmp_path):
    authority.lies = ""
    with stamping.served(authority) as url:
        settings.TSA_URL, settings.TSA_CERTIFICATES = url, str(authority.write_roots(tmp_path))
        yield authority


def stamped(cast):
    made = given(cast, cast.mika)
    sealer.seal()
    time_stamp(newest(made).value)
    return made


def test_stamp_of_the_authority_is_verified_and_kept(cast, configured):
    row = newest(stamped(cast))

    assert row.state == CommitmentState.STAMPED
    assert row.last_stamp.authority == "Test time stamps"
    event = Event.objects.get(verb="deposit.time_stamped")
    assert event.facts == {"number": 1, "commitment": row.value, "serial": row.last_stamp.serial}
    receipt = build_receipt(row)
    outcomes = {one.code: one.outcome for one in verify.check(verify.read_receipt(receipt))}
    assert outcomes["time-stamp-not-checked"] == "noted"
    assert "failed" not in outcomes.values()
    asked = len(configured.asked)
    time_stamp(row.value)
    assert len(configured.asked) == asked


def test_authority_is_sent_a_hash_and_nothing_else(cast, configured):
    row = newest(stamped(cast))

    (query,) = configured.asked[-1:]
    assert forge.digest(bytes.fromhex(row.value)) in query
    assert bytes.fromhex(row.value) not in query
    assert len(query) < 100


@pytest.mark.parametrize("lie", LIES)
def test_failure_is_shown_as_failure_and_can_be_tried_again(cast, configured, lie):
    configured.lies = lie
    made = stamped(cast)

    row = newest(made)
    assert row.state == CommitmentState.STAMP_FAILED
    assert LIES[lie] in row.last_stamp.reason
    assert row.last_stamp.token is None
    page = cast.client(cast.mika).get(made.get_absolute_url()).content.decode()
    assert "Time stamp failed" in page
    assert "Ask for a time stamp" in page
    assert build_receipt(row)["time_stamp"] is None

    configured.lies = ""
    answer = cast.client(cast.mika).post(f"{made.get_absolute_url()}time-stamp/", {"once": str(uuid.uuid4())})
    assert answer.status_code == 302
    time_stamp(row.value)
    assert newest(made).state == CommitmentState.STAMPED
    assert TimeStamp.objects.filter(commitment=row).count() == 2


@pytest.mark.parametrize(("url", "reason"), [
    ("http://127.0.0.1:9/", "cannot be reached"), ("file:///etc/passwd", "is no web address"),
])  # fmt: skip
def test_authority_that_is_not_there_blocks_no_deposit(cast, settings, url, reason):
    settings.TSA_URL, settings.TSA_CERTIFICATES = url, "/nowhere.pem"

    row = newest(stamped(cast))

    assert reason in row.last_stamp.reason
    assert row.entry is not None


def test_answer_of_somebody_else_is_not_believed(cast, configured, settings, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    settings.TSA_CERTIFICATES = str(stamping.Authority().write_roots(other))

    assert "does not verify" in newest(stamped(cast)).last_stamp.reason


def test_certificates_without_a_root_are_said_to_be_so(cast, configured, settings, tmp_path):
    alone = tmp_path / "alone.pem"
    alone.write_bytes(configured.certificate.public_bytes(serialization.Encoding.PEM))
    settings.TSA_CERTIFICATES = str(alone)

    assert "holds no root" in newest(stamped(cast)).last_stamp.reason


def test_without_an_authority_the_button_says_why(cast):
    made = given(cast, cast.mika)

    with pytest.raises(NotNow) as refusal:
        actions.request_time_stamp(made, actor=cast.actor(cast.mika))

    assert refusal.value.code == "no-authority"
    assert not TimeStamp.objects.exists()


def test_openssl_verifies_the_token_of_the_bundle(cast, configured, settings, tmp_path):
    assert which("openssl"), "install openssl: the README of a bundle tells its reader to use it"
    made = stamped(cast)
    with ZipFile(io.BytesIO(bundle.zipped(build_receipt(newest(made))))) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / f"{made.ref}-1"
    (folder / "commitment.bin").write_bytes(bytes.fromhex(newest(made).value))
    command = ["openssl", "ts", "-verify", "-data", "commitment.bin", "-in", "time-stamp.tst", "-token_in"]

    done = subprocess.run([*command, "-CAfile", settings.TSA_CERTIFICATES], cwd=folder, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert "Verification: OK" in done.stdout
    assert json.loads((folder / "receipt.json").read_text())["time_stamp"]["authority"] == "Test time stamps"
