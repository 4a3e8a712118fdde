"""Who may explain an alarm of the ledger, and why not."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.history.models import Alarm
from portal.kit.actors import Actor
from portal.kit.policies import Policy, rule
from portal.kit.refusals import Forbidden, NotNow, Refusal


@dataclass(frozen=True)
class AlarmPolicy(Policy):
    """Rules of one alarm for one actor."""

    actor: Actor
    alarm: Alarm

    @rule
    def explain(self) -> Refusal | None:
        """Say publicly what happened."""
        # SECURITY: a token speaks for an agency, so that it never carries its person's rights as an operator.
        if not self.actor.is_operator or self.actor.scopes is not None:
            return Forbidden(_("Operators of the portal explain what happened to the ledger."), code="operator-needed")
        return None if self.alarm.is_open else self.explained()

    def explained(self) -> NotNow:
        """The refusal of whoever comes second."""
        return NotNow(_("This alarm was explained."), code="explained")
