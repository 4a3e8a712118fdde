"""Who classifies, marks and holds what, and who asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from agencies.models import Role
from portal.files.markings import ExportClass
from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.ip.markings import owner_of
from projects.ip.models import ClassificationRequest, ExportHold
from projects.models import Project

KEEPERS = (Role.MANAGER, Role.IP_MANAGER, Role.ADMINISTRATOR)
ASKING = (*KEEPERS, Role.EXPORT_OFFICER)


@dataclass(frozen=True)
class MarkingPolicy(Policy):
    """What may be done to the marking of a record; permission is asked before state."""

    actor: Actor
    item: Any

    @rule
    def classify(self) -> Refusal | None:
        """Say what export control says of it: the export officers of the agency that owns it."""
        return not_an_officer(self.actor) or self._not_the_owner()

    @rule
    def mark(self) -> Refusal | None:
        """Say who may read it, whether it holds personal data, and until when it is under embargo."""
        if not self.actor.has_role(*ASKING):
            return _role_needed(
                _("Managers, IP managers, administrators and export officers mark for their agency."),
            )
        return self._not_the_owner()

    @rule
    def request_classification(self) -> Refusal | None:
        """Ask the owner to determine the class; the time that the agreement gives runs."""
        if not self.actor.has_role(*ASKING):
            return _role_needed(
                _("Managers, IP managers, administrators and export officers ask for their agency."),
            )
        if self.is_owner:
            return Forbidden(
                _("It is your own agency's."),
                code="own-record",
                unblock=_("Your export officers classify it without being asked."),
            )
        if refusal := self._outside():
            return refusal
        if self.item.export_class != ExportClass.UNDETERMINED:
            return NotNow(_("It has been determined."), code="determined", state=self.item.export_class)
        if self.own_request is not None:
            return NotNow(_("Your agency has asked already."), code="already-asked", state=self.item.export_class)
        return None

    @rule
    def hold(self) -> Refusal | None:
        """Stop it for one's own side: an owner gives nothing out, another party receives nothing."""
        refusal = not_an_officer(self.actor) or self._outside()
        if refusal is None and self.own_hold is not None:
            return NotNow(_("Your agency holds it already."), code="already-held", state="held")
        return refusal

    @rule
    def release(self) -> Refusal | None:
        """Lift the hold of one's own agency; a hold of another agency stays."""
        refusal = not_an_officer(self.actor) or self._outside()
        if refusal is None and self.own_hold is None:
            return NotNow(_("Your agency does not hold it."), code="not-held", state="")
        return refusal

    @property
    def is_owner(self) -> bool:
        return self.actor.agency_id is not None and owner_of(self.item).pk == self.actor.agency_id

    @property
    def own_hold(self) -> ExportHold | None:
        return ExportHold.objects.standing().filter(item=self.item.ref, agency=self.actor.agency_id).first()

    @property
    def own_request(self) -> ClassificationRequest | None:
        waiting = ClassificationRequest.objects.waiting()
        return waiting.filter(item=self.item.ref, asked_by=self.actor.agency_id).first()

    def _outside(self) -> Refusal | None:
        return None if self.is_owner else taking_part(self.actor, self.item.project)

    def _not_the_owner(self) -> Refusal | None:
        if self.is_owner:
            return None
        owner = owner_of(self.item).acronym
        return Forbidden(
            _("Only %(agency)s, which owns it, says how it is marked.") % {"agency": owner},
            code="not-the-owner",
            unblock=_("Ask %(agency)s to classify it, or hold it for your own side.") % {"agency": owner},
        )


def not_an_officer(actor: Actor) -> Refusal | None:
    """The refusal for whoever is no export officer of the agency that they act for."""
    if actor.has_role(Role.EXPORT_OFFICER):
        return None
    return _role_needed(_("Export officers do this for their agency."))


def taking_part(actor: Actor, project: Project | None) -> Refusal | None:
    """The refusal for an agency that does not take part in the project, or not any more."""
    own = project.participation_of(actor.agency_id) if project is not None else None
    if own is not None and own.is_still_in:
        return None
    invited = _("%(lead)s can invite your agency.") % {"lead": project.lead.acronym} if project is not None else ""
    return Forbidden(_("Your agency does not take part in this project."), code="not-a-participant", unblock=invited)


def _role_needed(reason: str) -> Forbidden:
    return Forbidden(reason, code="role-needed", unblock=_("An administrator of your agency can give you the role."))
