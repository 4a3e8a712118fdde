"""Who may do what with intellectual property records, and why not."""

from projects.ip.policies.access import AccessRequestPolicy, AccessRightPolicy, AskingPolicy, grounds_of
from projects.ip.policies.asset_files import AssetFilePolicy, FilesPolicy
from projects.ip.policies.assets import AssetPolicy, RegisterPolicy
from projects.ip.policies.authorisations import AuthorisationPolicy, ExportPolicy
from projects.ip.policies.background_changes import BackgroundChangePolicy
from projects.ip.policies.contributions import ContributionPolicy
from projects.ip.policies.contributors import ContributorPolicy
from projects.ip.policies.deposits import DepositingPolicy, DepositPolicy
from projects.ip.policies.disclosing import DisclosingPolicy
from projects.ip.policies.disclosures import DisclosurePolicy
from projects.ip.policies.disputes import DisputePolicy, DisputingPolicy
from projects.ip.policies.licences import LicencePolicy
from projects.ip.policies.markings import MarkingPolicy
from projects.ip.policies.protection import AbandonmentPolicy, RightPolicy
from projects.ip.policies.publications import (
    PublicationPolicy,
    PublishingPolicy,
)
from projects.ip.policies.title import TransferPolicy

__all__ = [
    "AbandonmentPolicy",
    "AccessRequestPolicy",
    "AccessRightPolicy",
    "AskingPolicy",
    "AssetFilePolicy",
    "AssetPolicy",
    "AuthorisationPolicy",
    "BackgroundChangePolicy",
    "ContributionPolicy",
    "ContributorPolicy",
    "DepositPolicy",
    "DepositingPolicy",
    "DisclosingPolicy",
    "DisclosurePolicy",
    "DisputePolicy",
    "DisputingPolicy",
    "ExportPolicy",
    "FilesPolicy",
    "LicencePolicy",
    "MarkingPolicy",
    "PublicationPolicy",
    "PublishingPolicy",
    "RegisterPolicy",
    "RightPolicy",
    "TransferPolicy",
    "grounds_of",
]
