"""How far the proof of a deposit has come, as the steps that its page draws."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.utils.translation import gettext as _

from portal.kit.templatetags.kit import day_words
from projects.ip.models import Commitment


def standing(row: Commitment) -> list[dict[str, str]]:
    """Recorded, sealed, time-stamped: each step with its state and a note."""
    entry, stamp = row.entry, row.last_stamp
    steps = [
        {"name": _("Recorded"), "state": "done", "note": _utc(row.deposited_at)},
        {
            "name": _("Sealed in the ledger"),
            "state": "done" if entry is not None else "current",
            "note": _("Entry %(entry)s") % {"entry": entry} if entry is not None else _("In a second or two"),
        },
    ]
    if stamp is not None and stamp.stamped_at:
        note = _("%(authority)s, %(at)s") % {"authority": stamp.authority, "at": _utc(stamp.stamped_at)}
        steps.append({"name": _("Time-stamped"), "state": "done", "note": note})
    elif stamp is not None:
        steps.append({"name": _("Time stamp failed"), "state": "stopped", "note": stamp.reason})
    elif settings.TSA_URL:
        steps.append({"name": _("Time stamp"), "state": "ahead", "note": _("The authority is asked")})
    return steps


def _utc(moment: datetime) -> str:
    at = moment.astimezone(UTC)
    return f"{day_words(at.date())}, {at:%H:%M:%S} UTC"
