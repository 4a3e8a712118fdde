"""Intellectual property for operators: what there is and where it stands, never what it says."""

from projects.ip.admin.access import AccessRequestAdmin, AccessRightAdmin
from projects.ip.admin.assets import AssetAdmin
from projects.ip.admin.belongings import (
    AbandonmentOfferAdmin,
    BackgroundChangeAdmin,
    ContributionAdmin,
    ContributorAdmin,
    LicenceAdmin,
    ProtectionStepAdmin,
    TitleTransferAdmin,
)
from projects.ip.admin.deposits import CommitmentAdmin, DepositAdmin
from projects.ip.admin.disclosures import DisclosureAdmin
from projects.ip.admin.disputes import DisputeAdmin
from projects.ip.admin.markings import (
    AssetFileAdmin,
    ClassificationAdmin,
    ClassificationRequestAdmin,
    ExportAuthorisationAdmin,
    ExportHoldAdmin,
)
from projects.ip.admin.publications import (
    PublicationNoticeAdmin,
)

__all__ = [
    "AbandonmentOfferAdmin",
    "AccessRequestAdmin",
    "AccessRightAdmin",
    "AssetAdmin",
    "AssetFileAdmin",
    "BackgroundChangeAdmin",
    "ClassificationAdmin",
    "ClassificationRequestAdmin",
    "CommitmentAdmin",
    "ContributionAdmin",
    "ContributorAdmin",
    "DepositAdmin",
    "DisclosureAdmin",
    "DisputeAdmin",
    "ExportAuthorisationAdmin",
    "ExportHoldAdmin",
    "LicenceAdmin",
    "ProtectionStepAdmin",
    "PublicationNoticeAdmin",
    "TitleTransferAdmin",
]
