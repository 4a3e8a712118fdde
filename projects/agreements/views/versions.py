"""Every version of a text: the list, the comparison of two, and each as a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.languages import name_of
from portal.kit.actors import Request
from projects.agreements.bundle import bundled
from projects.agreements.exports.files import exported
from projects.agreements.forms.versions import CompareForm
from projects.agreements.models import Agreement
from projects.agreements.pages import agreement_page
from projects.agreements.policies import AgreementPolicy
from projects.agreements.sides import Side, comparison_of, sides_of
from projects.agreements.signing.signatures import signature_rows
from projects.agreements.versions import Version, current, revisions_of, texts_of

SHOWN = 50


@require_safe
def versions(request: Request, ref: str) -> HttpResponse:
    """The frozen texts and the revisions, the newest first; `before` leads to older ones."""
    shown, context = agreement_page(request, ref, "versions")
    return render(request, "agreements/versions.html", context | _lists(request, shown))


@require_safe
def compare(request: Request, ref: str) -> HttpResponse:
    """Two texts clause by clause: versions, the model, or another agreement that the reader may see."""
    shown, context = agreement_page(request, ref, "versions")
    listed = [*texts_of(shown, request.actor), *revisions_of(shown, request.actor)]
    form = CompareForm(request.GET, actor=request.actor, versions=[(version.key, version.label) for version in listed])
    context |= {"form": form, "comparison": None}
    if form.is_valid():
        try:
            before, after = sides_of(shown, form.cleaned_data, request.actor)
            context |= _compared(before, after)
        except ValidationError as error:
            form.add_error(None, error)
    return render(request, "agreements/compare.html", context, status=422 if form.errors else 200)


def _download(view: Callable[[Request, Agreement], HttpResponse]) -> Callable[..., HttpResponse]:
    """A file of an agreement that the reader may see; what cannot be exported is said on the page of its versions."""

    @require_safe
    @wraps(view)
    def answer(request: Request, ref: str) -> HttpResponse:
        shown, context = agreement_page(request, ref, "versions")
        try:
            return view(request, shown)
        except ValidationError as error:
            context |= {"errors": error.messages, **_lists(request, shown)}
            return render(request, "agreements/versions.html", context, status=422)

    return answer


@_download
def pdf(request: Request, agreement: Agreement) -> HttpResponse:
    """The sealed PDF once all have signed; before that, the text as it stands, or the version that is asked for."""
    return exported(agreement, request.actor, file_format="pdf", version=_version(request), layout=_layout(request))


@_download
def docx(request: Request, agreement: Agreement) -> HttpResponse:
    """A Word file for counsel; `from` names a version, and what changed since is tracked."""
    since = request.GET.get("from", "")
    return exported(
        agreement, request.actor, file_format="docx", version=_version(request), since=since, layout=_layout(request)
    )


@_download
def markdown(request: Request, agreement: Agreement) -> HttpResponse:
    return exported(
        agreement, request.actor, file_format="markdown", version=_version(request), layout=_layout(request)
    )


@_download
def text(request: Request, agreement: Agreement) -> HttpResponse:
    """The canonical bytes whose SHA-256 is signed (or, while the text is open, would be agreed to)."""
    return exported(agreement, request.actor, file_format="json", version=_version(request), layout=_layout(request))


@_download
def bundle(request: Request, agreement: Agreement) -> HttpResponse:
    """Everything that proves a signed text, to be checked without us; `since` proves growth from a checkpoint that was kept."""
    return bundled(agreement, request.actor, version=_version(request), since=request.GET.get("since", ""))


def _compared(before: Side, after: Side) -> dict[str, Any]:
    comparison = comparison_of(before, after)
    return {
        "before": before,
        "after": after,
        "comparison": comparison,
        "counts": {state: comparison.count(state) for state in ("same", "changed", "added", "removed", "moved")},
        "translations": [(code, name_of(code), clauses) for code, clauses in comparison.translations],
        # Word tracks the changes between versions of one text.
        "word": all(side.version is not None and side.agreement is None for side in (before, after)),
    }


def _version(request: Request) -> str:
    return request.GET.get("version", "")


def _layout(request: Request) -> str:
    return request.GET.get("layout", "")


def _lists(request: Request, agreement: Agreement) -> dict[str, Any]:
    found = revisions_of(agreement, request.actor)
    before = request.GET.get("before", "")
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 9 else agreement.revision + 1
    older: list[Version] = [version for version in found if version.number < start]
    signatures = signature_rows(agreement, AgreementPolicy(request.actor, agreement), all_texts=True)
    return {
        "texts": texts_of(agreement, request.actor),
        "signatures": signatures,
        "signed": {row.signature.text.number for row in signatures},
        "now": current(agreement, request.actor).key,
        "revisions": older[:SHOWN],
        "next_before": older[SHOWN - 1].number if len(older) > SHOWN else None,
        "form": CompareForm(
            actor=request.actor,
            versions=[(version.key, version.label) for version in (*texts_of(agreement, request.actor), *found)],
        ),
    }
