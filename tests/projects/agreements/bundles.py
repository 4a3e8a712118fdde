"""Bundles of texts that people of the cast signed, and verify.py as anybody would run it."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from portal.history.sealer import seal as seal_ledger
from projects.agreements.bundle import build_bundle
from projects.agreements.bundle.joining import script
from projects.agreements.models import Agreement
from projects.agreements.sealing import seal

# Without site-packages there is no `cryptography`: the script verifies with its own arithmetic.
ALONE = ("-I", "-S")


def sealed_bundle(agreement: Agreement, **asked: Any) -> bytes:
    """The bundle of the present text, everything sealed that can be."""
    seal(agreement.ref)
    return ledger_bundle(agreement, **asked)


def ledger_bundle(agreement: Agreement, **asked: Any) -> bytes:
    """The bundle with all events in the ledger, sealed PDF or not."""
    seal_ledger()
    agreement = Agreement.objects.get(pk=agreement.pk)
    return build_bundle(agreement, agreement.texts.order_by("-number").get(pk=agreement.text_id), **asked)


def unzipped(bundle: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def entries(bundle: bytes) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return archive.infolist()


def rezipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def run(bundle: bytes, *arguments: str, alone: bool = False) -> tuple[int, str]:
    """Exit code and words of verify.py in a folder with nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "verify.py").write_bytes(script())
        (Path(folder) / "A.bundle.zip").write_bytes(bundle)
        command = [sys.executable, *(ALONE if alone else ()), "verify.py", "A.bundle.zip", *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr
