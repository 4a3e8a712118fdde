"""`manage.py keys`: which keys the portal signs and seals with, since when, and a new one in their place."""

from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.history import keys, rotation
from portal.history.models import SigningKey
from portal.seals import keys as seals

LEDGER, SEAL = "ledger", "seal"


class Command(BaseCommand):
    help = "List the keys that sign the ledger and seal documents, or put a new one in the place of the present one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rotate", choices=[LEDGER, SEAL], help="make a new key; the public half of the former one is kept"
        )

    def handle(self, *args: Any, rotate: str | None = None, **options: Any) -> None:
        try:
            if rotate == LEDGER:
                former, new = rotation.rotate()
                self.stdout.write(
                    f"The ledger is signed with {new.key_id} from now on, no longer with {former.key_id}."
                )
            elif rotate == SEAL:
                old = seals.rotate()
                self.stdout.write(f"The former certificate is kept in {seals.retired(old.fingerprint)}.")
            self._ledger()
            self._seal()
        except ImproperlyConfigured as error:
            raise CommandError(str(error), returncode=1) from error

    def _ledger(self) -> None:
        present = keys.signer().public
        self.stdout.write(f"\nLedger and evidence, Ed25519: {settings.SIGNING_KEY_FILE}")
        known = {row.key_id: row for row in SigningKey.objects.order_by("since")}
        if present.key_id not in known:
            self.stdout.write(f"  now      {present.verifier}, has signed no checkpoint yet")
        for row in known.values():
            key = keys.PublicKey(row.name, bytes(row.public_key))
            standing = "now" if row.key_id == present.key_id else "former"
            self.stdout.write(f"  {standing:<7}  {key.verifier}, since {_moment(row.since)}")

    def _seal(self) -> None:
        present = seals.seal_key()
        self.stdout.write(f"\nSeal: {settings.SEAL_KEY_FILE}")
        self._certificate("now", present.certificate)
        if present.is_self_signed:
            self.stdout.write("           self-signed: it says which key sealed; no authority vouches for it")
        for path in sorted(seals.retired("").parent.glob("seal-*.pem")):
            self._certificate("former", _first(path))

    def _certificate(self, standing: str, certificate: x509.Certificate) -> None:
        self.stdout.write(
            f"  {standing:<7}  SHA-256 {seals.fingerprint(certificate)}, {certificate.subject.rfc4514_string()}"
        )
        began, ends = _moment(certificate.not_valid_before_utc), _moment(certificate.not_valid_after_utc)
        self.stdout.write(f"           valid from {began} until {ends}")


def _first(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())[0]
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read: {error}", returncode=1) from error


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
