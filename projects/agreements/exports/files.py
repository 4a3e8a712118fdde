"""Any version of a text as a file to download: PDF, Word, Markdown, canonical JSON; the same for pages and for programs."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _

from portal.files.storage import download, respond
from portal.kit.actors import Actor
from portal.kit.refusals import NotNow
from projects.agreements.canonical import canonical_bytes
from projects.agreements.exports.copies import OF_TODAY, copy_of
from projects.agreements.exports.markdown import markdown
from projects.agreements.exports.word import MEDIA_TYPE, word_file
from projects.agreements.models import Agreement, SealedPdf, SealFailure
from projects.agreements.typesetting import render_pdf
from projects.agreements.versions import Version, authors, current, find

FORMATS = ("pdf", "docx", "markdown", "json")
LAYOUTS = ("columns", "sequence")


def exported(
    agreement: Agreement, actor: Actor, *, file_format: str, version: str = "", since: str = "", layout: str = ""
) -> HttpResponse:
    """A version as a file; without one, the text as it stands. `since` tracks changes in Word, `layout` is of the PDF.

    Raises ValidationError keyed by `format`, `version`, `from` or `layout`, and Http404 for a version nobody knows.
    """
    if file_format not in FORMATS:
        raise ValidationError({"format": [_("Choose one of these: %(names)s.") % {"names": ", ".join(FORMATS)}]})
    if layout and (layout not in LAYOUTS or file_format != "pdf"):
        raise ValidationError({"layout": [_("A PDF has two languages in columns or in sequence.")]})
    if since and file_format != "docx":
        raise ValidationError({"from": [_("Changes are tracked in Word files.")]})
    chosen = _named(agreement, version, actor, "version") if version else current(agreement, actor)
    if file_format == "pdf":
        return _pdf(agreement, chosen, layout, is_latest=not version)
    copy = copy_of(agreement, chosen)
    if file_format == "docx":
        before = copy_of(agreement, _named(agreement, since, actor, "from")) if since else None
        content = word_file(copy, before, authors(agreement, chosen) if before else None)
        return download(content, f"{copy.name}{'-changes' if before else ''}.docx", MEDIA_TYPE)
    if file_format == "markdown":
        return download(markdown(copy).encode(), f"{copy.name}.md", "text/markdown; charset=utf-8")
    return download(canonical_bytes(dict(copy.document)), f"{copy.name}.json", "application/json")


def _pdf(agreement: Agreement, version: Version, layout: str, *, is_latest: bool) -> HttpResponse:
    """The sealed PDF where there is one; before that, the text of that version, marked as a draft unless it is frozen."""
    if version.text is not None:
        sealed = SealedPdf.objects.filter(text=version.text).select_related("file").first()
        if sealed is not None:
            return respond(sealed.file)
        if agreement.text_id == version.text.pk and agreement.is_fully_signed():
            is_failing = SealFailure.objects.filter(text=version.text).exists()
            raise NotNow(
                _("The sealed PDF is being made."),
                code="not-sealed-yet",
                unblock=_("Sealing failed and is tried again by itself; the agreement’s page says why.")
                if is_failing
                else _("Try again in a few seconds."),
                state=agreement.status,
            )
    copy = copy_of(agreement, version)
    # The text as it stands is wholly of today; of what was written earlier only the words are.
    of_today = "" if is_latest else f". {OF_TODAY}"
    note = "" if version.is_frozen else f"{copy.standing}{of_today}"
    revision = None if version.is_frozen else version.number
    frozen_at = version.text.frozen_at if version.text else None
    content = render_pdf(
        dict(copy.document), frozen_at=frozen_at, columns=layout != "sequence", note=note, revision=revision
    )
    ending = "unsigned" if version.is_frozen else "draft"
    return download(content, f"{agreement.ref}-{version.key}-{ending}.pdf", "application/pdf")


def _named(agreement: Agreement, key: str, actor: Actor, parameter: str) -> Version:
    try:
        return find(agreement, key, actor)
    except ValidationError as error:
        raise ValidationError({parameter: error.messages}) from error
