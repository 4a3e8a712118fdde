"""What the text says of its parties: who is asked to agree to it again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.history.models import Event
from portal.history.subscribers import hears
from portal.history.verbs import register
from portal.kit.actors import Actor
from projects.agreements.models import Agreement
from projects.agreements.notifications.negotiating import ask_to_agree

register("agreement.bound_as_set", _("said as what parties of %(target)s are bound"), icon="users")


@hears("agreement.bound_as_set")
def ask_about_parties(event: Event, agreement: Agreement, actor: Actor) -> None:
    """As what a party is bound is part of the text: the other parties are asked again; a draft has no others."""
    ask_to_agree(event, agreement, actor)
