"""What is brought and made, who owns it, who may use it, who was first, and what is disputed."""

from projects.ip.models.asset import HUNDRED, WORDS, Asset, Nature, Origin, OwnershipShare, Status
from projects.ip.models.asset_file import AssetFile
from projects.ip.models.authorisation import AuthorisationKind, AuthorisationStatus, ExportAuthorisation
from projects.ip.models.classification import Basis, Classification, ClassificationRequest, ExportHold

__all__ = [
    "HUNDRED",
    "WORDS",
    "Asset",
    "AssetFile",
    "AuthorisationKind",
    "AuthorisationStatus",
    "Basis",
    "Classification",
    "ClassificationRequest",
    "ExportAuthorisation",
    "ExportHold",
    "Nature",
    "Origin",
    "OwnershipShare",
    "Status",
]
