"""Openings: the manifest of what is deposited, the salt, and the commitment that both give."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from projects.ip.receipts import verify

SALT_SIZE = 32


def write_opening(
    *, agency: str, files: Sequence[dict[str, Any]], title: str = "", project: str | None = None, previous: str | None
) -> dict[str, Any]:
    """An opening with a fresh salt; each file is an object of `name`, `size` (or None) and `sha256`."""
    manifest = {
        "format": verify.MANIFEST,
        "algorithm": verify.ALGORITHM,
        "title": title,
        "agency": agency,
        "project": project,
        "files": list(files),
        "previous": previous,
    }
    return {"format": verify.OPENING, "salt": secrets.token_bytes(SALT_SIZE).hex(), "manifest": manifest}


def read_opening(opening: Any) -> tuple[bytes, dict[str, Any], str]:
    """Salt, manifest and commitment; ValidationError on the field "opening" says what is not as it must be."""
    try:
        salt, manifest = verify.read_opening(opening)
    except verify.Unreadable as error:
        raise ValidationError({"opening": [_("This is not an opening: %(why)s.") % {"why": _(str(error))}]}) from error
    return salt, manifest, verify.commitment_of(salt, manifest)


def parse_opening(text: bytes) -> Any:
    """The JSON of an uploaded opening; ValidationError on the field "opening" when it is none."""
    try:
        return verify.load(text.decode())
    except (verify.Unreadable, UnicodeDecodeError) as error:
        raise ValidationError({"opening": [_("This is not an opening: it is not JSON.")]}) from error
