"""Flip single bits all over a sealed PDF and count who notices: the hash, our reading, and pyHanko alone.

Run it with `python -m tests.trials.pdf_flips [number of flips] [file]`; without a file it seals small pages of its own.
It ends with 1 when a flip went past the hash. What goes past the others is printed: the hash is why that does not matter.
"""

from __future__ import annotations

import logging
import os
import random
import sys
import tempfile
from collections import Counter
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import django

SEED = 20261123


def main(flips: int = 10_000, file: str = "") -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    logging.disable(logging.CRITICAL)
    content = bytearray(Path(file).read_bytes() if file else _sealed())
    whole, missed = sha256(content).digest(), Counter[str]()
    print(f"{len(content):,} bytes, {flips:,} single-bit flips, seed {SEED}")
    for place in random.Random(SEED).sample(range(8 * len(content)), flips):
        content[place // 8] ^= 1 << place % 8
        for reader, believes in (("SHA-256", lambda body: sha256(body).digest() == whole), *READERS.items()):
            missed[reader] += believes(bytes(content))
        content[place // 8] ^= 1 << place % 8
    for reader in ("SHA-256", *READERS):
        count = missed[reader]
        print(f"{reader:<28} {flips - count:>7,} refused, {count:>6,} not noticed ({count / flips:.2%})")
    return int(missed["SHA-256"] > 0)


def _sealed() -> bytes:
    from django.conf import settings

    from portal.seals import seal_pdf
    from tests.portal.seals.pages import pages

    with tempfile.TemporaryDirectory() as folder:
        settings.SEAL_KEY_FILE = settings.SEAL_CERTIFICATE_FILE = Path(folder) / "seal.pem"
        settings.TSA_URL = ""
        return seal_pdf(pages(), reason="A trial")[0]


def _reads_as_sealed(content: bytes) -> bool:
    from portal.seals import NotSealed, read_seal

    try:
        return bool(read_seal(content))
    except NotSealed:
        return False


def _pyhanko_believes(content: bytes) -> bool:
    """What a program finds that asks pyHanko whether the signature is valid and covers the whole file."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    try:
        (signature,) = PdfFileReader(BytesIO(content)).embedded_signatures
        known = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
        status = validate_pdf_signature(signature, known)
    except Exception:
        # Whatever a broken file makes it stumble over counts as noticed.
        return False
    return status.intact and status.valid and status.coverage == SignatureCoverageLevel.ENTIRE_FILE


READERS = {"portal.seals.read_seal": _reads_as_sealed, "pyHanko, validity and cover": _pyhanko_believes}


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(main(int(given[0]) if given else 10_000, given[1] if len(given) > 1 else ""))
