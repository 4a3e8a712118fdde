"""The JSON door of intellectual property."""

from django.urls import path

from projects.ip.api.access import AccessRequests
from projects.ip.api.access_rights import AccessRights
from projects.ip.api.asset_files import AssetFiles
from projects.ip.api.assets import Assets
from projects.ip.api.authorisations import Authorisations
from projects.ip.api.belongings import (
    AbandonmentOffers,
    BackgroundChanges,
    Contributions,
    Contributors,
    Licences,
    ProtectionSteps,
    TitleTransfers,
)
from projects.ip.api.deposits import Deposits
from projects.ip.api.disclosures import Disclosures
from projects.ip.api.disputes import Disputes
from projects.ip.api.exports import RegisterExport, RegisterWorkbook
from projects.ip.api.markings import Markings
from projects.ip.api.may_use import MayUse
from projects.ip.api.publications import Publications

routes = [
    ("access-requests", AccessRequests, "access-request"),
    ("access-rights", AccessRights, "access-right"),
    ("deposits", Deposits, "deposit"),
    ("disclosures", Disclosures, "disclosure"),
    ("assets", Assets, "asset"),
    ("markings", Markings, "marking"),
    ("asset-files", AssetFiles, "asset-file"),
    ("authorisations", Authorisations, "authorisation"),
    ("disputes", Disputes, "dispute"),
    ("contributors", Contributors, "contributor"),
    ("contribution-assertions", Contributions, "contribution-assertion"),
    ("protection-steps", ProtectionSteps, "protection-step"),
    ("abandonment-offers", AbandonmentOffers, "abandonment-offer"),
    ("title-transfers", TitleTransfers, "title-transfer"),
    ("licences", Licences, "licence"),
    ("background-changes", BackgroundChanges, "background-change"),
    ("publications", Publications, "publication"),
]
paths = [
    path("projects/<ref:ref>/ip-register/", RegisterExport.as_view(), name="ip-register"),
    path("projects/<ref:ref>/ip-register.xlsx", RegisterWorkbook.as_view(), name="ip-register-xlsx"),
    path("may-use/", MayUse.as_view(), name="may-use"),
]
