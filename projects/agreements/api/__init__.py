"""The JSON door of agreements, and the public one of verification."""

from django.urls import path

from projects.agreements.api.agreements import Agreements, Challenge, Text
from projects.agreements.api.verifying import Verify

routes = [("agreements", Agreements, "agreement")]
paths = [
    path("agreements/<ref:ref>/text/", Text.as_view(), name="agreement-text"),
    path("agreements/<ref:ref>/challenge/", Challenge.as_view(), name="agreement-challenge"),
    path("verify/", Verify.as_view(), name="verify"),
]
