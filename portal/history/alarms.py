"""Alarms: comparing what somebody holds with the ledger, raising the alarm, and explaining it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import chain, islice

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.history import merkle, notes
from portal.history.audit import Finding, Held, audit
from portal.history.chain import known_chain
from portal.history.events import record
from portal.history.kept import kept
from portal.history.models import Alarm, Explanation, Misfit
from portal.history.nodes import with_nodes
from portal.history.policies import AlarmPolicy
from portal.history.proofs import newest_size
from portal.history.rows import StoredLedger, snapshot
from portal.kit.actors import Actor
from portal.kit.composition import load

SHOWN = 20
LONGEST = 4000


def examine(against: Iterable[Held] = ()) -> list[Finding]:
    """Audit the whole ledger against what witnesses co-signed, what is kept here, and what else is given.

    And against it what other tables keep of what it names.
    """
    with snapshot():
        findings = audit(StoredLedger(), against=[*kept(), *against])
        return list(islice(chain(findings, _mirrored()), SHOWN))


def _mirrored() -> Iterator[Finding]:
    for dotted in settings.MIRRORED:
        yield from (Finding(place, problem) for place, problem in load(dotted)())


def report(findings: Sequence[Finding], *, actor: Actor, found_for: str = "") -> list[Alarm]:
    """Raise an alarm for each checkpoint that does not fit, and for the first place where the ledger contradicts itself."""
    misfits = [finding for finding in findings if finding.note is not None]
    inside = [finding for finding in findings if finding.note is None and finding.is_ours]
    return [raise_alarm(finding, actor=actor, found_for=found_for) for finding in [*inside[:1], *misfits]]


@transaction.atomic
def raise_alarm(finding: Finding, *, actor: Actor, found_for: str = "") -> Alarm:
    """Make what was found red for every agency, once; the alarm that was raised, now or before."""
    kind = _kind_of(finding)
    about = str(finding.note) if finding.note is not None else str(finding)
    alarm, is_new = Alarm.objects.get_or_create(
        digest=sha256(about.encode()).hexdigest(),
        defaults={
            "kind": kind,
            "note": str(finding.note or ""),
            "place": finding.place[:200],
            "problem": finding.problem[:500],
            "found_for": found_for,
        },
    )
    if is_new:
        everybody = load(settings.LEDGER_READERS)()
        facts = {"kind": str(kind), "digest": alarm.digest}
        record("ledger.fork_found", alarm, actor=actor, agencies=everybody, facts=facts)
    return alarm


def compare(note: notes.Note) -> Finding | None:
    """What is wrong between a checkpoint of this ledger and the ledger as it is stored now; None when it grew from it.

    Raises ValidationError on "note" when no key of this ledger signed it: anybody can write such a text.
    """
    key = known_chain().keys.get(note.key_id)
    if key is None or not note.is_signed_by(key):
        raise ValidationError({"note": [_("No key of this ledger signed this checkpoint.")]})
    size = newest_size()
    if note.size > size:
        return Finding("the checkpoint shown", f"it was signed over {note.size} entries, the ledger has {size}", note)
    try:
        root = with_nodes(lambda node: merkle.root(note.size, node))
    except LookupError:
        root = b""
    if root == note.root:
        return None
    return Finding("the checkpoint shown", f"the first {note.size} entries are not those it was signed over", note)


@transaction.atomic
def explain(alarm: Alarm, *, actor: Actor, text: str) -> Explanation:
    """Say publicly what happened: the alarm stays on the ledger's page, its red leaves every other one."""
    policy = AlarmPolicy(actor, alarm)
    policy.require("explain")
    text = text.strip()
    if not text or len(text) > LONGEST or "\x00" in text:
        raise ValidationError({"text": [_("Say what happened, in 4,000 printable characters at most.")]})
    try:
        with transaction.atomic():
            explanation = Explanation.objects.create(alarm=alarm, text=text, person_uid=actor.person.uid)
    except IntegrityError:
        raise policy.explained() from None
    facts = {"explanation_sha256": sha256(text.encode()).hexdigest()}
    record("ledger.alarm_explained", alarm, actor=actor, agencies=load(settings.LEDGER_READERS)(), facts=facts)
    return explanation


def _kind_of(finding: Finding) -> Misfit:
    if finding.note is None:
        return Misfit.BROKEN
    return Misfit.CUT if finding.note.size > newest_size() else Misfit.REWRITTEN
