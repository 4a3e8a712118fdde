"""Who may witness, report, share, judge and close a disclosure, and why not."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from agencies.models import Agency, Role
from portal.kit.policies import rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.ip.disclosed import shown_version
from projects.ip.markings import refusal_to_share
from projects.ip.models import Classification, Decision, DisclosureOffer, DisclosureStatus
from projects.ip.policies.disclosing import OfDisclosure, WritingRules

OFFERED = (Decision.OFFER, Decision.RELEASE)


@dataclass(frozen=True)
class OutwardRules(OfDisclosure):
    """Witness, report, share."""

    @rule
    def name_witness(self) -> Refusal | None:
        """Ask a technically competent colleague to countersign the newest version."""
        return self._writer() or self._to_be_witnessed()

    @rule
    def countersign(self) -> Refusal | None:
        """Say that one has read and understood what was sealed."""
        own = self._own()
        if own is not None:
            return own
        if self.actor.person is None or self.disclosure.witness_id != self.actor.person.pk:
            return Forbidden(_("Only the witness who was named countersigns."), code="not-the-witness")
        return self._to_be_witnessed()

    @rule
    def report(self) -> Refusal | None:
        """Tell the other parties that there is a disclosure: reference and date, nothing else."""
        refusal = self._writer() or self._sealed()
        if refusal is None and not self.untold():
            return NotNow(_("Every other party knows of it."), code="already-reported", state=self.disclosure.status)
        return refusal

    @rule
    def share(self) -> Refusal | None:
        """Let other parties read the newest sealed version."""
        refusal = self._ip_manager() or self._sealed()
        if refusal is not None:
            return refusal
        unshared = self.unshared()
        if not unshared:
            return NotNow(
                _("Every other party reads the newest version."), code="already-shared", state=self.disclosure.status
            )
        refusals = [refusal_to_share(self.disclosure, agency) for agency in unshared]
        return refusals[0] if all(refusals) else self._newest_determined()

    def _newest_determined(self) -> Refusal | None:
        """What was determined of a version says nothing of the next; who reads the one before goes on reading it."""
        newest = shown_version(self.disclosure) if self.disclosure.sealed_number > 1 else None
        if newest is None:
            return None
        determined = Classification.objects.of(self.disclosure.ref).newest_first().first()
        if determined is not None and determined.at >= newest.sealed_at:
            return None
        return NotNow(
            _("Nobody has determined the export class since version %(number)s was sealed.")
            % {"number": newest.number},
            code="export-undetermined",
            unblock=_("An export officer of %(agency)s determines it again, having read the newest version.")
            % {"agency": self.disclosure.agency.acronym},
            state=self.disclosure.export_class,
        )

    def untold(self) -> list[Agency]:
        """The other parties that do not know of it yet."""
        told = {row.agency_id for row in self.disclosure.reports.all()}
        return [agency for agency in self._others() if agency.pk not in told]

    def unshared(self) -> list[Agency]:
        """The other parties that do not read the newest sealed version yet."""
        newest = self.disclosure.sealed_number
        reading = {row.agency_id for row in self.disclosure.shared.all() if row.number == newest}
        return [agency for agency in self._others() if agency.pk not in reading]

    def _others(self) -> list[Agency]:
        parties = self.disclosure.project.parties()
        return [row.agency for row in parties if row.agency_id != self.disclosure.agency_id]

    def _to_be_witnessed(self) -> Refusal | None:
        refusal = self._sealed()
        version = shown_version(self.disclosure) if refusal is None else None
        if version is not None and hasattr(version, "countersignature"):
            return NotNow(_("The newest version is countersigned."), code="countersigned", state=self.disclosure.status)
        return refusal


@dataclass(frozen=True)
class JudgingRules(OfDisclosure):
    """Triage, evaluation, decision and what follows."""

    @rule
    def triage(self) -> Refusal | None:
        """Answer what is checked first."""
        return self._ip_manager() or self._in(
            {DisclosureStatus.SEALED, DisclosureStatus.TRIAGE},
            _("Triage comes after sealing and before the evaluation."),
            code="not-in-triage",
        )

    @rule
    def evaluate(self) -> Refusal | None:
        """Write down what it is worth and what protects it best."""
        refusal = self._ip_manager() or self._in(
            {DisclosureStatus.TRIAGE, DisclosureStatus.EVALUATING},
            _("The evaluation comes after triage."),
            code="not-in-evaluation",
        )
        answers = getattr(self.disclosure, "triage", None)
        if refusal is None and (answers is None or answers.open_questions):
            return NotNow(
                _("Triage has open questions."),
                code="triage-open",
                unblock=" ".join(answers.open_questions) if answers is not None else "",
                state=self.disclosure.status,
            )
        return refusal

    @rule
    def decide(self) -> Refusal | None:
        """Say what becomes of it, with the reason."""
        return self._ip_manager() or self._in(
            {DisclosureStatus.EVALUATING},
            _("A decision comes after the evaluation, and once."),
            code="not-evaluated",
        )

    @rule
    def record_filing(self) -> Refusal | None:
        """Enter an application for protection."""
        refusal = self._ip_manager() or self._in(
            {DisclosureStatus.DECIDED, DisclosureStatus.FILED, DisclosureStatus.TRACKED},
            _("An application is entered after the decision to file."),
            code="not-decided",
        )
        if refusal is None and self.disclosure.decision != Decision.FILE:
            return NotNow(
                _("It was decided: %(decision)s.") % {"decision": self.disclosure.get_decision_display()},
                code="not-to-be-filed",
                state=self.disclosure.status,
            )
        return refusal

    @rule
    def follow_up(self) -> Refusal | None:
        """Say where an application stands at its office."""
        return self._ip_manager() or self._in(
            {DisclosureStatus.FILED, DisclosureStatus.TRACKED},
            _("Nothing is filed that could be followed."),
            code="not-filed",
        )

    @rule
    def offer(self) -> Refusal | None:
        """Offer the rights as it was decided."""
        refusal = self._ip_manager() or self._in(
            {DisclosureStatus.DECIDED}, _("Offers follow the decision."), code="not-decided"
        )
        if refusal is None and self.disclosure.decision not in OFFERED:
            return NotNow(
                _("It was decided: %(decision)s.") % {"decision": self.disclosure.get_decision_display()},
                code="not-to-be-offered",
                state=self.disclosure.status,
            )
        return refusal

    @rule
    def answer_offer(self) -> Refusal | None:
        """Answer what was offered to one's agency or to oneself."""
        offers = self.offers_to_me()
        if not offers:
            return Forbidden(_("Nothing of it was offered to you."), code="not-offered")
        if all(offer.answer for offer in offers):
            return NotNow(_("The offer is answered."), code="already-answered", state=self.disclosure.status)
        return None

    @rule
    def close(self) -> Refusal | None:
        """End it: a draft is given up, a decided one is done."""
        if not self.disclosure.is_sealed and self.disclosure.status == DisclosureStatus.DRAFT:
            return self._writer()
        refusal = self._ip_manager() or self._in(
            {DisclosureStatus.DECIDED, DisclosureStatus.FILED, DisclosureStatus.TRACKED},
            _("A sealed disclosure is closed after the decision."),
            code="not-decided",
        )
        if refusal is None and self.disclosure.status == DisclosureStatus.DECIDED:
            if self.disclosure.decision == Decision.FILE:
                return NotNow(
                    _("It is to be filed, and is not yet."),
                    code="filing-pending",
                    unblock=_("Enter the application."),
                    state=self.disclosure.status,
                )
            if any(not offer.answer for offer in self.disclosure.offers.all()):
                return NotNow(_("An offer waits for its answer."), code="offer-open", state=self.disclosure.status)
        return refusal

    def offers_to_me(self) -> list[DisclosureOffer]:
        """Those to the actor in person, and to their agency when they answer for it."""
        if self.actor.person is None or self.actor.agency_id is None:
            return []
        answers_for_agency = self.actor.has_role(Role.IP_MANAGER, Role.ADMINISTRATOR)
        return [
            offer
            for offer in self.disclosure.offers.all()
            if offer.person_id == self.actor.person.pk
            or (answers_for_agency and offer.agency_id == self.actor.agency_id)
        ]


@dataclass(frozen=True)
class DisclosurePolicy(WritingRules, OutwardRules, JudgingRules):
    """Everything that can be done with a disclosure."""
