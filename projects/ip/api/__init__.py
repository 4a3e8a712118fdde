"""The JSON door of intellectual property."""

from django.urls import path

from projects.ip.api.access import AccessRequests, MayUse
from projects.ip.api.access_rights import AccessRights
from projects.ip.api.assets import Assets
from projects.ip.api.deposits import Deposits
from projects.ip.api.publications import Publications

routes = [
    ("access-requests", AccessRequests, "access-request"),
    ("access-rights", AccessRights, "access-right"),
    ("deposits", Deposits, "deposit"),
    ("assets", Assets, "asset"),
    ("publications", Publications, "publication"),
]
paths = [path("may-use/", MayUse.as_view(), name="may-use")]
