"""Downloads for the parties: the sealed PDF, and the canonical bytes of the text."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.files.storage import respond
from portal.kit.actors import Request
from portal.kit.refusals import NotNow
from projects.agreements.canonical import canonical_bytes
from projects.agreements.document import draft_document
from projects.agreements.models import Agreement
from projects.agreements.typesetting import render_pdf


@require_safe
def pdf(request: Request, ref: str) -> HttpResponse:
    """The sealed PDF once all have signed; before that, the text as it stands, marked as a draft."""
    agreement = get_object_or_404(
        Agreement.objects.visible_to(request.actor).select_related("text__pdf__file", "project__lead"), ref=ref
    )
    sealed = getattr(agreement.text, "pdf", None)
    if sealed is not None:
        return respond(sealed.file)
    if agreement.status in ("signed", "in_force"):
        raise NotNow(
            _("The sealed PDF is being made."),
            code="not-sealed-yet",
            unblock=_("Try again in a few seconds."),
            state=agreement.status,
        )
    document = agreement.text.document if agreement.text else draft_document(agreement)
    frozen_at = agreement.text.frozen_at if agreement.text else None
    response = HttpResponse(render_pdf(document, frozen_at=frozen_at), content_type="application/pdf")
    response["Content-Disposition"] = (
        f'attachment; filename="{agreement.ref}-{"unsigned" if frozen_at else "draft"}.pdf"'
    )
    return response


@require_safe
def text(request: Request, ref: str) -> HttpResponse:
    """The canonical bytes whose SHA-256 is signed (or, while the text is open, would be agreed to)."""
    agreement = get_object_or_404(
        Agreement.objects.visible_to(request.actor).select_related("text", "project__lead"), ref=ref
    )
    content = bytes(agreement.text.canonical) if agreement.text else canonical_bytes(draft_document(agreement))
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{agreement.ref}.json"'
    return response
