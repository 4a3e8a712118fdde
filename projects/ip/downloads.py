"""Giving out files of assets: a pass that says who has read which marking, and bundles that take the highest mark."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.core import signing
from django.http import HttpResponse
from django.utils.translation import gettext as _

from portal.files.markings import highest
from portal.files.media_types import ZIP
from portal.files.storage import download, read, respond
from portal.kit.actors import Actor
from portal.kit.refusals import NotNow
from projects.ip.models import AssetFile
from projects.ip.policies.asset_files import AssetFilePolicy

SALT = "ip.download"
PASS_HOLDS = timedelta(minutes=2)
MAX_BUNDLE = 100 * 1024 * 1024


def issue_pass(files: Sequence[AssetFile], *, actor: Actor) -> str:
    """Signed: this person, acting under this membership, has acknowledged the marking of these files as it is now."""
    return signing.dumps(_said(files, actor), salt=SALT)


def holds_pass(token: str, files: Sequence[AssetFile], *, actor: Actor) -> bool:
    """Whether the pass is for these files, this person and this marking, and no older than two minutes."""
    try:
        return bool(signing.loads(token, salt=SALT, max_age=PASS_HOLDS) == _said(files, actor))
    except signing.BadSignature:
        return False


def give(file: AssetFile, *, actor: Actor) -> HttpResponse:
    """The file, its name beginning with its marking; whether it may cross is asked at this very instant."""
    AssetFilePolicy(actor, file).require("download")
    return respond(file.file, name=marked_name(file))


def give_bundle(files: Sequence[AssetFile], *, actor: Actor, name: str) -> HttpResponse:
    """Several in a ZIP with MARKINGS.txt, under the highest of their marks; NotNow when they are too large together."""
    for file in files:
        AssetFilePolicy(actor, file).require("download")
    if sum(file.file.size for file in files) > MAX_BUNDLE:
        raise NotNow(
            _("Together these files are larger than %(limit)s MB.") % {"limit": MAX_BUNDLE // (1024 * 1024)},
            code="bundle-too-large",
            unblock=_("Download them one by one, or choose fewer."),
        )
    body = BytesIO()
    with ZipFile(body, "w", ZIP_DEFLATED) as archive:
        archive.writestr("MARKINGS.txt", markings_text(files))
        for file in files:
            archive.writestr(f"{file.asset.ref}/{file.number}/{marked_name(file)}", read(file.file))
    return download(body.getvalue(), f"{highest(file.asset.mark for file in files).prefix}{name}.zip", ZIP)


def marked_name(file: AssetFile) -> str:
    """`CONTROLLED 9A515.x IP-2026-0001 v2 drawing.pdf`: the marking stays with the copy."""
    return f"{file.asset.mark.prefix}{file.asset.ref} v{file.number} {file.file.name}"


def markings_text(files: Sequence[AssetFile]) -> str:
    """What the bundle is marked with as a whole, then each file with its hash and its own marking."""
    whole = highest(file.asset.mark for file in files)
    lines = [_("The highest marking counts for all of it:"), *(f"  {words}" for words in whole.words), ""]
    for file in files:
        lines += [
            f"{file.asset.ref}/{file.number}/{marked_name(file)}",
            f"  SHA-256 {file.file.sha256}",
            f"  {_('Owner')}: {file.asset.party_name}",
            *(f"  {words}" for words in file.asset.mark.words),
            "",
        ]
    return "\n".join(lines)


def _said(files: Sequence[AssetFile], actor: Actor) -> dict[str, str]:
    marks = "\n".join(f"{file.uid} {words}" for file in files for words in file.asset.mark.words)
    return {
        "person": str(actor.person.uid),
        "membership": str(actor.membership.pk),
        "marks": hashlib.sha256(marks.encode()).hexdigest(),
    }
