"""The public page that verifies a file: no account, nothing stored."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.kit.actors import Request
from portal.kit.refusals import Refusal
from projects.agreements.bundle.given import bundle_in, check_given, claimed
from projects.agreements.bundle.verifier.archive import MOST_MEMBERS
from projects.agreements.consolidation import amendments_of
from projects.agreements.forms import VerifyForm
from projects.agreements.typesetting import Marker, read_marker
from projects.agreements.verification import EMPTY, verify_members
from projects.agreements.verification import verify as verify_hash
from projects.ip.receipts.checking import Checked, check_receipt, recognise

SHA256 = re.compile(r"[0-9a-f]{64}")
MAX_BYTES = 50 * 1024 * 1024
MOST_HASHES = 100
A_MINUTE = 60
TRIES_A_MINUTE = 60


class TooMany(Refusal):
    """429: one address asked too often."""

    status_code = 429
    title = gettext_lazy("Too many checks")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: Request) -> HttpResponse:
    """Drop a file, a bundle or a receipt, or ask by hash: ?sha256=…; the browser sends only hashes when it can."""
    by_hashes = request.method == "POST" and "bundle" in request.POST
    form = VerifyForm(None if by_hashes else request.POST or None, request.FILES or None)
    context: dict = {"form": form, "name": request.GET.get("name", "")[:200]}
    sha256 = request.GET.get("sha256", "").strip().lower()
    claims = read_marker(request.GET.get("marker", "")[:200].encode("utf-8", "replace"))
    if by_hashes:
        _limit(request)
        context |= {
            "name": request.POST["bundle"][:200],
            "verdict": verify_members(_named(request.POST.getlist("hash"))),
        }
    elif request.method == "POST" and form.is_valid():
        # SECURITY: before anything is read or unpacked, so that nobody has work done without end.
        _limit(request)
        uploads = form.cleaned_data["file"]
        given = Given() if sum(upload.size for upload in uploads) <= MAX_BYTES else None
        if given is None:
            form.add_error("file", _("The file has more than 50 MB."))
        elif given.sort(uploads, request.POST.getlist("hash")).is_about_a_deposit:
            context |= {"checked": given.check()}
        elif len(given.files) > 1:
            form.add_error("file", _("Give one file; or, with a receipt or an opening, the files that belong to it."))
        elif given.bundle is not None:
            context |= {"name": next(iter(given.files)), "verdict": check_given(given.bundle)}
        else:
            ((context["name"], sha256),) = given.files.items()
            claims = given.claims
    if sha256 and not SHA256.fullmatch(sha256):
        form.add_error(None, _("A SHA-256 has 64 hexadecimal digits.")) if form.is_bound else context.update(
            bad_hash=sha256[:80]
        )
    elif sha256 == EMPTY:
        form.add_error("file", empty()) if form.is_bound else context.update(is_empty=True)
    elif sha256:
        if request.method != "POST":
            _limit(request)
        context["verdict"] = verify_hash(sha256, claims)
    verdict = context.get("verdict")
    if verdict is not None and verdict.agreement is not None:
        context["amended_by"] = amendments_of(verdict.agreement)
    context["checked_at"] = timezone.now()
    return render(
        request,
        "agreements/verify.html",
        context,
        status=422 if form.errors or context.keys() & {"bad_hash", "is_empty"} else 200,
    )


@dataclass
class Given:
    """What somebody wants checked: a receipt, an opening, a checkpoint that they kept, a bundle, and files by their hash."""

    receipt: Any = None
    opening: Any = None
    checkpoint: str | None = None
    bundle: dict[str, bytes] | None = None
    claims: Marker | None = None
    files: dict[str, str] = field(default_factory=dict)

    def sort(self, uploads: Iterable[UploadedFile], hashes: Iterable[str]) -> Given:
        """Tell receipts and openings from the files themselves; `hashes` are "sha256 name", computed in the browser."""
        for upload in uploads:
            content = upload.read()
            kind, read = recognise(content)
            if kind:
                setattr(self, kind, read)
            else:
                self.bundle, self.claims = bundle_in(content), claimed(content)
                self.files[upload.name or ""] = hashlib.sha256(content).hexdigest()
        self.files |= _named(list(hashes)[:MOST_HASHES])
        return self

    @property
    def is_about_a_deposit(self) -> bool:
        return self.receipt is not None or self.opening is not None

    def check(self) -> Checked:
        return check_receipt(self.receipt, opening=self.opening, files=self.files, against=self.checkpoint)


def empty() -> str:
    return _("Nothing was sent: the file is empty. Give the file itself.")


def _named(hashes: Iterable[str]) -> dict[str, str]:
    """SHA-256 by name, of "sha256 name" as the browser sends it."""
    found = {}
    for one in list(hashes)[:MOST_MEMBERS]:
        sha256, _space, name = one.partition(" ")
        if SHA256.fullmatch(sha256):
            found[name[:200]] = sha256
    return found


def _limit(request: Request) -> None:
    """At most sixty checks a minute from one address."""
    # The minute is part of the key, because counting up gives an entry its whole life again.
    key = f"verify:{request.META.get('REMOTE_ADDR', '')}:{timezone.now():%H:%M}"
    cache.add(key, 0, A_MINUTE)
    try:
        tries = cache.incr(key)
    except ValueError:
        return
    if tries > TRIES_A_MINUTE:
        raise TooMany(
            _("Too many files were checked from your address."),
            code="too-many-checks",
            unblock=_("Wait a minute, then go on."),
        )
