"""The life of an agreement as its page draws it: dates, what runs, what its reader can do, and what came before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agencies.zones import today
from portal.kit.addresses import address
from portal.kit.refusals import Refusal
from projects.agreements.bound import asked, bound_parties, kept_steps
from projects.agreements.consolidation import known_text_in_force
from projects.agreements.exit import survivors_of
from projects.agreements.forms import life as forms
from projects.agreements.models import Agreement, Handover, Party, Status, Step, StepKind
from projects.agreements.policies.life import RUNNING, LifeRules
from projects.agreements.policies.steps import HandoverPolicy, StepPolicy
from projects.agreements.term import ZONE, LastDay, Why, last_day_of, over_at
from projects.agreements.umbrella import resting_on

FORMS: dict[str, type[forms.LifeForm]] = {
    "withdraw": forms.WithdrawForm,
    "propose_suspension": forms.SuspendForm,
    "propose_resumption": forms.ResumeForm,
    "give_breach_notice": forms.BreachForm,
    "propose_renewal": forms.RenewForm,
    "object_to_renewal": forms.LifeForm,
    "propose_termination": forms.TerminateForm,
}
WORDS: dict[str, tuple[str | Promise, str, str | Promise]] = {
    "withdraw": (_("Give notice of withdrawal"), "sign-out", _("It runs for the time of the text and can be taken back until then.")),
    "propose_suspension": (_("Propose to suspend it"), "hold", _("It rests when every other party has consented.")),
    "propose_resumption": (_("Propose to resume it"), "refresh", _("It goes on when every other party has consented.")),
    "give_breach_notice": (_("Give notice of a breach"), "alert", _("All parties read it. The time to cure it begins at once.")),
    "propose_renewal": (_("Propose to renew it"), "refresh", _("Its last day moves when every other party has consented.")),
    "object_to_renewal": (_("Object to the renewal"), "no", _("It then ends with its last day, for all parties.")),
    "propose_termination": (_("Propose to end it for all"), "stop", _("It ends when every other party has consented.")),
}  # fmt: skip


@dataclass(frozen=True)
class Deed:
    """A verb of the agreement as a control: its form, or the reason why not."""

    verb: str
    label: str | Promise
    icon: str
    note: str | Promise
    url: str
    form: forms.LifeForm | None
    refusal: Refusal | None

    @property
    def is_open(self) -> bool:
        """Whether something typed came back with a complaint."""
        return self.form is not None and bool(self.form.errors)


@dataclass(frozen=True)
class Answering:
    """A party that is asked, and what it answered."""

    party: Party
    consents: bool | None


@dataclass(frozen=True)
class Line:
    """What is handed over, and whether the reader may say so."""

    row: Handover
    may_settle: bool


@dataclass(frozen=True)
class Row:
    """A step with its clause, its answers and what its reader may do about it."""

    step: Step
    clause: tuple[int, str] | None
    answers: list[Answering]
    lines: list[Line]
    policy: StepPolicy
    refuse: forms.LifeForm | None
    terminate: forms.LifeForm | None
    is_overtaken: bool

    @property
    def runs(self) -> bool:
        return self.step.is_pending and not self.is_overtaken

    @property
    def seat(self) -> str:
        """The zone in which its time is over first of all: that of the party which must act."""
        about = self.step.about
        return about.agency.zone if about is not None else ZONE


def context(agreement: Agreement, policy: LifeRules, typed: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Everything the page shows; `typed` are forms that came back with a complaint, by their prefix."""
    if not agreement.is_effective:
        return {"is_effective": False}
    typed, last = typed or {}, last_day_of(agreement)
    clauses = {clause.code: (clause.number, clause.heading) for clause in known_text_in_force(agreement).clauses}
    # SECURITY: notices with their reasons are between the parties; who only reads the text reads none of them.
    steps = kept_steps(agreement) if policy.party is not None else []
    rows = [_row(agreement, step, policy, clauses, typed) for step in steps]
    return {
        "is_effective": True,
        "is_running": agreement.status in RUNNING,
        "is_operative": policy.answers.get("binding") in ("non_binding", "declaration"),
        "last_day": last.on,
        "over_at": over_at(last.on) if last.on else None,
        "is_renewed": last.why == Why.MOVED,
        "objection_closes_on": policy.objection_closes_on if policy.objection is None else None,
        "objection": policy.objection,
        "bound": bound_parties(agreement),
        "gone": [party for party in agreement.party_list if not party.has_not_left],
        "running": [row for row in rows if row.runs],
        "past": [row for row in rows if not row.runs],
        "handing_over": [row for row in rows if row.lines and any(line.row.done_at is None for line in row.lines)],
        "deeds": _deeds(agreement, policy, typed),
        "resting": _resting(agreement, policy),
        "survivors": _survivors(agreement, last),
        "today": today(ZONE),
    }


def _survivors(agreement: Agreement, last: LastDay) -> list[Any]:
    """Once it has ended, these go on."""
    return survivors_of(agreement, last.on) if last.why == Why.ENDED and last.on is not None else []


def _resting(agreement: Agreement, policy: LifeRules) -> list[Agreement]:
    """What a suspension touches, while one can be proposed or consented to, or lasts."""
    if (
        policy.pending(StepKind.SUSPENSION)
        or agreement.status == Status.SUSPENDED
        or policy.refusal("propose_suspension") is None
    ):
        return resting_on(agreement, policy.actor)
    return []


def _deeds(agreement: Agreement, policy: LifeRules, typed: Mapping[str, Any]) -> list[Deed]:
    """The verbs of a party, those of the moment; others are told nothing of what is not theirs."""
    if policy.party is None or agreement.status not in RUNNING:
        return []
    hidden = {"propose_resumption"} if agreement.status == Status.IN_FORCE else {"propose_suspension"}
    if policy.objection_closes_on is None:
        hidden.add("object_to_renewal")
    return [_deed(agreement, policy, verb, typed) for verb in FORMS if verb not in hidden]


def _deed(agreement: Agreement, policy: LifeRules, verb: str, typed: Mapping[str, Any]) -> Deed:
    label, icon, note = WORDS[verb]
    refusal = policy.refusal(verb)
    form = None if refusal else typed.get(verb) or FORMS[verb](policy=policy, prefix=verb)
    url = address(f"agreements:{verb.replace('_', '-')}", agreement.ref)
    return Deed(verb, label, icon, note, url, form, refusal)


def _row(
    agreement: Agreement,
    step: Step,
    policy: LifeRules,
    clauses: Mapping[str, tuple[int, str]],
    typed: Mapping[str, Any],
) -> Row:
    own = StepPolicy(policy.actor, agreement, step)
    refuse, terminate = f"refuse_step-{step.number}", f"terminate_for_breach-{step.number}"
    waits = step.is_pending and agreement.status in RUNNING
    return Row(
        step=step,
        clause=clauses.get(step.source),
        answers=_answers(agreement, step),
        lines=_lines(agreement, step, policy),
        policy=own,
        refuse=typed.get(refuse) or forms.LifeForm(policy=policy, prefix=refuse)
        if waits and own.refusal("refuse_step") is None
        else None,
        terminate=typed.get(terminate) or forms.OnForm(policy=policy, prefix=terminate)
        if waits and own.refusal("terminate_for_breach") is None
        else None,
        is_overtaken=step.is_pending and agreement.has_ended,
    )


def _answers(agreement: Agreement, step: Step) -> list[Answering]:
    """What was answered, and while it is open also who is still asked."""
    given = {answer.party_id: answer.consents for answer in step.consents.all()}
    waiting = [party.pk for party in asked(agreement, step)] if step.status == "open" else []
    return [
        Answering(party, given.get(party.pk))
        for party in agreement.party_list
        if party.pk in given or party.pk in waiting
    ]


def _lines(agreement: Agreement, step: Step, policy: LifeRules) -> list[Line]:
    if step.kind != StepKind.WITHDRAWAL or step.status == "withdrawn":
        return []
    lines = []
    for handover in step.handovers.all():
        handover.step = step
        lines.append(
            Line(handover, HandoverPolicy(policy.actor, agreement, handover).refusal("settle_handover") is None)
        )
    return lines
