"""Who may amend an agreement in force, let others accede to it, and place it under another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from agencies.models import InstrumentKind
from portal.kit.policies import rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.agreements import tree
from projects.agreements.consolidation import alterations, known_text_in_force
from projects.agreements.models import Beneficiary, Part, Status
from projects.agreements.policies.base import Rules
from projects.policies import DECIDERS

CHANGES_NOTHING_ITSELF = (InstrumentKind.AMENDMENT, InstrumentKind.ACCESSION)


@dataclass(frozen=True)
class TreeRules(Rules):
    """An agreement among others: above it, beside it, and what changes it."""

    @rule
    def amend(self) -> Refusal | None:
        """Draft an amendment of a text in force."""
        return self._not_an_editor() or self._not_amendable()

    @rule
    def open_accession(self) -> Refusal | None:
        """Draft the instrument by which another agency accedes."""
        refusal = self._not_an_editor() or self._not_amendable()
        if refusal:
            return refusal
        if not known_text_in_force(self.agreement).profile.get("accession", False):
            return NotNow(
                _("This agreement does not let others accede."), code="closed-to-accession",
                unblock=_("An amendment can open it."), state=self.agreement.status,
            )  # fmt: skip
        return None

    @rule
    def place_under(self) -> Refusal | None:
        """Say under which instrument a draft stands."""
        refusal = self._not_an_editor()
        if refusal:
            return refusal
        if self.agreement.kind in CHANGES_NOTHING_ITSELF:
            return self._wrong_state(_("An amendment and an accession stay with the agreement that they are about."))
        return self._not_in(Status.DRAFT, _("What an agreement stands under is settled before it is shared."))

    @rule
    def name_beneficiary(self) -> Refusal | None:
        """Name an agency that is no party and may rely on a clause."""
        refusal = self._not_an_editor()
        if refusal:
            return refusal
        if not self.agreement.is_open:
            return self._wrong_state(_("The words are frozen."), _("An amendment can name third parties."))
        return None

    @rule
    def catch_up(self) -> Refusal | None:
        """Take what was amended meanwhile into an amendment that is still open."""
        refusal = self._not_an_editor()
        if refusal:
            return refusal
        if not self.agreement.amends or not self.agreement.is_open:
            return self._wrong_state(_("Only an amendment that is not frozen takes over what was changed meanwhile."))
        if not self.is_outdated:
            return self._wrong_state(_("It starts from the text in force."))
        return None

    @rule
    def consent_to_amendment(self) -> Refusal | None:
        """Consent, as an agency that may rely on a clause, to an amendment that changes it."""
        refusal = self._not_a_beneficiary()
        if refusal:
            return refusal
        if self.agreement.status not in (Status.NEGOTIATING, Status.TEXT_AGREED):
            return self._wrong_state(_("Consent is given to a text that the parties negotiate."))
        missing = [missing.agency_id for missing in self.missing_consents]
        if self.actor.agency_id not in missing:
            return NotNow(_("Your agency has consented to this text."), code="already-consented")
        return None

    @cached_property
    def is_outdated(self) -> bool:
        """Whether the text that the amendment starts from has been amended since."""
        parent = self.agreement.parent
        return (
            self.agreement.amends
            and parent is not None
            and known_text_in_force(parent).sha256 != self.agreement.base_sha256
        )

    @cached_property
    def touched(self) -> set[str]:
        """The codes of the clauses that the amendment changes."""
        parent = self.agreement.parent
        if not self.agreement.amends or parent is None:
            return set()
        own = [
            {"number": clause.position, "code": clause.code, "heading": clause.heading, "text": clause.text}
            for clause in self.agreement.clauses.all()
            if clause.part == Part.AMENDED
        ]
        changed = alterations(known_text_in_force(parent).entries, own)  # type: ignore[arg-type]
        return {change["code"] for change in changed if change["operation"] != "renumber"}

    @cached_property
    def missing_consents(self) -> list[Beneficiary]:
        """Third parties that may rely on what is changed and have not consented to exactly this text."""
        if not self.agreement.amends:
            return []
        return tree.missing_consents(self.agreement, self.touched, self.current_hash)

    def not_within(self, *, frozen: bool = False) -> Refusal | None:
        """Why a text cannot be frozen, or cannot enter into force, because of what stands above it or beside it."""
        agreement = self.agreement
        if agreement.parent is None:
            return None
        if agreement.parent.text is None:
            return NotNow(
                _("%(ref)s, under which it stands, has no frozen text yet.") % {"ref": agreement.parent.ref},
                code="umbrella-not-frozen",
                unblock=_("Freeze that text first."),
                state=agreement.status,
            )
        return self._not_above(frozen) or self._beyond() or self._no_consent(frozen)

    def _not_above(self, frozen: bool) -> Refusal | None:
        """The instrument above must be in force before this one is, and an amendment must start from its text in force."""
        agreement, parent = self.agreement, self.agreement.parent
        assert parent is not None
        if self.is_outdated:
            return NotNow(
                _("The agreement was amended since this amendment was drafted."),
                code="amended-meanwhile",
                unblock=_("Reopen the text and take over what was changed, then agree again.")
                if frozen
                else _("Take over what was changed, then agree again."),
                state=agreement.status,
            )
        if frozen and parent.status != Status.IN_FORCE:
            return NotNow(
                _("%(ref)s, under which it stands, is not in force.") % {"ref": parent.ref},
                code="umbrella-not-in-force",
                state=agreement.status,
            )
        return None

    def _beyond(self) -> Refusal | None:
        found = tree.excesses(self.agreement, starts_on=self.agreement.depositary.local().date())
        if not found:
            return None
        return NotNow(
            " ".join(found),
            code="goes-beyond-umbrella",
            unblock=_("Change the answers, or amend what it stands under."),
            state=self.agreement.status,
        )

    def _no_consent(self, frozen: bool) -> Refusal | None:
        """SECURITY: a frozen text cannot lose a consent; asking again would compare it with a text in force that moves."""
        if frozen or not self.missing_consents:
            return None
        names = ", ".join(sorted({missing.agency.acronym for missing in self.missing_consents}))
        return NotNow(
            _("It changes a clause on which others may rely; their consent is missing: %(names)s.") % {"names": names},
            code="third-party-consent-missing",
            unblock=_("Each of them consents to the text."),
            state=self.agreement.status,
        )

    def _not_amendable(self) -> Refusal | None:
        if self.agreement.kind in CHANGES_NOTHING_ITSELF:
            return self._wrong_state(_("Amend the agreement itself, not what changed it."))
        assert self.party is not None
        if not self.party.has_not_left:
            return Forbidden(_("Your agency has left this agreement."), code="party-left")
        return self._not_in(Status.IN_FORCE, _("An agreement is amended while it is in force."))

    def _not_a_beneficiary(self) -> Refusal | None:
        touched = tree.touched_beneficiaries(self.agreement, self.touched) if self.agreement.amends else []
        if self.actor.agency_id not in [beneficiary.agency_id for beneficiary in touched]:
            return Forbidden(_("Your agency relies on no clause that this text changes."), code="not-a-beneficiary")
        if not self.actor.has_role(*DECIDERS):
            return Forbidden(_("Managers and administrators of the agency do this."), code="role-needed")
        return None
