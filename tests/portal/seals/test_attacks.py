"""Every file made from a sealed one by an attacker is refused when it is read, and is another file to begin with."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from portal.seals import NotSealed, read_seal, seal_pdf
from portal.seals.keys import rotate, seal_key
from tests.portal.seals import attacks, shadows
from tests.portal.seals.pages import TEMPLATE, pages


@pytest.fixture
def own_key(settings, tmp_path):
    settings.SEAL_KEY_FILE = settings.SEAL_CERTIFICATE_FILE = tmp_path / "seal.pem"
    settings.TSA_URL = ""
    return Path(settings.SEAL_KEY_FILE)


def sealed_bytes(content: bytes) -> bytes:
    return seal_pdf(content, reason="A test")[0]


def corpus() -> dict[str, bytes]:
    sealed = attacks.Sealed(sealed_bytes(pages()))
    families = (attacks.appended, attacks.forged, attacks.stuffed, attacks.wrapped)
    files = {label: content for family in families for label, content in family(sealed).items()}
    assert sealed.content not in files.values()
    return files | shadows.shadowed(sealed_bytes, pages())


def test_no_file_of_the_attack_corpus_is_read_as_sealed(own_key):
    files = corpus()
    believed = {}

    for label, content in files.items():
        try:
            believed[label] = read_seal(content, certificate_sha256=seal_key().fingerprint)
        except NotSealed:
            continue

    assert len(files) == 52
    assert believed == {}
    assert len({sha256(content).hexdigest() for content in files.values()}) == len(files)


def test_the_seal_of_another_key_is_not_ours(own_key):
    forged = sealed_bytes(pages(TEMPLATE.replace("100", "900")))
    assert read_seal(forged)
    rotate()

    with pytest.raises(NotSealed, match="another certificate"):
        read_seal(forged, certificate_sha256=seal_key().fingerprint)


def test_pages_without_a_seal_and_what_is_no_pdf_are_not_sealed(own_key):
    for content in (pages(), b"", b"%PDF-1.7\n", b"\x00" * 4096, b"<html>", datetime.now(UTC).isoformat().encode()):
        with pytest.raises(NotSealed):
            read_seal(content)
