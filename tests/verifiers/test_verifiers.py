"""verify.py and a verifier that shares nothing with it: both prove the example, and both refuse every change of it."""

from __future__ import annotations

import ast
import io
import os
import random
import zipfile
from pathlib import Path

import pytest

from projects.agreements.bundle import joining
from tests.projects.agreements import bundles
from tests.verifiers import changing, checking, spelling, writing
from tests.verifiers.changing import codes_of

VECTORS = Path(__file__).resolve().parents[2] / "docs" / "vectors"
SAMPLE = 400
SEED = 20261123


def published():
    folder = VECTORS / "bundle"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("alone", [True, False], ids=["standard library alone", "with cryptography"])
def test_the_published_example_is_proved_in_the_published_words(alone):
    code, words = bundles.run(bundles.rezipped(published()), alone=alone)

    assert (code, words) == (0, (VECTORS / "expected.txt").read_text())
    assert checking.verify(published(), seal=False).missing == []


def test_the_published_example_is_written_again_from_its_keys():
    assert published() == writing.written()


@pytest.mark.parametrize("relisted", [False, True], ids=["as it is", "with the list signed anew"])
def test_no_changed_byte_is_accepted_by_either(script, members, relisted):
    answers = [
        (name, place, changing.accepted(script, changing.changed(members, name, place, relisted=relisted, bits=bits)))
        for name, place, bits in changing.changes(members, relisted=relisted, count=SAMPLE)
    ]

    print(f"{SAMPLE} changed bytes, {len(answers)} refused by both")
    assert [answer for answer in answers if any(answer[2])] == []
    assert changing.accepted(script, members) == (True, True)


def test_a_member_that_is_left_out_is_missed_by_both(script, members):
    for name in members:
        without = {other: content for other, content in members.items() if other != name}

        assert changing.accepted(script, without) == (False, False), name


def test_a_signature_that_is_hidden_with_its_record_and_event_is_still_missed(script, members):
    """The holder of the portal's key cannot leave out a signature: the records after it name it."""
    dropped = spelling.sha(members["evidence/02-CNES.json"]).hex()
    events = [row for row in spelling.strict(members["events.json"]) if dropped not in row["event"]]
    parts = {name: body for name, body in members.items() if "/02-" not in name and not name.startswith("bundle.")}
    parts["events.json"] = spelling.spelled(events).encode()

    assert changing.accepted(script, writing.with_list(parts, spelling.sha(members["text.json"]).hex())) == (
        False,
        False,
    )


def test_who_has_not_signed_is_said_and_it_is_not_proved(script):
    members = writing.written(fully=False, sealed=False)

    findings = script.check_bundle(members)

    assert script.outcome_of_bundle(findings) == script.INCOMPLETE
    assert {one.code for one in findings if one.outcome == script.UNDECIDED} == {"partly-signed", "not-sealed"}
    assert checking.verify(members).missing == ["not fully signed", "no sealed PDF"]


def test_a_passkey_of_earlier_years_is_proved_and_what_it_left_out_is_said(script):
    earlier = writing.written(form=writing.EARLIER)

    findings = script.check_bundle(earlier)

    assert script.outcome_of_bundle(findings) == script.PROVED
    assert "remarks-not-signed" in {one.code for one in findings}
    assert "remarks-not-signed" not in {one.code for one in script.check_bundle(writing.written())}
    assert checking.verify(earlier, seal=False).missing == []


@pytest.mark.parametrize(
    "changed",
    [
        {"remarks": {"ad_referendum": False, "declaration": "We also sign Annex B."}},
        {"remarks": {"ad_referendum": True, "declaration": ""}},
        {"consent": {"version": "1", "language": "en", "wording": "I sign whatever it says."}},
        {"read": []},
        {"mandate": {"ref": "MD-2026-0002"}},
    ],
    ids=["declaration", "ad referendum", "sentence", "sections", "mandate"],
)
def test_the_holder_of_the_portals_key_cannot_put_words_under_the_answer_of_a_passkey(script, monkeypatch, changed):
    true = writing.assertion
    monkeypatch.setattr(writing, "assertion", lambda record, form: (true(record, form), record.update(changed))[0])
    forged = writing.written()

    assert "passkey" in codes_of(script, forged)
    with pytest.raises(spelling.Wrong):
        checking.verify(forged, seal=False)


@pytest.mark.parametrize(
    "origin",
    [
        "https://concord.example.evil.example",
        "https://evil.example",
        "https://agency.concord.example",
        "http://concord.example",
        "https://concord.example@evil.example",
        "concord.example",
        "https://concord.example:443x",
    ],
)
def test_a_passkey_that_another_page_asked_is_no_signature(script, monkeypatch, origin):
    true = writing.assertion
    monkeypatch.setattr(writing, "assertion", lambda record, form: true(record, form, origin))
    forged = writing.written()

    assert "passkey" in codes_of(script, forged)
    with pytest.raises(spelling.Wrong):
        checking.verify(forged, seal=False)


def test_every_name_in_the_script_means_one_thing():
    defined = [
        node.name for node in ast.parse(joining.script()).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))
    ]

    assert len(defined) == len(set(defined))


def test_a_key_that_one_knows_takes_the_place_of_those_in_the_bundle(script, members):
    key_id, present = script.read_key(writing.verifier(writing.ORIGIN, b"\1", writing.PRESENT))
    other_id, other = script.read_key(writing.verifier(writing.ORIGIN, b"\1", writing.numbered(100)))

    assert codes_of(script, members, keys={key_id: present}) == set()
    assert "unknown-key" in codes_of(script, members, keys={other_id: other})
    assert "bundle-signature" in codes_of(script, members, keys={key_id: other})
    with pytest.raises(spelling.Wrong):
        checking.verify(members, seal=False, trusted={other_id: other})


def test_a_checkpoint_that_was_kept_is_compared(script, members):
    kept = script.read_note(spelling.strict(members["checkpoints.json"])[0]["note"])
    stranger = writing.Writer()
    stranger.event("frozen", "CNES", sha256="00" * 32, text=1)
    for _more in range(kept.size - 1):
        stranger.event("signed", "CNES")
    forked, between = script.read_note(stranger.checkpoint(1)), script.read_note(stranger.checkpoint(1))
    between = between._replace(size=3)

    found = script.check_bundle(members, against=kept)

    assert "same-ledger" in {one.code for one in found}
    assert script.outcome_of_bundle(found) == script.PROVED
    assert "forked" in codes_of(script, members, against=forked)
    assert "not-compared" in {one.code for one in script.check_bundle(members, against=between)}


def test_damaged_archives_are_answered_in_words(script):
    whole = bundles.rezipped(writing.written())
    chance = random.Random(SEED)
    answers = []
    for _round in range(150):
        damaged = bytearray(whole)
        for _byte in range(chance.randrange(1, 20)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        del damaged[chance.choice([len(damaged), chance.randrange(len(damaged))]) :]
        try:
            findings = script.check_bundle(script.read_bundle(io.BytesIO(bytes(damaged))))
            answers.append(str(script.outcome_of_bundle(findings)))
        except script.Unreadable as error:
            answers.append(str(error))

    assert all(answers)
    assert len(set(answers)) > 3


def test_an_archive_that_unpacks_without_end_is_not_unpacked(script):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("text.json", bytes(70 * 2**20))
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(script.MOST_MEMBERS + 1):
            archive.writestr(f"{number}", b"")

    for bomb in (out, many):
        with pytest.raises(script.Unreadable):
            script.read_bundle(bomb)


def test_nothing_that_is_no_bundle_makes_it_stumble(tmp_path):
    for content in (b"", b"PK", b"%PDF-1.7", bundles.rezipped({"bundle.json": b"[" * 100_000}), os.urandom(5000)):
        code, words = bundles.run(content)

        assert code == 2, words
        assert words.startswith("CANNOT BE READ: ")
