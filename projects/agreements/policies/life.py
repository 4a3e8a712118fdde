"""Who may leave, suspend, end or prolong an agreement in force, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import InstrumentKind
from agencies.zones import today
from portal.kit.policies import rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from portal.kit.templatetags.kit import day_words
from projects.agreements.bound import answers_of, is_bound, kept_steps
from projects.agreements.models import Agreement, Status, Step, StepKind, StepStatus
from projects.agreements.policies.signing import SigningRules
from projects.agreements.term import foreseen_last_day, objection_closes_on, over_at

RUNNING = (Status.IN_FORCE, Status.SUSPENDED)
ABOUT_ANOTHER = (InstrumentKind.AMENDMENT, InstrumentKind.ACCESSION)


@dataclass(frozen=True)
class LifeRules(SigningRules):
    """From the entry into force to the end. What ends or prolongs the duties of an agency needs a mandate, as signing does."""

    @rule
    def withdraw(self) -> Refusal | None:
        """Give notice that one's agency leaves."""
        refusal = self._not_committing() or self._not_running()
        if refusal:
            return refusal
        if "withdrawal_notice_months" not in self.answers:
            return self._wrong_state(
                _("The text gives no right to withdraw."), _("All parties together can end it at any time.")
            )
        if any(step.agency_id == self.actor.agency_id for step in self.pending(StepKind.WITHDRAWAL)):
            return self._wrong_state(_("Your agency has given notice."), _("It can be taken back while it runs."))
        return None

    @rule
    def take_back_withdrawal(self) -> Refusal | None:
        """Take the notice of one's agency back while it runs."""
        refusal = self._not_committing() or self._not_running()
        if refusal:
            return refusal
        running = [step for step in self.pending(StepKind.WITHDRAWAL) if step.agency_id == self.actor.agency_id]
        if not running:
            return self._wrong_state(_("No notice of your agency is running."))
        if running[0].due_at is not None and running[0].due_at <= timezone.now():
            return self._wrong_state(_("The notice has run: your agency has left."))
        return None

    @rule
    def propose_suspension(self) -> Refusal | None:
        """Propose that the agreement rests for a time."""
        refusal = self._not_acting() or self._not_running()
        if refusal:
            return refusal
        return self._not_in(Status.IN_FORCE, _("It is suspended.")) or self._proposed_already(StepKind.SUSPENSION)

    @rule
    def propose_resumption(self) -> Refusal | None:
        """Propose that a suspended agreement goes on."""
        refusal = self._not_acting() or self._not_running()
        if refusal:
            return refusal
        return self._not_in(Status.SUSPENDED, _("It is not suspended.")) or self._proposed_already(StepKind.RESUMPTION)

    @rule
    def give_breach_notice(self) -> Refusal | None:
        """Give another party notice of a breach, and time to cure it."""
        refusal = self._not_acting() or self._not_running()
        if refusal:
            return refusal
        if "cure_days" not in self.answers:
            return self._wrong_state(
                _("The text gives no time in which a breach is cured."),
                _("A difference can be settled as the text says, from the project's disputes."),
            )
        return None

    @rule
    def propose_termination(self) -> Refusal | None:
        """Propose that all parties end the agreement together."""
        return self._not_committing() or self._not_running() or self._proposed_already(StepKind.TERMINATION)

    @rule
    def propose_renewal(self) -> Refusal | None:
        """Propose that all parties prolong the agreement."""
        refusal = self._not_committing() or self._not_running()
        if refusal:
            return refusal
        if foreseen_last_day(self.agreement) is None:
            return self._wrong_state(_("It has no last day that could be moved."))
        if not self.answers.get("extension") and self.answers.get("renewal", "none") == "none":
            return self._wrong_state(_("The text ends without renewal."), _("An amendment can change its term."))
        return self._proposed_already(StepKind.RENEWAL)

    @rule
    def object_to_renewal(self) -> Refusal | None:
        """Say in time that one's agency does not want the renewal by itself."""
        refusal = self._not_acting() or self._not_running()
        if refusal:
            return refusal
        closes_on = self.objection_closes_on
        if closes_on is None:
            return self._wrong_state(_("The text renews nothing by itself."))
        if self.objection is not None:
            return self._wrong_state(_("A party has objected; it ends with its last day."))
        if today(self.actor.agency.zone) > closes_on:
            return self._wrong_state(
                _("Objections could be made until %(day)s.") % {"day": day_words(closes_on)},
                _("Your agency can withdraw with notice."),
            )
        return None

    @cached_property
    def answers(self) -> Mapping[str, Any]:
        """What the text in force says, with its amendments."""
        return answers_of(self.agreement)

    @cached_property
    def steps(self) -> list[Step]:
        return kept_steps(self.agreement)

    @cached_property
    def objection_closes_on(self) -> Any:
        return objection_closes_on(self.agreement, self.answers)

    @property
    def objection(self) -> Step | None:
        """The objection to the renewal that would come next."""
        ends_on = foreseen_last_day(self.agreement)
        found = (step for step in self.steps if step.kind == StepKind.NO_RENEWAL and step.takes_effect_on == ends_on)
        return next(found, None)

    def pending(self, kind: str) -> list[Step]:
        return [step for step in self.steps if step.kind == kind and step.is_pending]

    def _not_bound(self) -> Refusal | None:
        """Permission: a party that has left, or is not bound yet, decides nothing about a text in force."""
        assert self.party is not None
        if is_bound(self.agreement, self.party):
            return None
        if not self.party.has_not_left:
            return Forbidden(_("Your agency has left this agreement."), code="party-left")
        if self.party.in_force_on is not None:
            return Forbidden(
                _("Your agency is bound by this agreement from %(day)s.") % {"day": day_words(self.party.in_force_on)},
                code="not-bound",
            )
        return Forbidden(
            _("Your agency is not bound by this agreement yet."), code="not-bound", unblock=_("Parties sign first.")
        )

    def _not_acting(self) -> Refusal | None:
        """For what changes how the agreement is carried out: a manager or an administrator of a party that is bound."""
        refusal = self._not_an_editor()
        return refusal or (self._not_bound() if self.agreement.is_effective else None)

    def _not_committing(self) -> Refusal | None:
        """For what ends or prolongs the duties of an agency: a signatory with a mandate that is valid now."""
        refusal = self._not_a_signatory(self.sole_mandate)
        return refusal or (self._not_bound() if self.agreement.is_effective else None)

    def _not_running(self) -> Refusal | None:
        if self.agreement.kind in ABOUT_ANOTHER:
            return NotNow(
                _("It lives with the agreement that it is about."), code="lives-with-its-agreement",
                unblock=_("That agreement is left, rests and ends on its own page."), state=self.agreement.status,
            )  # fmt: skip
        if self.agreement.has_ended:
            return self._wrong_state(_("The agreement has ended."))
        if self.agreement.status not in RUNNING:
            return self._wrong_state(_("The agreement is not in force yet."))
        if has_run_out(self.agreement):
            return self._wrong_state(_("The last day of the agreement has passed."))
        return None

    def _proposed_already(self, kind: str) -> Refusal | None:
        standing = [step for step in self.pending(kind) if step.about_id is None]
        if not standing:
            return None
        if standing[0].status == StepStatus.RUNNING:
            return self._wrong_state(_("All parties have agreed to it; it takes effect on its day."))
        return NotNow(
            _("%(agency)s has proposed this.") % {"agency": standing[0].agency.acronym}, code="already-proposed",
            unblock=_("Answer that proposal, or wait until it is taken back."), state=self.agreement.status,
        )  # fmt: skip


def has_run_out(agreement: Agreement) -> bool:
    """Whether its last day is over, written down or not."""
    ends_on = foreseen_last_day(agreement)
    return ends_on is not None and timezone.now() >= over_at(ends_on)
