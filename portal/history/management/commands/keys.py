"""`manage.py keys`: which keys the portal signs and seals with, since when, and a new one in their place."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, Max, Min

from portal.history import keys, rotation, statements
from portal.history.chain import Chain, Link, known_chain, path_of
from portal.history.models import Checkpoint, SigningKey
from portal.kit.composition import load
from portal.seals import keys as seals

LEDGER, SEAL = "ledger", "seal"


class Command(BaseCommand):
    help = "List the keys that sign the ledger and seal documents, put a new one in the place of one, or vouch for a lost one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rotate", choices=[LEDGER, SEAL], help="make a new key; what the former one signed stays verifiable"
        )
        parser.add_argument(
            "--vouch", metavar="KEY", help="state that this verifier key came before the present one and was lost"
        )

    def handle(self, *args: Any, rotate: str | None = None, vouch: str | None = None, **options: Any) -> None:
        try:
            if vouch is not None:
                self._vouch(vouch)
            if rotate == LEDGER:
                told = rotation.rotate()
                self.stdout.write(
                    f"The ledger is signed with {told.new.key_id} from now on, no longer with {told.former.key_id}."
                )
                self.stdout.write(f"The statement of both is kept in {path_of(told.new)}.")
            elif rotate == SEAL:
                old = seals.rotate()
                self.stdout.write(f"The former certificate is kept in {seals.retired(old.fingerprint)}.")
            self._ledger()
            self._seal()
        except ImproperlyConfigured as error:
            raise CommandError(str(error), returncode=1) from error
        except rotation.NotRotated as error:
            raise CommandError(f"Not rotated: {error}.", returncode=1) from error

    def _ledger(self) -> None:
        chain = known_chain()
        self.stdout.write(f"\nLedger and evidence, Ed25519: {settings.SIGNING_KEY_FILE}")
        used = set(Checkpoint.objects.values_list("key_id", flat=True).distinct())
        for link in reversed(chain.links):
            standing = "now" if link.end is None else "former"
            unused = "" if link.key.key_id in used else ", has signed no checkpoint"
            self.stdout.write(f"  {standing:<7}  {link.key.verifier}, {_entries(link)}{unused}")
        for row in SigningKey.objects.order_by("since"):
            key = keys.PublicKey(row.name, bytes(row.public_key))
            if chain.keys.get(row.key_id) != key:
                self.stdout.write(
                    f"  NOT OURS {key.verifier} is in the database; no statement proves it, nothing believes it"
                )

        self._left_out(chain)

    def _left_out(self, chain: Chain) -> None:
        """What was signed with keys that the chain does not lead to."""
        lines = [*_checkpoints_left_out(chain), *load(settings.RECORDS_LEFT_OUT)(chain)]
        if lines:
            self.stdout.write("\n  Signed with a key that this portal cannot vouch for, so that nobody believes it:")
        for line in lines:
            self.stdout.write(f"  LEFT OUT {line}")

    def _vouch(self, key: str) -> None:
        try:
            told = rotation.vouch(statements.parse_key(key))
        except (rotation.NotVouched, statements.BadStatement) as error:
            raise CommandError(f"Not vouched for: {error}.", returncode=1) from error
        self.stdout.write(f"{told.former.key_id} signed the first {told.size} entries, says {path_of(told.new)}.")

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


def _checkpoints_left_out(chain: Chain) -> Iterator[str]:
    """By key, since a former one signed thousands."""
    rows = Checkpoint.objects.exclude(key_id__in=chain.keys).values("key_id").order_by("key_id")
    for row in rows.annotate(first=Min("number"), last=Max("number"), count=Count("number")):
        some = f"checkpoints {row['first']} to {row['last']}" if row["count"] > 1 else f"checkpoint {row['first']}"
        yield f"{some}, {row['count']} in all, by the key {row['key_id']}, which nothing proves"


def _first(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())[0]
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read: {error}", returncode=1) from error


def _entries(link: Link) -> str:
    until = "on" if link.end is None else f"up to {link.end}"
    lost = "; it alone vouches for the one before it" if link.statement and not link.statement.by_former else ""
    return f"from entry {link.start} {until}{lost}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
