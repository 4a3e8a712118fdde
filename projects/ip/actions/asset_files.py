"""Files of assets: attached once for good, and given to whom the marking lets have them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.files.markings import Mark, highest, refuse_classified
from portal.files.storage import store
from portal.history import record
from portal.kit.actors import Actor
from projects.ip.actions.markings import audience_of, undetermine
from projects.ip.models import Asset, AssetFile
from projects.ip.policies.asset_files import AssetFilePolicy, FilesPolicy


@transaction.atomic
def attach_to_asset(
    asset: Asset, *, actor: Actor, content: bytes | IO[bytes], name: str, note: str = "", export_class: str = ""
) -> AssetFile:
    """Add a file to an asset; it is marked as the asset is, and stays inside the agency until that is determined."""
    asset = _locked(asset)
    FilesPolicy(actor, asset).require("attach")
    refuse_classified(export_class)
    return _attach(asset, actor=actor, content=content, name=name, note=note)


@transaction.atomic
def replace_asset_file(
    file: AssetFile, *, actor: Actor, content: bytes | IO[bytes], name: str, note: str = "", export_class: str = ""
) -> AssetFile:
    """Add the version that follows; the one before it stays, with its hash."""
    file.asset = _locked(file.asset)
    AssetFilePolicy(actor, file).require("replace")
    refuse_classified(export_class)
    return _attach(file.asset, actor=actor, content=content, name=name, note=note or file.note, follows=file)


@transaction.atomic
def acknowledge_marking(files: Sequence[AssetFile], *, actor: Actor, acknowledged: bool) -> Mark:
    """Take note that the reader has read the highest marking of what they are about to be given, file by file."""
    for file in files:
        AssetFilePolicy(actor, file).require("download")
    mark = highest(file.asset.mark for file in files)
    if not acknowledged:
        raise ValidationError({"acknowledged": [_("Say that you have read the marking and keep to it.")]})
    for file in files:
        record(
            "file.downloaded",
            file.asset,
            actor=actor,
            agencies={actor.agency, file.asset.party},
            facts={
                "file": str(file.uid),
                "sha256": file.file.sha256,
                "version": file.number,
                "class": mark.export_class,
            },
            scope=file.asset.project.ref,
        )
    return mark


def _attach(
    asset: Asset, *, actor: Actor, content: bytes | IO[bytes], name: str, note: str, follows: AssetFile | None = None
) -> AssetFile:
    attached = AssetFile(
        asset=asset,
        file=store(content, name, actor=actor, marking=asset.export_class),
        number=follows.number + 1 if follows else 1,
        follows=follows,
        note=note.strip(),
        agency_name=actor.agency.legal_name,
        person=actor.person,
    )
    attached.full_clean()
    attached.save()
    was = undetermine(asset, actor=actor, change=_("The file %(name)s was added.") % {"name": attached.file.name})
    facts = {"file": str(attached.uid), "sha256": attached.file.sha256, "version": attached.number, **was}
    record("file.attached", asset, actor=actor, agencies=audience_of(asset), facts=facts, scope=asset.project.ref)
    return attached


def _locked(asset: Asset) -> Asset:
    return Asset.objects.with_project().select_for_update(of=("self",)).get(pk=asset.pk)
