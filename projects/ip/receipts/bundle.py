"""The bundle that anyone can check without us: the receipt, the script, and how to use it."""

from __future__ import annotations

import io
import json
from base64 import b64decode
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

SCRIPT = Path(__file__).with_name("verify.py")
README = """\
RECEIPT OF A DEPOSIT  {ref}, version {number}

Deposited for {agency_name}
Commitment    {commitment}
Time          {deposited_at} by the portal's clock

To check it, without a network and without an account (Python 3.9 or newer):

    python3 verify.py receipt.json

With the files that were deposited, and the opening that was kept apart from this receipt:

    python3 verify.py receipt.json FILE ... --opening opening.json

The signature is checked when the package `cryptography` is installed (pip install cryptography).
With a key that you know, and a checkpoint of the ledger that you kept from another day:

    python3 verify.py receipt.json --key KEY --against checkpoint.txt

The exit code is 0 when it is proved, 1 when something is wrong, 2 when it could not be decided.

What it proves: this commitment existed when a checkpoint of the ledger was signed, and so did everything that the
opening names. What it does not prove: who invented anything, that it is new, that an office received a filing, or that
the clock was right. Order is certain; the time is as good as the clock, or as the time stamp if there is one.
{time_stamp}
How everything is computed: docs/deposits.md of the portal, with examples to recompute by hand.
"""
TIME_STAMP = """
time-stamp.tst is a time stamp (RFC 3161) of {authority}. Check it with the certificates of that authority:

    printf {commitment} | xxd -r -p > commitment.bin
    openssl ts -verify -data commitment.bin -in time-stamp.tst -token_in -CAfile certificates.pem
"""


def as_json(receipt: dict[str, Any]) -> bytes:
    return json.dumps(receipt, ensure_ascii=False, indent=1).encode() + b"\n"


def zipped(receipt: dict[str, Any]) -> bytes:
    """The bundle as a ZIP; the same receipt gives the same bytes."""
    deposit, stamp = receipt["deposit"], receipt["time_stamp"]
    words = TIME_STAMP.format(**stamp, commitment=deposit["commitment"]) if stamp else ""
    parts = {
        "README.txt": README.format(**deposit, time_stamp=words).encode(),
        "receipt.json": as_json(receipt),
        "verify.py": SCRIPT.read_bytes(),
    }
    if stamp:
        parts["time-stamp.tst"] = b64decode(stamp["token"])
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = ZipInfo(f"{deposit['ref']}-{deposit['number']}/{name}", (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, ZIP_DEFLATED)
    return out.getvalue()
