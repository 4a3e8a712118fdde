"""Storing bytes under their hash, and giving them back as nothing but a download."""

from __future__ import annotations

import os
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from portal.files.media_types import Refused, sniff
from portal.files.models import StoredFile
from portal.kit.actors import Actor

MAX_SIZE = 20 * 1024 * 1024
NAME_LENGTH = 200


class FileDamaged(Exception):
    """Raised when the storage gives other bytes than were stored, or none."""


def store(
    content: bytes | IO[bytes], name: str, *, actor: Actor, max_size: int = MAX_SIZE, marking: str = ""
) -> StoredFile:
    """Keep the bytes under their SHA-256 and record who brought them.

    Raises ValidationError on the field "file" for what is empty, larger than `max_size` bytes or of a kind that is not
    stored. The kind is told from the bytes; the name is only shown.
    """
    body = content if isinstance(content, bytes) else content.read(max_size + 1)
    if not body:
        raise ValidationError({"file": [_("The file is empty.")]})
    if len(body) > max_size:
        limit = max_size // (1024 * 1024)
        raise ValidationError({"file": [_("The file is larger than %(limit)s MB.") % {"limit": limit}]})
    try:
        media_type = sniff(body)
    except Refused as error:
        words = _(
            "Files of this kind are not stored. Use PDF, an image, an office document without macros, ZIP or text."
        )
        raise ValidationError({"file": [words]}) from error
    stored = StoredFile(
        sha256=sha256(body).hexdigest(),
        size=len(body),
        media_type=media_type,
        name=clean_name(name),
        marking=marking,
        uploaded_by=actor.person.uid if actor.person is not None else None,
    )
    _keep(stored, body)
    stored.save()
    return stored


def read(stored: StoredFile) -> bytes:
    """The bytes, checked against their hash; FileDamaged when the storage lost or changed them."""
    try:
        with default_storage.open(stored.path) as file:
            body = file.read()
    except OSError as error:
        raise FileDamaged(f"file {stored.sha256} cannot be read") from error
    if sha256(body).hexdigest() != stored.sha256:
        raise FileDamaged(f"file {stored.sha256} was changed in the storage")
    return body


def respond(stored: StoredFile, *, name: str = "") -> HttpResponse:
    """The file as a download that no browser runs; the calling view has decided that the reader may have it."""
    return download(read(stored), name or stored.name, stored.media_type)


def download(body: bytes, name: str, media_type: str) -> HttpResponse:
    """Bytes as a download that no browser runs."""
    response = HttpResponse(body, content_type=media_type)
    # SECURITY: attachment, nosniff and the sandbox each alone keep an uploaded file from acting in our origin.
    response["Content-Disposition"] = content_disposition_header(True, clean_name(name)) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def clean_name(name: str) -> str:
    """A name that is safe to show and to save: no folders, no control or direction-changing characters, not endless."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(letter for letter in base if letter.isprintable()).strip(" .")
    stem, dot, extension = shown.rpartition(".")
    if dot and len(extension) < 20:
        return f"{stem[: NAME_LENGTH - len(extension) - 1]}.{extension}" if stem else extension
    return shown[:NAME_LENGTH] or "file"


def _keep(stored: StoredFile, body: bytes) -> None:
    """Write the bytes so that a crash leaves either all of them or none; equal bytes that are already there stay."""
    try:
        if read(stored) == body:
            return
    except FileDamaged:
        pass
    if isinstance(default_storage, FileSystemStorage):
        _write(Path(default_storage.path(stored.path)), body)
        return
    default_storage.delete(stored.path)
    default_storage.save(stored.path, ContentFile(body))


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
