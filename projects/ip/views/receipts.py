"""Downloads of a deposit: receipt, bundle, opening and stored files."""

from __future__ import annotations

import json

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.files.storage import respond
from portal.kit.actors import Request
from portal.kit.refusals import NotNow
from projects.ip.markings import refusal_to_read
from projects.ip.models import Commitment, Opening
from projects.ip.receipts import bundle as bundles
from projects.ip.receipts.building import build_receipt
from projects.ip.receipts.paper import render_receipt


@require_safe
def receipt(request: Request, ref: str, number: int) -> HttpResponse:
    """The receipt as JSON; ?since= proves growth from a checkpoint that somebody kept, ?opening=1 adds the opening."""
    return _attached(bundles.as_json(_built(request, ref, number)), f"{ref}-{number}-receipt.json", "application/json")


@require_safe
def bundle(request: Request, ref: str, number: int) -> HttpResponse:
    """The receipt with the script that checks it."""
    return _attached(bundles.zipped(_built(request, ref, number)), f"{ref}-{number}.zip", "application/zip")


@require_safe
def paper(request: Request, ref: str, number: int) -> HttpResponse:
    """The receipt on paper."""
    content = render_receipt(_built(request, ref, number))
    return _attached(content, f"{ref}-{number}-receipt.pdf", "application/pdf")


@require_safe
def opening(request: Request, ref: str, number: int) -> HttpResponse:
    """Manifest and salt, where the portal keeps them."""
    kept = _opening(request, _readable(request, ref, number))
    content = json.dumps(kept.as_dict(), ensure_ascii=False, indent=1).encode() + b"\n"
    return _attached(content, f"{ref}-{number}-opening.json", "application/json")


@require_safe
def file(request: Request, ref: str, number: int, sha256: str) -> HttpResponse:
    """A stored file, for who may read the version and was given its files."""
    row = _readable(request, ref, number)
    _opening(request, row)
    if row.deposit.agency_id != request.actor.agency_id and not row.reveals.filter(
        agency=request.actor.agency_id, with_files=True
    ):
        raise Http404
    return respond(get_object_or_404(row.files.select_related("file"), file__sha256=sha256).file)


def _built(request: Request, ref: str, number: int) -> dict:
    asked = request.GET.get("since", "")
    since = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    wants_opening = request.GET.get("opening") == "1"
    if wants_opening:
        row = _readable(request, ref, number)
        _opening(request, row)
    else:
        seen = Commitment.objects.visible_to(request.actor).with_state()
        row = get_object_or_404(seen, deposit__ref=ref, number=number)
    try:
        return build_receipt(row, since=since, with_opening=wants_opening)
    except ValidationError as error:
        raise NotNow(
            error.messages[0],
            code="no-such-checkpoint",
            unblock=_("Leave it out, or give the number of entries that your checkpoint names."),
        ) from error


def _readable(request: Request, ref: str, number: int) -> Commitment:
    """A version whose content the actor may read; export control is asked again at every reading."""
    rows = Commitment.objects.readable_by(request.actor).with_state().select_related("deposit__agency")
    row: Commitment = get_object_or_404(rows, deposit__ref=ref, number=number)
    if refusal := refusal_to_read(row.deposit, request.actor):
        raise refusal
    return row


def _opening(request: Request, row: Commitment) -> Opening:
    if row.kept is None:
        raise NotNow(
            _("The portal has only the commitment; its opening stayed with who deposited it."),
            code="kept-outside",
            unblock=_("Use the opening that was downloaded when the deposit was made."),
        )
    return row.kept


def _attached(content: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
