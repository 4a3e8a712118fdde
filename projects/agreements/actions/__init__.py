"""Everything that changes an agreement; HTML and JSON are two doors to these."""

from projects.agreements.actions.approvals import approve, ask_approvals, take_back_approval
from projects.agreements.actions.beginning import draft_agreement
from projects.agreements.actions.brackets import lift_bracket, place_bracket
from projects.agreements.actions.calling import extend_signing
from projects.agreements.actions.changes import (
    accept_change,
    counter_change,
    propose_change,
    refuse_change,
    withdraw_change,
)
from projects.agreements.actions.comments import comment, reopen_comment, resolve_comment, widen_comment
from projects.agreements.actions.drafting import (
    add_clause,
    answer_profile,
    move_clause,
    remove_clause,
    restore_clause,
    share,
    word_clause,
)
from projects.agreements.actions.force import enter_into_force, record_act, set_entry_rule
from projects.agreements.actions.languages import set_languages, translate_clause, translate_title
from projects.agreements.actions.life import (
    consent_to_step,
    declare_cured,
    give_breach_notice,
    object_to_renewal,
    propose_renewal,
    propose_resumption,
    propose_suspension,
    propose_termination,
    refuse_step,
    settle_handover,
    take_back_step,
    take_back_withdrawal,
    terminate_for_breach,
    withdraw,
)
from projects.agreements.actions.negotiating import abandon, agree_to_text, freeze, reopen
from projects.agreements.actions.outside import (
    Handed,
    certify_external,
    refuse_external,
    submit_external,
    withdraw_external,
    witness_external,
)
from projects.agreements.actions.parties import set_bound_as
from projects.agreements.actions.places import approve_for_signing, confirm_seen, hand_over, name_signatories
from projects.agreements.actions.planning import plan_signing
from projects.agreements.actions.signatures import ask_question, confirm_signature, void_signature
from projects.agreements.actions.signing import Consent, decline, sign
from projects.agreements.actions.tree import (
    catch_up,
    consent_to_amendment,
    draft_accession,
    draft_amendment,
    drop_beneficiary,
    name_beneficiary,
    place_under,
)

__all__ = [
    "Consent",
    "Handed",
    "abandon",
    "accept_change",
    "add_clause",
    "agree_to_text",
    "answer_profile",
    "approve",
    "approve_for_signing",
    "ask_approvals",
    "ask_question",
    "catch_up",
    "certify_external",
    "comment",
    "confirm_seen",
    "confirm_signature",
    "consent_to_amendment",
    "consent_to_step",
    "counter_change",
    "declare_cured",
    "decline",
    "draft_accession",
    "draft_agreement",
    "draft_amendment",
    "drop_beneficiary",
    "enter_into_force",
    "extend_signing",
    "freeze",
    "give_breach_notice",
    "hand_over",
    "lift_bracket",
    "move_clause",
    "name_beneficiary",
    "name_signatories",
    "object_to_renewal",
    "place_bracket",
    "place_under",
    "plan_signing",
    "propose_change",
    "propose_renewal",
    "propose_resumption",
    "propose_suspension",
    "propose_termination",
    "record_act",
    "refuse_change",
    "refuse_external",
    "refuse_step",
    "remove_clause",
    "reopen",
    "reopen_comment",
    "resolve_comment",
    "restore_clause",
    "set_bound_as",
    "set_entry_rule",
    "set_languages",
    "settle_handover",
    "share",
    "sign",
    "submit_external",
    "take_back_approval",
    "take_back_step",
    "take_back_withdrawal",
    "terminate_for_breach",
    "translate_clause",
    "translate_title",
    "void_signature",
    "widen_comment",
    "withdraw",
    "withdraw_change",
    "withdraw_external",
    "witness_external",
    "word_clause",
]
