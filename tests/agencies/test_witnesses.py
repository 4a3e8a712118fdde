"""Watching over the ledger for an agency: who may, what is refused, and that both doors do the same."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from agencies import actions
from agencies.models import Agency
from agencies.reauthentication import Proof
from agencies.witnessing import WitnessingPolicy
from portal.history.models import Alarm, Checkpoint, Cosignature, Event, Mailing, Witness
from portal.history.sealer import seal
from portal.inbox.models import Item
from portal.kit.refusals import Forbidden, NotNow
from tests.cast import PASSWORD, Cast
from tests.portal.history.watching import Watcher

API = "/api/v1/"
PAGE = "/agencies/JAXA/witnesses/"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.WITNESSED_DIR = tmp_path


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
def witness(cast: Cast, watcher: Watcher) -> Witness:
    return registered(cast, watcher)


@pytest.fixture
def checkpoint(cast: Cast, witness: Witness) -> Iterator[Checkpoint]:
    sealed = seal()
    assert sealed is not None
    return sealed


def proof() -> Proof:
    return Proof(("password",), timezone.now())


def registered(cast: Cast, watcher: Watcher, person: Any = None, agency: Agency | None = None) -> Witness:
    actor = cast.actor(person or cast.mika)
    return actions.register_witness(agency or cast.jaxa, actor=actor, proof=proof(), verifier=watcher.key.verifier)


def cosign(cast: Cast, checkpoint: Checkpoint, line: str, person: Any = None) -> Cosignature:
    person = person or cast.kenji
    actor = cast.actor(person)
    return actions.cosign(actor.agency, actor=actor, number=checkpoint.number, cosignature=line)


def post(client: Client, path: str, **sent: Any) -> Any:
    return client.post(API + path, sent, content_type="application/json")


def test_an_administrator_registers_a_key_and_it_is_on_record(cast: Cast, witness: Witness) -> None:
    (event,) = Event.objects.filter(verb="ledger.witness_registered")

    assert (witness.agency_ref, witness.is_in_use) == ("JAXA", True)
    assert event.agencies == ["JAXA"]
    assert event.facts == {"name": witness.name, "public_key": bytes(witness.public_key).hex()}


def test_who_may_not_register_a_key_is_told_why(cast: Cast, watcher: Watcher) -> None:
    with pytest.raises(Forbidden):
        registered(cast, watcher, cast.kenji)
    with pytest.raises(Forbidden):
        registered(cast, watcher, cast.tara)
    with pytest.raises(NotNow):
        registered(cast, Watcher("nova.example/witness"), cast.nils, cast.nova)
    with pytest.raises(Forbidden) as refused:
        actions.register_witness(cast.jaxa, actor=cast.actor(cast.mika), proof=None, verifier=watcher.key.verifier)
    assert refused.value.code == "proof-needed"
    assert not Witness.objects.exists()


@pytest.mark.parametrize(
    "name", ["esa.example/witness", "jaxa.example.evil.example/w", "xjaxa.example/w", "example/jaxa"]
)
def test_a_witness_is_named_after_the_domain_of_its_own_agency(cast: Cast, name: str) -> None:
    with pytest.raises(ValidationError) as bad:
        registered(cast, Watcher(name))
    assert set(bad.value.message_dict) == {"verifier"}


@pytest.mark.parametrize(
    "verifier", ["", "x", "a+b+c", "\x00", "é" * 300, "concord.example/ledger+71aad367+AQOhB7/zzhC+"]
)
def test_what_is_no_key_is_refused_beside_its_field(cast: Cast, verifier: str) -> None:
    with pytest.raises(ValidationError) as bad:
        actions.register_witness(cast.jaxa, actor=cast.actor(cast.mika), proof=proof(), verifier=verifier)
    assert set(bad.value.message_dict) == {"verifier"}


def test_a_key_is_registered_once_by_one_agency_also_after_it_is_retired(
    cast: Cast, watcher: Watcher, witness: Witness
) -> None:
    actions.retire_witness(witness, actor=cast.actor(cast.mika))
    theirs = Watcher("esa.example/witness")
    theirs.key = type(theirs.key)("esa.example/witness", watcher.key.raw)

    for agency, person, same in ((cast.jaxa, cast.mika, watcher), (cast.esa, cast.lucien, theirs)):
        with pytest.raises(ValidationError):
            registered(cast, same, person, agency)


def test_several_keys_at_once_are_enough(cast: Cast) -> None:
    for _ in range(5):
        registered(cast, Watcher())

    assert WitnessingPolicy(cast.actor(cast.mika), cast.jaxa).refusal("register_witness").code == "too-many"  # type: ignore[union-attr]


def test_a_member_hands_in_what_the_key_signed(cast: Cast, watcher: Watcher, checkpoint: Checkpoint) -> None:
    made = cosign(cast, checkpoint, watcher.line(checkpoint.note))
    again = cosign(cast, checkpoint, watcher.line(checkpoint.note))

    assert made == again
    assert made.note == checkpoint.note
    (event,) = Event.objects.filter(verb="ledger.cosigned")
    assert (event.facts["root"], event.facts["size"]) == (checkpoint.hex, checkpoint.size)


def test_a_cosignature_is_kept_beside_the_database_after_the_commit(
    cast: Cast, watcher: Watcher, checkpoint: Checkpoint, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        line = watcher.line(checkpoint.note)
        cosign(cast, checkpoint, line)

    (file,) = settings.WITNESSED_DIR.iterdir()
    assert file.read_text() == checkpoint.note + line


def test_what_is_not_signed_now_by_a_key_in_use_over_this_checkpoint_is_refused(
    cast: Cast, watcher: Watcher, witness: Witness, checkpoint: Checkpoint
) -> None:
    now = int(time.time())
    true = watcher.line(checkpoint.note)
    other = checkpoint.note.replace(f"\n{checkpoint.size}\n", f"\n{checkpoint.size + 1}\n")
    bad = {
        "of nobody": Watcher().line(checkpoint.note),
        "over something else": watcher.line(other),
        "yesterday": watcher.line(checkpoint.note, now - 2 * 86400),
        "tomorrow": watcher.line(checkpoint.note, now + 3600),
        "far away": watcher.line(checkpoint.note, 2**64 - 1),
        "two lines": true + true,
        "nothing": "",
        "no text": "\x00" * 10,
    }

    for name, line in bad.items():
        with pytest.raises(ValidationError) as refused:
            cosign(cast, checkpoint, line)
        assert set(refused.value.message_dict) == {"cosignature"}, name
    with pytest.raises(ValidationError):
        cosign(cast, checkpoint, true, cast.lucien)  # another agency hands it in
    actions.retire_witness(witness, actor=cast.actor(cast.mika))
    with pytest.raises(ValidationError):
        cosign(cast, checkpoint, true)
    assert not Cosignature.objects.exists()


def test_a_retired_witness_signs_no_more_and_what_it_signed_stays(
    cast: Cast, watcher: Watcher, witness: Witness, checkpoint: Checkpoint
) -> None:
    cosign(cast, checkpoint, watcher.line(checkpoint.note))
    with pytest.raises(Forbidden):
        actions.retire_witness(witness, actor=cast.actor(cast.kenji))
    with pytest.raises(Forbidden):
        actions.retire_witness(witness, actor=cast.actor(cast.lucien))

    retired = actions.retire_witness(witness, actor=cast.actor(cast.mika))

    assert not retired.is_in_use
    assert Cosignature.objects.on(checkpoint).count() == 1
    with pytest.raises(NotNow):
        actions.retire_witness(retired, actor=cast.actor(cast.mika))


def test_a_checkpoint_that_fits_raises_nothing(cast: Cast, checkpoint: Checkpoint) -> None:
    note = checkpoint.note.replace("\n", "\r\n")

    assert actions.compare_checkpoint(cast.jaxa, actor=cast.actor(cast.kenji), note=note) is None
    assert not Alarm.objects.exists()


def test_a_fork_alarms_the_administrators_of_every_agency(
    cast: Cast, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.history.alarms.newest_size", lambda: checkpoint.size - 1)

    alarm = actions.compare_checkpoint(cast.esa, actor=cast.actor(cast.lucien), note=checkpoint.note)

    assert alarm is not None
    assert (alarm.kind, alarm.found_for) == ("cut", "ESA")
    told = {item.agency.ref for item in Item.objects.filter(url=f"/ledger/alarms/{alarm.pk}/").select_related("agency")}
    assert told == {"JAXA", "ESA", "ISRO", "NOVA"}
    assert set(Event.objects.get(verb="ledger.fork_found").agencies) == told


@pytest.mark.parametrize("note", ["", "x", "\x00", "\u202e" * 50, "x\n" * 4000, "é\n\n\n\n\n\n\n\n"])
def test_what_is_no_checkpoint_is_refused_beside_its_field(cast: Cast, note: str) -> None:
    with pytest.raises(ValidationError) as bad:
        actions.compare_checkpoint(cast.jaxa, actor=cast.actor(cast.kenji), note=note)
    assert set(bad.value.message_dict) == {"note"}


def test_checkpoints_are_mailed_within_the_agency_only(cast: Cast) -> None:
    mika = cast.actor(cast.mika)
    wanted = ["archive@jaxa.example", " Archive@JAXA.example ", "", "log@sub.jaxa.example"]
    actions.set_checkpoint_addresses(cast.jaxa, actor=mika, addresses=wanted)

    for bad in ("x@esa.example", "x@notjaxa.example", "x", "a@b\n@jaxa.example", "x\x00@jaxa.example"):
        with pytest.raises(ValidationError):
            actions.set_checkpoint_addresses(cast.jaxa, actor=mika, addresses=[bad])
    with pytest.raises(ValidationError):
        many = [f"a{n}@jaxa.example" for n in range(6)]
        actions.set_checkpoint_addresses(cast.jaxa, actor=mika, addresses=many)
    with pytest.raises(Forbidden):
        actions.set_checkpoint_addresses(cast.jaxa, actor=cast.actor(cast.kenji), addresses=[])

    assert Mailing.objects.get().addresses == ["archive@jaxa.example", "log@sub.jaxa.example"]
    (event,) = Event.objects.filter(verb="ledger.addresses_changed")
    assert event.facts == {"count": 2}


def test_pages_register_cosign_compare_and_retire(cast: Cast, watcher: Watcher) -> None:
    mika = cast.client(cast.mika)
    made = mika.post(f"{PAGE}register/", {"verifier": watcher.key.verifier, "password": PASSWORD})
    assert (made.status_code, made["Location"]) == (302, PAGE)
    checkpoint = seal()
    assert checkpoint is not None

    signed = mika.post(f"{PAGE}co-sign/", {"number": checkpoint.number, "cosignature": watcher.line(checkpoint.note)})
    compared = mika.post(f"{PAGE}compare/", {"note": checkpoint.note})
    mailed = mika.post(f"{PAGE}addresses/", {"addresses": "archive@jaxa.example"})
    shown = mika.get(PAGE).content.decode()
    retired = mika.post(f"{PAGE}{watcher.key.key_id}/retire/")

    assert [answer.status_code for answer in (signed, compared, mailed, retired)] == [302] * 4
    assert watcher.key.name in shown
    assert "archive@jaxa.example" in shown
    assert watcher.key.verifier.replace("+", "&#x2B;") in shown or watcher.key.verifier in shown
    assert "Retired" in mika.get(PAGE).content.decode()


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30, "x", "\x00"])
def test_a_page_keeps_what_was_typed_about_a_checkpoint_that_is_not(cast: Cast, witness: Witness, number: str) -> None:
    answer = cast.client(cast.mika).post(f"{PAGE}co-sign/", {"number": number, "cosignature": "kept words"})

    assert answer.status_code == 422
    assert "kept words" in answer.content.decode()


def test_the_api_does_the_same(cast: Cast, watcher: Watcher) -> None:
    mika = cast.client(cast.mika)
    assert post(mika, "witnesses/", verifier=watcher.key.verifier, password=PASSWORD).status_code == 201
    checkpoint = seal()
    assert checkpoint is not None
    path = f"ledger/checkpoints/{checkpoint.number}/cosignatures/"
    line = watcher.line(checkpoint.note).rstrip("\n")

    signed = post(mika, path, cosignature=line)
    assert (signed.status_code, signed.json()["cosignatures"][0]["line"]) == (201, line + "\n")
    public = Client().get(API + path).json()
    assert public["note"] == checkpoint.note + line + "\n"
    assert Client().get(f"{API}ledger/witnesses/").json()[0]["verifier"] == watcher.key.verifier
    assert post(mika, "ledger/compare/", note=public["note"]).json() == {"fits": True, "alarm": None}
    addresses = {"addresses": ["archive@jaxa.example"]}
    assert mika.put(f"{API}ledger/addresses/", addresses, content_type="application/json").json() == addresses
    assert mika.get(f"{API}ledger/addresses/").json() == addresses
    assert post(mika, f"witnesses/{watcher.key.key_id}/retire/").json()["retired_at"]
    assert post(Client(), path, cosignature=line).status_code == 401


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_no_checkpoint_has_no_cosignatures(cast: Cast, number: str) -> None:
    assert Client().get(f"{API}ledger/checkpoints/{number}/cosignatures/").status_code == 404
    answer = post(cast.client(cast.mika), f"ledger/checkpoints/{number}/cosignatures/", cosignature="x")
    assert answer.status_code == 404
