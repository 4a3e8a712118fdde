"""Everything that changes intellectual property records; HTML and JSON are two doors to these."""

from projects.ip.actions.assets import (
    agree_assets,
    claim_result,
    contest,
    declare_sideground,
    edit_asset,
    list_background,
    set_shares,
    settle_contest,
    withdraw_asset,
)

__all__ = [
    "agree_assets",
    "claim_result",
    "contest",
    "declare_sideground",
    "edit_asset",
    "list_background",
    "set_shares",
    "settle_contest",
    "withdraw_asset",
]
