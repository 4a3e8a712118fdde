"""Who asserts that it made a part of a result, until when, and who answers."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal
from projects.ip.keepers import keeper_names
from projects.ip.models import Contribution, ContributionStatus, Origin, Status
from projects.ip.policies.entries import OfAsset, ended, is_keeper, not_an_editor, not_taking_part
from projects.ip.windows import assertion_period


@dataclass(frozen=True)
class ContributionRules(OfAsset):
    """Within its window another party asserts a contribution; afterwards it contests."""

    @rule
    def assert_contribution(self) -> Refusal | None:
        """Say that one's agency made a part of the result, and which share follows."""
        if is_keeper(self.actor, self.asset):
            return Forbidden(
                _("Your agency keeps this entry."),
                code="own-entry",
                unblock=_("Set the shares of the owners instead."),
            )
        refusal = self._of_a_party() or self._standing()
        if refusal is not None:
            return refusal
        if self.asset.origin != Origin.RESULT:
            return NotNow(
                _("Contributions are asserted to results; this is none."),
                code="not-a-result",
                unblock=_("If the entry is not right, contest it with your reason."),
                state=self.asset.status,
            )
        period = assertion_period(self.asset, self.actor.agency)
        if timezone.now() >= period.ends_at:
            return NotNow(
                _("The time to assert a contribution ended for %(agency)s with %(day)s.")
                % {"agency": self.actor.agency.acronym, "day": date_format(period.last_day, "j F Y")},
                code="window-over",
                unblock=_("Contest the entry with your reason; from there a dispute can be opened."),
                state=self.asset.status,
            )
        if any(one.agency_id == self.actor.agency_id and one.is_open for one in self.asset.contributions.all()):
            return NotNow(
                _("Your agency has asserted a contribution, which is not answered yet."),
                code="already-asserted",
                unblock=_("Withdraw it first to assert another share."),
                state=self.asset.status,
            )
        return None


@dataclass(frozen=True)
class ContributionPolicy(Policy):
    """Whoever keeps the entry answers for the owners; whoever asserted withdraws."""

    actor: Actor
    contribution: Contribution

    @rule
    def accept(self) -> Refusal | None:
        """Agree that they made a part, and set the shares accordingly."""
        return self._of_the_keeper() or self._open()

    @rule
    def refuse(self) -> Refusal | None:
        """Disagree, with the reason; the result is contested from then on."""
        return self._of_the_keeper() or self._open()

    @rule
    def withdraw(self) -> Refusal | None:
        """Take the assertion back."""
        if self.actor.agency_id != self.contribution.agency_id:
            return Forbidden(
                _("Only %(agency)s, which asserted it, withdraws it.") % {"agency": self.contribution.agency.acronym},
                code="not-yours",
            )
        return not_an_editor(self.actor) or self._open()

    def _of_the_keeper(self) -> Refusal | None:
        asset = self.contribution.asset
        if not is_keeper(self.actor, asset):
            return Forbidden(
                _("Only the keeper of this entry answers: %(agencies)s.") % {"agencies": keeper_names(asset)},
                code="not-your-entry",
            )
        return not_an_editor(self.actor) or not_taking_part(self.actor, asset.project) or ended(asset.project)

    def _open(self) -> Refusal | None:
        if self.contribution.asset.status == Status.WITHDRAWN:
            return NotNow(_("The entry has been withdrawn."), code="withdrawn", state=Status.WITHDRAWN)
        if self.contribution.status != ContributionStatus.ASSERTED:
            return NotNow(_("It has been answered or withdrawn."), code="not-open", state=self.contribution.status)
        return None
