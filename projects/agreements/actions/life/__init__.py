"""The life of an agreement in force: leaving it, letting it rest, ending it, prolonging it, and what the clock does."""

from projects.agreements.actions.life.answering import consent_to_step, refuse_step, take_back_step
from projects.agreements.actions.life.breach import declare_cured, give_breach_notice, terminate_for_breach
from projects.agreements.actions.life.ending import propose_termination
from projects.agreements.actions.life.leaving import settle_handover, take_back_withdrawal, withdraw
from projects.agreements.actions.life.pausing import propose_resumption, propose_suspension
from projects.agreements.actions.life.renewing import object_to_renewal, propose_renewal

__all__ = [
    "consent_to_step",
    "declare_cured",
    "give_breach_notice",
    "object_to_renewal",
    "propose_renewal",
    "propose_resumption",
    "propose_suspension",
    "propose_termination",
    "refuse_step",
    "settle_handover",
    "take_back_step",
    "take_back_withdrawal",
    "terminate_for_breach",
    "withdraw",
]
