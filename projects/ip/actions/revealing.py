"""Opening a deposit to another agency, which cannot be undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import Agency
from portal.history import record
from portal.kit.actors import Actor
from portal.kit.refusals import NotNow, Refusal
from projects.ip.actions.deposits import keep_files, keep_opening
from projects.ip.markings import marked_record, owner_of, refusal_to_share
from projects.ip.models import Deposit, Reveal
from projects.ip.policies.deposits import DepositPolicy


@transaction.atomic
def reveal(
    made: Deposit,
    *,
    actor: Actor,
    number: int,
    agency: Agency,
    with_files: bool = False,
    opening: dict[str, Any] | None = None,
    uploads: Sequence[UploadedFile] = (),
) -> Reveal:
    """Let an agency read a version: its manifest and salt, and the kept files if one says so. For good.

    What was never given to the portal is given now: `opening`, and `uploads` of files that it names.
    """
    made = Deposit.objects.select_related("agency", "project__lead").select_for_update(of=("self",)).get(pk=made.pk)
    DepositPolicy(actor, made).require("reveal")
    row = made.commitments.select_related("opening", "previous", "deposit__agency").filter(number=number).first()
    if row is None:
        raise ValidationError({"number": [_("There is no version of this number.")]})
    if agency.pk == made.agency_id or not agency.is_verified:
        raise ValidationError({"agency": [_("Choose another agency, one that is verified.")]})
    if Reveal.objects.filter(commitment=row, agency=agency).exists():
        raise NotNow(
            _("Version %(number)s was revealed to %(agency)s already.") % {"number": number, "agency": agency.acronym},
            code="already-revealed",
            state=row.state,
        )
    if refusal := refusal_to_reveal(made, agency):
        raise refusal
    if row.kept is None and opening is None:
        raise ValidationError({"opening": [_("The portal does not have the opening. Give the file that you kept.")]})
    if opening is not None and row.kept is None:
        keep_opening(row, opening, actor=actor, uploads=uploads)
    elif uploads and row.kept is not None:
        keep_files(row, row.kept.said, uploads, actor=actor)
    event = record(
        "deposit.revealed", made, actor=actor, agencies=[made.agency, agency],
        facts={"number": number, "commitment": row.value, "to": agency.ref, "files": with_files},
    )  # fmt: skip
    return Reveal.objects.create(
        commitment=row,
        agency=agency,
        agency_name=agency.legal_name,
        with_files=with_files,
        person=actor.person,
        event=event,
    )


def refusal_to_reveal(made: Deposit, agency: Agency) -> Refusal | None:
    """Why it must not cross to the agency now: the marking of the deposit, and of the own record that it is about."""
    if refusal := refusal_to_share(made, agency):
        return refusal
    # SECURITY: whatever kind of record it is; the manifest may say what is in the disclosure.
    about = marked_record(made.about)
    return refusal_to_share(about, agency) if about is not None and owner_of(about).pk == made.agency_id else None
