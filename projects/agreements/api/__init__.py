"""The JSON door of agreements, and the public one of verification."""

from django.urls import path

from projects.agreements.api.agreements import Agreements, Challenge, Text
from projects.agreements.api.changes import Approvals, Changes, Comments
from projects.agreements.api.drafting import ClauseLibraries, ClauseLibrary
from projects.agreements.api.force import Force
from projects.agreements.api.life import Exit, Life
from projects.agreements.api.tree import InForce
from projects.agreements.api.verifying import Verify
from projects.agreements.api.versions import Compare, Export, Revisions

routes = [("agreements", Agreements, "agreement")]
paths = [
    path("agreements/<ref:ref>/text/", Text.as_view(), name="agreement-text"),
    path("agreements/<ref:ref>/changes/", Changes.as_view(), name="agreement-changes"),
    path("agreements/<ref:ref>/comments/", Comments.as_view(), name="agreement-comments"),
    path("agreements/<ref:ref>/approvals/", Approvals.as_view(), name="agreement-approvals"),
    path("agreements/<ref:ref>/challenge/", Challenge.as_view(), name="agreement-challenge"),
    path("agreements/<ref:ref>/force/", Force.as_view(), name="agreement-force"),
    path("agreements/<ref:ref>/life/", Life.as_view(), name="agreement-life"),
    path("agreements/<ref:ref>/exit/", Exit.as_view(), name="agreement-exit"),
    path("agreements/<ref:ref>/in-force/", InForce.as_view(), name="agreement-in-force"),
    path("clause-library/", ClauseLibraries.as_view(), name="clause-library"),
    path("clause-library/<slug:kind>/", ClauseLibrary.as_view(), name="clause-library-kind"),
    path("agreements/<ref:ref>/revisions/", Revisions.as_view(), name="agreement-revisions"),
    path("agreements/<ref:ref>/compare/", Compare.as_view(), name="agreement-compare"),
    path("agreements/<ref:ref>/export/", Export.as_view(), name="agreement-export"),
    path("verify/", Verify.as_view(), name="verify"),
]
