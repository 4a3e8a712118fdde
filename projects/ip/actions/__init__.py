"""Everything that changes intellectual property records; HTML and JSON are two doors to these."""

from projects.ip.actions.access_answers import (
    accept_need,
    acknowledge_request,
    allowed_grounds,
    ask_requester,
    grant_request,
    offer_terms,
    refuse_request,
)
from projects.ip.actions.access_requests import (
    accept_terms,
    answer_owner,
    counter_terms,
    draft_request,
    edit_request,
    submit_request,
    withdraw_request,
)
from projects.ip.actions.access_rights import revoke_right, use_up_right
from projects.ip.actions.access_silence import escalate_if_silent, lapse_if_too_late, remind_if_due_soon
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
from projects.ip.actions.deposits import add_version, deposit, edit_deposit, request_time_stamp, seal_deposit
from projects.ip.actions.disputes import (
    answer_dispute,
    name_representative,
    note_urgent_measure,
    open_dispute,
    open_from_contest,
)
from projects.ip.actions.exhibits import add_exhibit, add_file, withdraw_exhibit
from projects.ip.actions.outcomes import (
    appoint_neutral,
    confirm_cure,
    escalate_dispute,
    record_decision,
    state_not_cured,
    withdraw_dispute,
)
from projects.ip.actions.revealing import reveal
from projects.ip.actions.settling import agree_to_settlement, offer_settlement, write_without_prejudice

__all__ = [
    "accept_need",
    "accept_terms",
    "acknowledge_request",
    "add_exhibit",
    "add_file",
    "add_version",
    "agree_assets",
    "agree_to_settlement",
    "allowed_grounds",
    "answer_dispute",
    "answer_owner",
    "appoint_neutral",
    "ask_requester",
    "claim_result",
    "confirm_cure",
    "contest",
    "counter_terms",
    "declare_sideground",
    "deposit",
    "draft_request",
    "edit_asset",
    "edit_deposit",
    "edit_request",
    "escalate_dispute",
    "escalate_if_silent",
    "grant_request",
    "lapse_if_too_late",
    "list_background",
    "name_representative",
    "note_urgent_measure",
    "offer_settlement",
    "offer_terms",
    "open_dispute",
    "open_from_contest",
    "record_decision",
    "refuse_request",
    "remind_if_due_soon",
    "request_time_stamp",
    "reveal",
    "revoke_right",
    "seal_deposit",
    "set_shares",
    "settle_contest",
    "state_not_cured",
    "submit_request",
    "use_up_right",
    "withdraw_asset",
    "withdraw_dispute",
    "withdraw_exhibit",
    "withdraw_request",
    "write_without_prejudice",
]
