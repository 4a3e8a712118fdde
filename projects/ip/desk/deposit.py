"""Deposits on the desk: the newest ones that the actor sees."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.kit.actors import Actor
from portal.kit.composition import Panel
from projects.ip.models import Deposit
from projects.ip.policies import DepositingPolicy

SHOWN = 5


def panel(actor: Actor) -> Panel | None:
    """The last few, for whoever has some or may make one."""
    rows = list(Deposit.objects.visible_to(actor).with_versions(actor).order_by("-created_at", "-pk")[:SHOWN])
    can_deposit = DepositingPolicy(actor).refusal("deposit") is None
    if not rows and not can_deposit:
        return None
    return Panel(_("Deposits"), "ip/desk/deposit.html", {"deposits": rows, "can_deposit": can_deposit}, order=30)
