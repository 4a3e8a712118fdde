"""Who may do what with intellectual property records, and why not."""

from projects.ip.policies.access import AccessRequestPolicy, AccessRightPolicy, AskingPolicy, grounds_of
from projects.ip.policies.assets import AssetPolicy, RegisterPolicy
from projects.ip.policies.deposits import DepositingPolicy, DepositPolicy
from projects.ip.policies.disputes import DisputePolicy, DisputingPolicy

__all__ = [
    "AccessRequestPolicy",
    "AccessRightPolicy",
    "AskingPolicy",
    "AssetPolicy",
    "DepositPolicy",
    "DepositingPolicy",
    "DisputePolicy",
    "DisputingPolicy",
    "RegisterPolicy",
    "grounds_of",
]
