"""The JSON door of agencies and their people."""

from django.urls import path

from agencies.api.agencies import Agencies
from agencies.api.invitations import Invitations
from agencies.api.mandates import Mandates
from agencies.api.me import Me
from agencies.api.memberships import Memberships
from agencies.api.tokens import Tokens

routes = [
    ("agencies", Agencies, "agency"),
    ("memberships", Memberships, "membership"),
    ("invitations", Invitations, "invitation"),
    ("mandates", Mandates, "mandate"),
    ("tokens", Tokens, "token"),
]
paths = [path("me/", Me.as_view(), name="me")]
