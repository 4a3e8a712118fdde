"""The internal approvals of an agency: which it asks for, and each of them given to one text by its hash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.history import record
from portal.kit.actors import Actor
from portal.kit.refusals import NotNow
from projects.agreements.actions.locking import lock
from projects.agreements.actions.negotiating import require_shown
from projects.agreements.models import Agreement, Approval
from projects.agreements.models.approval import ApprovalKind
from projects.agreements.policies import AgreementPolicy

LINES = 20
WORDS = 200
NOTE = 500


@transaction.atomic
def ask_approvals(agreement: Agreement, *, actor: Actor, lines: Iterable[Mapping[str, str]]) -> list[Approval]:
    """Say which approvals the actor's agency needs, each with its `kind` and `words`; lines that stay keep their approval."""
    agreement, _policy = lock(agreement, "ask_approvals", actor)
    asked = _checked(list(lines))
    own = agreement.approvals.filter(agency=actor.agency)
    given: dict[tuple[str, str], list[Approval]] = {}
    for line in own:
        given.setdefault((line.kind, line.words), []).append(line)
    own.delete()
    kept = []
    for position, (kind, words) in enumerate(asked, start=1):
        before = given.get((kind, words))
        line = before.pop(0) if before else Approval(agreement=agreement, agency=actor.agency, kind=kind, words=words)
        line.pk, line._state.adding, line.position = None, True, position
        line.save()
        kept.append(line)
    _record("approvals_asked", agreement, actor, {})
    return kept


@transaction.atomic
def approve(agreement: Agreement, position: int, *, actor: Actor, sha256: str, note: str = "") -> Approval:
    """Approve, inside the actor's agency, the text whose hash the person was shown; another text asks again."""
    agreement, policy = lock(agreement, "approve", actor)
    line = _line(agreement, policy, position)
    require_shown(sha256, policy.current_hash)
    if line.approved_sha256 == policy.current_hash:
        raise NotNow(_("This text is approved already."), code="already-approved", state=agreement.status)
    line.approve(policy.current_hash, person=actor.person, at=timezone.now())
    line.note = _printable("note", note, NOTE)
    line.save()
    _record("approved", agreement, actor, {"sha256": policy.current_hash})
    return line


@transaction.atomic
def take_back_approval(agreement: Agreement, position: int, *, actor: Actor) -> Approval:
    """Take back an approval that was given inside the actor's agency."""
    agreement, policy = lock(agreement, "take_back_approval", actor)
    line = _line(agreement, policy, position)
    if not line.approved_sha256:
        raise NotNow(_("This line is not approved."), code="not-approved", state=agreement.status)
    line.take_back()
    line.save()
    _record("approval_taken_back", agreement, actor, {})
    return line


def _line(agreement: Agreement, policy: AgreementPolicy, position: int) -> Approval:
    line = agreement.approvals.filter(agency=policy.actor.agency, position=position).first()
    if line is None:
        raise ValidationError({"position": [_("Your agency’s list has no such line.")]})
    refusal = policy.of_line(line)
    if refusal is not None:
        raise refusal
    return line


def _checked(lines: list[Mapping[str, str]]) -> list[tuple[str, str]]:
    if len(lines) > LINES:
        raise ValidationError({"lines": [_("At most %(count)s lines.") % {"count": LINES}]})
    if any(line.get("kind") not in ApprovalKind.values for line in lines):
        raise ValidationError({"lines": [_("Choose one of the listed kinds of approval.")]})
    return [(line["kind"], _printable("lines", line.get("words", ""), WORDS)) for line in lines]


def _printable(name: str, words: str, length: int) -> str:
    words = words.strip()
    if len(words) > length or not words.isprintable():
        raise ValidationError({name: [_("One line of at most %(count)s characters.") % {"count": length}]})
    return words


def _record(what: str, agreement: Agreement, actor: Actor, facts: dict[str, str]) -> None:
    """SECURITY: no other agency learns what is approved inside this one, by whom, or when; not even a version counts it."""
    record(
        f"agreement.{what}", agreement, actor=actor, agencies=[actor.agency], scope=agreement.project.ref, facts=facts
    )
