"""Who may set the rule of entry into force, record what it asks for, and confirm that it is satisfied."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.kit.policies import rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.agreements.entry.current import acronyms_of, facts_of, rule_of, unconfirmed_of
from projects.agreements.entry.evaluating import Standing, evaluate
from projects.agreements.entry.facts import Facts
from projects.agreements.entry.joining import acts_asked_of
from projects.agreements.entry.missing import missing_in_words
from projects.agreements.models import Status
from projects.agreements.policies.tree import TreeRules
from projects.policies import DECIDERS

AWAITING = (Status.SIGNING, Status.SIGNED)
# Who signs later may still have to ratify when it is in force between the others.
WITH_ACTS = (*AWAITING, Status.IN_FORCE, Status.SUSPENDED)


@dataclass(frozen=True)
class ForceRules(TreeRules):
    """From the rule that a text gives itself to the day on which it binds."""

    @rule
    def set_entry_rule(self) -> Refusal | None:
        """Say when a draft enters into force; afterwards other answers are proposed."""
        return self.refusal("edit")

    @rule
    def record_act(self) -> Refusal | None:
        """Record for one's agency an act that the rule asks for, beside its signature."""
        refusal = self._not_an_editor()
        if refusal:
            return refusal
        assert self.party is not None
        if self.agreement.status not in WITH_ACTS:
            return self._wrong_state(_("Acts are recorded under a text that is frozen."))
        if not self._asked:
            return self._wrong_state(_("The rule of entry into force asks your agency for its signature alone."))
        if self.party.pk not in self.agreement.valid_signatures:
            return self._wrong_state(_("Your agency signs first."))
        if not self.open_acts:
            return NotNow(
                _("Your agency has recorded every act that the rule asks of it."),
                code="already-recorded",
                state=self.agreement.status,
            )
        return None

    @rule
    def enter_into_force(self) -> Refusal | None:
        """Confirm, as depositary, that the rule of entry into force is satisfied."""
        if self.actor.agency_id != self.agreement.depositary_id or not self.actor.has_role(*DECIDERS):
            return Forbidden(
                _("The depositary, %(agency)s, confirms the entry into force.")
                % {"agency": self.agreement.depositary.acronym},
                code="depositary-only",
            )
        if self.agreement.is_effective:
            return self._wrong_state(_("The entry into force is confirmed."))
        if self.agreement.status not in AWAITING:
            return self._wrong_state(_("The parties sign first."))
        if not self.standing.is_satisfied:
            return self._not_satisfied()
        return self.not_within(frozen=True)

    def waits_for_confirmation(self) -> Refusal | None:
        """Why nobody undoes a text in signing any more: its rule is satisfied, or asks for nothing more than time."""
        agreement = self.agreement
        if agreement.status != Status.SIGNING or not agreement.valid_signatures:
            return None
        if not (self.standing.is_satisfied or self.standing.earliest) or self._is_stuck():
            return None
        return NotNow(
            _("The parties have done what its rule of entry into force asks for."),
            code="rule-satisfied",
            unblock=_("The depositary, %(agency)s, confirms the entry into force; afterwards an amendment changes it.")
            % {"agency": agreement.depositary.acronym},
            state=agreement.status,
        )

    @property
    def open_acts(self) -> tuple[str, ...]:
        """The kinds of acts that the rule asks of the actor's agency and that it has not recorded."""
        done = next(
            (party.acts for party in self.facts.parties if self.party and party.ref == self.party.agency.ref), {}
        )
        return tuple(kind for kind in sorted(self._asked) if kind not in done)

    @property
    def is_binding(self) -> bool:
        """Whether it binds in law; what does not is operative and never in force."""
        return self.agreement.is_binding

    @cached_property
    def facts(self) -> Facts:
        """What the parties have done under the present text."""
        return facts_of(self.agreement)

    @cached_property
    def standing(self) -> Standing:
        """Where the rule of entry into force stands."""
        return evaluate(rule_of(self.agreement), self.facts)

    def _is_stuck(self) -> bool:
        """Whether it can never enter into force as it reads, because of what was agreed or ended meanwhile."""
        parent, refusal = self.agreement.parent, self.not_within(frozen=True)
        if refusal is None:
            return False
        return refusal.code != "umbrella-not-in-force" or (parent is not None and parent.has_ended)

    @property
    def _asked(self) -> frozenset[str]:
        return acts_asked_of(rule_of(self.agreement), self.party.agency.ref) if self.party else frozenset()

    def _not_satisfied(self) -> Refusal:
        missing = missing_in_words(self.standing.missing, acronyms_of(self.agreement), unconfirmed_of(self.agreement))
        return NotNow(
            gettext("The rule of entry into force still waits. %(missing)s.") % {"missing": "; ".join(missing)},
            code="rule-not-satisfied",
            unblock=_("The page “Entry into force” says who has to do what."),
            state=self.agreement.status,
        )
