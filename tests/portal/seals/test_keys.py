"""Keys: made once, for the owner's eyes only, unusable when they do not fit, replaced without losing what is public."""

from __future__ import annotations

import threading
from io import StringIO

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from portal.history import keys as ledger
from portal.history.chain import known_chain
from portal.seals import keys


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.SEAL_KEY_FILE = settings.SEAL_CERTIFICATE_FILE = tmp_path / "keys" / "seal.pem"
    settings.SIGNING_KEY_FILE = tmp_path / "keys" / "ledger.pem"


def told(*arguments):
    out = StringIO()
    call_command("keys", *arguments, stdout=out)
    return out.getvalue()


def pem_of(private):
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_key_is_made_once_and_readable_by_its_owner_only(settings):
    found = []
    threads = [threading.Thread(target=lambda: found.append(keys.seal_key().fingerprint)) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert set(found) == {keys.seal_key().fingerprint}
    assert settings.SEAL_KEY_FILE.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in settings.SEAL_KEY_FILE.parent.iterdir()] == ["seal.pem"]


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (b"no key", "cannot be read"),
        (pem_of(ec.generate_private_key(ec.SECP256K1())), "neither an ECDSA key"),
        (pem_of(ec.generate_private_key(ec.SECP256R1())), "CONCORD_SEAL_CERTIFICATE_FILE cannot be read"),
        (pem_of(rsa.generate_private_key(65537, 1024)), "neither an ECDSA key"),
        (pem_of(rsa.generate_private_key(65537, 2048)) + keys.generate(), "not that of the key"),
    ],
    ids=["nothing", "another curve", "without a certificate", "short", "a certificate of another"],
)
def test_key_that_cannot_seal_is_said_to_be_so(settings, key, reason):
    settings.SEAL_KEY_FILE.parent.mkdir()
    settings.SEAL_KEY_FILE.write_bytes(key)

    with pytest.raises(ImproperlyConfigured, match=reason):
        keys.seal_key()


def test_no_certificate_is_made_up_for_an_authority_that_gave_none(settings, tmp_path):
    settings.SEAL_CERTIFICATE_FILE = tmp_path / "chain.pem"

    with pytest.raises(ImproperlyConfigured, match="CONCORD_SEAL_KEY_FILE cannot be read"):
        keys.seal_key()
    with pytest.raises(CommandError, match="certificate that an authority gave"):
        told("--rotate", "seal")

    assert not settings.SEAL_KEY_FILE.exists()


@pytest.mark.django_db
def test_rotating_the_seal_keeps_the_certificate_and_drops_the_private_key(settings):
    former, secret = keys.seal_key(), settings.SEAL_KEY_FILE.read_bytes()

    words = told("--rotate", "seal")

    present = keys.seal_key()
    assert present.fingerprint != former.fingerprint
    assert present.fingerprint in words
    assert former.fingerprint in words
    assert settings.SEAL_KEY_FILE.stat().st_mode & 0o777 == 0o600
    private = secret.split(b"-----BEGIN CERTIFICATE")[0]
    kept = [path.read_bytes() for path in settings.SEAL_KEY_FILE.parent.rglob("*.pem")]
    assert all(private not in content for content in kept)


@pytest.mark.django_db
def test_rotating_the_ledger_keeps_every_public_key(settings):
    first = ledger.signer()
    signature = first.sign(b"words")

    words = told("--rotate", "ledger")
    second = ledger.signer().public
    told("--rotate", "ledger")

    known = known_chain().keys
    assert list(known.values()) == [first.public, second, ledger.signer().public]
    assert known[first.public.key_id].verifies(signature, b"words")
    assert first.public.verifier in words
    assert f"signed with {second.key_id} from now on" in words


@pytest.mark.django_db
def test_status_names_keys_and_says_that_nobody_vouches_for_a_seal_of_our_own():
    words = told()

    assert ledger.signer().public.verifier in words
    assert keys.seal_key().fingerprint in words
    assert "self-signed" in words
    assert "PRIVATE" not in words
