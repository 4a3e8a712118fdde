"""The JSON door of agencies and their people."""

from django.urls import path

from agencies.api.agencies import Agencies
from agencies.api.invitations import Invitations
from agencies.api.mandates import Mandates
from agencies.api.me import Me
from agencies.api.memberships import Memberships
from agencies.api.tokens import Tokens
from agencies.api.witnesses import CheckpointAddresses, Comparison, Cosignatures, Witnesses

routes = [
    ("agencies", Agencies, "agency"),
    ("memberships", Memberships, "membership"),
    ("invitations", Invitations, "invitation"),
    ("mandates", Mandates, "mandate"),
    ("tokens", Tokens, "token"),
    ("witnesses", Witnesses, "witness"),
]
paths = [
    path("me/", Me.as_view(), name="me"),
    path("ledger/addresses/", CheckpointAddresses.as_view(), name="ledger-addresses"),
    path("ledger/compare/", Comparison.as_view(), name="ledger-compare"),
    path("ledger/checkpoints/<int:number>/cosignatures/", Cosignatures.as_view(), name="ledger-cosignatures"),
]
