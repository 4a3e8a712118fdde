"""Who keeps export authorisations, and when they may change."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.ip.models import AuthorisationStatus, ExportAuthorisation
from projects.ip.policies.markings import not_an_officer, taking_part
from projects.models import Project


@dataclass(frozen=True)
class ExportPolicy(Policy):
    """What an agency may enter for a project."""

    actor: Actor
    project: Project

    @rule
    def apply(self) -> Refusal | None:
        """Enter that an authorisation has been applied for."""
        return not_an_officer(self.actor) or taking_part(self.actor, self.project)


@dataclass(frozen=True)
class AuthorisationPolicy(Policy):
    """The holder's export officers keep it; the agencies that it names read it."""

    actor: Actor
    authorisation: ExportAuthorisation

    @rule
    def grant(self) -> Refusal | None:
        """Enter that the authority granted it, from when to when."""
        refusal = self._not_the_holder()
        if refusal is None and self.authorisation.status != AuthorisationStatus.APPLIED:
            return NotNow(_("It has been granted, or is void."), code="not-applied", state=self.authorisation.stands)
        return refusal

    @rule
    def amend(self) -> Refusal | None:
        """Enter an amendment: other agencies, other records, another end, other conditions."""
        return self._not_the_holder() or self._not_granted()

    @rule
    def void(self) -> Refusal | None:
        """Say that it is refused, withdrawn or revoked; nothing crosses under it from that moment on."""
        refusal = self._not_the_holder()
        if refusal is None and self.authorisation.stands in (AuthorisationStatus.VOID, AuthorisationStatus.EXPIRED):
            return NotNow(_("It is over already."), code="over", state=self.authorisation.stands)
        return refusal

    @rule
    def read_document(self) -> Refusal | None:
        """The licence itself stays with its holder."""
        if self.actor.agency_id != self.authorisation.agency_id:
            return self._holders_alone(_("%(agency)s keeps the document."))
        if self.authorisation.document is None:
            return NotNow(
                _("No document has been entered."),
                code="no-document",
                unblock=_("An export officer enters it with the grant or an amendment."),
                state=self.authorisation.stands,
            )
        return None

    def _not_the_holder(self) -> Refusal | None:
        refusal = not_an_officer(self.actor)
        if refusal is None and self.actor.agency_id != self.authorisation.agency_id:
            return self._holders_alone(_("Only %(agency)s, which holds it, changes it."))
        return refusal

    def _holders_alone(self, words: str) -> Forbidden:
        holder = self.authorisation.agency.acronym
        return Forbidden(
            words % {"agency": holder},
            code="not-the-holder",
            unblock=_("Ask an export officer of %(agency)s.") % {"agency": holder},
        )

    def _not_granted(self) -> Refusal | None:
        stands = self.authorisation.stands
        if stands in (AuthorisationStatus.GRANTED, AuthorisationStatus.AMENDED):
            return None
        if stands == AuthorisationStatus.APPLIED:
            return NotNow(
                _("It has only been applied for."),
                code="not-granted",
                state=stands,
                unblock=_("Enter the grant first."),
            )
        return NotNow(
            _("It is over; what is over is not revived."),
            code="over",
            state=stands,
            unblock=_("Enter the authorisation that follows it as a new one."),
        )
