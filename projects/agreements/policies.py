"""Who may do what to an agreement, when, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Mandate, Role
from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal, Text
from portal.kit.templatetags.kit import day_words
from projects.agreements.document import current_hash
from projects.agreements.entry import evaluate, needs_notification
from projects.agreements.models import Agreement, Party, Status
from projects.models import Project
from projects.policies import DECIDERS


@dataclass(frozen=True)
class DraftingPolicy(Policy):
    """Whether the actor may draw an agreement for a project."""

    actor: Actor
    project: Project

    @rule
    def draft(self) -> Refusal | None:
        """Draw a first draft from the clause library."""
        participation = self.project.participation_of(self.actor.agency_id)
        if participation is None or not participation.is_party:
            return Forbidden(
                _("Only agencies that have accepted the project draft its agreements."), code="party-needed",
                unblock=_("Accept the project first."),
            )  # fmt: skip
        if not self.actor.has_role(*DECIDERS):
            return Forbidden(_("Managers and administrators draft agreements."), code="role-needed")
        if len(self.project.parties()) < 2:
            return NotNow(
                _("An agreement needs a second party that has accepted the project."), code="parties-needed",
                unblock=_("Invite a partner, and wait for its answer."), state=self.project.status,
            )  # fmt: skip
        if self.project.has_ended:
            return NotNow(_("The project has ended."), code="project-ended", state=self.project.status)
        return None


@dataclass(frozen=True)
class AgreementPolicy(Policy):
    """Rules of one agreement for one actor; permission is asked before state."""

    actor: Actor
    agreement: Agreement

    @property
    def party(self) -> Party | None:
        return self.agreement.party_of(self.actor.agency_id)

    @rule
    def edit(self) -> Refusal | None:
        """Change the profile or the words of a clause."""
        return self._not_an_editor() or self._not_open()

    @rule
    def share(self) -> Refusal | None:
        """Show the draft to the other parties."""
        return (
            self._not_an_editor()
            or self._not_in(Status.DRAFT, _("The other parties see it already."))
            or self._not_enough_parties()
        )

    @rule
    def agree_to_text(self) -> Refusal | None:
        """Say for one's agency: we agree to this text."""
        refusal = self._not_an_editor()
        if refusal:
            return refusal
        if self.agreement.status not in (Status.NEGOTIATING, Status.TEXT_AGREED):
            return self._wrong_state(_("A text is agreed while it is negotiated."))
        if self.has_agreed:
            return NotNow(_("Your agency has agreed to this text."), code="already-agreed", state=self.agreement.status)
        return None

    @rule
    def freeze(self) -> Refusal | None:
        """Fix the bytes of the text for signing."""
        refusal = self._not_an_editor()
        if refusal:
            return refusal
        if self.agreement.status not in (Status.NEGOTIATING, Status.TEXT_AGREED):
            return self._wrong_state(_("Only a text under negotiation can be frozen."))
        waiting = self.not_agreed
        if waiting:
            names = ", ".join(party.agency.acronym for party in waiting)
            return NotNow(
                _("Not every party has agreed to this text: it waits for %(names)s. Silence is not consent.")
                % {"names": names},
                code="text-not-agreed",
                unblock=_("Each party says “we agree to this text”."),
                state=self.agreement.status,
            )
        return None

    @rule
    def reopen(self) -> Refusal | None:
        """Go back to negotiating; signatures under the frozen text stop counting."""
        refusal = self._not_an_editor()
        if refusal:
            return refusal
        if self.agreement.status not in (Status.SIGNING, Status.DECLINED, Status.TEXT_AGREED):
            return self._wrong_state(_("Only a text that is agreed, in signing or declined can be negotiated again."))
        return None

    @rule
    def sign(self) -> Refusal | None:
        """Sign for the actor's agency under a mandate that is valid at this instant."""
        refusal = self._not_a_signatory()
        if refusal:
            return refusal
        assert self.party is not None
        if self.party.pk in self.agreement.valid_signatures:
            return NotNow(_("Your agency has signed this text."), code="already-signed", state=self.agreement.status)
        if self.agreement.status != Status.SIGNING:
            return self._wrong_state(_("The text is not open for signature."), _("Its page says what comes next."))
        return None

    @rule
    def decline(self) -> Refusal | None:
        """Decline to sign, with a reason all parties see."""
        return self.refusal("sign")

    @rule
    def enter_into_force(self) -> Refusal | None:
        """Confirm, as depositary, that the rule of entry into force is satisfied."""
        if self.actor.agency_id != self.agreement.depositary_id or not self.actor.has_role(*DECIDERS):
            return Forbidden(
                _("The depositary, %(agency)s, confirms the entry into force.")
                % {"agency": self.agreement.depositary.acronym},
                code="depositary-only",
            )
        return self._not_in(Status.SIGNED, _("Every party signs first.")) or self._not_notified()

    @rule
    def notify_completion(self) -> Refusal | None:
        """Notify that the internal procedures of the actor's agency are complete, where the rule asks for it."""
        refusal = self._not_an_editor() or self._not_in(Status.SIGNED, _("Every party signs first."))
        if refusal:
            return refusal
        assert self.party is not None
        if not needs_notification(self.agreement):
            return self._wrong_state(_("This agreement enters into force without such a notification."))
        if self.party.notified_at is not None:
            return self._wrong_state(_("Your agency has notified the other parties."))
        return None

    @rule
    def abandon(self) -> Refusal | None:
        """Give the agreement up for good."""
        refusal = self._not_an_editor()
        if refusal:
            return refusal
        if not self.agreement.is_open and self.agreement.status != Status.DECLINED:
            return self._wrong_state(_("A text in signing or signed cannot be abandoned."))
        return None

    @property
    def has_agreed(self) -> bool:
        """Whether the actor's party agreed to exactly this text."""
        return self.party is not None and self.party.agreed_sha256 == self.current_hash

    @property
    def not_agreed(self) -> list[Party]:
        """The parties that have not agreed to exactly this text."""
        return [party for party in self.agreement.party_list if party.agreed_sha256 != self.current_hash]

    @cached_property
    def current_hash(self) -> str:
        return current_hash(self.agreement)

    @cached_property
    def mandate(self) -> Mandate | None:
        """A mandate of the actor for this agency and agreement that is valid now."""
        if self.actor.person is None or self.actor.agency_id is None:
            return None
        valid = Mandate.objects.valid(at=timezone.now()).for_(
            self.actor.person, self.actor.agency, self.agreement.kind, self.agreement.project.ref
        )
        return valid.order_by("created_at", "pk").first()

    def _not_an_editor(self) -> Refusal | None:
        if self.party is None:
            return _not_a_party(self.actor)
        if not self.actor.has_role(*DECIDERS):
            return Forbidden(_("Managers and administrators of a party do this."), code="role-needed")
        return None

    def _not_a_signatory(self) -> Refusal | None:
        if self.party is None:
            return _not_a_party(self.actor)
        if not self.actor.has_role(Role.SIGNATORY):
            return Forbidden(
                _("You are not a signatory of %(agency)s.") % {"agency": self.actor.agency.acronym},
                code="signatory-needed",
                unblock=_("An administrator of your agency can make you one."),
            )
        return None if self.mandate else self._no_mandate()

    def _no_mandate(self) -> Refusal:
        """Say what is wrong with the mandates the person has, so that the right thing gets mended."""
        person, agency = self.actor.person, self.actor.agency
        last = Mandate.objects.filter(person=person, agency=agency).select_related("agency").order_by("-pk").first()
        if last is not None and not last.is_live:
            return Forbidden(_invalid(last), code="mandate-expired", unblock=_("Your agency renews the mandate."))
        if last is not None:
            return Forbidden(
                last.covers(self.agreement.kind, self.agreement.project.ref),
                code="mandate-does-not-cover",
                unblock=_("Your agency grants a mandate that covers it and lets you sign alone."),
            )
        other = (
            Mandate.objects.valid(at=timezone.now())
            .filter(person=person)
            .exclude(agency=agency)
            .select_related("agency")
            .first()
        )
        if other is not None:
            return Forbidden(
                _("Your mandate is for %(other)s, and you act for %(agency)s.")
                % {"other": other.agency.acronym, "agency": agency.acronym},
                code="mandate-of-another-agency",
                unblock=_("Act for the agency that mandated you, or have this one grant a mandate."),
            )
        return Forbidden(
            _("You have no mandate to sign for %(agency)s.") % {"agency": agency.acronym},
            code="mandate-needed",
            unblock=_("An administrator of your agency grants one."),
        )

    def _not_notified(self) -> Refusal | None:
        waiting = evaluate(self.agreement).not_notified
        if not waiting:
            return None
        names = ", ".join(party.agency.acronym for party in waiting)
        return self._wrong_state(
            _("The completion of internal procedures is still to be notified by %(names)s.") % {"names": names}
        )

    def _not_open(self) -> Refusal | None:
        if self.agreement.is_open:
            return None
        return self._wrong_state(
            _("The words are frozen."), _("Any party can reopen the text; signatures under it then stop counting.")
        )

    def _not_in(self, status: Status, reason: object) -> Refusal | None:
        return None if self.agreement.status == status else self._wrong_state(reason)

    def _not_enough_parties(self) -> Refusal | None:
        if len(self.agreement.party_list) > 1:
            return None
        return NotNow(_("An agreement needs at least two parties."), code="parties-needed", state=self.agreement.status)

    def _wrong_state(self, reason: object, unblock: object = "") -> NotNow:
        return NotNow(reason, code="wrong-state", unblock=unblock, state=self.agreement.status)  # type: ignore[arg-type]


def _invalid(mandate: Mandate) -> Text:
    """Say exactly why a mandate does not hold now."""
    agency = mandate.agency.acronym
    if mandate.revoked_at is not None:
        day = mandate.agency.local(mandate.revoked_at).date()
        return _("Your mandate %(ref)s for %(agency)s was revoked on %(day)s.") % {
            "ref": mandate.ref,
            "agency": agency,
            "day": day_words(day),
        }
    if mandate.is_ahead:
        words = _("Your mandate %(ref)s for %(agency)s begins on %(day)s.")
        return words % {"ref": mandate.ref, "agency": agency, "day": day_words(mandate.starts_on)}
    if mandate.ends_on is None:
        return _("Your mandate %(ref)s for %(agency)s has ended.") % {"ref": mandate.ref, "agency": agency}
    words = _("Your mandate %(ref)s for %(agency)s expired at the end of %(day)s.")
    return words % {"ref": mandate.ref, "agency": agency, "day": day_words(mandate.ends_on)}


def _not_a_party(actor: Actor) -> Forbidden:
    name = actor.agency.acronym if actor.agency is not None else ""
    return Forbidden(
        _("%(agency)s is not a party to this agreement.") % {"agency": name},
        code="not-a-party",
        unblock=_("If you also act for a party, switch to it in the header."),
    )
