"""Deposits: what the ledger gets, who sees what, versions, receipts, reveals; and what is refused."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from agencies.models import Membership
from portal.history import notes, sealer
from portal.history.keys import signer
from portal.history.models import Checkpoint, Event
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow
from projects.ip import actions
from projects.ip.models import Commitment, Deposit, Opening, Reveal
from projects.ip.policies import DepositPolicy
from projects.ip.receipts import bundle, verify
from projects.ip.receipts.building import build_receipt
from projects.ip.receipts.openings import write_opening
from tests import stage
from tests.projects.ip import disclosed, forge


def given(cast, person, **facts):
    """A deposit kept outside, of the example's content."""
    said = forge.manifest(**facts.pop("said", {}))
    return actions.deposit(actor=cast.actor(person), commitment=forge.commitment(said), **facts)


def stored(cast, person, *, previous=None, content=forge.CONTENT, name="sketch.txt", **facts):
    """A deposit whose file, manifest and salt the portal keeps."""
    upload = SimpleUploadedFile(name, content)
    entry = {"name": name, "size": len(content), "sha256": forge.digest(content).hex()}
    agency = cast.actor(person).agency.ref
    opening = write_opening(agency=agency, files=[entry], title="Drill head", previous=previous)
    return actions.deposit(actor=cast.actor(person), opening=opening, uploads=[upload], **facts)


def newest(made):
    return made.commitments.with_state().order_by("-number")[0]


def sealed(made):
    sealer.seal()
    return newest(made)


def roles(person, *named):
    Membership.objects.filter(person=person).update(roles=list(named))


def test_ledger_gets_the_commitment_and_nothing_else(cast):
    made = given(cast, cast.mika, label="A name", notes="Kept in the safe")

    event = Event.objects.get(target_ref=made.ref)
    assert event.verb == "deposit.made"
    assert event.facts == {
        "commitment": forge.commitment(),
        "algorithm": "SHA-256",
        "number": 1,
        "previous": None,
    }
    assert event.agencies == ["JAXA"]
    assert b"A name" not in event.canonical
    assert newest(made).kept is None


def test_nobody_sets_the_time_of_a_deposit(cast):
    made = given(cast, cast.mika)
    row, past = newest(made), timezone.now() - timedelta(days=400)
    event = actions.deposits.record(
        "deposit.made", made, actor=cast.actor(cast.mika), agencies=[made.agency],
        facts={"commitment": "ab" * 32, "algorithm": "SHA-256", "number": 2, "previous": row.value},
    )  # fmt: skip

    Commitment.objects.create(
        deposit=made, number=2, value="ab" * 32, previous=row, person=cast.mika, event=event, deposited_at=past
    )

    second = newest(made)
    assert second.deposited_at == Event.objects.get(pk=event.pk).at
    assert second.deposited_at > past + timedelta(days=399)


def test_commitment_cannot_stand_on_the_event_of_another(cast):
    made = given(cast, cast.mika)
    row = newest(made)
    event = actions.deposits.record("deposit.edited", made, actor=cast.actor(cast.mika), agencies=[made.agency])

    with pytest.raises(DatabaseError, match="not the event"), transaction.atomic():
        Commitment.objects.create(deposit=made, number=2, value="ab" * 32, previous=row, person=cast.mika, event=event)


def test_database_keeps_no_opening_that_does_not_open(cast):
    row = newest(given(cast, cast.mika))

    with pytest.raises(DatabaseError, match="does not give the commitment"), transaction.atomic():
        Opening.objects.create(commitment=row, salt=bytes(32), manifest="{}", person=cast.mika)


@pytest.mark.parametrize("table", ["commitment", "opening", "reveal", "timestamp", "depositedfile"])
def test_evidence_is_written_once(cast, table):
    for statement in (f"UPDATE ip_{table} SET id = id", f"DELETE FROM ip_{table}", f"TRUNCATE ip_{table} CASCADE"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_equal_commitment_is_a_copy_and_the_first_one_counts(cast):
    given(cast, cast.mika)

    with pytest.raises(NotNow) as refusal:
        given(cast, cast.lucien)

    assert refusal.value.code == "commitment-known"
    assert "copy" in str(refusal.value.reason)
    assert Event.objects.filter(verb="deposit.made").count() == 1
    assert Deposit.objects.count() == 1


@pytest.mark.parametrize("value", ["", "x" * 64, "ab" * 31, "ab" * 33, "0x" + "ab" * 31])
def test_what_is_no_commitment_is_refused(cast, value):
    with pytest.raises(ValidationError) as error:
        actions.deposit(actor=cast.actor(cast.mika), commitment=value)

    assert set(error.value.message_dict) == {"commitment"}
    assert not Event.objects.filter(verb="deposit.made").exists()


def test_versions_are_chained(cast):
    made = given(cast, cast.mika)
    first = newest(made)
    said = forge.manifest(previous=first.value)

    actions.add_version(made, actor=cast.actor(cast.mika), opening=forge.opening(said), previous=first.value)

    second = newest(made)
    assert (second.number, second.previous) == (2, first)
    assert second.event.facts["previous"] == first.value
    with pytest.raises(NotNow) as refusal:
        actions.add_version(made, actor=cast.actor(cast.mika), commitment="ab" * 32, previous=first.value)
    assert refusal.value.code == "newer-version"


@pytest.mark.parametrize("said", [{"agency": "ESA"}, {"previous": "ab" * 32}])
def test_manifest_that_could_never_be_proved_is_refused(cast, said):
    with pytest.raises(ValidationError) as error:
        actions.deposit(actor=cast.actor(cast.mika), opening=forge.opening(forge.manifest(**said)))

    assert set(error.value.message_dict) == {"opening"}


def test_file_that_the_manifest_does_not_name_is_refused_by_name(cast):
    with pytest.raises(ValidationError) as error:
        actions.deposit(
            actor=cast.actor(cast.mika),
            opening=forge.opening(),
            uploads=[SimpleUploadedFile("sketch.txt", b"Heat the flute last.")],
        )

    assert "sketch.txt" in error.value.message_dict["files"][0]
    assert not Deposit.objects.exists()


def test_who_may_deposit(cast):
    assert given(cast, cast.sora).person == cast.sora
    roles(cast.sora, "observer")
    for person, code in ((cast.sora, "role-needed"), (cast.nils, "agency-not-verified"), (cast.noor, "role-needed")):
        with pytest.raises(Forbidden) as refusal:
            actions.deposit(actor=cast.actor(person), commitment="ab" * 32)
        assert refusal.value.code == code


def test_who_sees_a_deposit_and_who_reads_it(cast):
    made = stored(cast, cast.sora)
    roles(cast.kenji, "export_officer")
    sees = {
        person.name: (
            Deposit.objects.visible_to(cast.actor(person)).filter(pk=made.pk).exists(),
            Commitment.objects.readable_by(cast.actor(person)).exists(),
        )
        for person in (cast.sora, cast.mika, cast.kenji, cast.lucien, cast.tara, cast.noor, cast.olga)
    }

    assert sees == {
        cast.sora.name: (True, True),
        cast.mika.name: (True, True),
        cast.kenji.name: (True, False),
        **{person.name: (False, False) for person in (cast.lucien, cast.tara, cast.noor, cast.olga)},
    }
    roles(cast.kenji, "manager", "signatory")
    assert not Deposit.objects.visible_to(cast.actor(cast.kenji)).exists()


def test_there_is_no_receipt_before_the_ledger_is_sealed(cast):
    made = given(cast, cast.mika)

    with pytest.raises(NotNow) as refusal:
        build_receipt(newest(made))
    assert refusal.value.code == "not-sealed-yet"

    actions.seal_deposit(made, actor=cast.actor(cast.mika))
    assert build_receipt(newest(made))["entry"]["index"] == newest(made).entry
    with pytest.raises(NotNow) as refusal:
        actions.seal_deposit(made, actor=cast.actor(cast.mika))
    assert refusal.value.code == "already-sealed"


def test_an_outsider_proves_it_from_the_bundle_alone(cast, tmp_path):
    given(cast, cast.lucien, said={"title": "Another", "agency": "ESA"})
    sealer.seal()
    row = sealed(stored(cast, cast.mika))
    given(cast, cast.lucien, said={"title": "A third", "agency": "ESA"})
    sealer.seal()

    content = bundle.zipped(build_receipt(row, with_opening=True))

    with ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    receipt = json.loads((folder / "receipt.json").read_text())
    index, size, at = forge.proves(receipt, forge.CONTENT, signer().public.verifier)
    assert (index, size) == (row.entry, Checkpoint.objects.newest().size)
    assert at == notes.parse(Checkpoint.objects.newest().note).at
    assert (folder / "verify.py").read_bytes() == bundle.SCRIPT.read_bytes()
    (tmp_path / "sketch.txt").write_bytes(forge.CONTENT)
    command = [sys.executable, "-I", "verify.py", "receipt.json", "../sketch.txt", "--key", signer().public.verifier]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert row.value in (folder / "README.txt").read_text()


def test_receipt_names_what_stands_around_the_entry(cast):
    for title in ("One", "Two", "Three"):
        given(cast, cast.mika, said={"title": title})
        sealer.seal()
    row = Commitment.objects.with_state().get(value=forge.commitment(forge.manifest(title="Two")))

    read = verify.read_receipt(build_receipt(row, since=Checkpoint.objects.newest().size))

    before, after = verify.bounds(read)
    assert before.size <= row.entry < after.size <= read.note.size
    assert {one.outcome for one in verify.check(read)} == {"passed", "noted"}
    with pytest.raises(ValidationError, match="no checkpoint"):
        build_receipt(row, since=10_000)


def test_receipt_costs_three_queries(cast, django_assert_num_queries):
    row = sealed(given(cast, cast.mika))
    given(cast, cast.mika, said={"title": "Later"})
    sealer.seal()

    with django_assert_num_queries(3):
        build_receipt(row)


def test_receipt_without_asking_holds_no_opening(cast):
    receipt = build_receipt(sealed(stored(cast, cast.mika)))

    assert receipt["opening"] is None
    assert "sketch" not in json.dumps(receipt)


def revealable(cast, **facts):
    """A deposit of JAXA on a project with ESA, found not to be controlled."""
    made = stored(cast, cast.mika, project=stage.accepted_project(cast), **facts)
    return Deposit.objects.get(pk=classified(made).pk)


def classified(made, **facts):
    Deposit.objects.filter(pk=made.pk).update(export_class="not_controlled", **facts)
    return made


def test_reveal_opens_one_version_to_one_agency(cast):
    made = revealable(cast)
    first = newest(made)
    actions.add_version(made, actor=cast.actor(cast.mika), commitment="ab" * 32)
    with pytest.raises(NotNow, match="export-undetermined"):  # the newer version has not been looked at
        actions.reveal(made, actor=cast.actor(cast.mika), number=1, agency=cast.esa)
    classified(made)

    actions.reveal(made, actor=cast.actor(cast.mika), number=1, agency=cast.esa, with_files=True)

    lucien = cast.actor(cast.lucien)
    assert list(Commitment.objects.readable_by(lucien)) == [first]
    assert Deposit.objects.visible_to(lucien).get() == made
    assert not Deposit.objects.visible_to(cast.actor(cast.tara)).exists()
    event = Event.objects.get(verb="deposit.revealed")
    assert event.agencies == ["ESA", "JAXA"]
    assert event.facts == {"number": 1, "commitment": first.value, "to": "ESA", "files": True}
    assert Item.objects.filter(agency=cast.esa, ref=made.ref).exists()
    with pytest.raises(NotNow) as refusal:
        actions.reveal(made, actor=cast.actor(cast.mika), number=1, agency=cast.esa)
    assert refusal.value.code == "already-revealed"


def test_what_was_never_stored_is_opened_by_its_opening(cast):
    made = given(cast, cast.mika, project=stage.accepted_project(cast))
    classified(made)
    mika = cast.actor(cast.mika)

    with pytest.raises(ValidationError, match="does not have the opening"):
        actions.reveal(made, actor=mika, number=1, agency=cast.esa)
    with pytest.raises(ValidationError, match="does not give this commitment"):
        actions.reveal(made, actor=mika, number=1, agency=cast.esa, opening=forge.opening(forge.manifest(title="X")))
    with pytest.raises(ValidationError, match=r"sketch\.txt"):
        actions.reveal(
            made, actor=mika, number=1, agency=cast.esa, opening=forge.opening(),
            uploads=[SimpleUploadedFile("sketch.txt", b"another")],
        )  # fmt: skip
    assert not Reveal.objects.exists()

    actions.reveal(made, actor=mika, number=1, agency=cast.esa, opening=forge.opening())
    assert newest(made).kept.said == forge.manifest()


def test_reveal_asks_export_control_first(cast):
    made = stored(cast, cast.mika, project=stage.accepted_project(cast))

    with pytest.raises(NotNow) as refusal:
        actions.reveal(made, actor=cast.actor(cast.mika), number=1, agency=cast.esa)
    assert refusal.value.code == "export-undetermined"


def test_reveal_asks_for_the_class_of_the_disclosure_that_it_is_about(cast):
    project = stage.accepted_project(cast)
    disclosure = disclosed.drafted(cast, project)
    mika, officer = cast.actor(cast.mika), cast.actor(disclosed.export_officer(cast, cast.jaxa))
    made = classified(stored(cast, cast.mika, project=project, about=disclosure.ref))

    with pytest.raises(NotNow, match="export-undetermined"):
        actions.reveal(made, actor=mika, number=1, agency=cast.esa)
    actions.classify(
        disclosure, actor=officer, export_class="controlled", regime="ear", number="9A515.x", rationale="Listed"
    )
    with pytest.raises(NotNow) as refusal:
        actions.reveal(made, actor=mika, number=1, agency=cast.esa)
    assert disclosure.ref in str(refusal.value.reason)
    assert not Reveal.objects.exists()
    actions.classify(disclosure, actor=officer, export_class="not_controlled", rationale="In no list")
    actions.hold(disclosure, actor=officer, reason="We ask our ministry")
    with pytest.raises(NotNow, match="hold"):
        actions.reveal(made, actor=mika, number=1, agency=cast.esa)

    actions.release(disclosure, actor=officer)

    assert actions.reveal(made, actor=mika, number=1, agency=cast.esa).agency == cast.esa


def test_what_is_controlled_is_not_moved_under_the_authorisation_of_another_project(cast):
    project = stage.accepted_project(cast)
    made = stored(cast, cast.mika)
    mika = cast.actor(cast.mika)
    Deposit.objects.filter(pk=made.pk).update(
        export_class="controlled", export_regime="ear", export_number="9A515.x"
    )  # fmt: skip

    with pytest.raises(NotNow, match="controlled"):
        actions.edit_deposit(made, actor=mika, version=None, project=project)
    assert actions.edit_deposit(made, actor=mika, version=None, project=None, label="Drill").label == "Drill"
    Deposit.objects.filter(pk=made.pk).update(export_class="undetermined", export_regime="", export_number="")
    assert actions.edit_deposit(made, actor=mika, version=None, project=project).project == project


def test_who_may_not_reveal_what_to_whom(cast):
    made = revealable(cast)
    roles(cast.sora, "contributor")
    own = stored(cast, cast.sora, content=b"Mine", name="mine.txt")

    assert DepositPolicy(cast.actor(cast.sora), own).refusal("reveal").code == "role-needed"
    assert DepositPolicy(cast.actor(cast.mika), own).refusal("reveal").code == "no-project"
    assert DepositPolicy(cast.actor(cast.lucien), made).refusal("reveal").code == "not-your-deposit"
    for agency in (cast.jaxa, cast.nova):
        with pytest.raises(ValidationError, match="another agency"):
            actions.reveal(made, actor=cast.actor(cast.mika), number=1, agency=agency)
    with pytest.raises(ValidationError, match="no version"):
        actions.reveal(made, actor=cast.actor(cast.mika), number=2, agency=cast.esa)


def test_links_are_to_what_one_sees(cast):
    project = stage.with_register(cast, stage.accepted_project(cast))
    asset = project.assets.first()

    made = given(cast, cast.mika, project=project, about=asset.ref.lower())
    assert made.about == asset.ref
    with pytest.raises(ValidationError, match="You see no"):
        actions.edit_deposit(made, actor=cast.actor(cast.mika), version=1, about="IP-2020-9999")
    edited = actions.edit_deposit(made, actor=cast.actor(cast.mika), version=1, label="Drill", about="")
    assert (edited.label, edited.about, edited.version) == ("Drill", "", 2)
    assert Event.objects.get(verb="deposit.edited").facts == {"fields": ["about", "label"]}


def test_depositor_without_a_wider_role_reads_the_history_of_the_own_deposit(cast):
    mine, other = given(cast, cast.sora), given(cast, cast.mika, said={"title": "Other"})

    seen = Event.objects.visible_to(cast.actor(cast.sora)).filter(verb="deposit.made")

    assert [event.target_ref for event in seen] == [mine.ref]
    assert other.ref != mine.ref
