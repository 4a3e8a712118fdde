"""The JSON door of agreements, and the public one of verification."""

from django.urls import path

from projects.agreements.api.agreements import Agreements, Text
from projects.agreements.api.changes import Approvals, Changes, Comments
from projects.agreements.api.drafting import ClauseLibraries, ClauseLibrary
from projects.agreements.api.force import Force
from projects.agreements.api.life import Exit, Life
from projects.agreements.api.outside import Outside, OutsideFile, PdfToSign
from projects.agreements.api.places import Signing
from projects.agreements.api.signing import SigningChallenge, ToSign
from projects.agreements.api.tree import InForce
from projects.agreements.api.verifying import Verify
from projects.agreements.api.versions import BundleOf, Compare, Export, Revisions

routes = [("agreements", Agreements, "agreement")]
paths = [
    path("agreements/<ref:ref>/text/", Text.as_view(), name="agreement-text"),
    path("agreements/<ref:ref>/changes/", Changes.as_view(), name="agreement-changes"),
    path("agreements/<ref:ref>/comments/", Comments.as_view(), name="agreement-comments"),
    path("agreements/<ref:ref>/approvals/", Approvals.as_view(), name="agreement-approvals"),
    path("agreements/to-sign/", ToSign.as_view(), name="agreements-to-sign"),
    path("agreements/<ref:ref>/signing-challenge/", SigningChallenge.as_view(), name="agreement-signing-challenge"),
    path("agreements/<ref:ref>/signing/", Signing.as_view(), name="agreement-signing"),
    path("agreements/<ref:ref>/outside/", Outside.as_view(), name="agreement-outside"),
    path("agreements/<ref:ref>/outside/pdf/", PdfToSign.as_view(), name="agreement-pdf-to-sign"),
    path("agreements/<ref:ref>/outside/<int:number>/file/", OutsideFile.as_view(), name="agreement-outside-file"),
    path("agreements/<ref:ref>/force/", Force.as_view(), name="agreement-force"),
    path("agreements/<ref:ref>/life/", Life.as_view(), name="agreement-life"),
    path("agreements/<ref:ref>/exit/", Exit.as_view(), name="agreement-exit"),
    path("agreements/<ref:ref>/in-force/", InForce.as_view(), name="agreement-in-force"),
    path("clause-library/", ClauseLibraries.as_view(), name="clause-library"),
    path("clause-library/<slug:kind>/", ClauseLibrary.as_view(), name="clause-library-kind"),
    path("agreements/<ref:ref>/revisions/", Revisions.as_view(), name="agreement-revisions"),
    path("agreements/<ref:ref>/compare/", Compare.as_view(), name="agreement-compare"),
    path("agreements/<ref:ref>/export/", Export.as_view(), name="agreement-export"),
    path("agreements/<ref:ref>/bundle/", BundleOf.as_view(), name="agreement-bundle"),
    path("verify/", Verify.as_view(), name="verify"),
]
