"""Reading a bundle, a ZIP or the folder that it was unpacked into, without ever reading more than a bundle may hold."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import Any

from projects.ip.receipts.verify import Unreadable

LARGEST_MEMBER, LARGEST_BUNDLE, MOST_MEMBERS = 64 * 2**20, 256 * 2**20, 2000
MEMBER = re.compile(r"(?:(?:evidence|confirmations|outside)/)?[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError, LookupError)


def read_bundle(source: Any, largest: int = LARGEST_BUNDLE) -> dict[str, bytes]:
    """The members by name, of a path or of an open file, up to so many bytes in all; Unreadable says why not."""
    if isinstance(source, (str, Path)) and Path(source).is_dir():
        return _read_folder(Path(source), largest)
    try:
        with zipfile.ZipFile(source) as archive:
            return _read_zip(archive, largest)
    except BROKEN as error:
        raise Unreadable(f"it cannot be read as a ZIP: {error}") from None


def _read_zip(archive: zipfile.ZipFile, largest: int) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_MEMBERS:
        raise Unreadable(f"it has more than {MOST_MEMBERS} members")
    for entry in entries:
        # SECURITY: the size that an archive states proves nothing; other methods than these two cannot be read in bounds.
        if entry.compress_type not in PLAIN or entry.flag_bits & 1:
            raise Unreadable(f"{entry.filename[:100]} is packed in a way that bundles are not")
        if entry.filename in found:
            raise Unreadable(f"{entry.filename[:100]} stands in it twice")
        with archive.open(entry) as stream:
            found[entry.filename] = _bounded(stream, entry.filename, largest - sum(map(len, found.values())))
    return _without_folder(found)


def _read_folder(folder: Path, largest: int) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    try:
        for path in sorted(folder.glob("*")) + sorted(folder.glob("*/*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and MEMBER.fullmatch(name) and len(found) < MOST_MEMBERS:
                with path.open("rb") as stream:
                    found[name] = _bounded(stream, name, largest - sum(map(len, found.values())))
    except OSError as error:
        raise Unreadable(f"the folder cannot be read: {error}") from None
    return found


def _bounded(stream: Any, name: str, room: int) -> bytes:
    limit = min(LARGEST_MEMBER, room)
    content: bytes = stream.read(limit + 1)
    if len(content) > limit:
        raise Unreadable(f"{name[:100]} is larger than a bundle may be")
    return content


def _without_folder(found: dict[str, bytes]) -> dict[str, bytes]:
    """What was packed anew often lies in one folder of the archive."""
    folders = {name.split("/", 1)[0] for name in found}
    (folder,) = folders if len(folders) == 1 else ("",)
    return {name[len(folder) + 1 :]: body for name, body in found.items()} if folder else found
