"""Evidence in a dispute: merged by time, checked against what its bringer may see, exported, and proved without us."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from base64 import b64decode
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from portal.history import sealer
from portal.history.models import Event
from portal.kit.append_only import EvidenceIsFinal
from portal.kit.refusals import Forbidden, NotNow
from projects import actions as project_actions
from projects.ip import actions
from projects.ip.dossier import bundle, timeline_document
from projects.ip.evidence import entries_of, offered
from projects.ip.models import Exhibit
from projects.models import Project
from tests import stage
from tests.projects import life
from tests.projects.ip.test_disputes import opened


@pytest.fixture
def project(cast):
    return life.accepted(cast)


@pytest.fixture
def radar(cast, project):
    return actions.list_background(project, actor=cast.actor(cast.mika), title="Radar", nature="hardware")


@pytest.fixture
def dispute(cast, project, radar):
    return opened(cast, project, radar)


def event_of(verb):
    return Event.objects.get(verb=verb)


def exhibit(cast, dispute, person, kind, source, shows="It was ours by then."):
    return actions.add_exhibit(dispute, actor=cast.actor(person), kind=kind, source=str(source), shows=shows)


def file(cast, dispute, person, content=b"%PDF-1.7 drawing", **facts):
    facts = {"name": "drawing.pdf", "shows": "The drawing.", "is_cleared": True} | facts
    return actions.add_file(dispute, actor=cast.actor(person), content=content, **facts)


def entries(dispute):
    return entries_of(Exhibit.objects.select_related("agency", "file", "withdrawal").filter(dispute=dispute), dispute)


def test_both_sides_are_merged_by_the_time_of_the_ledger(cast, dispute, radar):
    file(cast, dispute, cast.lucien)
    exhibit(cast, dispute, cast.lucien, "event", event_of("dispute.opened").uid)
    exhibit(cast, dispute, cast.mika, "event", event_of("asset.declared").uid)

    found = entries(dispute)

    assert [(entry.exhibit.label, entry.exhibit.side, entry.event.verb) for entry in found] == [
        ("E-3", "respondent", "asset.declared"),
        ("E-2", "claimant", "dispute.opened"),
        ("E-1", "claimant", "dispute.exhibit_added"),
    ]
    assert all(entry.at == entry.event.at for entry in found)
    assert found[0].sha256 == radar.content_hash()
    assert "existed by this time" in found[2].proves
    assert "who invented" in found[0].proves


def test_a_history_brings_every_event_of_the_asset(cast, dispute, radar):
    actions.edit_asset(radar, actor=cast.actor(cast.mika), version=None, description="Ours.")

    exhibit(cast, dispute, cast.mika, "history", radar.ref)

    assert [entry.event.verb for entry in entries(dispute)] == ["asset.declared", "asset.edited"]


def test_a_deposit_is_shown_by_its_commitment_alone(cast, dispute):
    deposit = actions.deposit(actor=cast.actor(cast.mika), commitment="ab" * 32, label="A very secret name")

    shown = exhibit(cast, dispute, cast.mika, "deposit", deposit.ref)

    (entry,) = entries(dispute)
    assert (shown.sha256, entry.sha256, entry.event.verb) == ("ab" * 32, "ab" * 32, "deposit.made")
    page = cast.client(cast.lucien).get(dispute.get_absolute_url()).content.decode()
    assert "E-1" in page
    assert "secret name" not in page
    assert cast.client(cast.lucien).get(deposit.get_absolute_url()).status_code == 404


def test_a_signed_text_is_shown_by_its_hash(cast):
    agreement = stage.agreement_in_force(cast)
    dispute = actions.open_dispute(
        agreement.project, actor=cast.actor(cast.lucien), against=["JAXA"], subject_kind="clause",
        subject_ref=agreement.ref, clause="results", claim="It says so.", sought="To keep it.",
    )  # fmt: skip

    shown = exhibit(cast, dispute, cast.lucien, "agreement", agreement.ref)

    assert shown.sha256 == agreement.text.sha256
    assert entries(dispute)[0].event.verb == "agreement.frozen"


@pytest.mark.parametrize("kind", ["event", "history", "deposit", "agreement"])
def test_nobody_exhibits_what_they_may_not_see(cast, dispute, radar, kind):
    hidden = stage.drafted_project(cast)
    actions.list_background(hidden, actor=cast.actor(cast.mika), title="Hidden", nature="data")
    deposit = actions.deposit(actor=cast.actor(cast.mika), commitment="cd" * 32)
    event = Event.objects.filter(scope=hidden.ref).order_by("-pk").first()
    sources = {"event": event.uid, "history": event.target_ref, "deposit": deposit.ref, "agreement": "A-2026-0001"}

    for source in (sources[kind], "nonsense", "", "\x00"):
        with pytest.raises(ValidationError) as refused:
            exhibit(cast, dispute, cast.lucien, kind, source)
        assert list(refused.value.message_dict) == ["source"]
    assert not Exhibit.objects.exists()


def test_what_belongs_to_a_third_party_too_is_not_shown_to_the_other_side(cast):
    project = life.drafted(cast)
    mika = cast.actor(cast.mika)
    for agency in (cast.esa, cast.isro):
        project_actions.invite_partner(project, agency, actor=mika)
    project_actions.propose(project, actor=mika)
    for person in (cast.lucien, cast.tara):
        life.answered(cast, Project.objects.get(pk=project.pk), person, "accept")
    project = Project.objects.get(pk=project.pk)
    radar = actions.list_background(project, actor=mika, title="Radar", nature="hardware")
    other = opened(cast, project, radar, cast.tara)
    between_jaxa_and_isro = Event.objects.get(verb="dispute.opened", target_ref=other.ref)
    dispute = opened(cast, project, radar)

    with pytest.raises(ValidationError, match="ISRO"):
        exhibit(cast, dispute, cast.mika, "event", between_jaxa_and_isro.uid)
    assert exhibit(cast, dispute, cast.mika, "event", event_of("asset.declared").uid).pk
    choices = dict(offered(dispute, actor=mika)["event"])
    assert str(between_jaxa_and_isro.uid) not in choices
    assert str(event_of("asset.declared").uid) in choices


def test_exhibits_are_written_once_and_withdrawn_by_a_further_row(cast, dispute):
    shown = file(cast, dispute, cast.lucien)
    lucien, mika = cast.actor(cast.lucien), cast.actor(cast.mika)

    shown.shows = "Something else."
    with pytest.raises(EvidenceIsFinal):
        shown.save()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE ip_exhibit SET shows = 'Something else.'")
    with pytest.raises(Forbidden, match="not-your-exhibit"):
        actions.withdraw_exhibit(dispute, actor=mika, number=1, reason="We do not like it.")
    with pytest.raises(ValidationError):
        actions.withdraw_exhibit(dispute, actor=lucien, number=2, reason="There is none.")
    actions.withdraw_exhibit(dispute, actor=lucien, number=1, reason="It was the wrong drawing.")
    with pytest.raises(NotNow, match="already-withdrawn"):
        actions.withdraw_exhibit(dispute, actor=lucien, number=1, reason="Again.")
    assert [entry.exhibit.withdrawn.reason for entry in entries(dispute)] == ["It was the wrong drawing."]


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"is_cleared": False}, "is_cleared"), ({"content": b""}, "file"), ({"shows": " "}, "shows"),
     ({"content": b"#!/bin/sh"}, "file")],
)  # fmt: skip
def test_a_file_that_may_not_cross_is_refused_beside_the_field(cast, dispute, facts, field):
    with pytest.raises(ValidationError) as refused:
        file(cast, dispute, cast.lucien, **facts)

    assert list(refused.value.message_dict) == [field]


def test_the_timeline_costs_the_same_with_many_exhibits(cast, dispute, radar):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            timeline_document(dispute, entries(dispute))
        return len(captured)

    exhibit(cast, dispute, cast.mika, "history", radar.ref)
    sealer.seal()
    few = cost()
    for number in range(8):
        file(cast, dispute, cast.lucien, content=b"%PDF-1.7 " + bytes([65 + number]))
    sealer.seal()

    assert cost() <= few + 1


def test_the_bundle_proves_its_entries_without_us(cast, dispute, radar, tmp_path):
    file(cast, dispute, cast.lucien)
    exhibit(cast, dispute, cast.mika, "history", radar.ref)
    sealer.seal()

    content = cast.client(cast.lucien).get(f"{dispute.get_absolute_url()}evidence.zip").content
    with ZipFile(BytesIO(content)) as archive:
        archive.extractall(tmp_path)

    assert run(tmp_path) == 0
    document = json.loads((tmp_path / "timeline.json").read_text())
    for entry in document["entries"]:
        assert independent_root(entry, int(document["checkpoint"].split("\n")[1])) == document_root(document)
    drawing = next((tmp_path / "files").iterdir())
    drawing.write_bytes(drawing.read_bytes() + b"!")
    assert run(tmp_path) == 1


@pytest.mark.parametrize("field", ["at", "event", "path", "checkpoint"])
def test_the_script_refuses_a_bundle_that_was_changed(cast, dispute, radar, tmp_path, field):
    exhibit(cast, dispute, cast.mika, "history", radar.ref)
    sealer.seal()
    with ZipFile(BytesIO(bundle(dispute, entries(dispute)))) as archive:
        archive.extractall(tmp_path)
    document = json.loads((tmp_path / "timeline.json").read_text())
    entry = document["entries"][0]
    if field == "at":
        entry["at"] = entry["at"].replace("20", "19", 1)
    elif field == "event":
        entry["event"] = entry["event"].replace("asset.declared", "asset.deplored")
    elif field == "path":
        entry["proof"]["path"][0] = "00" * 32
    else:
        lines = document["checkpoint"].split("\n")
        lines[4] = lines[4].replace("20", "19", 1)
        document["checkpoint"] = "\n".join(lines)
    (tmp_path / "timeline.json").write_text(json.dumps(document))

    assert run(tmp_path) == 1


def run(folder):
    """The script of the bundle, started where nothing of this project can be imported."""
    script = [sys.executable, "check.py"]
    return subprocess.run(script, cwd=folder, check=False, capture_output=True).returncode


def document_root(document):
    return b64decode(document["checkpoint"].split("\n")[2])


def independent_root(entry, size):
    """RFC 6962 section 2.1.1 written down once more, from the text: the root that an entry and its path lead to."""
    value = hashlib.sha256(b"\x00" + entry["event"].encode()).digest()
    index, path = entry["proof"]["index"], [bytes.fromhex(step) for step in entry["proof"]["path"]]

    def climb(first, last, rest):
        if last - first == 1:
            return value
        split = 1
        while split * 2 < last - first:
            split *= 2
        if index < first + split:
            return hashlib.sha256(b"\x01" + climb(first, first + split, rest[:-1]) + rest[-1]).digest()
        return hashlib.sha256(b"\x01" + rest[-1] + climb(first + split, last, rest[:-1])).digest()

    return climb(0, size, path)
