"""Who may open a dispute, speak in it, settle and end it, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency, Role
from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.ip.models import SETTLERS, Asset, Dispute, DisputeParty, DisputeStatus, Exhibit, Side
from projects.models import Project

DISPUTERS = (Role.MANAGER, Role.IP_MANAGER, Role.ADMINISTRATOR)
DECIDABLE = (DisputeStatus.ARBITRATION, DisputeStatus.OPEN)


@dataclass(frozen=True)
class DisputingPolicy(Policy):
    """Whether the actor may open a dispute in a project; its participations are read from the project."""

    actor: Actor
    project: Project

    @rule
    def open(self) -> Refusal | None:
        """Claim something against other parties, in writing, with the outcome that is sought."""
        own = self.project.participation_of(self.actor.agency_id)
        if own is None or not own.is_party:
            return Forbidden(
                _("Only agencies that have accepted the project open disputes in it."),
                code="party-needed",
                unblock=_("Accept the project first."),
            )
        if not self.actor.has_role(*DISPUTERS):
            return _role_needed()
        if not self.opponents:
            return NotNow(
                _("There is no other party in this project."), code="no-other-party", state=self.project.status
            )
        return None

    @property
    def opponents(self) -> list[Agency]:
        """The other agencies that have joined, also those that have left: what they owe may outlive their leaving."""
        rows = self.project.participations.all()
        joined = [row for row in rows if row.is_party or row.joined_on is not None]
        return [row.agency for row in joined if row.agency_id != self.actor.agency_id]


@dataclass(frozen=True)
class DisputePolicy(Policy):
    """Rules of one dispute for one actor; permission is asked before state."""

    actor: Actor
    dispute: Dispute

    @cached_property
    def party(self) -> DisputeParty | None:
        return self.dispute.party_of(self.actor.agency_id)

    @rule
    def see_evidence(self) -> Refusal | None:
        """Read the exhibits of both sides."""
        return self._not_at_odds()

    @rule
    def answer(self) -> Refusal | None:
        """Say for a respondent what it answers to the claim."""
        refusal = self._not_a_disputer()
        if refusal is None and self.party is not None and self.party.side != Side.RESPONDENT:
            return Forbidden(_("The respondents answer the claim."), code="respondents-answer")
        refusal = refusal or self._ended()
        if refusal is None and self.party is not None and self.party.answered_at:
            return NotNow(
                _("Your agency has answered."),
                code="already-answered",
                unblock=_("Add further evidence as exhibits."),
                state=self.dispute.current,
            )
        return refusal

    @rule
    def name_representative(self) -> Refusal | None:
        """Name who speaks for one's agency at a level."""
        return self._not_a_disputer() or self._ended()

    @rule
    def escalate(self) -> Refusal | None:
        """Have it recorded now that the time of a level is over."""
        refusal = self._not_a_disputer() or self._ended()
        if refusal is None and self.dispute.current == self.dispute.status:
            return NotNow(
                _("It passes to the next level by itself when its time is over, and not before."),
                code="time-is-running" if self.dispute.next_after(self.dispute.status) else "no-next-level",
                unblock=_("Until then it can be settled."),
                state=self.dispute.status,
            )
        return refusal

    @rule
    def add_exhibit(self) -> Refusal | None:
        """Put something before the other side as evidence."""
        return self._not_a_disputer(or_named=True) or self._ended()

    @rule
    def withdraw_exhibit(self) -> Refusal | None:
        """Say that one relies on an exhibit of one's own no more."""
        return self.refusal("add_exhibit")

    @rule
    def note_urgent_measure(self) -> Refusal | None:
        """Note that one's agency sought an urgent measure; the clause allows it at any time."""
        return self._not_a_disputer() or self._ended()

    @rule
    def read_room(self) -> Refusal | None:
        """Read what is said in order to settle, which stays apart from all evidence."""
        return self._not_in_the_room()

    @rule
    def write(self) -> Refusal | None:
        """Say something in order to settle, without prejudice."""
        return self._not_in_the_room() or self._ended()

    @rule
    def offer(self) -> Refusal | None:
        """Offer terms of settlement."""
        return self._not_a_settler() or self._ended()

    @rule
    def agree(self) -> Refusal | None:
        """Agree for one's agency to exactly the terms that were read; the last side to do so settles the dispute."""
        return self._not_a_settler() or self._ended()

    @rule
    def withdraw(self) -> Refusal | None:
        """Give the claim up; whoever opened the dispute can."""
        return self._not_the_claimant() or self._ended()

    @rule
    def appoint(self) -> Refusal | None:
        """Record the mediator or the tribunal that the parties have appointed."""
        refusal = self._not_a_disputer() or self._ended()
        now = self.dispute.current
        if refusal is None and now not in (DisputeStatus.MEDIATION, DisputeStatus.ARBITRATION):
            return NotNow(
                _("Nobody is appointed before the dispute comes to mediation or arbitration."),
                code="not-at-the-final-step",
                unblock=_("The levels before come first."),
                state=now,
            )
        if refusal is None and self.dispute.appointed_at:
            return NotNow(
                _("%(neutral)s is appointed.") % {"neutral": self.dispute.neutral}, code="already-appointed", state=now
            )
        return refusal

    @rule
    def record_decision(self) -> Refusal | None:
        """Record what a tribunal decided, with its document."""
        refusal = self._not_a_disputer() or self._ended()
        if refusal is None and self.dispute.current not in DECIDABLE:
            return NotNow(
                _("A decision comes after the levels of consultation."),
                code="not-decidable",
                unblock=_("Until then the parties settle it themselves."),
                state=self.dispute.current,
            )
        return refusal

    @rule
    def confirm_cure(self) -> Refusal | None:
        """Say, as the party that gave the notice, that the breach is cured."""
        return self._not_the_claimant() or self._not_curing()

    @rule
    def state_not_cured(self) -> Refusal | None:
        """Say, once the time to cure is over, that the breach is not cured."""
        refusal = self._not_the_claimant() or self._not_curing()
        due_at = self.dispute.due_at
        if refusal is None and due_at is not None and due_at > timezone.now():
            return NotNow(
                _("The time to cure is not over."),
                code="time-is-running",
                unblock=_("When it is over and the breach is not cured, this can be said."),
                state=self.dispute.status,
            )
        return refusal

    @cached_property
    def is_named(self) -> bool:
        """Whether the actor is one of those whom a party has named to speak for it."""
        membership = self.actor.membership
        return membership is not None and any(
            row.membership_id == membership.pk for row in self.dispute.representatives.all()
        )

    def _not_at_odds(self) -> Refusal | None:
        if self.party is not None and self.party.is_at_odds:
            return None
        return Forbidden(
            _("Your agency has a copy of the notice; it is between the parties named in it."), code="copy-only"
        )

    def _not_a_disputer(self, *, or_named: bool = False) -> Refusal | None:
        refusal = self._not_at_odds()
        if refusal is None and not self.actor.has_role(*DISPUTERS) and not (or_named and self.is_named):
            return _role_needed()
        return refusal

    def _not_in_the_room(self) -> Refusal | None:
        refusal = self._not_at_odds()
        if refusal is None and not self.actor.has_role(*SETTLERS) and not self.is_named:
            return Forbidden(
                _("What is said in order to settle it is for managers, signatories and the named representatives."),
                code="not-in-the-room",
                unblock=_("A manager of your agency can name you as its representative at a level."),
            )
        return refusal

    def _not_a_settler(self) -> Refusal | None:
        refusal = self._not_at_odds()
        if refusal is None and not self.actor.has_role(*SETTLERS):
            return Forbidden(
                _("Managers and signatories settle a dispute for their agency."),
                code="role-needed",
                unblock=_("An administrator of your agency can give you the role."),
            )
        return refusal

    def _not_the_claimant(self) -> Refusal | None:
        refusal = self._not_a_disputer()
        if refusal is None and self.actor.agency_id != self.dispute.opened_by_id:
            return Forbidden(
                _("Only %(agency)s, which opened it, can say this.") % {"agency": self.dispute.opened_by.acronym},
                code="claimant-only",
                unblock=_("Answer the claim, or offer terms of settlement."),
            )
        return refusal

    def _not_curing(self) -> Refusal | None:
        if self.dispute.status == DisputeStatus.CURING:
            return None
        reason = _("This was said already.") if self.dispute.is_breach else _("This is no notice of breach.")
        return NotNow(reason, code="nothing-to-cure", state=self.dispute.current)

    def _ended(self) -> Refusal | None:
        if not self.dispute.has_ended:
            return None
        return NotNow(
            _("The dispute has ended; everything stays as it is."), code="dispute-ended", state=self.dispute.status
        )


def exhibit_refusal(actor: Actor, exhibit: Exhibit) -> Refusal | None:
    """Why this exhibit cannot be withdrawn by this agency, or None."""
    if exhibit.agency_id != actor.agency_id:
        return Forbidden(
            _("Only %(agency)s, which added it, can withdraw it.") % {"agency": exhibit.agency.acronym},
            code="not-your-exhibit",
            unblock=_("Add an exhibit that says otherwise."),
        )
    if exhibit.withdrawn is not None:
        return NotNow(_("It has been withdrawn."), code="already-withdrawn", state=exhibit.kind)
    return None


def contest_refusal(actor: Actor, asset: Asset) -> Refusal | None:
    """Why the contest of an entry cannot be taken to a dispute by this agency, or None."""
    if asset.contested_by is None:
        return NotNow(_("Nobody contests it."), code="not-contested", state=asset.status)
    if actor.agency_id not in (asset.party_id, asset.contested_by_id):
        return Forbidden(
            _("The contest is between %(one)s and %(other)s.")
            % {"one": asset.contested_by.acronym, "other": asset.party.acronym},
            code="not-your-contest",
        )
    return None


def may_take_up(actor: Actor, asset: Asset) -> bool:
    """Whether the actor may take the contest of this entry to a dispute."""
    return contest_refusal(actor, asset) is None and DisputingPolicy(actor, asset.project).refusal("open") is None


def _role_needed() -> Refusal:
    return Forbidden(
        _("Managers, IP managers and administrators conduct disputes for their agency."),
        code="role-needed",
        unblock=_("An administrator of your agency can give you the role."),
    )
