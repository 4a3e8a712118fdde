"""Who may propose changes to a shared text, answer them, and put words in brackets."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.agreements.models import Bracket, Change, Status, Verdict
from projects.agreements.negotiation import SHARED, Negotiation, negotiation_of
from projects.agreements.policies.base import Rules, not_a_party

# Of one party, in one agreement.
MOST_OPEN = 50


@dataclass(frozen=True)
class ChangeRules(Rules):
    """Between the drafter's own text and the frozen one."""

    @property
    def negotiation(self) -> Negotiation:
        return negotiation_of(self.agreement)

    @property
    def waiting_for_us(self) -> list[Change]:
        """Open changes that wait for the actor's agency."""
        party = self.party
        return [change for change in self.negotiation.changes if party and self.negotiation.waits_for(change, party)]

    def require_party(self) -> None:
        """SECURITY: who may read the text without being a party learns nothing of how it is negotiated."""
        if self.party is None:
            raise not_a_party(self.actor)

    @rule
    def propose_change(self) -> Refusal | None:
        """Propose other words, another clause, another order or other answers to the other parties."""
        return self.not_negotiating() or self.too_many_open()

    @rule
    def accept_change(self) -> Refusal | None:
        """Accept a change that another party proposed."""
        return self.not_negotiating() or self._nothing_to_answer()

    @rule
    def refuse_change(self) -> Refusal | None:
        """Refuse a change, with a reason all parties read."""
        return self.refusal("accept_change")

    @rule
    def counter_change(self) -> Refusal | None:
        """Answer a change with other words."""
        return self.refusal("accept_change") or self.too_many_open()

    @rule
    def withdraw_change(self) -> Refusal | None:
        """Take back a change that one's own agency proposed, until it is decided."""
        refusal = self.not_negotiating()
        if refusal is None and not any(row.agency_id == self.actor.agency_id for row in self.negotiation.changes):
            return self._wrong_state(_("No change of your agency is open."))
        return refusal

    @rule
    def place_bracket(self) -> Refusal | None:
        """Put words in brackets: nobody can agree to the text while they stand."""
        return self.not_negotiating()

    @rule
    def lift_bracket(self) -> Refusal | None:
        """Lift a bracket that one's own agency placed."""
        refusal = self.not_negotiating()
        if refusal is None and not any(row.agency_id == self.actor.agency_id for row in self.negotiation.brackets):
            return self._wrong_state(_("No words stand in brackets of your agency."))
        return refusal

    def not_negotiating(self) -> Refusal | None:
        """What every verb of a negotiation asks first."""
        return self._not_an_editor() or self._not_shared()

    def too_many_open(self) -> Refusal | None:
        """Everybody reads every open change, with what it does to the text; no agency can make that endless."""
        if sum(row.agency_id == self.actor.agency_id for row in self.negotiation.changes) < MOST_OPEN:
            return None
        return NotNow(
            _("%(count)s changes of your agency are open.") % {"count": MOST_OPEN},
            code="too-many-open-changes",
            unblock=_("Each is accepted, refused, countered or withdrawn first."),
            state=self.agreement.status,
        )

    def _not_open(self) -> Refusal | None:
        if self.agreement.is_open:
            return None
        return self._wrong_state(
            _("The words are frozen."), _("Any party can reopen the text; signatures under it then stop counting.")
        )

    def _not_shared(self) -> Refusal | None:
        if self.agreement.status in SHARED:
            return None
        return self._not_open() or self._not_shown()

    def _not_shown(self) -> Refusal | None:
        if self.agreement.status != Status.DRAFT:
            return None
        return self._wrong_state(_("The other parties do not see the draft yet."), _("Share it with them first."))

    def _nothing_to_answer(self) -> Refusal | None:
        return None if self.waiting_for_us else self._wrong_state(_("No change waits for your agency."))

    def _changes_open(self) -> Refusal | None:
        numbers = ", ".join(str(change.number) for change in self.negotiation.changes)
        if not numbers:
            return None
        return NotNow(
            _("Changes are open: %(numbers)s.") % {"numbers": numbers},
            code="changes-open",
            unblock=_("Each is accepted, refused, countered or withdrawn first."),
            state=self.agreement.status,
        )

    def _in_brackets(self) -> Refusal | None:
        brackets = self.negotiation.brackets
        if not brackets:
            return None
        return NotNow(
            _("Words stand in brackets: %(words)s.") % {"words": "; ".join(self._named(row) for row in brackets)},
            code="words-in-brackets",
            unblock=_("The party that placed a bracket lifts it."),
            state=self.agreement.status,
        )

    def _named(self, bracket: Bracket) -> str:
        clause = next((row for row in self.agreement.clauses.all() if row.code == bracket.code), None)
        words = f"{bracket.words[:60]}…" if len(bracket.words) > 60 else bracket.words
        where = f"{clause.number} {clause.heading}" if clause is not None else bracket.code
        return f"{where} [{words or '…'}] ({bracket.agency.acronym})"


@dataclass(frozen=True)
class ChangePolicy(Policy):
    """One change, as the policy of its agreement sees it."""

    within: ChangeRules
    change: Change

    @rule
    def accept(self) -> Refusal | None:
        """Accept it for one's agency."""
        refusal = self.within.not_negotiating() or self._decided()
        if refusal is not None:
            return refusal
        if self.change.agency_id == self.within.actor.agency_id:
            return self._no(_("Your agency proposed it; the other parties answer."), "own-change")
        given = self.within.negotiation.answer_of(self.change, self.within.actor.agency_id)
        if given is not None and given.verdict == Verdict.ACCEPT:
            return self._no(_("Your agency has accepted it."), "already-answered")
        return None

    @rule
    def refuse(self) -> Refusal | None:
        """Refuse it with a reason."""
        return self.refusal("accept")

    @rule
    def counter(self) -> Refusal | None:
        """Answer it with other words."""
        return self.refusal("accept") or self.within.too_many_open()

    @rule
    def withdraw(self) -> Refusal | None:
        """Take it back until it is decided."""
        refusal = self.within.not_negotiating()
        if refusal is None and self.change.agency_id != self.within.actor.agency_id:
            return Forbidden(_("The agency that proposed it withdraws it."), code="not-your-change")
        return refusal or self._decided()

    def _decided(self) -> Refusal | None:
        if self.change.is_open:
            return None
        words = _("Change %(number)s is decided: %(status)s.")
        return self._no(
            words % {"number": self.change.number, "status": self.change.get_status_display()}, "change-decided"
        )

    def _no(self, reason: object, code: str) -> Refusal:
        return NotNow(reason, code=code, state=self.change.status)  # type: ignore[arg-type]
