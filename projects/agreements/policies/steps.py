"""Who may answer a step in the life of an agreement, take it back, or carry it further."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kit.policies import rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.agreements.bound import COMMITTING, asked
from projects.agreements.models import Handover, Step, StepKind, StepStatus
from projects.agreements.policies.life import LifeRules
from projects.agreements.term import foreseen_last_day

PROPOSALS = (StepKind.SUSPENSION, StepKind.RESUMPTION, StepKind.TERMINATION, StepKind.RENEWAL)


@dataclass(frozen=True)
class StepPolicy(LifeRules):
    """The verbs of one step for one actor; permission is asked before state."""

    step: Step

    @rule
    def consent_to_step(self) -> Refusal | None:
        """Agree for one's party; silence never does."""
        refusal = (self._not_committing() if self.step.kind in COMMITTING else self._not_acting()) or self._not_asked()
        return refusal or self._not_open() or self._answered() or self._too_late()

    @rule
    def refuse_step(self) -> Refusal | None:
        """Refuse for one's party, with the reason."""
        return self._not_acting_or_signing() or self._not_asked() or self._not_open() or self._answered()

    @rule
    def take_back_step(self) -> Refusal | None:
        """Take back what one's own agency proposed, or its notice while it runs."""
        refusal = self._not_committing() if self.step.kind in COMMITTING else self._not_acting()
        if refusal:
            return refusal
        if self.step.agency_id != self.actor.agency_id:
            return Forbidden(_("%(agency)s takes it back.") % {"agency": self.step.agency.acronym}, code="other-agency")
        if self.step.kind == StepKind.WITHDRAWAL:
            return self.refusal("take_back_withdrawal")
        if self.step.kind not in PROPOSALS:
            return self._wrong_state(_("A notice that was given is not taken back; say that it is cured."))
        return self._not_open()

    @rule
    def declare_cured(self) -> Refusal | None:
        """Say, as the party that gave the notice, that the breach is cured."""
        refusal = self._not_acting()
        if refusal:
            return refusal
        if self.step.agency_id != self.actor.agency_id:
            return Forbidden(
                _("%(agency)s, which gave the notice, says that it is cured.") % {"agency": self.step.agency.acronym},
                code="other-agency",
            )
        return self._not_running_breach()

    @rule
    def terminate_for_breach(self) -> Refusal | None:
        """Propose, when the time to cure is over, that the party in breach leaves."""
        refusal = self._not_committing()
        if refusal:
            return refusal
        if self.party is not None and self.party.pk == self.step.about_id:
            return Forbidden(_("The other parties decide this; yours is the one concerned."), code="party-in-breach")
        refusal = self._not_running_breach()
        if refusal:
            return refusal
        if self.step.due_at is not None and timezone.now() < self.step.due_at:
            return self._wrong_state(_("The time to cure the breach still runs."), _("Wait until it is over."))
        if any(step.follows_id == self.step.pk and step.is_pending for step in self.steps):
            return self._wrong_state(_("It has been proposed."), _("Answer that proposal."))
        return None

    def _not_acting_or_signing(self) -> Refusal | None:
        """Whoever could have consented may refuse, and a manager always."""
        refusal = self._not_acting()
        return self._not_committing() if refusal is not None and self.step.kind in COMMITTING else refusal

    def _not_asked(self) -> Refusal | None:
        if self.party is not None and self.party.pk in [party.pk for party in asked(self.agreement, self.step)]:
            return None
        if self.step.agency_id == self.actor.agency_id:
            return Forbidden(_("Your agency proposed it; the others answer."), code="own-proposal")
        return Forbidden(_("This is decided without your agency, which it concerns."), code="party-in-breach")

    def _not_open(self) -> Refusal | None:
        refusal = self._not_running()
        if refusal:
            return refusal
        if self.step.kind not in PROPOSALS or self.step.status != StepStatus.OPEN:
            return self._wrong_state(
                _("It waits for no answer: %(status)s.") % {"status": self.step.get_status_display()}
            )
        return None

    def _answered(self) -> Refusal | None:
        if any(answer.party_id == self.party.pk for answer in self.step.consents.all() if self.party):
            return NotNow(_("Your agency has answered."), code="already-answered", state=self.step.status)
        return None

    def _too_late(self) -> Refusal | None:
        """A proposal for a day that has passed, or for a last day that was moved past it, can bind nobody any more."""
        last = foreseen_last_day(self.agreement)
        is_overtaken = self.step.new_last_day is not None and last is not None and last >= self.step.new_last_day
        has_passed = self.step.due_at is not None and self.step.due_at <= timezone.now()
        if not is_overtaken and not has_passed:
            return None
        return NotNow(
            _("The day that was proposed has passed."), code="day-passed",
            unblock=_("%(agency)s can take it back and propose another.") % {"agency": self.step.agency.acronym},
            state=self.step.status,
        )  # fmt: skip

    def _not_running_breach(self) -> Refusal | None:
        if self.step.kind != StepKind.BREACH or self.step.status != StepStatus.RUNNING:
            return self._wrong_state(_("No notice of breach is running."))
        return self._not_running()


@dataclass(frozen=True)
class HandoverPolicy(LifeRules):
    """Whether the actor may say that something was handed over."""

    handover: Handover

    @rule
    def settle_handover(self) -> Refusal | None:
        """Say, as a party that stays, that this is settled."""
        refusal = self._not_acting()
        if refusal:
            return refusal
        step = self.handover.step
        if step.agency_id == self.actor.agency_id:
            return Forbidden(_("The parties that stay say what they have received."), code="own-notice")
        if step.status not in (StepStatus.RUNNING, StepStatus.DONE):
            return self._wrong_state(_("The notice was taken back."))
        if self.handover.done_at is not None:
            return NotNow(_("It is settled."), code="already-settled", state=step.status)
        return None
