"""Files: told by their bytes, kept under their hash, given back as downloads, and never as anything else."""

import contextlib
import io
import json
import threading
import uuid
import zipfile
from hashlib import sha256
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import InMemoryStorage, default_storage
from django.db import connection, transaction
from django.db.utils import Error
from hypothesis import given
from hypothesis import strategies as st

from portal.files import storage
from portal.files.media_types import Refused, sniff
from portal.files.models import StoredFile
from portal.files.storage import FileDamaged, clean_name, read, respond, store
from portal.kit.actors import Actor
from portal.kit.append_only import EvidenceIsFinal


def archive(**members):
    """The same bytes whenever it is called: they name the tests, and every worker has to find the same ones."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name.replace("__", "/").replace("_xml", ".xml")), content)
    return written.getvalue()


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
KINDS = [
    (PDF, "application/pdf"),
    (b"\x89PNG\r\n\x1a\n\x00", "image/png"),
    (b"\xff\xd8\xff\xe0", "image/jpeg"),
    (b"GIF89a\x01", "image/gif"),
    (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
    (b"II*\x00\x08", "image/tiff"),
    (archive(a="x"), "application/zip"),
    (archive(word__document_xml="x"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (archive(mimetype="application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text"),
    (b'{"a": 1}', "application/json"),
    (b"{not json", "text/plain"),
    ("Grüße aus 東京\n".encode(), "text/plain"),
]
ACTIVE = [
    b"<!DOCTYPE html><html>",
    b"  \n<script>alert(1)</script>",
    b"\xef\xbb\xbf<svg xmlns='http://www.w3.org/2000/svg'>",
    b"<?xml version='1.0'?><svg/>",
    b"#!/bin/sh\nrm -rf /",
    b"MZ\x90\x00\x03",
    b"\x7fELF\x02\x01",
    b"\xca\xfe\xba\xbe\x00\x00",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"text\x00with nul",
    b"\x1b[31mred",
    b"\xff\xfe\x00\x41",
    b"PK\x03\x04 not an archive",
]


@pytest.fixture
def ingrid():
    return Actor(person=SimpleNamespace(uid=uuid.uuid4(), zone="UTC", is_staff=False))


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.mark.parametrize(("content", "media_type"), KINDS)
def test_the_bytes_say_what_a_file_is(content, media_type):
    assert sniff(content) == media_type


@pytest.mark.parametrize(
    "content", [*ACTIVE, archive(**{"word__vbaProject.bin": "x"}), archive(**{"META-INF__MANIFEST.MF": "x"})]
)
def test_what_could_run_is_refused(content):
    with pytest.raises(Refused):
        sniff(content)


@given(st.binary(max_size=64))
def test_any_bytes_are_told_or_refused(content):
    with contextlib.suppress(Refused):
        assert "/" in sniff(content)


@pytest.mark.django_db
def test_a_file_is_kept_under_its_hash(ingrid, settings):
    stored = store(PDF, "Plan.pdf", actor=ingrid, marking="restricted")

    digest = sha256(PDF).hexdigest()
    kept = settings.MEDIA_ROOT / digest[:2] / digest[2:]
    assert (stored.sha256, stored.size, stored.media_type, stored.name) == (
        digest,
        len(PDF),
        "application/pdf",
        "Plan.pdf",
    )
    assert (stored.uploaded_by, stored.marking) == (ingrid.person.uid, "restricted")
    assert kept.read_bytes() == PDF
    assert kept.stat().st_mode & 0o077 == 0
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


@pytest.mark.django_db
def test_equal_bytes_are_kept_once_and_recorded_twice(ingrid, settings):
    first, second = store(PDF, "a.pdf", actor=ingrid), store(io.BytesIO(PDF), "b.pdf", actor=ingrid)

    assert first.pk != second.pk
    assert first.path == second.path
    assert sum(path.is_file() for path in settings.MEDIA_ROOT.rglob("*")) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"x" * 1025, "larger"),
        (io.BytesIO(b"x" * 5000), "larger"),
        (b"<html>", "not stored"),
        (b"MZ\x90\x00", "not stored"),
    ],
)
def test_a_bad_file_is_refused_beside_its_field_and_leaves_nothing(ingrid, settings, content, words):
    with pytest.raises(ValidationError, match=words) as refused:
        store(content, "innocent.pdf", actor=ingrid, max_size=1024)

    assert list(refused.value.message_dict) == ["file"]
    assert not StoredFile.objects.exists()
    assert not settings.MEDIA_ROOT.exists()


@pytest.mark.django_db
def test_a_download_can_do_nothing_in_a_browser(ingrid):
    response = respond(store(b"hello", 'a"\r\nX-Evil: 1/Grüße\u202efdp.txt', actor=ingrid))

    assert response.content == b"hello"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "X-Evil" not in response
    assert "\u202e" not in response["Content-Disposition"]


@pytest.mark.django_db
@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"other"), lambda path: path.unlink()])
def test_a_file_changed_in_the_storage_is_noticed_at_the_next_read_and_mended_by_the_next_upload(
    ingrid, settings, damage
):
    stored = store(PDF, "a.pdf", actor=ingrid)
    damage(settings.MEDIA_ROOT / stored.path)

    with pytest.raises(FileDamaged):
        respond(stored)

    store(PDF, "a.pdf", actor=ingrid)
    assert read(stored) == PDF


@pytest.mark.django_db
def test_a_crash_while_writing_leaves_no_file(ingrid, settings, monkeypatch):
    monkeypatch.setattr(storage.os, "fsync", lambda descriptor: (_ for _ in ()).throw(OSError("disk full")))

    with pytest.raises(OSError, match="disk full"):
        store(PDF, "a.pdf", actor=ingrid)

    assert not StoredFile.objects.exists()
    assert not any(path.is_file() for path in settings.MEDIA_ROOT.rglob("*"))


@pytest.mark.django_db
def test_any_storage_of_django_will_do(ingrid, monkeypatch):
    monkeypatch.setattr(storage, "default_storage", InMemoryStorage())

    stored = store(PDF, "a.pdf", actor=ingrid)

    assert read(stored) == PDF
    assert not default_storage.exists(stored.path)


@pytest.mark.django_db(transaction=True)
def test_the_same_bytes_from_many_people_at_once_are_kept_whole(ingrid):
    def upload():
        store(PDF * 1000, "a.pdf", actor=ingrid)
        connection.close()

    threads = [threading.Thread(target=upload) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert StoredFile.objects.count() == 8
    assert {read(stored) for stored in StoredFile.objects.all()} == {PDF * 1000}


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\Plan.pdf", "Plan.pdf"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("\u202egnp.exe", "gnp.exe"),
        ("", "file"),
        ("...", "file"),
        ("計画.pdf", "計画.pdf"),
        ("x" * 500 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_name_is_safe_to_show(given_name, shown):
    assert clean_name(given_name) == shown


@pytest.mark.django_db
def test_a_stored_file_is_never_changed_or_removed(ingrid):
    stored = store(json.dumps({"a": 1}).encode(), "a.json", actor=ingrid)

    for change in (
        stored.save,
        stored.delete,
        StoredFile.objects.all().delete,
        lambda: StoredFile.objects.update(name="b"),
    ):
        with pytest.raises(EvidenceIsFinal):
            change()
    for statement in (
        "UPDATE files_storedfile SET name = 'b'",
        "DELETE FROM files_storedfile",
        "TRUNCATE files_storedfile",
    ):
        with pytest.raises(Error, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
