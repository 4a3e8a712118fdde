"""What people do with deposits: commit, add versions, rename, seal, time-stamp. Each records one event."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from portal.files.markings import ExportClass
from portal.files.storage import MAX_SIZE, store
from portal.history import record, sealer
from portal.inbox.jobs import defer
from portal.kit.actors import Actor
from portal.kit.refusals import NotNow
from portal.seals import time_stamps
from projects.ip.actions.markings import undetermine
from projects.ip.jobs.deposits import time_stamp
from projects.ip.markings import find_marked
from projects.ip.models import Commitment, Deposit, DepositedFile, Opening
from projects.ip.models.commitment import ALGORITHM
from projects.ip.policies.deposits import DepositingPolicy, DepositPolicy
from projects.ip.receipts import verify
from projects.ip.receipts.openings import read_opening
from projects.models import Project

HASH = re.compile("[0-9a-f]{64}")
MAX_FILES = 20


@transaction.atomic
def deposit(
    *,
    actor: Actor,
    commitment: str = "",
    opening: dict[str, Any] | None = None,
    uploads: Sequence[UploadedFile] = (),
    project: Project | None = None,
    about: str = "",
    label: str = "",
    notes: str = "",
) -> Deposit:
    """Put a commitment into the ledger: proof that what it hides existed by now, without showing it.

    Give either `commitment` alone, and the portal knows nothing of the content, or the `opening` (salt and manifest),
    with the files to be kept among `uploads`. Raises ValidationError by field, NotNow for a commitment known already.
    """
    DepositingPolicy(actor).require("deposit")
    made = Deposit(
        agency=actor.agency,
        agency_name=actor.agency.legal_name,
        person=actor.person,
        project=project,
        about=_linked(about, actor),
        label=label,
        notes=notes,
    )
    made.full_clean(exclude={"ref"})
    made.save()
    _commit(made, None, actor=actor, commitment=commitment, opening=opening, uploads=uploads)
    return made


@transaction.atomic
def add_version(
    made: Deposit,
    *,
    actor: Actor,
    commitment: str = "",
    opening: dict[str, Any] | None = None,
    uploads: Sequence[UploadedFile] = (),
    previous: str | None = None,
) -> Deposit:
    """Deposit a newer version, chained to the last one; `previous` is the commitment that the depositor saw as last."""
    made = _locked(made)
    DepositPolicy(actor, made).require("add_version")
    last = made.commitments.order_by("-number")[0]
    if previous is not None and previous != last.value:
        raise NotNow(
            _("Version %(number)s was deposited meanwhile; yours would not follow it.") % {"number": last.number},
            code="newer-version",
            unblock=_("Begin the new version again from the newest one."),
            state=str(last.number),
        )
    _commit(made, last, actor=actor, commitment=commitment, opening=opening, uploads=uploads)
    made.bump().save()
    return made


@transaction.atomic
def edit_deposit(made: Deposit, *, actor: Actor, version: int | None, **fields: Any) -> Deposit:
    """Change what the own agency calls it and what it is linked to; no commitment changes."""
    if unknown := set(fields) - {"label", "notes", "project", "about"}:
        raise TypeError(f"a deposit has no {sorted(unknown)}")
    made = _locked(made)
    DepositPolicy(actor, made).require("edit")
    if "about" in fields and fields["about"] != made.about:
        fields["about"] = _linked(fields["about"], actor)
    # SECURITY: an authorisation for a whole project must not cover what is moved there by somebody else than an officer.
    if "project" in fields and fields["project"] != made.project and made.export_class == ExportClass.CONTROLLED:
        raise NotNow(
            _("It is export controlled, and its project decides which authorisations cover it."),
            code="controlled",
            unblock=_("An export officer sets it back to not determined first, and classifies it there."),
            state=made.export_class,
        )
    changed = made.edit(version=version, **fields)
    if changed:
        record("deposit.edited", made, actor=actor, agencies=[made.agency], facts={"fields": sorted(changed)})
    return made


def seal_deposit(made: Deposit, *, actor: Actor) -> Deposit:
    """Have everything sealed that waits, this deposit with it."""
    DepositPolicy(actor, made).require("seal")
    sealer.seal()
    return made


@transaction.atomic
def request_time_stamp(made: Deposit, *, actor: Actor) -> Deposit:
    """Ask the time-stamp authority about the newest version, in the background."""
    DepositPolicy(actor, made).require("request_time_stamp")
    defer(time_stamp, commitment=made.newest.value)
    return made


def keep_opening(row: Commitment, opening: Any, *, actor: Actor, uploads: Sequence[UploadedFile] = ()) -> Opening:
    """Keep an opening that gives the commitment; ValidationError when it does not, or says another agency or version."""
    salt, manifest, value = read_opening(opening)
    if value != row.value:
        raise ValidationError(
            {"opening": [_("It does not give this commitment: a name, a hash or the salt in it is another one.")]}
        )
    _fits(manifest, row.deposit, row.previous)
    kept = Opening(commitment=row, salt=salt, manifest=verify.canonical(manifest).decode(), person=actor.person)
    kept.save()
    keep_files(row, manifest, uploads, actor=actor)
    return kept


def keep_files(row: Commitment, manifest: dict[str, Any], uploads: Sequence[UploadedFile], *, actor: Actor) -> None:
    """Store files that the manifest names by their hash; another file is refused, by name."""
    if len(uploads) > MAX_FILES:
        raise ValidationError({"files": [_("Keep at most %(limit)s files in one version.") % {"limit": MAX_FILES}]})
    known = {entry["sha256"] for entry in manifest["files"]}
    for upload in uploads:
        digest = sha256_of(upload)
        if digest not in known:
            words = _("%(name)s is none of the deposited files, or was altered; its SHA-256 is %(digest)s.")
            raise ValidationError({"files": [words % {"name": upload.name, "digest": digest}]})
        try:
            stored = store(upload, upload.name or "", actor=actor)
        except ValidationError as error:
            raise ValidationError({"files": [f"{upload.name}: {words}" for words in error.messages]}) from error
        if not DepositedFile.objects.filter(commitment=row, file__sha256=digest).exists():
            DepositedFile.objects.create(commitment=row, file=stored)


def sha256_of(upload: UploadedFile) -> str:
    """The SHA-256 of an upload, which can be read again afterwards; ValidationError when it is too large to keep."""
    if (upload.size or 0) > MAX_SIZE:
        words = _("%(name)s has more than %(limit)s MB. Keep it with you, or give its hash.")
        raise ValidationError({"files": [words % {"name": upload.name, "limit": MAX_SIZE // (1024 * 1024)}]})
    upload.seek(0)
    digest = hashlib.sha256(upload.read()).hexdigest()
    upload.seek(0)
    return digest


def _commit(
    made: Deposit,
    last: Commitment | None,
    *,
    actor: Actor,
    commitment: str,
    opening: dict[str, Any] | None,
    uploads: Sequence[UploadedFile],
) -> Commitment:
    """Write the event and the evidence of one version."""
    value = commitment.strip().lower()
    if opening is not None:
        _salt, manifest, given = read_opening(opening)
        if value and value != given:
            raise ValidationError({"commitment": [_("It is not the commitment that the opening gives.")]})
        value = given
        _fits(manifest, made, last)
    elif uploads:
        raise ValidationError({"files": [_("Files are kept together with their opening.")]})
    if not HASH.fullmatch(value):
        raise ValidationError({"commitment": [_("A commitment is a SHA-256: 64 hexadecimal digits.")]})
    if Commitment.objects.filter(value=value).exists():
        raise _known_already()
    number = last.number + 1 if last else 1
    facts = {"commitment": value, "algorithm": ALGORITHM, "number": number, "previous": last.value if last else None}
    if last is not None:
        # The event travels in the receipt, which is for anybody: it says nothing of the class.
        undetermine(made, actor=actor, change=_("Version %(number)s was deposited.") % {"number": number})
    event = record("deposit.made", made, actor=actor, agencies=[made.agency], facts=facts)
    try:
        with transaction.atomic():
            row = Commitment.objects.create(
                deposit=made, number=number, value=value, previous=last, person=actor.person, event=event
            )
    except IntegrityError as error:
        raise _known_already() from error
    if opening is not None:
        keep_opening(row, opening, actor=actor, uploads=uploads)
    if time_stamps.is_configured():
        defer(time_stamp, commitment=value)
    return row


def _fits(manifest: dict[str, Any], made: Deposit, last: Commitment | None) -> None:
    """The manifest says what the event will say; otherwise no receipt could ever be proved."""
    wrong = []
    if manifest["agency"] != made.agency.ref:
        wrong.append(_("The manifest names %(agency)s as the depositor.") % {"agency": manifest["agency"]})
    if manifest["previous"] != (last.value if last else None):
        wrong.append(_("The manifest names another version before it than the ledger does."))
    if wrong:
        raise ValidationError({"opening": wrong})


def _known_already() -> NotNow:
    return NotNow(
        _("This commitment is in the ledger already. Its salt is random, so an equal one is a copy of the first."),
        code="commitment-known",
        unblock=_("The first one counts. For content of your own make a new opening, with a salt of its own."),
        state="deposited",
    )


def _linked(about: str, actor: Actor) -> str:
    """The reference of something that the actor sees, or nothing."""
    ref = about.strip().upper()
    if not ref:
        return ""
    try:
        found: str = find_marked(ref, actor).ref
    except Http404:
        raise ValidationError({"about": [_("You see no asset or disclosure with this reference.")]}) from None
    return found


def _locked(made: Deposit) -> Deposit:
    return Deposit.objects.select_related("agency", "project__lead").select_for_update(of=("self",)).get(pk=made.pk)
