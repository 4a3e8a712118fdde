"""The pages and the JSON door of deposits: what is sent, what is shown, what comes down, and to whom."""

from __future__ import annotations

import io
import json
import uuid
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from portal.history import sealer
from projects.ip import actions
from projects.ip.models import Commitment, Deposit
from tests import stage
from tests.projects.ip import forge
from tests.projects.ip.test_deposits import classified, given, revealable, stored

API = "/api/v1/deposits/"


def typed(**words):
    return {"once": str(uuid.uuid4())} | words


def sent(client, path, body, **options):
    return client.post(path, json.dumps(body), content_type="application/json", **options)


def test_page_sends_the_commitment_and_nothing_of_the_content(cast):
    client = cast.client(cast.mika)
    page = client.get("/deposits/new/").content.decode()
    named = {part.split('"')[0] for part in page.split('name="')[1:]}

    assert named & {"title", "files", "text"} == set()
    assert 'src="/static/ip/deposit.js"' in page
    answer = client.post("/deposits/new/", typed(commitment=forge.commitment(), label="Drill"))
    assert answer.status_code == 422
    assert "Download the opening and keep it first" in answer.content.decode()
    answer = client.post("/deposits/new/", typed(commitment=forge.commitment().upper(), label="Drill", kept="on"))

    made = Deposit.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    assert (made.label, made.newest.value, made.newest.kept) == ("Drill", forge.commitment(), None)
    again = client.post("/deposits/new/", typed(commitment=forge.commitment(), kept="on"))
    assert again.status_code == 409
    assert "is a copy of the first" in again.content.decode()


def test_stored_files_and_text_come_back_to_their_agency_only(cast):
    client = cast.client(cast.mika)
    upload = SimpleUploadedFile("sketch.txt", forge.CONTENT)
    answer = client.post("/deposits/new/stored/", typed(title="Drill head", files=[upload], text="Heat it\nfirst."))
    made = Deposit.objects.get()

    assert answer.status_code == 302
    said = made.newest.kept.said
    assert [entry["name"] for entry in said["files"]] == ["sketch.txt", "text.txt"]
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Drill head" in page
    address = f"{made.get_absolute_url()}1/files/{forge.digest(forge.CONTENT).hex()}/"
    assert client.get(address).content == forge.CONTENT
    for person in (cast.kenji, cast.lucien, cast.tara):
        assert cast.client(person).get(address).status_code == 404
        assert cast.client(person).get(made.get_absolute_url()).status_code == 404


def test_text_is_hashed_as_it_was_typed(cast):
    cast.client(cast.mika).post("/deposits/new/stored/", typed(text=" Heat the flute\r\nfirst. "))

    (entry,) = Deposit.objects.get().newest.kept.said["files"]
    assert entry["sha256"] == forge.digest(b" Heat the flute\nfirst. ").hex()


def test_a_hash_is_enough(cast):
    client = cast.client(cast.mika)
    wrong = client.post("/deposits/new/hash/", typed(sha256="abc"))
    assert wrong.status_code == 422
    assert "64 hexadecimal digits" in wrong.content.decode()

    client.post("/deposits/new/hash/", typed(sha256=forge.digest(forge.CONTENT).hex(), name="sketch.txt"))

    (entry,) = Deposit.objects.get().newest.kept.said["files"]
    assert entry == {"name": "sketch.txt", "size": None, "sha256": forge.digest(forge.CONTENT).hex()}


def test_nothing_to_deposit_is_said_beside_the_field(cast):
    page = cast.client(cast.mika).post("/deposits/new/stored/", typed())

    assert page.status_code == 422
    assert "Choose a file, or type a text." in page.content.decode()
    assert not Deposit.objects.exists()


def test_new_version_follows_the_one_that_was_seen(cast):
    client, made = cast.client(cast.mika), given(cast, cast.mika)
    page = client.get(f"/deposits/new/?of={made.ref}").content.decode()
    assert f'data-previous="{forge.commitment()}"' in page

    client.post(f"/deposits/new/hash/?of={made.ref}", typed(sha256="ab" * 32))
    late = client.post(
        f"/deposits/new/?of={made.ref}", typed(commitment="cd" * 32, previous=forge.commitment(), kept="on")
    )

    assert made.newest.number == 2
    assert made.newest.kept.said["previous"] == forge.commitment()
    assert late.status_code == 409
    assert cast.client(cast.tara).get(f"/deposits/new/?of={made.ref}").status_code == 404


def test_downloads_wait_for_the_seal(cast):
    client, made = cast.client(cast.mika), stored(cast, cast.mika)
    for name in ("receipt.json", "receipt.pdf", "bundle.zip"):
        answer = client.get(f"{made.get_absolute_url()}1/{name}")
        assert answer.status_code == 409
        assert "not sealed in the ledger yet" in answer.content.decode()
    assert client.get(f"{API}{made.ref}/receipt/").json()["code"] == "not-sealed-yet"

    assert client.post(f"{made.get_absolute_url()}seal/", typed()).status_code == 302

    bundle = client.get(f"{made.get_absolute_url()}1/bundle.zip?opening=1")
    with ZipFile(io.BytesIO(bundle.content)) as archive:
        receipt = json.loads(archive.read(f"{made.ref}-1/receipt.json"))
    assert receipt["opening"]["manifest"]["title"] == "Drill head"
    assert client.get(f"{API}{made.ref}/receipt/", {"opening": "1"}).json() == receipt
    assert client.get(f"{made.get_absolute_url()}1/receipt.json?since=9999").status_code == 409
    assert "Sealed as entry" in client.get(made.get_absolute_url()).content.decode()


def test_receipt_on_paper_says_and_carries_what_the_json_says(cast):
    client, made = cast.client(cast.mika), stored(cast, cast.mika)
    sealer.seal()

    content = client.get(f"{made.get_absolute_url()}1/receipt.pdf?opening=1").content

    pdf = PdfReader(io.BytesIO(content))
    words = " ".join(page.extract_text() for page in pdf.pages)
    assert made.ref in words
    assert "sketch.txt" in words
    assert "Who invented anything" in words
    (attached,) = pdf.attachments["receipt.json"]
    assert json.loads(attached)["deposit"]["commitment"] == made.newest.value
    assert client.get(f"{made.get_absolute_url()}1/receipt.pdf?opening=1").content == content


def test_opening_that_stayed_outside_is_not_here(cast):
    client, made = cast.client(cast.mika), given(cast, cast.mika)

    answer = client.get(f"{made.get_absolute_url()}1/opening.json")

    assert answer.status_code == 409
    assert "has only the commitment" in answer.content.decode()


def test_revealed_version_is_read_with_or_without_its_files(cast):
    made = revealable(cast, label="Our own name for it", notes="In the safe")
    lucien = cast.client(cast.lucien)
    file = f"{made.get_absolute_url()}1/files/{forge.digest(forge.CONTENT).hex()}/"
    mika = cast.client(cast.mika)
    assert "cannot be undone" in mika.get(f"{made.get_absolute_url()}reveal/").content.decode()

    unsure = mika.post(f"{made.get_absolute_url()}reveal/", typed(number=1, agency="ESA"))
    assert unsure.status_code == 422
    assert mika.post(
        f"{made.get_absolute_url()}reveal/", typed(number=1, agency="esa", understood="on")
    ).status_code == 302  # fmt: skip

    page = lucien.get(made.get_absolute_url()).content.decode()
    assert "Drill head" in page
    assert "Our own name" not in page
    assert "In the safe" not in page
    assert lucien.get(f"{made.get_absolute_url()}1/opening.json").json()["manifest"]["title"] == "Drill head"
    assert lucien.get(file).status_code == 404
    assert lucien.get(f"{API}{made.ref}/").json()["label"] == ""
    Deposit.objects.filter(pk=made.pk).update(export_class="undetermined")
    assert lucien.get(f"{made.get_absolute_url()}1/opening.json").status_code == 409
    assert "Drill head" not in lucien.get(made.get_absolute_url()).content.decode()
    sealer.seal()
    for asked, status in (("1", 409), ("true", 409), ("yes", 200), ("", 200)):
        for what in ("receipt", "bundle"):
            answer = lucien.get(f"{API}{made.ref}/{what}/", {"opening": asked})
            assert answer.status_code == status, asked
            assert what == "bundle" or b"Drill head" not in answer.content, asked
    assert lucien.get(f"{API}{made.ref}/receipt/", {"opening": "yes"}).json()["opening"] is None


def test_opening_is_given_on_the_page_when_it_was_kept_outside(cast):
    made = classified(given(cast, cast.mika, project=stage.accepted_project(cast)))
    kept = SimpleUploadedFile("opening.json", json.dumps(forge.opening()).encode())
    broken = SimpleUploadedFile("opening.json", b"{")
    client, address = cast.client(cast.mika), f"{made.get_absolute_url()}reveal/"

    wrong = client.post(address, typed(number=1, agency="ESA", understood="on", opening=broken))
    assert wrong.status_code == 422
    assert "it is not JSON" in wrong.content.decode()
    files = [SimpleUploadedFile("sketch.txt", forge.CONTENT)]
    done = client.post(
        address, typed(number=1, agency="ESA", understood="on", with_files="on", opening=kept, files=files)
    )

    assert done.status_code == 302
    file = f"{made.get_absolute_url()}1/files/{forge.digest(forge.CONTENT).hex()}/"
    assert cast.client(cast.lucien).get(file).content == forge.CONTENT


@pytest.mark.parametrize("body", [
    {"commitment": forge.commitment()},
    {"opening": forge.opening()},
    {"files": [{"name": "sketch.txt", "sha256": "ab" * 32}], "title": "Drill head"},
])  # fmt: skip
def test_api_takes_each_way(cast, body):
    answer = sent(cast.client(cast.mika), API, body)

    assert answer.status_code == 201, answer.content
    (version,) = answer.json()["versions"]
    assert version["is_kept"] is ("commitment" not in body)
    assert version["state"] == "recorded"


@pytest.mark.parametrize("body", [
    {}, {"commitment": "x"}, {"commitment": "ab" * 32, "opening": forge.opening()}, {"opening": {"format": "x"}},
    {"opening": forge.opening(forge.manifest(agency="ESA"))}, {"files": []}, {"commitment": "ab" * 32, "title": "T"},
    {"commitment": "ab" * 32, "deposited_at": "2020-01-01T00:00:00Z"}, {"files": [{"sha256": "ab" * 32, "size": -1}]},
])  # fmt: skip
def test_api_refuses_by_field(cast, body):
    answer = sent(cast.client(cast.mika), API, body)

    assert answer.status_code == 400
    assert answer.json()["errors"]
    assert not Commitment.objects.exists()


def test_api_says_that_a_commitment_is_known(cast):
    given(cast, cast.mika)

    answer = sent(cast.client(cast.lucien), API, {"commitment": forge.commitment()})

    assert (answer.status_code, answer.json()["code"]) == (409, "commitment-known")


def test_api_chains_reveals_and_links(cast):
    client, made = cast.client(cast.mika), revealable(cast)
    address = f"{API}{made.ref}/"
    body = {"files": [{"sha256": "ab" * 32}], "previous": made.newest.value}

    second = sent(client, f"{address}add-version/", body).json()["versions"][0]
    assert (second["number"], second["previous"]) == (2, body["previous"])
    assert sent(client, f"{address}add-version/", body).json()["code"] == "newer-version"
    assert sent(client, f"{address}reveal/", {"number": 1, "agency": "ESA"}).json()["code"] == "export-undetermined"
    Deposit.objects.filter(pk=made.pk).update(export_class="not_controlled")
    assert sent(client, f"{address}reveal/", {"number": 1, "agency": "ESA"}).status_code == 200
    assert sent(client, f"{address}reveal/", {"number": 1, "agency": "NOWHERE"}).status_code == 400
    patched = client.patch(address, json.dumps({"label": "Drill", "project": None}), content_type="application/json")
    assert (patched.json()["label"], patched.json()["project"]) == ("Drill", None)
    seen = cast.client(cast.lucien).get(address).json()
    assert [version["number"] for version in seen["versions"]] == [1]


def test_lists_cost_the_same_with_more(cast):
    project = stage.accepted_project(cast)
    client = cast.client(cast.mika)
    costs = []
    for number in range(12):
        said = forge.manifest(title=str(number))
        actions.deposit(actor=cast.actor(cast.mika), commitment=forge.commitment(said), project=project)
        if number in (2, 11):
            for path in ("/deposits/", f"/projects/{project.ref}/ip/deposits/", API, "/ip/"):
                client.get(path)
                with CaptureQueriesContext(connection) as captured:
                    assert client.get(path).status_code == 200
                costs.append(len(captured))

    assert costs[:4] == costs[4:]
    assert max(costs) <= 16
