"""The Ed25519 key that signs checkpoints, and the names that verifiers know it by."""

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.secrets import write_once

ED25519 = b"\x01"


@dataclass(frozen=True)
class PublicKey:
    """A verifier key of C2SP signed-note: `name+key id+base64(0x01 ‖ 32 bytes)`."""

    name: str
    raw: bytes

    @property
    def key_id(self) -> str:
        """The first four bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ public key), in hex."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.raw).hexdigest()[:8]

    @property
    def verifier(self) -> str:
        return f"{self.name}+{self.key_id}+{b64encode(ED25519 + self.raw).decode()}"

    def verifies(self, signature: bytes, text: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """The private key, under the origin of this ledger."""

    public: PublicKey
    private: Ed25519PrivateKey

    def sign(self, text: bytes) -> bytes:
        return self.private.sign(text)


def signer() -> Signer:
    """The key of CONCORD_SIGNING_KEY_FILE, generated when there is none; ImproperlyConfigured if it is unusable."""
    path = Path(settings.SIGNING_KEY_FILE)
    if not path.exists():
        # Of processes that do so at the same moment the first wins, and all use its key.
        write_once(path, generate())
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except ValueError as error:
        raise ImproperlyConfigured(f"CONCORD_SIGNING_KEY_FILE cannot be read: {error}") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise ImproperlyConfigured("CONCORD_SIGNING_KEY_FILE does not hold an Ed25519 key")
    return Signer(PublicKey(origin(), private.public_key().public_bytes_raw()), private)


def origin() -> str:
    """The name of this ledger, the first line of its checkpoints; a change of it means a new key id."""
    return str(getattr(settings, "LEDGER_ORIGIN", "concord.example/ledger"))


def generate() -> bytes:
    """A new private key, PKCS #8 in PEM."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
