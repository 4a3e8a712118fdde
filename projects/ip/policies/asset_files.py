"""Who attaches files to an asset, and who is given them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.ip.markings import owner_of, refusal_to_read
from projects.ip.models import Asset, AssetFile, Status
from projects.ip.policies.markings import KEEPERS, taking_part


@dataclass(frozen=True)
class FilesPolicy(Policy):
    """What may be done to the files of an asset that the actor sees."""

    actor: Actor
    asset: Asset

    @rule
    def attach(self) -> Refusal | None:
        """Add a file, or a new version of one."""
        if not self.actor.has_role(*KEEPERS):
            return Forbidden(
                _("Managers, IP managers and administrators keep the files of their agency."),
                code="role-needed",
                unblock=_("An administrator of your agency can give you the role."),
            )
        if owner_of(self.asset).pk != self.actor.agency_id:
            return Forbidden(
                _("Only %(agency)s, which made this entry, adds files to it.") % {"agency": self.asset.party.acronym},
                code="not-your-entry",
            )
        refusal = taking_part(self.actor, self.asset.project)
        if refusal is None and self.asset.status == Status.WITHDRAWN:
            return NotNow(_("The entry has been withdrawn."), code="withdrawn", state=self.asset.status)
        return refusal

    @rule
    def read(self) -> Refusal | None:
        """Be given its files, and its description, at this instant."""
        return refusal_to_read(self.asset, self.actor)


@dataclass(frozen=True)
class AssetFilePolicy(Policy):
    """One file: as the asset that it belongs to."""

    actor: Actor
    file: AssetFile

    @rule
    def replace(self) -> Refusal | None:
        """Add the version that follows this one."""
        refusal = FilesPolicy(self.actor, self.file.asset).refusal("attach")
        if refusal is None and AssetFile.objects.filter(follows=self.file).exists():
            return NotNow(
                _("A newer version follows it."), code="not-the-newest", unblock=_("Add yours after the newest one.")
            )
        return refusal

    @rule
    def download(self) -> Refusal | None:
        """Be given the bytes."""
        return refusal_to_read(self.file.asset, self.actor)
