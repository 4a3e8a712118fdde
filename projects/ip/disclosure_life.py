"""The life of a disclosure as its pages draw it: the step line, and the verbs that its reader may use now or next."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kit.refusals import NotNow
from projects.ip.models import Disclosure, DisclosureStatus
from projects.ip.policies import DisclosurePolicy

# Rule of the policy: name of the page, words of the button, icon. The first that is allowed is the main one.
VERBS: dict[str, tuple[str, str | Promise, str]] = {
    "confirm_part": ("confirm-own-part", gettext_lazy("Confirm my part"), "ok"),
    "countersign": ("countersign-disclosure", gettext_lazy("Countersign"), "eye"),
    "answer_offer": ("answer-offer", gettext_lazy("Answer the offer"), "swap"),
    "seal": ("seal-disclosure", gettext_lazy("Seal"), "seal"),
    "ask_contributors": ("ask-contributors", gettext_lazy("Ask the contributors"), "send"),
    "evaluate": ("evaluate-disclosure", gettext_lazy("Evaluate"), "scale"),
    "triage": ("triage-disclosure", gettext_lazy("Triage"), "list"),
    "decide": ("decide-disclosure", gettext_lazy("Decide"), "flag"),
    "record_filing": ("record-filing", gettext_lazy("Enter an application"), "send"),
    "offer": ("offer-disclosure", gettext_lazy("Make an offer"), "handshake"),
    "follow_up": ("follow-up-filing", gettext_lazy("Follow up"), "refresh"),
    "edit": ("edit-disclosure", gettext_lazy("Edit"), "pen"),
    "set_contributors": ("disclosure-contributors", gettext_lazy("Contributors"), "users"),
    "report": ("report-disclosure", gettext_lazy("Report that it exists"), "flag"),
    "share": ("share-disclosure", gettext_lazy("Share the content"), "send"),
    "name_witness": ("name-witness", gettext_lazy("Ask a witness"), "eye"),
    "amend": ("amend-disclosure", gettext_lazy("New version"), "draft"),
    "recall": ("recall-disclosure", gettext_lazy("Take it back"), "undo"),
    "mark_unreachable": ("record-unreachable", gettext_lazy("Somebody is unreachable"), "hold"),
    "settle_dispute": ("settle-dispute", gettext_lazy("My dispute is settled"), "handshake"),
    "dispute_part": ("dispute-part", gettext_lazy("Dispute my part"), "alert"),
    "close": ("close-disclosure", gettext_lazy("Close"), "ok"),
}
# What cannot be done now is shown with its reason where it comes next.
NEXT: dict[str, tuple[str, ...]] = {
    DisclosureStatus.DRAFT: ("ask_contributors",),
    DisclosureStatus.CONFIRMING: ("seal",),
    DisclosureStatus.SEALED: ("share",),
    DisclosureStatus.TRIAGE: ("evaluate",),
}
LINE = (
    DisclosureStatus.DRAFT,
    DisclosureStatus.CONFIRMING,
    DisclosureStatus.SEALED,
    DisclosureStatus.TRIAGE,
    DisclosureStatus.EVALUATING,
    DisclosureStatus.DECIDED,
    DisclosureStatus.FILED,
    DisclosureStatus.CLOSED,
)


@dataclass(frozen=True)
class Deed:
    """A verb as a control: allowed, or with the reason why not now."""

    label: str | Promise
    icon: str
    url: str
    reason: str = ""


def deeds(policy: DisclosurePolicy) -> list[Deed]:
    """The verbs that are this reader's to use, now or next; what somebody else does is not shown."""
    shown = []
    for rule, (page, label, icon) in VERBS.items():
        refusal = policy.refusal(rule)
        is_next = isinstance(refusal, NotNow) and rule in NEXT.get(policy.disclosure.status, ())
        if refusal is None:
            shown.append(Deed(label, icon, reverse(f"ip:{page}", args=[policy.disclosure.ref])))
        elif is_next:
            shown.append(Deed(label, icon, "", f"{refusal.reason} {refusal.unblock}".strip()))
    return shown


def steps_of(disclosure: Disclosure) -> list[dict[str, str | Promise]]:
    """Where it stands, from the first words to the end."""
    status = DisclosureStatus.FILED if disclosure.status == DisclosureStatus.TRACKED else disclosure.status
    at = LINE.index(DisclosureStatus(status))
    line = [name for name in LINE if name != DisclosureStatus.FILED or _files(disclosure)]
    return [
        {
            "name": DisclosureStatus(name).label,
            "note": _note(disclosure, name),
            "state": _state(LINE.index(name), at, status),
        }
        for name in line
    ]


def _state(place: int, at: int, status: str) -> str:
    if status == DisclosureStatus.CLOSED and place == at:
        return "done"
    return "done" if place < at else "current" if place == at else ""


def _files(disclosure: Disclosure) -> bool:
    return disclosure.decision in ("", Disclosure.Decision.FILE)


def _note(disclosure: Disclosure, name: str) -> str:
    if name == DisclosureStatus.CONFIRMING:
        parts = list(disclosure.contributors.all())
        done = sum(row.has_settled for row in parts)
        return _("%(done)s of %(all)s answered") % {"done": done, "all": len(parts)} if parts else ""
    if name == DisclosureStatus.SEALED and disclosure.sealed_number:
        return _("Version %(number)s") % {"number": disclosure.sealed_number}
    if name == DisclosureStatus.DECIDED and disclosure.decision:
        return str(disclosure.get_decision_display())
    if name == DisclosureStatus.FILED and disclosure.status == DisclosureStatus.TRACKED:
        return _("Followed up")
    return ""
