"""What is brought and made, who owns it, who may use it, who was first, and what is disputed."""

from projects.ip.models.access_choices import ANSWERABLE, OWED, Ground, RequestStatus
from projects.ip.models.access_request import AccessRequest, askable_by
from projects.ip.models.access_talk import AccessNote, AccessOffer
from projects.ip.models.asset import WORDS, Asset
from projects.ip.models.asset_choices import Nature, Origin, Status
from projects.ip.models.asset_file import AssetFile
from projects.ip.models.authorisation import AuthorisationKind, AuthorisationStatus, ExportAuthorisation
from projects.ip.models.background_change import (
    BackgroundAnswer,
    BackgroundChange,
    ChangeKind,
    ChangeRule,
    ChangeStatus,
)
from projects.ip.models.classification import Basis, Classification, ClassificationRequest, ExportHold
from projects.ip.models.commitment import (
    Commitment,
    CommitmentState,
    DepositedFile,
    Opening,
    Reveal,
    TimeStamp,
)
from projects.ip.models.contribution import Contribution, ContributionStatus
from projects.ip.models.contributor import Contributor, ContributorStatus
from projects.ip.models.deposit import Deposit
from projects.ip.models.disclosure import Disclosure
from projects.ip.models.disclosure_choices import (
    AFTER_DECISION,
    ContributorRole,
    Decision,
    DisclosureStatus,
    Effort,
    Employer,
    FilingStatus,
    Reach,
)
from projects.ip.models.disclosure_contributor import ContributorState, DisclosureContributor
from projects.ip.models.disclosure_enclosure import DisclosureFile, PublicDate
from projects.ip.models.disclosure_notice import DisclosureReport, DisclosureShare
from projects.ip.models.disclosure_outcome import DisclosureOffer, Filing
from projects.ip.models.disclosure_version import Countersignature, DisclosureVersion
from projects.ip.models.dispute import Dispute, DisputeKind, DisputeStatus, DisputeSubject
from projects.ip.models.exhibit import Exhibit, ExhibitKind, ExhibitWithdrawal
from projects.ip.models.ladder import DisputeLevel, DisputeParty, Representative, Side, UrgentMeasure
from projects.ip.models.licence import Licence, LicenceAnswer, LicenceStatus
from projects.ip.models.ownership import HUNDRED, OwnershipShare
from projects.ip.models.protection import (
    AbandonmentOffer,
    OfferStatus,
    ProtectionStep,
    StepKind,
    right_of,
    taken_over,
)
from projects.ip.models.publication import PublicationNotice
from projects.ip.models.publication_objection import ObjectionAnswer, PublicationObjection
from projects.ip.models.publication_text import PublicationReview, PublicationText
from projects.ip.models.right import (
    TERMS,
    AccessRight,
    Cause,
    GrantTerms,
    Purpose,
    Royalty,
    SoftwareForm,
    Standing,
)
from projects.ip.models.settlement import SETTLERS, SettlementConsent, SettlementText, WithoutPrejudiceMessage
from projects.ip.models.title import (
    TitleEntry,
    TitleKind,
    TitleTransfer,
    TransferAnswer,
    TransferStatus,
)
from projects.ip.models.triage import Triage

__all__ = [
    "AFTER_DECISION",
    "ANSWERABLE",
    "HUNDRED",
    "OWED",
    "SETTLERS",
    "TERMS",
    "WORDS",
    "AbandonmentOffer",
    "AccessNote",
    "AccessOffer",
    "AccessRequest",
    "AccessRight",
    "Asset",
    "AssetFile",
    "AuthorisationKind",
    "AuthorisationStatus",
    "BackgroundAnswer",
    "BackgroundChange",
    "Basis",
    "Cause",
    "ChangeKind",
    "ChangeRule",
    "ChangeStatus",
    "Classification",
    "ClassificationRequest",
    "Commitment",
    "CommitmentState",
    "Contribution",
    "ContributionStatus",
    "Contributor",
    "ContributorRole",
    "ContributorState",
    "ContributorStatus",
    "Countersignature",
    "Decision",
    "Deposit",
    "DepositedFile",
    "Disclosure",
    "DisclosureContributor",
    "DisclosureFile",
    "DisclosureOffer",
    "DisclosureReport",
    "DisclosureShare",
    "DisclosureStatus",
    "DisclosureVersion",
    "Dispute",
    "DisputeKind",
    "DisputeLevel",
    "DisputeParty",
    "DisputeStatus",
    "DisputeSubject",
    "Effort",
    "Employer",
    "Exhibit",
    "ExhibitKind",
    "ExhibitWithdrawal",
    "ExportAuthorisation",
    "ExportHold",
    "Filing",
    "FilingStatus",
    "GrantTerms",
    "Ground",
    "Licence",
    "LicenceAnswer",
    "LicenceStatus",
    "Nature",
    "ObjectionAnswer",
    "OfferStatus",
    "Opening",
    "Origin",
    "OwnershipShare",
    "ProtectionStep",
    "PublicDate",
    "PublicationNotice",
    "PublicationObjection",
    "PublicationReview",
    "PublicationText",
    "Purpose",
    "Reach",
    "Representative",
    "RequestStatus",
    "Reveal",
    "Royalty",
    "SettlementConsent",
    "SettlementText",
    "Side",
    "SoftwareForm",
    "Standing",
    "Status",
    "StepKind",
    "TimeStamp",
    "TitleEntry",
    "TitleKind",
    "TitleTransfer",
    "TransferAnswer",
    "TransferStatus",
    "Triage",
    "UrgentMeasure",
    "WithoutPrejudiceMessage",
    "askable_by",
    "right_of",
    "taken_over",
]
